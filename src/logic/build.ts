// SPDX-License-Identifier: MIT
import { assert } from '../base/assert.ts';
import type { Op, Term } from './term.ts';

/** Term builders. Each returns the normal form of what it is asked for. */

let pool = new Map<string, Term>();
let nextId = 0;

/** Forgets all terms. Only between jobs that share none. */
export function resetTerms(): void {
  pool = new Map();
  nextId = 0;
}

export function mask(width: number): bigint {
  return (1n << BigInt(width)) - 1n;
}

function node(op: Op, width: number, args: readonly Term[], value = 0n, name = '', lo = 0): Term {
  let key = `${op}|${width}|${value}|${name}|${lo}`;
  for (const a of args) key += `,${a.id}`;
  const known = pool.get(key);
  if (known !== undefined) return known;
  const made: Term = { id: nextId++, op, width, args, value, name, lo };
  pool.set(key, made);
  return made;
}

/** The constant `value` modulo 2^width. */
export function bv(width: number, value: bigint | number): Term {
  return node('const', width, [], BigInt.asUintN(width, BigInt(value)));
}

export const yes = (): Term => bv(1, 1);
export const no = (): Term => bv(1, 0);

export function isConst(t: Term): boolean {
  return t.op === 'const';
}

/** A free variable; the same name and width is the same variable. Width 0 makes a memory. */
export function variable(name: string, width: number): Term {
  return node('var', width, [], 0n, name);
}

/** An uninterpreted function: equal arguments give equal results, and nothing else is known. Width 0 makes a memory. */
export function apply(name: string, width: number, args: readonly Term[]): Term {
  return node('apply', width, args, 0n, name);
}

function same(a: Term, b: Term): void {
  assert(a.width === b.width, `widths differ: ${a.op} of ${a.width} and ${b.op} of ${b.width}`);
}

export function not(a: Term): Term {
  if (a.op === 'const') return bv(a.width, ~a.value);
  if (a.op === 'not') return a.args[0] as Term;
  return node('not', a.width, [a]);
}
export function and(a: Term, b: Term): Term {
  same(a, b);
  if (a.op === 'const' && b.op === 'const') return bv(a.width, a.value & b.value);
  return node('and', a.width, [a, b]);
}
export function or(a: Term, b: Term): Term {
  same(a, b);
  if (a.op === 'const' && b.op === 'const') return bv(a.width, a.value | b.value);
  return node('or', a.width, [a, b]);
}
export function xor(a: Term, b: Term): Term {
  same(a, b);
  if (a.op === 'const' && b.op === 'const') return bv(a.width, a.value ^ b.value);
  return node('xor', a.width, [a, b]);
}
export function add(a: Term, b: Term): Term {
  same(a, b);
  if (a.op === 'const' && b.op === 'const') return bv(a.width, a.value + b.value);
  return node('add', a.width, [a, b]);
}
export function mul(a: Term, b: Term): Term {
  same(a, b);
  if (a.op === 'const' && b.op === 'const') return bv(a.width, a.value * b.value);
  return node('mul', a.width, [a, b]);
}
export function neg(a: Term): Term {
  return mul(a, bv(a.width, -1));
}
export function sub(a: Term, b: Term): Term {
  return add(a, neg(b));
}
export function udiv(a: Term, b: Term): Term {
  same(a, b);
  return node('udiv', a.width, [a, b]);
}
export function urem(a: Term, b: Term): Term {
  same(a, b);
  return node('urem', a.width, [a, b]);
}
export function sdiv(a: Term, b: Term): Term {
  same(a, b);
  return node('sdiv', a.width, [a, b]);
}
export function srem(a: Term, b: Term): Term {
  same(a, b);
  return node('srem', a.width, [a, b]);
}
/** Shifts: the count is as wide as the value; counts of `width` or more shift everything out. */
export function shl(a: Term, count: Term): Term {
  same(a, count);
  return node('shl', a.width, [a, count]);
}
export function lshr(a: Term, count: Term): Term {
  same(a, count);
  return node('lshr', a.width, [a, count]);
}
export function ashr(a: Term, count: Term): Term {
  same(a, count);
  return node('ashr', a.width, [a, count]);
}
/** Most significant part first. */
export function concat(...parts: readonly Term[]): Term {
  if (parts.length === 1) return parts[0] as Term;
  return node(
    'concat',
    parts.reduce((n, p) => n + p.width, 0),
    parts,
  );
}
/** Bits `hi` down to `lo`, both included. */
export function extract(a: Term, hi: number, lo: number): Term {
  assert(hi >= lo && lo >= 0 && hi < a.width, `extract ${hi}..${lo} of ${a.width} bits`);
  if (lo === 0 && hi === a.width - 1) return a;
  if (a.op === 'const') return bv(hi - lo + 1, a.value >> BigInt(lo));
  return node('extract', hi - lo + 1, [a], 0n, '', lo);
}
/** The low `width` bits. */
export function low(a: Term, width: number): Term {
  return extract(a, width - 1, 0);
}
export function bit(a: Term, index: number): Term {
  return extract(a, index, index);
}
export function msb(a: Term): Term {
  return bit(a, a.width - 1);
}
export function zext(a: Term, width: number): Term {
  assert(width >= a.width, `zext of ${a.width} bits to ${width}`);
  return width === a.width ? a : concat(bv(width - a.width, 0), a);
}
export function sext(a: Term, width: number): Term {
  assert(width >= a.width, `sext of ${a.width} bits to ${width}`);
  if (width === a.width) return a;
  if (a.op === 'const') return bv(width, BigInt.asIntN(a.width, a.value));
  return node('sext', width, [a]);
}
export function ite(c: Term, a: Term, b: Term): Term {
  assert(c.width === 1, 'the condition of ite is one bit');
  same(a, b);
  if (c.op === 'const') return c.value === 1n ? a : b;
  if (a === b) return a;
  return node('ite', a.width, [c, a, b]);
}
export function eq(a: Term, b: Term): Term {
  same(a, b);
  if (a === b) return yes();
  if (a.op === 'const' && b.op === 'const') return no();
  return node('eq', 1, [a, b]);
}
export function ne(a: Term, b: Term): Term {
  return not(eq(a, b));
}
export function ult(a: Term, b: Term): Term {
  same(a, b);
  return node('ult', 1, [a, b]);
}
export function ule(a: Term, b: Term): Term {
  return not(ult(b, a));
}
export function slt(a: Term, b: Term): Term {
  same(a, b);
  return node('slt', 1, [a, b]);
}
export function sle(a: Term, b: Term): Term {
  return not(slt(b, a));
}
/** The carry out of `a + b + cin`. A subtraction `a - b` is `a + not(b) + 1`, and its borrow is the inverse. */
export function carry(a: Term, b: Term, cin: Term): Term {
  same(a, b);
  return node('carry', 1, [a, b, cin]);
}
/** 1 when the signed sum `a + b + cin` does not fit. */
export function overflow(a: Term, b: Term, cin: Term): Term {
  same(a, b);
  return node('overflow', 1, [a, b, cin]);
}
/** The number of leading zeros, as wide as `a`; `width` for zero. */
export function clz(a: Term): Term {
  return node('clz', a.width, [a]);
}
/** The number of trailing zeros, as wide as `a`; `width` for zero. */
export function ctz(a: Term): Term {
  return clz(bitrev(a));
}
/** The bits in reverse order. */
export function bitrev(a: Term): Term {
  return node('bitrev', a.width, [a]);
}
/** `bytes` bytes at `address`, the lowest byte in the lowest bits. */
export function load(memory: Term, address: Term, bytes: number): Term {
  return node('load', bytes * 8, [memory, address]);
}
/** `memory` with `value` (whole bytes, little endian) at `address`; addresses wrap modulo 2^64. */
export function store(memory: Term, address: Term, value: Term): Term {
  assert(value.width % 8 === 0 && value.width > 0, 'a stored value is whole bytes');
  return node('store', 0, [memory, address, value]);
}

