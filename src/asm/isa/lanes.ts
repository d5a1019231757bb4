// SPDX-License-Identifier: MIT
import {
  add,
  ashr,
  bv,
  carry,
  concat,
  extract,
  ite,
  low,
  lshr,
  mask,
  msb,
  neg,
  no,
  sext,
  slt,
  sub,
  ult,
} from '../../logic/build.ts';
import type { Term } from '../../logic/term.ts';

/** Vectors as lanes, and the integer operations on lanes that both sides must say in the same way to compare equal. */

/** The lanes of `t`, `width` bits each, the lowest first. */
export function split(width: number, t: Term): Term[] {
  const parts: Term[] = [];
  for (let lo = 0; lo < t.width; lo += width) parts.push(extract(t, lo + width - 1, lo));
  return parts;
}

/** The inverse of `split`: the first lane becomes the lowest bits. */
export function join(parts: readonly Term[]): Term {
  return concat(...parts.toReversed());
}

/** `f` on each lane of `width` bits. The results may have another width. */
export function lanes(width: number, t: Term, f: (lane: Term, index: number) => Term): Term {
  return join(split(width, t).map(f));
}

/** `f` on each pair of lanes at the same place. */
export function lanes2(width: number, a: Term, b: Term, f: (a: Term, b: Term) => Term): Term {
  const right = split(width, b);
  return lanes(width, a, (x, i) => f(x, right[i] as Term));
}

/** `f` on lanes of three vectors at the same place. */
export function lanes3(width: number, a: Term, b: Term, c: Term, f: (a: Term, b: Term, c: Term) => Term): Term {
  const second = split(width, b);
  const third = split(width, c);
  return lanes(width, a, (x, i) => f(x, second[i] as Term, third[i] as Term));
}

/** All ones where the one-bit `condition` holds, else zero. */
export function fill(condition: Term, width: number): Term {
  return sext(condition, width);
}

/** `t` as a signed number, clamped to the signed range of `width` bits. */
export function clampSigned(t: Term, width: number): Term {
  const top = mask(width - 1);
  const bottom = -top - 1n;
  const tooLow = slt(t, bv(t.width, bottom));
  return ite(slt(bv(t.width, top), t), bv(width, top), ite(tooLow, bv(width, bottom), low(t, width)));
}

/** `t` as a signed number, clamped to the unsigned range of `width` bits. */
export function clampSignedToUnsigned(t: Term, width: number): Term {
  const aboveAll = slt(bv(t.width, mask(width)), t);
  return ite(msb(t), bv(width, 0), ite(aboveAll, bv(width, mask(width)), low(t, width)));
}

/** `t` as an unsigned number, clamped to the unsigned range of `width` bits. */
export function clampUnsigned(t: Term, width: number): Term {
  return ite(ult(bv(t.width, mask(width)), t), bv(width, mask(width)), low(t, width));
}

/** Sums and differences, clamped to the range of their width. */
export const addSigned = (a: Term, b: Term): Term =>
  clampSigned(add(sext(a, a.width + 1), sext(b, a.width + 1)), a.width);
export const subSigned = (a: Term, b: Term): Term =>
  clampSigned(sub(sext(a, a.width + 1), sext(b, a.width + 1)), a.width);
export const addUnsigned = (a: Term, b: Term): Term => ite(carry(a, b, no()), bv(a.width, -1), add(a, b));
export const subUnsigned = (a: Term, b: Term): Term => ite(ult(a, b), bv(a.width, 0), sub(a, b));

export const signedMax = (a: Term, b: Term): Term => ite(slt(b, a), a, b);
export const signedMin = (a: Term, b: Term): Term => ite(slt(a, b), a, b);
export const unsignedMax = (a: Term, b: Term): Term => ite(ult(b, a), a, b);
export const unsignedMin = (a: Term, b: Term): Term => ite(ult(a, b), a, b);
export const signedAbs = (a: Term): Term => ite(msb(a), neg(a), a);
export const unsignedDistance = (a: Term, b: Term): Term => ite(ult(a, b), sub(b, a), sub(a, b));
export const signedDistance = (a: Term, b: Term): Term => ite(slt(a, b), sub(b, a), sub(a, b));

/** `t` shifted right by `count` (1 or more) and rounded: half is added first, without overflow. */
export function roundedShift(signed: boolean, t: Term, count: Term): Term {
  const shift = signed ? ashr : lshr;
  const lastOut = low(shift(t, sub(count, bv(t.width, 1))), 1);
  return add(shift(t, count), t.width === 1 ? lastOut : concat(bv(t.width - 1, 0), lastOut));
}
