// SPDX-License-Identifier: MIT
import { not, xor } from './bitwise.ts';
import { bit } from './slice.ts';
import type { Term } from './term.ts';

/**
 * Term builders: all that other rooms need to make terms. Each returns the normal form of what it is asked for, so
 * terms that the rules know to be equal are the same object.
 */

export { and, not, or, xor } from './bitwise.ts';
export { ite, select } from './choice.ts';
export { eq, ne } from './equal.ts';
export {
  fpArith,
  fpCompare,
  fpConvert,
  fpFma,
  fpFromInt,
  fpRound,
  fpSqrt,
  fpToInt,
  isNaNPattern,
  isSignallingPattern,
  nanResultArm,
  nanResultX86,
  negativeDefaultNaN,
  quieted,
  type Rounding,
} from './float.ts';
export { add, neg, sub } from './linear.ts';
export { load, store } from './memory.ts';
export { carry, overflow, sle, slt, ule, ult } from './order.ts';
export {
  apply,
  bv,
  isConst,
  mask,
  no,
  resetTerms,
  TermsTakeTooLong,
  termCount,
  variable,
  withDeadline,
  withFreshTerms,
  yes,
} from './pool.ts';
export { mul, sdiv, srem, udiv, urem } from './product.ts';
export { ashr, bitrev, clz, ctz, lshr, popcount, rotl, rotr, shl } from './shift.ts';
export { bit, concat, extract, low, msb, sext, zext } from './slice.ts';

/** The exclusive or of all bits, inverted: x86's parity flag of a byte. */
export function evenParity(a: Term): Term {
  let p = bit(a, 0);
  for (let i = 1; i < a.width; i++) p = xor(p, bit(a, i));
  return not(p);
}
