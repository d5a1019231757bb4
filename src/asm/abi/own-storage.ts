// SPDX-License-Identifier: MIT

/**
 * Thread-local storage that a target has for itself, since neither registers nor its stack have room: what it keeps over a call
 * of a function that uses all of the stack below, or where the stack has moved on some ways, and what functions of the file hand
 * each other. Each function has one of its own, of a name that begins so, and the names are local to the file.
 */
export const OWN_STORAGE = '__vouch_kept.';

/** What functions hand each other is in one that they share. */
export const PASSED_STORAGE = `${OWN_STORAGE}.passed`;

/** The section in which all of it is, and nothing else. */
export const OWN_SECTION = '.tbss.vouch';

/** The eight bytes at an offset in the storage of that name as a target location. */
export const ownAt = (name: string, offset: number): string => `${name}+${offset}`;

/** The name of the storage that a target location is in, or undefined for other locations. */
export function ownName(location: string): string | undefined {
  return location.startsWith(OWN_STORAGE) ? location.slice(0, location.lastIndexOf('+')) : undefined;
}

/** Word `n` of what functions hand each other. */
export const passedAt = (n: number): string => ownAt(PASSED_STORAGE, 8 * n);
