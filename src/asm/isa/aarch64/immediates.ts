// SPDX-License-Identifier: MIT
import { pattern } from '../numbers.ts';

/** Which numbers the encodings can hold. Numbers are as written: of either sign, and not yet cut to a width. */

/** Add and subtract: 12 bits, or 12 bits shifted by 12; a negative one is the other instruction's (C3.4.1). */
export function isAddImmediate(v: bigint): boolean {
  const m = v < 0n ? -v : v;
  return m < 4096n || (m % 4096n === 0n && m >> 12n < 4096n);
}

const replicate = (element: bigint, size: number, width: number): bigint => {
  let v = 0n;
  for (let at = 0; at < width; at += size) v |= element << BigInt(at);
  return v;
};

/** A rotated run of ones, repeated: the immediates of the logical instructions (DecodeBitMasks). */
export function isBitmaskImmediate(v: bigint, width: number): boolean {
  const p = pattern(v, width);
  if (p === undefined) return false;
  for (let size = 2; size <= width; size *= 2) {
    const bits = BigInt(size);
    const element = BigInt.asUintN(size, p);
    if (replicate(element, size, width) !== p) continue;
    if (element === 0n || element === (1n << bits) - 1n) return false;
    // A rotated run has exactly one place where a one is followed by a zero.
    const rotated = BigInt.asUintN(size, (element << 1n) | (element >> (bits - 1n)));
    const edges = element & ~rotated;
    return (edges & (edges - 1n)) === 0n;
  }
  return false;
}

const isShifted16 = (p: bigint, width: number): boolean => {
  for (let at = 0n; at < BigInt(width); at += 16n) if ((p & ~(0xffffn << at)) === 0n) return true;
  return false;
};

/** What `movz` and `movn` can do: 16 bits in one place, the others all zeros or all ones. */
export function isWideMoveImmediate(v: bigint, width: number): boolean {
  const p = pattern(v, width);
  return p !== undefined && (isShifted16(p, width) || isShifted16(BigInt.asUintN(width, ~p), width));
}

/** What `mov` can do in one instruction: `movz`, `movn`, or `orr` with a bitmask. */
export function isMoveImmediate(v: bigint, width: number): boolean {
  return isWideMoveImmediate(v, width) || isBitmaskImmediate(v, width);
}