/** The exclusive or of all bits, inverted: x86's parity flag of a byte. */
export function evenParity(a: Term): Term {
  let p = bit(a, 0);
  for (let i = 1; i < a.width; i++) p = xor(p, bit(a, i));
  return not(p);
}

export type Rounding = 'rne' | 'rtz' | 'rtp' | 'rtn' | 'rna';

/** IEEE 754 arithmetic on bit patterns (32 or 64 bits), rounding to nearest even. Every NaN result is the positive quiet NaN without payload. */
export function fpArith(op: 'fp.add' | 'fp.sub' | 'fp.mul' | 'fp.div', a: Term, b: Term): Term {
  same(a, b);
  return node(op, a.width, [a, b]);
}
export function fpSqrt(a: Term): Term {
  return node('fp.sqrt', a.width, [a]);
}
/** a * b + c with one rounding. */
export function fpFma(a: Term, b: Term, c: Term): Term {
  return node('fp.fma', a.width, [a, b, c]);
}
/** Comparisons are quiet and false when an operand is a NaN; zeros of both signs are equal. */
export function fpCompare(op: 'fp.eq' | 'fp.lt' | 'fp.le', a: Term, b: Term): Term {
  same(a, b);
  return node(op, 1, [a, b]);
}
/** To an integral value of the same format; NaNs become quiet and keep sign and payload. */
export function fpRound(mode: Rounding, a: Term): Term {
  return node('fp.round', a.width, [a], 0n, mode);
}
/** Between 32 and 64 bits, nearest even; a NaN keeps its sign and the top of its payload and becomes quiet. */
export function fpConvert(a: Term, width: number): Term {
  return a.width === width ? a : node('fp.convert', width, [a]);
}
/** From an integer of any width, nearest even. */
export function fpFromInt(signed: boolean, a: Term, width: number): Term {
  return node(signed ? 'fp.fromSigned' : 'fp.fromUnsigned', width, [a]);
}
/** To an integer, saturating; a NaN gives 0. */
export function fpToInt(signed: boolean, mode: Rounding, a: Term, width: number): Term {
  return node(signed ? 'fp.toSigned' : 'fp.toUnsigned', width, [a], 0n, mode);
}
/** 1 for any NaN pattern. */
export function isNaNPattern(a: Term): Term {
  const exponent = a.width === 64 ? 11 : 8;
  const fraction = a.width - 1 - exponent;
  return and(
    eq(extract(a, a.width - 2, fraction), bv(exponent, mask(exponent))),
    ne(extract(a, fraction - 1, 0), bv(fraction, 0)),
  );
}
/** `a` with the quiet bit set. */
export function quieted(a: Term): Term {
  return or(a, bv(a.width, 1n << (a.width === 64 ? 51n : 22n)));
}
/** 1 for a NaN whose quiet bit is clear. */
export function isSignallingPattern(a: Term): Term {
  return and(isNaNPattern(a), not(bit(a, a.width === 64 ? 51 : 22)));
}
