// SPDX-License-Identifier: MIT

/**
 * What the spread of an array into arguments does for small arrays only: a call with some hundred thousand arguments
 * overflows the stack.
 */

/** The largest of the numbers, or `floor` where none is larger. */
export function largest(numbers: Iterable<number>, floor = Number.NEGATIVE_INFINITY): number {
  let found = floor;
  for (const n of numbers) if (n > found) found = n;
  return found;
}

/** The smallest of the numbers; infinity where there is none. */
export function smallest(numbers: Iterable<number>): number {
  let found = Number.POSITIVE_INFINITY;
  for (const n of numbers) if (n < found) found = n;
  return found;
}

/** Adds all of `more` to the end of `list`. */
export function append<T>(list: T[], more: Iterable<T>): void {
  for (const item of more) list.push(item);
}

/**
 * `list.map(f)`, for lists that are gone through often. Once the engine has optimised a function, what `map` gives there is
 * represented in another way than before (as a list that may have holes), and all code that was compiled for the first
 * way has to be thrown away and compiled again.
 */
export function mapped<T, U>(list: readonly T[], f: (item: T, index: number) => U): U[] {
  const result: U[] = [];
  for (const item of list) result.push(f(item, result.length));
  return result;
}
