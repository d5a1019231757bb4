// SPDX-License-Identifier: MIT
import { add, and, ashr, bv, concat, extract, low, lshr, neg, rotr, sext, shl, zext } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import type { View } from '../../define.ts';
import { type GprWidth, shiftOf } from '../operands.ts';

/** What several families of instructions share. */

export const gprWidths: readonly GprWidth[] = [32, 64];

export function rotateRight(a: Term, by: number): Term {
  return by === 0 ? a : concat(extract(a, by - 1, 0), extract(a, a.width - 1, by));
}

/** A shift by a known amount below the width. */
export function shiftBy(name: string, a: Term, by: number): Term {
  if (by === 0) return a;
  const count = bv(a.width, by);
  switch (name) {
    case 'lsl':
      return shl(a, count);
    case 'lsr':
      return lshr(a, count);
    case 'asr':
      return ashr(a, count);
    case 'ror':
      return rotateRight(a, by);
    default:
      throw new TypeError(`no shift ${name}`);
  }
}

/** A shift by the low bits of a register. */
export function shiftByRegister(name: 'lsl' | 'lsr' | 'asr' | 'ror', a: Term, count: Term): Term {
  const top = bv(a.width, a.width - 1);
  const by = and(count, top);
  switch (name) {
    case 'lsl':
      return shl(a, by);
    case 'lsr':
      return lshr(a, by);
    case 'asr':
      return ashr(a, by);
    case 'ror':
      return rotr(a, by);
  }
}

/** `x2, lsl #3` */
export function shifted(m: View, s: View): Term {
  const { name, amount } = shiftOf(s);
  return shiftBy(name, m.value, amount);
}

const extendedBits: Readonly<Record<string, number>> = { b: 8, h: 16, w: 32, x: 64 };

/** `w2, sxtw #3` as `width` bits: the low part of the register, extended, then shifted. */
export function extended(m: View, e: View, width: GprWidth): Term {
  const { name, amount } = shiftOf(e);
  if (name === 'lsl') return shiftBy('lsl', m.value, amount);
  const bits = Math.min(extendedBits[name.charAt(3)] ?? 64, width);
  const part = low(m.value, bits);
  return shiftBy('lsl', name.startsWith('s') ? sext(part, width) : zext(part, width), amount);
}

/** The low bits `width` of a product or sum are written with `add` and `neg`, never with a subtraction of its own. */
export const minus = (a: Term, b: Term): Term => add(a, neg(b));
