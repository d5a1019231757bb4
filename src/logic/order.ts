// SPDX-License-Identifier: MIT

import { negative } from './bits.ts';
import { and, not, or, xor } from './bitwise.ts';
import { ite } from './choice.ts';
import { eq } from './equal.ts';
import { add, extendedBit, neg, sub } from './linear.ts';
import { arg, bv, isOnes, isZero, mask, no, node, same, yes } from './pool.ts';
import { extract, low, msb, signedBits } from './slice.ts';
import type { Term } from './term.ts';

/**
 * Orders, carries and overflows. A carry or an overflow with a constant carry in is written by `ult` or `slt`, so that
 * a flag of a subtraction and the comparison it stands for are the same term:
 *
 *   carry(a, b, 0) = ~a < b              carry(a, ~b, 1) = !(a < b)
 *   overflow(a, b, 0) = msb(a+b) ^ (~a s< b is the sign of the true sum, inverted)
 *
 * `a < b` is `~b < ~a`: of the two, the one with fewer complements is chosen.
 */

export function ult(a: Term, b: Term): Term {
  same(a, b);
  return less('ult', a, b);
}

export function slt(a: Term, b: Term): Term {
  same(a, b);
  return less('slt', a, b);
}

export function ule(a: Term, b: Term): Term {
  return not(ult(b, a));
}

export function sle(a: Term, b: Term): Term {
  return not(slt(b, a));
}

type Order = 'ult' | 'slt';

function lessValues(op: Order, a: Term, b: Term): boolean {
  if (op === 'ult') return a.value < b.value;
  return BigInt.asIntN(a.width, a.value) < BigInt.asIntN(b.width, b.value);
}

function less(op: Order, a: Term, b: Term): Term {
  if (a === b) return no();
  if (a.op === 'const' && b.op === 'const') return lessValues(op, a, b) ? yes() : no();
  if (a.width === 1) return op === 'ult' ? and(not(a), b) : and(a, not(b));
  if (b.op === 'const') return negative(a) ? fromConstant(op, not(b), not(a)) : belowConstant(op, a, b);
  if (a.op === 'const') return negative(b) ? belowConstant(op, not(b), not(a)) : fromConstant(op, a, b);
  const [na, nb] = [negative(a), negative(b)];
  if (na && nb) return lessTerms(op, not(b), not(a));
  if (na !== nb) {
    const [x, y] = [not(a), not(b)];
    // Of a number and its complement, the sign tells.
    if (x === b) return op === 'ult' ? msb(b) : msb(a);
    const swap = na ? b.id > x.id : y.id < a.id;
    if (swap) return lessTerms(op, y, x);
  }
  return lessTerms(op, a, b);
}

/** `k < a` */
function fromConstant(op: Order, k: Term, a: Term): Term {
  const greatest = op === 'ult' ? mask(k.width) : mask(k.width - 1);
  if (k.value === greatest) return no();
  return not(belowConstant(op, a, bv(k.width, k.value + 1n)));
}

/** `a < k` */
function belowConstant(op: Order, a: Term, k: Term): Term {
  const half = 1n << BigInt(k.width - 1);
  const least = op === 'ult' ? 0n : half;
  const v = k.value;
  if (v === least) return no();
  if (v === BigInt.asUintN(k.width, least + 1n)) return eq(a, bv(k.width, least));
  const greatest = BigInt.asUintN(k.width, least - 1n);
  if (v === greatest) return not(eq(a, k));
  // Two numbers are asked for one by one.
  if (op === 'ult' && v === 2n && k.width > 2) return or(eq(a, bv(k.width, 0)), eq(a, bv(k.width, 1)));
  if (v === (op === 'ult' ? half : 0n)) return op === 'ult' ? not(msb(a)) : msb(a);
  if (a.op === 'ite' && (arg(a, 1).op === 'const' || arg(a, 2).op === 'const')) {
    return ite(arg(a, 0), less(op, arg(a, 1), k), less(op, arg(a, 2), k));
  }
  if (a.op === 'sext') return ite(arg(a, 0), less(op, bv(a.width, -1), k), less(op, bv(a.width, 0), k));
  if (a.op === 'concat') {
    const short = lessParts(op, a, k);
    if (short !== undefined) return short;
  }
  return node(op, 1, [a, k]);
}

function lessTerms(op: Order, a: Term, b: Term): Term {
  if (a === b) return no();
  if (op === 'ult' && isTwice(a, b)) return msb(b);
  if (a.op === 'sext' && b.op === 'sext') return less(op, extract(a, 0, 0), extract(b, 0, 0));
  if (a.op === 'concat' || b.op === 'concat') {
    const short = lessParts(op, a, b);
    if (short !== undefined) return short;
  }
  if (hasConstantArm(a)) return ite(arg(a, 0), less(op, arg(a, 1), b), less(op, arg(a, 2), b));
  if (hasConstantArm(b)) return ite(arg(b, 0), less(op, a, arg(b, 1)), less(op, a, arg(b, 2)));
  if (op === 'ult') {
    const carried = lessByBit(a, b) ?? lessThanSummand(a, b);
    if (carried !== undefined) return carried;
  }
  return node(op, 1, [a, b]);
}

