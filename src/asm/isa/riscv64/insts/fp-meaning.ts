// SPDX-License-Identifier: MIT
import {
  and,
  bit,
  bv,
  concat,
  eq,
  extract,
  fpArith,
  fpCompare,
  fpConvert,
  fpFma,
  fpSqrt,
  fpToInt,
  isNaNPattern,
  isSignallingPattern,
  ite,
  low,
  mask,
  msb,
  not,
  or,
  type Rounding,
  sext,
  xor,
} from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { defaultNaN, exponentBits, floatNeg } from '../../floats.ts';

/**
 * What the floating-point instructions compute when rounding to nearest even (chapters 11 and 12). Every result that is
 * a NaN is the canonical one, which is what the operators of the logic give.
 */

export const floatAdd = (a: Term, b: Term): Term => fpArith('fp.add', a, b);
export const floatSub = (a: Term, b: Term): Term => fpArith('fp.sub', a, b);
export const floatMul = (a: Term, b: Term): Term => fpArith('fp.mul', a, b);
export const floatDiv = (a: Term, b: Term): Term => fpArith('fp.div', a, b);
export const floatSqrt = fpSqrt;

export const floatEqual = (a: Term, b: Term): Term => fpCompare('fp.eq', a, b);
export const floatLess = (a: Term, b: Term): Term => fpCompare('fp.lt', a, b);
export const floatAtMost = (a: Term, b: Term): Term => fpCompare('fp.le', a, b);

/** `a * b + c` with one rounding, the product or the addend negated before. */
export const fused =
  (negateProduct: boolean, negateAddend: boolean) =>
  (a: Term, b: Term, c: Term): Term =>
    fpFma(negateProduct ? floatNeg(a) : a, b, negateAddend ? floatNeg(c) : c);

/** A number wins over a NaN, and -0 is less than +0 (11.6). */
const extreme =
  (first: (a: Term, b: Term) => Term, zeros: (a: Term, b: Term) => Term) =>
  (a: Term, b: Term): Term => {
    const [aNaN, bNaN] = [isNaNPattern(a), isNaNPattern(b)];
    // Equal numbers have equal patterns, but for zeros.
    const chosen = ite(first(a, b), a, ite(first(b, a), b, zeros(a, b)));
    return ite(aNaN, ite(bNaN, defaultNaN(a.width), b), ite(bNaN, a, chosen));
  };

export const floatMin = extreme(floatLess, or);
export const floatMax = extreme((a, b) => floatLess(b, a), and);

/** Sign injection: the bits of `a` under a sign made from both. */
const injected =
  (sign: (a: Term, b: Term) => Term) =>
  (a: Term, b: Term): Term =>
    concat(sign(msb(a), msb(b)), low(a, a.width - 1));

export const signOf = injected((_, b) => b);
export const signNotOf = injected((_, b) => not(b));
export const signXor = injected(xor);

/** Between the formats: a NaN becomes the canonical one. */
export const floatConvert = (a: Term, width: number): Term =>
  ite(isNaNPattern(a), defaultNaN(width), fpConvert(a, width));

/** To an integer, saturating; a NaN gives the greatest. The result is sign-extended, of an unsigned word too (11.7). */
export function toInteger(signed: boolean, mode: Rounding, a: Term, width: number): Term {
  const greatest = bv(width, signed ? mask(width - 1) : mask(width));
  return sext(ite(isNaNPattern(a), greatest, fpToInt(signed, mode, a, width)), 64);
}

/** One of ten bits (11.9): negative infinity, number, subnormal and zero, positive ones, signalling and quiet NaN. */
export function classOf(a: Term): Term {
  const fractionBits = a.width === 64 ? 52 : 23;
  const exponent = extract(a, a.width - 2, fractionBits);
  const magnitude = low(a, a.width - 1);
  const negative = msb(a);
  const infinite = eq(magnitude, bv(a.width - 1, exponentBits(a.width)));
  const zero = eq(magnitude, bv(a.width - 1, 0));
  const subnormal = and(eq(exponent, bv(exponent.width, 0)), not(zero));
  const special = eq(exponent, bv(exponent.width, mask(exponent.width)));
  const normal = and(not(special), not(eq(exponent, bv(exponent.width, 0))));
  const signalling = isSignallingPattern(a);
  const quiet = and(isNaNPattern(a), bit(a, fractionBits - 1));
  const positive = not(negative);
  const falling = [
    quiet,
    signalling,
    ...[infinite, normal, subnormal, zero].map((c) => and(positive, c)),
    ...[zero, subnormal, normal, infinite].map((c) => and(negative, c)),
  ];
  return concat(bv(54, 0), ...falling);
}
