// SPDX-License-Identifier: MIT

/** Numbers as they are written: of either sign, and not yet cut to a width. */

export const inRange = (lo: number, hi: number, step = 1) => {
  const [low, high, by] = [BigInt(lo), BigInt(hi), BigInt(step)];
  return (v: bigint): boolean => v >= low && v <= high && v % by === 0n;
};

/** The unsigned `width`-bit pattern of a number written with either sign, or undefined where it needs more bits. */
export function pattern(v: bigint, width: number): bigint | undefined {
  const span = 1n << BigInt(width);
  if (v >= span || v < -(span >> 1n)) return undefined;
  return v < 0n ? v + span : v;
}
