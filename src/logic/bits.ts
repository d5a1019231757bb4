// SPDX-License-Identifier: MIT
import { arg, mask } from './pool.ts';
import type { Term } from './term.ts';

/** Facts about bit patterns that several rewriters share. */

/** The index of the lowest set bit of `v`, which is not 0. */
export function trailingZeros(v: bigint): number {
  let n = 0;
  for (;;) {
    const word = Number(v & 0xffffffffn);
    if (word !== 0) return n + 31 - Math.clz32(word & -word);
    v >>= 32n;
    n += 32;
  }
}

/** The number of bits needed to write `v`. */
export function bitLength(v: bigint): number {
  let n = 0;
  while (v > 0xffffffffn) {
    v >>= 32n;
    n += 32;
  }
  return n + 32 - Math.clz32(Number(v));
}

/** Bit i-1 is set where bit i of `v` differs from bit i-1. */
export function changesOf(v: bigint, width: number): bigint {
  return (v ^ (v >> 1n)) & mask(width - 1);
}

/** The positions i at which bit i differs from bit i-1, ascending; undefined when more than `limit`. */
export function cutsOf(v: bigint, width: number, limit: number): number[] | undefined {
  return cutsAt(changesOf(v, width), limit);
}

export function cutsAt(changed: bigint, limit: number): number[] | undefined {
  let changes = changed;
  const cuts: number[] = [];
  let base = 0;
  while (changes !== 0n) {
    if (cuts.length === limit) return undefined;
    const n = trailingZeros(changes) + 1;
    base += n;
    cuts.push(base);
    changes >>= BigInt(n);
  }
  return cuts;
}

/** The inverse of an odd number modulo 2^width. */
export function inverseOf(v: bigint, width: number): bigint {
  let x = v;
  for (let good = 3; good < width; good *= 2) x = BigInt.asUintN(width, x * (2n - v * x));
  return BigInt.asUintN(width, x);
}

/** How many low bits of `t` can be other than 0, as far as its shape tells. */
export function significantBits(t: Term): number {
  if (t.op === 'const') return bitLength(t.value);
  if (t.op === 'concat') {
    const top = arg(t, 0);
    if (top.op === 'const') return t.width - top.width + bitLength(top.value);
  }
  return t.width;
}

/**
 * Whether `t` counts as the complement of something. For nearly every term exactly one of `t` and `not(t)` does; which
 * one only matters for choosing between forms that mean the same.
 */
export function negative(t: Term): boolean {
  for (;;) {
    switch (t.op) {
      case 'not':
        return true;
      case 'const':
        return t.value >> BigInt(t.width - 1) === 1n;
      case 'concat':
      case 'sext':
        t = arg(t, 0);
        break;
      case 'ite':
        t = arg(t, 1);
        break;
      case 'xor': {
        const last = arg(t, t.args.length - 1);
        if (last.op !== 'const') return false;
        t = last;
        break;
      }
      case 'add':
        return negativeSum(t);
      case 'mul': {
        const c = arg(t, t.args.length - 1);
        return c.op === 'const' && c.value > 1n << BigInt(t.width - 1);
      }
      default:
        return false;
    }
  }
}

function negativeSum(t: Term): boolean {
  const half = 1n << BigInt(t.width - 1);
  for (const a of t.args) {
    const c = a.op === 'mul' ? arg(a, a.args.length - 1) : undefined;
    if (c === undefined || c.op !== 'const') return false;
    if (c.value !== half) return c.value > half;
  }
  return false;
}
