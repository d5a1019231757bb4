// SPDX-License-Identifier: MIT
import { bv, concat, low, mask, msb, not } from '../../logic/build.ts';
import type { Term } from '../../logic/term.ts';

/** Patterns of IEEE 754 numbers of 32 or 64 bits, and what every machine does with them as bits. */

const signBit = (width: number): bigint => 1n << BigInt(width - 1);
export const exponentBits = (width: number): bigint => mask(width - 1) ^ mask(width === 64 ? 52 : 23);
export const infinity = (width: number, negative: boolean): Term =>
  bv(width, exponentBits(width) | (negative ? signBit(width) : 0n));
/** The quiet NaN that Arm calls the default and RISC-V the canonical one: positive, without payload. */
export const defaultNaN = (width: number): Term => bv(width, exponentBits(width) | (1n << (width === 64 ? 51n : 22n)));

/** The sign flipped, of a NaN too. */
export const floatNeg = (a: Term): Term => concat(not(msb(a)), low(a, a.width - 1));
/** The sign cleared, of a NaN too. */
export const floatAbs = (a: Term): Term => concat(bv(1, 0), low(a, a.width - 1));
