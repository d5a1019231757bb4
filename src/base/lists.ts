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
