// SPDX-License-Identifier: MIT

/** x86's flags as one word, and the auxiliary carry, as far as all targets do the same about them. */

/** What `pushf` stores besides the flags that programs set: bit 1, and that interrupts are enabled. */
export const FIXED = 0x202n;
/** What `lahf` gives besides flags. */
export const FIXED_LOW = 2n;
/** The direction flag in the same word. */
export const DIRECTION = 0x400n;

/** Instructions after which the auxiliary carry is the carry out of bit 3 of a sum or a difference. */
export const ADJUSTED: Readonly<Record<string, { readonly op: 'add' | 'sub'; readonly carries: boolean }>> = {
  add: { op: 'add', carries: false },
  adc: { op: 'add', carries: true },
  inc: { op: 'add', carries: false },
  sub: { op: 'sub', carries: false },
  cmp: { op: 'sub', carries: false },
  sbb: { op: 'sub', carries: true },
  dec: { op: 'sub', carries: false },
  neg: { op: 'sub', carries: false },
};

/** Instructions after which it is undefined, and taken for what processors make it. */
export const CLEARS_AUXILIARY: ReadonlySet<string> = new Set(['and', 'or', 'xor', 'test']);
