// SPDX-License-Identifier: MIT
import { assert } from '../base/assert.ts';
import { bitLength, significantBits } from './bits.ts';
import { and, not } from './bitwise.ts';
import { eq } from './equal.ts';
import { add, neg } from './linear.ts';
import { arg, bv, isConst, isOnes, isZero, mask, node, same } from './pool.ts';
import { bit, concatAll, extract, low, msb, repeat, sext, signedBits, zext } from './slice.ts';
import type { Term } from './term.ts';

/**
 * Shifts: the count is as wide as the value; counts of `width` or more shift everything out. By a constant they are
 * slices; by a term they are operators over as few bits as they need.
 */

export function shl(a: Term, count: Term): Term {
  same(a, count);
  const twice = inTwo(count);
  if (twice !== undefined) return shl(shl(a, twice.first), twice.second);
  if (count.op === 'const') {
    if (count.value >= BigInt(a.width)) return bv(a.width, 0);
    const n = Number(count.value);
    return n === 0 ? a : concatAll([low(a, a.width - n), bv(n, 0)]);
  }
  if (a.op === 'const' && a.value === 0n) return a;
  if (a.width === 1) return and(a, not(count));
  return node('shl', a.width, [a, count]);
}

export function lshr(a: Term, count: Term): Term {
  same(a, count);
  const twice = inTwo(count);
  if (twice !== undefined) return lshr(lshr(a, twice.first), twice.second);
  if (count.op === 'const') {
    if (count.value >= BigInt(a.width)) return bv(a.width, 0);
    const n = Number(count.value);
    return n === 0 ? a : concatAll([bv(n, 0), extract(a, a.width - 1, n)]);
  }
  if (a.op === 'const' && a.value === 0n) return a;
  if (a.width === 1) return and(a, not(count));
  const size = Math.max(significantBits(a), significantBits(count));
  if (size < a.width) return zext(lshr(low(a, size), low(count, size)), a.width);
  return node('lshr', a.width, [a, count]);
}

export function ashr(a: Term, count: Term): Term {
  same(a, count);
  if (count.op === 'const') {
    const n = count.value >= BigInt(a.width) ? a.width : Number(count.value);
    if (n === 0) return a;
    const sign = repeat(msb(a), n);
    return n === a.width ? sign : concatAll([sign, extract(a, a.width - 1, n)]);
  }
  if (a.op === 'sext' || a.width === 1) return a;
  const top = a.op === 'concat' || a.op === 'const' ? msb(a) : undefined;
  if (top !== undefined && top.op === 'const') return top.value === 0n ? lshr(a, count) : not(lshr(not(a), count));
  const size = Math.max(signedBits(a), significantBits(count));
  if (size < a.width) return sext(ashr(low(a, size), low(count, size)), a.width);
  return node('ashr', a.width, [a, count]);
}

/**
 * A count of `k - c`, which is never negative since `c` has few bits, as a constant and a number of as few bits: the
 * distance of `c` from the greatest that it can be.
 */
function inTwo(count: Term): { readonly first: Term; readonly second: Term } | undefined {
  if (count.op !== 'add' || count.args.length !== 2) return undefined;
  const [product, k] = [arg(count, 0), arg(count, 1)];
  if (k.op !== 'const' || product.op !== 'mul' || !isOnes(arg(product, 1))) return undefined;
  const c = arg(product, 0);
  const bits = significantBits(c);
  const greatest = mask(bits);
  if (bits >= count.width || k.value < greatest) return undefined;
  return { first: bv(count.width, k.value - greatest), second: zext(not(low(c, bits)), count.width) };
}

