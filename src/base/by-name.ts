// SPDX-License-Identifier: MIT

/**
 * A table by names that programs choose. An object that is written down has a `constructor` and a `toString` besides
 * what is put into it; this one has nothing else.
 */
export function byName<T>(entries: Iterable<readonly [name: string, value: T]>): Readonly<Record<string, T>> {
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}
