// SPDX-License-Identifier: MIT
import {
  and,
  bv,
  concat,
  eq,
  fpArith,
  fpCompare,
  fpConvert,
  fpFma,
  fpFromInt,
  fpSqrt,
  fpToInt,
  isNaNPattern,
  isSignallingPattern,
  ite,
  low,
  msb,
  nanResultArm,
  not,
  or,
  type Rounding,
} from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { defaultNaN, exponentBits, floatAbs, infinity } from '../../floats.ts';

/**
 * What the floating-point instructions compute with FPCR = 0: nearest even, no default NaN, denormals kept. The flags
 * that they raise in FPSR are not part of the state.
 */

type Arith = 'fp.add' | 'fp.sub' | 'fp.mul' | 'fp.div';
const arith =
  (op: Arith) =>
  (a: Term, b: Term): Term =>
    nanResultArm(fpArith(op, a, b), [a, b]);

export const floatAdd = arith('fp.add');
export const floatSub = arith('fp.sub');
export const floatMul = arith('fp.mul');
export const floatDiv = arith('fp.div');
export const floatSqrt = (a: Term): Term => nanResultArm(fpSqrt(a), [a]);
export const floatDistance = (a: Term, b: Term): Term => floatAbs(floatSub(a, b));

const isQuiet = (a: Term): Term => and(isNaNPattern(a), not(isSignallingPattern(a)));
const isInfinite = (a: Term): Term => eq(low(a, a.width - 1), bv(a.width - 1, exponentBits(a.width)));
const isZero = (a: Term): Term => eq(low(a, a.width - 1), bv(a.width - 1, 0));
const infinityTimesZero = (a: Term, b: Term): Term => or(and(isInfinite(a), isZero(b)), and(isZero(a), isInfinite(b)));

/** `addend + a * b` with one rounding (FPMulAdd): an invalid product hides even a quiet NaN of the addend. */
export function floatMulAdd(addend: Term, a: Term, b: Term): Term {
  const result = nanResultArm(fpFma(a, b, addend), [addend, a, b]);
  return ite(and(isQuiet(addend), infinityTimesZero(a, b)), defaultNaN(a.width), result);
}

/** `2 * (a * b)`'s cousin `fmulx`: infinity times zero is 2 with the sign of the product. */
export function floatMulExtended(a: Term, b: Term): Term {
  const sign = eq(msb(a), not(msb(b)));
  const two = bv(a.width - 1, 1n << BigInt(a.width - 2));
  return ite(infinityTimesZero(a, b), concat(sign, two), floatMul(a, b));
}

/** The greater (FPMax): zeros are ordered by sign, NaNs win. */
export function floatMax(a: Term, b: Term): Term {
  const greater = ite(fpCompare('fp.lt', a, b), b, ite(fpCompare('fp.lt', b, a), a, and(a, b)));
  return nanResultArm(greater, [a, b]);
}

export function floatMin(a: Term, b: Term): Term {
  const lesser = ite(fpCompare('fp.lt', a, b), a, ite(fpCompare('fp.lt', b, a), b, or(a, b)));
  return nanResultArm(lesser, [a, b]);
}

/** `a`, or `other` where `a` is a quiet NaN and `b` is not: how a number wins over a quiet NaN. */
const replaceQuiet = (a: Term, b: Term, other: Term): Term => ite(and(isQuiet(a), not(isQuiet(b))), other, a);

export function floatMaxNumber(a: Term, b: Term): Term {
  const least = infinity(a.width, true);
  return floatMax(replaceQuiet(a, b, least), replaceQuiet(b, a, least));
}

export function floatMinNumber(a: Term, b: Term): Term {
  const most = infinity(a.width, false);
  return floatMin(replaceQuiet(a, b, most), replaceQuiet(b, a, most));
}

export const floatEqual = (a: Term, b: Term): Term => fpCompare('fp.eq', a, b);
export const floatLess = (a: Term, b: Term): Term => fpCompare('fp.lt', a, b);
export const floatLessOrEqual = (a: Term, b: Term): Term => fpCompare('fp.le', a, b);

export const floatConvert = fpConvert;

/** 2^exponent as a pattern. */
const powerOfTwo = (exponent: number, width: number): Term => {
  const fraction = width === 64 ? 52 : 23;
  const bias = width === 64 ? 1023 : 127;
  return bv(width, BigInt(exponent + bias) << BigInt(fraction));
};

/** An integer with `fbits` bits after the point. Dividing by a power of two is exact: it cannot come near denormals. */
export function fromInteger(signed: boolean, a: Term, width: number, fbits = 0): Term {
  const whole = fpFromInt(signed, a, width);
  return fbits === 0 ? whole : fpArith('fp.mul', whole, powerOfTwo(-fbits, width));
}

/** To an integer with `fbits` bits after the point, saturating. Scaling up is exact, and overflow saturates anyway. */
export function toInteger(signed: boolean, mode: Rounding, a: Term, width: number, fbits = 0): Term {
  const scaled = fbits === 0 ? a : fpArith('fp.mul', a, powerOfTwo(fbits, a.width));
  return fpToInt(signed, mode, scaled, width);
}