/** Whether `a` is `b + b`, which is less than `b` where it has gone round. */
function isTwice(a: Term, b: Term): boolean {
  return a.op === 'concat' && isZero(low(a, 1)) && extract(a, a.width - 1, 1) === low(b, b.width - 1);
}

/** Numbers that differ by one bit: adding it has gone round. Less than a bit is 0 alone. */
function lessByBit(a: Term, b: Term): Term | undefined {
  const only = extendedBit(b);
  if (only !== undefined) {
    const rest = sub(a, b);
    return and(only, summands(rest) < summands(a) ? eq(rest, bv(b.width, -1)) : eq(a, bv(a.width, 0)));
  }
  if (a.op !== 'add' && b.op !== 'add') return undefined;
  const bit = extendedBit(sub(a, b));
  if (bit === undefined) return undefined;
  return and(bit, summands(b) < summands(a) ? eq(b, bv(b.width, -1)) : eq(a, bv(a.width, 0)));
}

/** a+b < a is the carry of a+b, also where a is a sum itself or a complement; and so is ~a < ~(a+b). */
function lessThanSummand(a: Term, b: Term): Term | undefined {
  return sumBelow(a, b) ?? (b.op === 'add' ? sumBelow(not(b), not(a)) : undefined);
}

function sumBelow(a: Term, b: Term): Term | undefined {
  if (a.op !== 'add') return undefined;
  const rest = sub(a, b);
  if (a.args.includes(b)) return less('ult', not(b), rest);
  if (b.op !== 'add' && (b.op !== 'not' || negative(rest))) return undefined;
  return summands(rest) + summands(b) === summands(a) ? less('ult', not(rest), b) : undefined;
}

/** A complement is minus the term, and minus 1. */
const summands = (t: Term): number => (t.op === 'add' ? t.args.length : t.op === 'not' ? 2 : 1);

function hasConstantArm(t: Term): boolean {
  return t.op === 'ite' && (arg(t, 1).op === 'const' || arg(t, 2).op === 'const');
}

/** Drops parts that decide nothing, above and below. */
function lessParts(op: Order, a: Term, b: Term): Term | undefined {
  const width = a.width;
  const size = Math.max(signedBits(a), signedBits(b));
  if (size < width) return less(op, low(a, size), low(b, size));
  const top = Math.min(partWidth(a, 0), partWidth(b, 0));
  if (top < width) {
    const [x, y] = [extract(a, width - 1, width - top), extract(b, width - 1, width - top)];
    if (x === y) return less('ult', low(a, width - top), low(b, width - top));
    if (x.op === 'const' && y.op === 'const') return lessValues(op, x, y) ? yes() : no();
  }
  const bottom = Math.min(partWidth(a, -1), partWidth(b, -1));
  if (bottom < width) {
    const [x, y] = [low(a, bottom), low(b, bottom)];
    const above = (t: Term) => extract(t, width - 1, bottom);
    if (x === y || isZero(y) || isOnes(x)) return less(op, above(a), above(b));
    if (x.op === 'const' && y.op === 'const') {
      return x.value >= y.value ? less(op, above(a), above(b)) : not(less(op, above(b), above(a)));
    }
  }
  return undefined;
}

function partWidth(t: Term, index: number): number {
  return t.op === 'concat' ? (t.args.at(index) as Term).width : t.width;
}

/** The carry out of `a + b + cin`. A subtraction `a - b` is `a + not(b) + 1`, and its borrow is the inverse. */
export function carry(a: Term, b: Term, cin: Term): Term {
  same(a, b);
  // What comes in below twice a number is too little to go out at the top.
  if (a === b) return msb(a);
  if (a.id > b.id) return carry(b, a, cin);
  if (cin.op === 'const') {
    if (cin.value === 0n) return less('ult', not(a), b);
    return not(less('ult', a, not(b)));
  }
  if (a.width === 1) return or(and(a, b), and(cin, or(a, b)));
  if (a.op === 'const' && b.op === 'const') return ite(cin, carry(a, b, yes()), carry(a, b, no()));
  if (isZero(a) || isZero(b)) return and(cin, eq(isZero(a) ? b : a, bv(a.width, -1)));
  if (isOnes(a) || isOnes(b)) return or(cin, not(eq(isOnes(a) ? b : a, bv(a.width, 0))));
  if (Number(negative(a)) + Number(negative(b)) + Number(cin.op === 'not') >= 2) {
    const inverse = carryNode(not(a), not(b), not(cin));
    return not(inverse);
  }
  return carryNode(a, b, cin);
}

