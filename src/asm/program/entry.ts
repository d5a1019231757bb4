// SPDX-License-Identifier: MIT
import type { FunctionCode } from './types.ts';

/** Where the kernel enters a program that is linked without the C library's own beginning. */
export const ENTRY = '_start';

/** Whether the kernel enters a function: nobody calls it, and there is no return address. */
export function isEntry({ name, aliases }: Pick<FunctionCode, 'name' | 'aliases'>): boolean {
  return name === ENTRY || aliases.includes(ENTRY);
}

/** Whether an assembler file defines the entry, so that it is linked without the C library. */
export function beginsAlone(text: string): boolean {
  return new RegExp(`^\\s*${ENTRY}\\s*:`, 'm').test(text);
}