/** `a` rotated to the right by `count` modulo its width, which is a power of two. The count may have any width. */
export function rotr(a: Term, count: Term): Term {
  const size = rotationBits(a);
  if (size === 0) return a;
  const c = count.width >= size ? low(count, size) : zext(count, size);
  if (isConst(c)) {
    const n = Number(c.value);
    return n === 0 ? a : concatAll([extract(a, n - 1, 0), extract(a, a.width - 1, n)]);
  }
  if (isConst(a) && (a.value === 0n || not(a).value === 0n)) return a;
  if (a.op === 'sext') return a;
  const half = a.width / 2;
  const upper = extract(a, a.width - 1, half);
  if (a.op === 'concat' && upper === low(a, half)) {
    const turned = rotr(upper, c);
    return concatAll([turned, turned]);
  }
  if (a.op === 'rotr') return rotr(arg(a, 0), add(arg(a, 1), c));
  return node('rotr', a.width, [a, c]);
}

/** `a` rotated to the left. */
export function rotl(a: Term, count: Term): Term {
  const size = rotationBits(a);
  if (size === 0) return a;
  return rotr(a, neg(count.width >= size ? low(count, size) : zext(count, size)));
}

function rotationBits(a: Term): number {
  const size = 31 - Math.clz32(a.width);
  assert(1 << size === a.width, `a rotation of ${a.width} bits`);
  return size;
}

/** The number of leading zeros, as wide as `a`; `width` for zero. */
export function clz(a: Term): Term {
  const width = a.width;
  if (a.op === 'const') return bv(width, width - bitLength(a.value));
  if (width === 1) return not(a);
  const size = bitLength(BigInt(width));
  if (a.op === 'concat') {
    const top = arg(a, 0);
    if (top.op === 'const') {
      if (top.value !== 0n) return bv(width, top.width - bitLength(top.value));
      return add(zext(clz(low(a, width - top.width)), width), bv(width, top.width));
    }
    const doubled = clzOfHigher(a);
    if (doubled !== undefined) return doubled;
  }
  const t = node('clz', width, [a]);
  if (size >= width) return t;
  if (!isPowerOfTwo(width)) return concatAll([bv(width - size, 0), node('extract', size, [t], 0)]);
  // Only of zero there are as many as bits.
  const none = eq(a, bv(width, 0));
  return concatAll([bv(width - size, 0), none, node('extract', size - 1, [t], 0)]);
}

/** Of a value with zeros beneath, both of a power of two's width: the value's own count, but where all bits are zeros. */
function clzOfHigher(a: Term): Term | undefined {
  const end = arg(a, a.args.length - 1);
  const width = a.width - end.width;
  if (!isZero(end) || !isPowerOfTwo(a.width) || !isPowerOfTwo(width) || width < 4) return undefined;
  const above = extract(a, a.width - 1, end.width);
  const [bits, own] = [bitLength(BigInt(a.width)) - 1, bitLength(BigInt(width)) - 1];
  const none = eq(above, bv(width, 0));
  return concatAll([bv(a.width - bits - 1, 0), none, bv(bits - own, 0), low(clz(above), own)]);
}

const isPowerOfTwo = (n: number): boolean => (n & (n - 1)) === 0;

/** The number of trailing zeros, as wide as `a`; `width` for zero. */
export function ctz(a: Term): Term {
  return clz(bitrev(a));
}

/** The number of ones, as wide as `a`, which is at most 255 bits. */
export function popcount(a: Term): Term {
  assert(a.width >= 8 && a.width < 256, `popcount of ${a.width} bits`);
  let t = bv(8, 0);
  for (let i = 0; i < a.width; i++) t = add(t, zext(bit(a, i), 8));
  return zext(t, a.width);
}

/** The bits in reverse order. */
export function bitrev(a: Term): Term {
  switch (a.op) {
    case 'const': {
      let v = 0n;
      for (let i = 0; i < a.width; i++) v |= ((a.value >> BigInt(i)) & 1n) << BigInt(a.width - 1 - i);
      return bv(a.width, v);
    }
    case 'bitrev':
      return arg(a, 0);
    case 'sext':
      return a;
    case 'concat':
      return concatAll(a.args.map(bitrev).reverse());
    case 'not':
      return not(bitrev(arg(a, 0)));
    case 'and':
      return a.args.map(bitrev).reduce(and);
  }
  return a.width === 1 ? a : node('bitrev', a.width, [a]);
}