function carryNode(a: Term, b: Term, cin: Term): Term {
  // A bit is added, and then another one: each goes round where there are only ones.
  const last = extendedBit(b);
  const bit = last ?? extendedBit(a);
  if (bit !== undefined) {
    const other = last === undefined ? b : a;
    const ones = bv(a.width, -1);
    return or(and(bit, eq(other, ones)), and(cin, eq(add(a, b), ones)));
  }
  if (a.op === 'concat' || b.op === 'concat') {
    const width = a.width;
    const top = Math.min(partWidth(a, 0), partWidth(b, 0));
    const [x, y] = [extract(a, width - 1, width - top), extract(b, width - 1, width - top)];
    if (x.op === 'const' && y.op === 'const') {
      const sum = x.value + y.value;
      if (sum > mask(top)) return yes();
      if (sum < mask(top)) return no();
      return carry(low(a, width - top), low(b, width - top), cin);
    }
    const inner = carryBelow(a, b, cin);
    if (inner !== undefined)
      return carry(extract(a, width - 1, inner.size), extract(b, width - 1, inner.size), inner.cin);
  }
  const [first, second] = a.id < b.id ? [a, b] : [b, a];
  return node('carry', 1, [first, second, cin]);
}

/** What goes into the upper parts of a sum, where the lower parts are known. */
function carryBelow(a: Term, b: Term, cin: Term): { readonly size: number; readonly cin: Term } | undefined {
  const size = Math.min(partWidth(a, -1), partWidth(b, -1));
  if (size === a.width) return undefined;
  const [x, y] = [low(a, size), low(b, size)];
  if (x.op === 'const' && y.op === 'const') {
    const sum = x.value + y.value;
    return { size, cin: sum > mask(size) ? yes() : sum < mask(size) ? no() : cin };
  }
  for (const [bit, other] of [
    [repeatedBit(x), y],
    [repeatedBit(y), x],
  ] as const) {
    // What comes in goes through ones, and goes nowhere through zeros.
    if (bit === undefined || !(isZero(other) || isOnes(other))) continue;
    if (bit === cin) return { size, cin };
    if (bit === not(cin)) return { size, cin: isZero(other) ? no() : yes() };
  }
  return undefined;
}

function repeatedBit(t: Term): Term | undefined {
  const bit = t.op === 'sext' ? arg(t, 0) : t;
  return bit.width === 1 ? bit : undefined;
}

/** 1 when the signed sum `a + b + cin` does not fit. */
export function overflow(a: Term, b: Term, cin: Term): Term {
  same(a, b);
  if (a.id > b.id) return overflow(b, a, cin);
  if (cin.op === 'const') {
    if (cin.value === 0n) return xor(msb(add(a, b)), not(less('slt', not(a), b)));
    const other = not(b);
    return xor(msb(sub(a, other)), less('slt', a, other));
  }
  if (a.op === 'const' && b.op === 'const') return ite(cin, overflow(a, b, yes()), overflow(a, b, no()));
  const greatest = bv(a.width, mask(a.width - 1));
  if (isZero(a) || isZero(b)) return and(cin, eq(isZero(a) ? b : a, greatest));
  if (isOnes(a) || isOnes(b)) return and(not(cin), eq(isOnes(a) ? b : a, not(greatest)));
  if (Number(negative(a)) + Number(negative(b)) + Number(cin.op === 'not') >= 2) {
    return overflowNode(not(a), not(b), not(cin));
  }
  return overflowNode(a, b, cin);
}

function overflowNode(a: Term, b: Term, cin: Term): Term {
  if (a.op === 'concat' || b.op === 'concat') {
    const inner = carryBelow(a, b, cin);
    const hi = a.width - 1;
    if (inner !== undefined) return overflow(extract(a, hi, inner.size), extract(b, hi, inner.size), inner.cin);
  }
  const [first, second] = a.id < b.id ? [a, b] : [b, a];
  return node('overflow', 1, [first, second, cin]);
}

/**
 * Negating a number and adding or subtracting 1 overflows for one number only. Of the sign of the result, the order that
 * tells the sign of the true result, and the equality with that number, each is the exclusive or of the other two.
 */
export function xorOfSign(sign: Term, other: Term): Term | undefined {
  if (sign.op !== 'extract' || (other.op !== 'slt' && other.op !== 'eq')) return undefined;
  const sum = arg(sign, 0);
  const [x, k] = [arg(other, 0), arg(other, 1)];
  const width = x.width;
  if (sum.width !== width || sign.lo !== width - 1 || width < 2 || k.op !== 'const') return undefined;
  const one = bv(width, 1);
  const ones = bv(width, -1);
  const least = bv(width, 1n << BigInt(width - 1));
  const cases = [
    { result: neg(x), bound: one, only: least, inverted: true },
    { result: sub(x, one), bound: one, only: least, inverted: false },
    { result: add(x, one), bound: ones, only: not(least), inverted: false },
  ];
  for (const { result, bound, only, inverted } of cases) {
    if (k !== (other.op === 'slt' ? bound : only)) continue;
    // The sign of a sum may be written as the complement of another's.
    const complement = msb(result) !== sign;
    if (complement && msb(result) !== not(sign)) continue;
    const third = other.op === 'slt' ? eq(x, only) : slt(x, bound);
    return inverted === complement ? third : not(third);
  }
  return undefined;
}
