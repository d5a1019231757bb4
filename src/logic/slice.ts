// SPDX-License-Identifier: MIT
import { assert } from '../base/assert.ts';
import { append } from '../base/lists.ts';
import { negative, significantBits } from './bits.ts';
import { and, not, xor } from './bitwise.ts';
import { ite } from './choice.ts';
import { eq } from './equal.ts';
import { join } from './join.ts';
import { lowOfSum } from './linear.ts';
import { byteSlice } from './memory.ts';
import { arg, bv, isConst, node, onReset } from './pool.ts';
import { mul } from './product.ts';
import { bitrev, shl } from './shift.ts';
import { topOfSum } from './summands.ts';
import type { Term } from './term.ts';

/**
 * Bits of terms. The normal form: `extract` stands only where the bits cannot be told from the parts of its argument,
 * `concat` is flat, and no two neighbours in it could be written as one. `sext` only repeats a single bit: the sign
 * extension of a wider term is the concat of its repeated top bit and the term.
 */

let memo = new Map<number, Term>();
/** A Map holds no more than 2^24 entries, and ends the process instead of saying so. */
const MOST_REMEMBERED = 2 ** 22;
let depth = 0;
onReset(() => {
  memo = new Map();
  depth = 0;
});

/** Deeper than this, a slice is left as it is: the stack is finite. */
const DEEPEST = 400;

/** Bits `hi` down to `lo`, both included. */
export function extract(a: Term, hi: number, lo: number): Term {
  if (!(hi >= lo && lo >= 0 && hi < a.width)) assert(false, `extract ${hi}..${lo} of ${a.width} bits`);
  if (lo === 0 && hi === a.width - 1) return a;
  switch (a.op) {
    case 'const':
      return bv(hi - lo + 1, a.value >> BigInt(lo));
    case 'var':
    case 'apply':
      return node('extract', hi - lo + 1, [a], lo);
    case 'extract':
      return extract(arg(a, 0), hi + a.lo, lo + a.lo);
    case 'sext':
      return repeat(arg(a, 0), hi - lo + 1);
    default: {
      const key = (a.id * 512 + hi) * 512 + lo;
      let t = memo.get(key);
      if (t === undefined) {
        if (depth > DEEPEST) return node('extract', hi - lo + 1, [a], lo);
        depth++;
        t = slice(a, hi, lo);
        depth--;
        if (memo.size >= MOST_REMEMBERED) memo.clear();
        memo.set(key, t);
      }
      return t;
    }
  }
}

/**
 * Longer sums are not taken apart bit by bit: hash functions rotate sums of sums, and every part of every summand would
 * be a term of its own.
 */
const MOST_SUMMANDS = 12;

function slice(a: Term, hi: number, lo: number): Term {
  const width = hi - lo + 1;
  switch (a.op) {
    case 'concat':
      return sliceConcat(a, hi, lo);
    case 'not':
      return not(extract(arg(a, 0), hi, lo));
    case 'and':
    case 'xor': {
      const combine = a.op === 'and' ? and : xor;
      let t = extract(arg(a, 0), hi, lo);
      for (let i = 1; i < a.args.length; i++) t = combine(t, extract(arg(a, i), hi, lo));
      return t;
    }
    case 'ite':
      return ite(arg(a, 0), extract(arg(a, 1), hi, lo), extract(arg(a, 2), hi, lo));
    case 'add':
      if (lo === 0) {
        if (a.args.length <= MOST_SUMMANDS) return lowOfSum(a, width);
      } else if (isComplement(a)) return not(extract(not(a), hi, lo));
      else if (lo === a.width - 1) {
        const top = topOfSum(a);
        if (top !== undefined) return top;
      }
      break;
    case 'mul':
      if (lo === 0) {
        if (isConst(arg(a, a.args.length - 1))) return lowOfSum(a, width);
        return a.args.map((f) => extract(f, hi, 0)).reduce(mul);
      } else if (isComplement(a)) return not(extract(not(a), hi, lo));
      break;
    case 'shl': {
      const count = arg(a, 1);
      // Of a single bit that was shifted it is only asked how far.
      if (width === 1 && isOne(arg(a, 0))) return eq(count, bv(count.width, lo));
      if (lo === 0 && significantBits(count) <= width) return shl(extract(arg(a, 0), hi, 0), extract(count, hi, 0));
      break;
    }
    case 'bitrev':
      return bitrev(extract(arg(a, 0), a.width - 1 - lo, a.width - 1 - hi));
    case 'load':
      return byteSlice(a, hi, lo);
  }
  if (hi < a.width - 1 && (a.op === 'add' || a.op === 'mul' || a.op === 'shl')) {
    const narrowed = extract(a, hi, 0);
    if (narrowed.op !== 'extract' || arg(narrowed, 0) !== a) return extract(narrowed, hi, lo);
  }
  return node('extract', width, [a], lo);
}

