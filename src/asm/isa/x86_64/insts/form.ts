// SPDX-License-Identifier: MIT
import { bv } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';

/** What the files of integer instructions share. */

export const WIDTHS = [8, 16, 32, 64] as const;
/** The widths of instructions that have no 8-bit form. */
export const WIDE = [16, 32, 64] as const;

const SUFFIX: Readonly<Record<number, string>> = { 8: 'b', 16: 'w', 32: 'l', 64: 'q' };

/** Intel's name and AT&T's name with its suffix: `add|addl`. */
export function named(mnemonic: string, width: number): string {
  return `${mnemonic}|${mnemonic}${SUFFIX[width] ?? ''}`;
}

export function sdm(mnemonic: string): string {
  return `Intel SDM vol. 2, ${mnemonic.toUpperCase()}`;
}

export const zero = (width: number): Term => bv(width, 0);
export const one = (width: number): Term => bv(width, 1);
