// SPDX-License-Identifier: MIT

/** A bug in vouch itself: never thrown for bad input. The command line turns it into exit code 70. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}

/** Throws an InternalError unless `condition` holds. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InternalError(message);
}

/** Marks a place that no value can reach; makes switches exhaustive for the compiler. */
export function unreachable(value: never, what = 'value'): never {
  throw new InternalError(`unexpected ${what}: ${JSON.stringify(value)}`);
}

/** The value, or an InternalError where it is null or undefined. */
export function must<T>(value: T | null | undefined, message: string): T {
  if (value === null || value === undefined) throw new InternalError(message);
  return value;
}
