// SPDX-License-Identifier: MIT
import { type Functions, int, type LibraryFunction, long } from './define.ts';
import type { Process } from './process.ts';

/** <ctype.h> in the C locale, with the tables that glibc's macros read. */

/** The bits of glibc's table on little-endian machines (bits/ctype.h). */
const BITS = {
  isupper: 0x100,
  islower: 0x200,
  isalpha: 0x400,
  isdigit: 0x800,
  isxdigit: 0x1000,
  isspace: 0x2000,
  isprint: 0x4000,
  isgraph: 0x8000,
  isblank: 0x1,
  iscntrl: 0x2,
  ispunct: 0x4,
  isalnum: 0x8,
};

function classOf(c: number): number {
  if (c < 0 || c > 127) return 0;
  const upper = c >= 65 && c <= 90;
  const small = c >= 97 && c <= 122;
  const digit = c >= 48 && c <= 57;
  const graph = c > 32 && c < 127;
  let bits = 0;
  if (upper) bits |= BITS.isupper;
  if (small) bits |= BITS.islower;
  if (upper || small) bits |= BITS.isalpha;
  if (digit) bits |= BITS.isdigit;
  if (digit || (c >= 65 && c <= 70) || (c >= 97 && c <= 102)) bits |= BITS.isxdigit;
  if (c === 32 || (c >= 9 && c <= 13)) bits |= BITS.isspace;
  if (graph || c === 32) bits |= BITS.isprint;
  if (graph) bits |= BITS.isgraph;
  if (c === 32 || c === 9) bits |= BITS.isblank;
  if (c < 32 || c === 127) bits |= BITS.iscntrl;
  if (graph && !upper && !small && !digit) bits |= BITS.ispunct;
  if (upper || small || digit) bits |= BITS.isalnum;
  return bits;
}

export const toLower = (c: number): number => (c >= 65 && c <= 90 ? c + 32 : c);
export const toUpper = (c: number): number => (c >= 97 && c <= 122 ? c - 32 : c);

/** A pointer to the middle of a table for -128 to 255. */
function table(p: Process, name: string, size: 2 | 4, value: (c: number) => number): number {
  const pointer = p.space(`${name} pointer`, 8);
  if (p.memory.pointer(pointer) === 0) {
    const at = p.space(name, 384 * size);
    for (let c = -128; c < 256; c++) {
      const to = at + size * (c + 128);
      if (size === 2) p.memory.view.setUint16(to, value(c), true);
      else p.memory.view.setInt32(to, value(c), true);
    }
    p.memory.setPointer(pointer, at + 128 * size);
  }
  return pointer;
}

export const classFunctions: Functions = Object.fromEntries(
  Object.entries(BITS).map(([name, bit]): [string, LibraryFunction] => [name, int((_, a) => classOf(a.int()) & bit)]),
);

export const ctypeFunctions: Functions = {
  ...classFunctions,
  isascii: int((_, a) => (a.int() & ~127) === 0),
  tolower: int((_, a) => toLower(a.int())),
  toupper: int((_, a) => toUpper(a.int())),
  toascii: int((_, a) => a.int() & 127),
  __ctype_b_loc: long((p) => table(p, 'ctype', 2, classOf)),
  __ctype_tolower_loc: long((p) => table(p, 'tolower', 4, toLower)),
  __ctype_toupper_loc: long((p) => table(p, 'toupper', 4, toUpper)),
};