const isOne = (t: Term): boolean => t.op === 'const' && t.value === 1n;

/** Whether `a` is cut as the complement of what its complement is cut to: of the two, one is cut, whichever was asked for. */
function isComplement(a: Term): boolean {
  return negative(a) && !negative(not(a));
}

/** The width of the number that `t` is the sign extension of. */
export function signedBits(t: Term): number {
  if (t.op === 'const') {
    const signed = BigInt.asIntN(t.width, t.value);
    return (signed < 0n ? ~signed : signed).toString(2).length + (signed === 0n || signed === -1n ? 0 : 1);
  }
  if (t.op === 'sext') return 1;
  if (t.op === 'concat') {
    const top = arg(t, 0);
    const below = arg(t, 1);
    if (top.op === 'const') {
      if (top.value !== 0n) return t.width;
      const isNegative = extract(below, below.width - 1, below.width - 1);
      return t.width - top.width + (isNegative.op === 'const' && isNegative.value === 0n ? 0 : 1);
    }
    const sign = top.op === 'sext' ? arg(top, 0) : top;
    if (sign.width !== 1) return t.width;
    const next = extract(below, below.width - 1, below.width - 1);
    if (next === sign) return t.width - top.width;
    return t.width - top.width + 1;
  }
  return t.width;
}

function sliceConcat(a: Term, hi: number, lo: number): Term {
  const parts: Term[] = [];
  let at = a.width;
  for (const p of a.args) {
    at -= p.width;
    if (at > hi) continue;
    const top = at + p.width - 1;
    parts.push(extract(p, Math.min(top, hi) - at, Math.max(lo, at) - at));
    if (at <= lo) break;
  }
  return concatAll(parts);
}

/** Most significant part first. */
export function concat(...parts: readonly Term[]): Term {
  return concatAll(parts);
}

export function concatAll(parts: readonly Term[]): Term {
  if (parts.length === 1) return parts[0] as Term;
  const out: Term[] = [];
  let width = 0;
  for (const p of parts) {
    width += p.width;
    if (p.op === 'concat') for (const q of p.args) push(out, q);
    else push(out, p);
  }
  if (out.length === 1) return out[0] as Term;
  return node('concat', width, out);
}

/** The bit that `t` repeats, if it is one bit or the repetition of one. */
function repeatedBit(t: Term): Term | undefined {
  if (t.op === 'sext') return arg(t, 0);
  return t.width === 1 && t.op !== 'const' ? t : undefined;
}

/** Adds a part below those in `out`, joined with them where that is possible. */
function push(out: Term[], part: Term): void {
  let p = part;
  for (;;) {
    const top = out[out.length - 1];
    if (top === undefined) break;
    const bit = repeatedBit(top);
    if (bit !== undefined && bit === repeatedBit(p)) {
      out.pop();
      p = repeat(bit, top.width + p.width);
      continue;
    }
    if (top.op === 'sext') {
      const joined = join(arg(top, 0), p);
      if (joined !== undefined) {
        out[out.length - 1] = repeat(arg(top, 0), top.width - 1);
        p = joined;
        break;
      }
    }
    if (p.op === 'sext') {
      const joined = join(top, arg(p, 0));
      if (joined !== undefined) {
        out[out.length - 1] = joined;
        p = repeat(arg(p, 0), p.width - 1);
        continue;
      }
    }
    const joined = join(top, p);
    if (joined === undefined) break;
    out.pop();
    p = joined;
  }
  if (p.op === 'concat') append(out, p.args);
  else out.push(p);
}

/** The one-bit term `b`, `width` times. */
export function repeat(b: Term, width: number): Term {
  if (width === 1) return b;
  if (b.op === 'const') return bv(width, b.value === 0n ? 0n : -1n);
  return node('sext', width, [b]);
}

/** The low `width` bits. */
export function low(a: Term, width: number): Term {
  return extract(a, width - 1, 0);
}

export function bit(a: Term, index: number): Term {
  return extract(a, index, index);
}

export function msb(a: Term): Term {
  return extract(a, a.width - 1, a.width - 1);
}

export function zext(a: Term, width: number): Term {
  assert(width >= a.width, `zext of ${a.width} bits to ${width}`);
  return width === a.width ? a : concatAll([bv(width - a.width, 0), a]);
}

export function sext(a: Term, width: number): Term {
  assert(width >= a.width, `sext of ${a.width} bits to ${width}`);
  if (width === a.width) return a;
  return concatAll([repeat(msb(a), width - a.width), a]);
}
