// SPDX-License-Identifier: MIT

import { inverseOf, negative, significantBits, trailingZeros } from './bits.ts';
import { not, xor } from './bitwise.ts';
import { arg, bv, isConst, isZero, mask, node, same } from './pool.ts';
import { extendedRemainder, remainderOfExtended } from './remainder.ts';
import { concatAll, extract, low, repeat, zext } from './slice.ts';
import type { Term } from './term.ts';
import { widen } from './widen.ts';

/**
 * Linear sums. The normal form of a sum is `add` of terms in the order of their ids, each with its coefficient as
 * `mul(term, constant)`, and the constant last. What all coefficients have in common as a power of two is written as
 * zeros below: 8*x is x's low bits above three zeros. A complement is -x-1 here, and a repeated bit is minus that bit.
 */
export interface Sum {
  readonly width: number;
  terms: Term[];
  coefficients: bigint[];
  constant: bigint;
}

export function emptySum(width: number): Sum {
  return { width, terms: [], coefficients: [], constant: 0n };
}

/** The sum that `t` is, normalised. */
export function sumOf(t: Term): Sum {
  const s = emptySum(t.width);
  gather(s, t, 1n, 0);
  finish(s);
  return s;
}

/**
 * A longer sum is a summand of its own. Hash functions add up what they have added up before, again and again: taken
 * apart, each of their sums would hold all that went into it, and in what form would depend on the order.
 */
const LONG_SUM = 32;

/** A constant never counts, and stands beside a long sum, not in it. */
function isLong(sum: Term): boolean {
  return sum.args.length > LONG_SUM && !isConst(arg(sum, sum.args.length - 1));
}

/** Adds `k` times `t`. */
export function gather(s: Sum, t: Term, k: bigint, depth: number): void {
  switch (t.op) {
    case 'const':
      s.constant += k * t.value;
      return;
    case 'add':
      if (isLong(t)) entry(s, t, k, depth);
      else for (const a of t.args) gather(s, a, k, depth);
      return;
    case 'mul': {
      const c = arg(t, t.args.length - 1);
      if (c.op === 'const') entry(s, arg(t, 0), k * c.value, depth);
      else entry(s, t, k, depth);
      return;
    }
    case 'not':
      s.constant -= k;
      gather(s, arg(t, 0), -k, depth);
      return;
    case 'sext':
      gather(s, zext(arg(t, 0), t.width), -k, depth);
      return;
    case 'ite':
      if (negative(t)) {
        s.constant -= k;
        entry(s, not(t), -k, depth);
      } else entry(s, t, k, depth);
      return;
    case 'concat':
      gatherConcat(s, t, k, depth);
      return;
    default:
      entry(s, t, k, depth);
  }
}

function gatherConcat(s: Sum, t: Term, k: bigint, depth: number): void {
  const parts = t.args;
  const first = parts[0] as Term;
  const last = parts[parts.length - 1] as Term;
  if (parts.length === 2 && last.width === 1 && first.op === 'const' && first.value === 0n) {
    if (negative(last)) {
      s.constant += k;
      entry(s, zext(not(last), t.width), -k, depth);
    } else entry(s, t, k, depth);
    return;
  }
  const remainder = remainderOfExtended(t);
  if (remainder !== undefined) {
    const [x, product] = remainder;
    gather(s, x, k, depth);
    gather(s, product, -k, depth);
    return;
  }
  if (negative(t)) {
    const inverse = not(t);
    if (!negative(inverse)) {
      s.constant -= k;
      gather(s, inverse, -k, depth);
      return;
    }
  }
  if (last.op === 'const') {
    s.constant += k * last.value;
    const inner = sumOf(concatAll(parts.slice(0, -1)));
    const scale = k << BigInt(last.width);
    s.constant += scale * inner.constant;
    for (let i = 0; i < inner.terms.length; i++) {
      const c = scale * (inner.coefficients[i] as bigint);
      entry(s, widen(inner.terms[i] as Term, t.width), c, depth);
    }
    return;
  }
  if (first.op === 'const' && first.value !== 0n) {
    s.constant += k * (first.value << BigInt(t.width - first.width));
    gather(s, concatAll([bv(first.width, 0), ...parts.slice(1)]), k, depth);
    return;
  }
  entry(s, t, k, depth);
}

/** Adds `k` times a term that is no sum itself. Of a term with an even coefficient only the bits that count are kept. */
function entry(s: Sum, t: Term, k: bigint, depth: number): void {
  if (k !== 1n && k !== -1n) {
    k = BigInt.asUintN(s.width, k);
    if (k === 0n) return;
    if ((k & 1n) === 0n && depth < 3 && t.op !== 'var') {
      const kept = widen(low(t, s.width - trailingZeros(k)), s.width);
      if (kept !== t) {
        gather(s, kept, k, depth + 1);
        return;
      }
    }
  }
  s.terms.push(t);
  s.coefficients.push(k);
}

/** Sorts, merges and reduces. */
export function finish(s: Sum): void {
  const { terms, coefficients, width } = s;
  s.constant = BigInt.asUintN(width, s.constant);
  for (let i = 1; i < terms.length; i++) {
    const t = terms[i] as Term;
    const c = coefficients[i] as bigint;
    let j = i - 1;
    while (j >= 0 && (terms[j] as Term).id > t.id) {
      terms[j + 1] = terms[j] as Term;
      coefficients[j + 1] = coefficients[j] as bigint;
      j--;
    }
    terms[j + 1] = t;
    coefficients[j + 1] = c;
  }
  let n = 0;
  for (let i = 0; i < terms.length; ) {
    const t = terms[i] as Term;
    let c = coefficients[i] as bigint;
    for (i++; i < terms.length && terms[i] === t; i++) c += coefficients[i] as bigint;
    if (c !== 1n) {
      c = BigInt.asUintN(width, c);
      if (c === 0n) continue;
    }
    terms[n] = t;
    coefficients[n++] = c;
  }
  terms.length = n;
  coefficients.length = n;
  if (n > 1) {
    joinPartial(s);
    carryIn(s);
  }
}

/**
 * A bit added to a number that ends in nothing but that bit goes through to what is above: `x:bbb + b = (x+b):000`. So a
 * carry is added at the top of a register.
 */
function carryIn(s: Sum): void {
  for (let i = 0; i < s.terms.length; i++) {
    const [t, c] = [s.terms[i] as Term, s.coefficients[i] as bigint];
    const last = t.op === 'concat' ? arg(t, t.args.length - 1) : undefined;
    if (last?.op !== 'sext' || arg(last, 0).width > 1) continue;
    const bit = zext(arg(last, 0), s.width);
    const inverse = zext(not(arg(last, 0)), s.width);
    const j = s.terms.findIndex(
      (u, k) =>
        (u === bit && s.coefficients[k] === c) || (u === inverse && s.coefficients[k] === BigInt.asUintN(s.width, -c)),
    );
    if (j < 0) continue;
    if (s.terms[j] === inverse) s.constant -= c;
    for (const k of [i, j].sort((x, y) => y - x)) {
      s.terms.splice(k, 1);
      s.coefficients.splice(k, 1);
    }
    const above = concatAll([...t.args.slice(0, -1), bv(last.width, 0)]);
    gather(s, above, c, 0);
    gather(s, bit, c << BigInt(last.width), 0);
    finish(s);
    return;
  }
}

/**
 * Of a choice, or of bits cut from a sum or product, only those are kept that count with an even coefficient (see
 * `entry`), so that the term can differ from the same one with a coefficient that is less even; then it is counted with
 * that.
 */
function joinPartial(s: Sum): void {
  const { terms, coefficients, width } = s;
  for (let i = terms.length - 1; i >= 0; i--) {
    const [t, c] = [terms[i] as Term, coefficients[i] as bigint];
    if ((t.op !== 'ite' && t.op !== 'extract') || (c & 1n) === 1n) continue;
    const zeros = trailingZeros(c);
    const size = width - zeros;
    const like = (u: Term, k: number): boolean => {
      if (k === i || trailingZeros(coefficients[k] as bigint) >= zeros) return false;
      if (t.op === 'ite' ? u.op !== 'ite' : u.op !== 'concat' && u.op !== 'extract') return false;
      return widen(low(u, size), width) === t;
    };
    const j = terms.findIndex(like);
    if (j < 0) continue;
    coefficients[j] = BigInt.asUintN(width, (coefficients[j] as bigint) + c);
    const gone = coefficients[j] === 0n ? [i, j].sort((x, y) => y - x) : [i];
    for (const k of gone) {
      terms.splice(k, 1);
      coefficients.splice(k, 1);
    }
    i = Math.min(i, terms.length);
  }
}

/** The power of two that divides all coefficients. */
export function commonShift(s: Sum): number {
  let shift = s.width;
  for (const c of s.coefficients) {
    if ((c & 1n) === 1n) return 0;
    shift = Math.min(shift, trailingZeros(c));
  }
  return shift;
}

/** The sum without its constant, divided by 2^shift, in as many bits as are left. */
export function shiftedSum(s: Sum, shift: number): Sum {
  const width = s.width - shift;
  const inner = emptySum(width);
  for (let i = 0; i < s.terms.length; i++) {
    gather(inner, low(s.terms[i] as Term, width), (s.coefficients[i] as bigint) >> BigInt(shift), 0);
  }
  return inner;
}

/** The term for a finished sum. */
export function emit(s: Sum): Term {
  const { terms, coefficients, constant, width } = s;
  const n = terms.length;
  if (n === 0) return bv(width, constant);
  if (width === 1) return emitBit(s);
  const shift = commonShift(s);
  if (shift > 0) {
    const inner = shiftedSum(s, shift);
    inner.constant += constant >> BigInt(shift);
    finish(inner);
    return concatAll([emit(inner), bv(shift, constant)]);
  }
  if (n === 1) {
    const t = terms[0] as Term;
    const c = coefficients[0] as bigint;
    if (c === 1n && constant === 0n) return t;
    if (c === mask(width) && constant === mask(width)) return t.op === 'add' ? node('not', width, [t]) : not(t);
    const flag = flagSum(t, c, constant, width);
    if (flag !== undefined) return flag;
  }
  return extendedRemainder(s) ?? disjoint(s) ?? plainSum(s);
}

/** In one bit, adding is `xor`. */
function emitBit(s: Sum): Term {
  let t = bv(1, s.constant);
  for (let i = 0; i < s.terms.length; i++) {
    if (((s.coefficients[i] as bigint) & 1n) === 1n) t = xor(t, s.terms[i] as Term);
  }
  return t;
}

/** The bit below nothing but zeros that `t` is. */
export function extendedBit(t: Term): Term | undefined {
  if (t.op !== 'concat' || t.args.length !== 2) return undefined;
  const b = arg(t, 1);
  return b.width === 1 && isZero(arg(t, 0)) ? b : undefined;
}

/** Sums of one extended bit and a constant that are a concat. */
function flagSum(t: Term, c: bigint, constant: bigint, width: number): Term | undefined {
  const b = extendedBit(t);
  if (b === undefined) return undefined;
  if (c === mask(width)) {
    if (constant === 0n) return repeat(b, width);
    if ((constant & 1n) === 1n) return concatAll([bv(width - 1, constant >> 1n), not(b)]);
  } else if (c === 1n && constant === mask(width)) {
    return repeat(not(b), width);
  }
  return undefined;
}

/** A sum whose summands have no bits in common: a short number below multiples of 2^k. */
function disjoint(s: Sum): Term | undefined {
  const { terms, coefficients, constant, width } = s;
  let short = -1;
  for (let i = 0; i < terms.length; i++) {
    if (((coefficients[i] as bigint) & 1n) === 0n) continue;
    if (short >= 0 || coefficients[i] !== 1n) return undefined;
    short = i;
  }
  if (short < 0 || (terms.length === 1 && constant === 0n)) return undefined;
  const part = terms[short] as Term;
  const size = significantBits(part);
  if (size === width || (size > 0 && constant !== 0n && trailingZeros(constant) < size)) return undefined;
  for (let i = 0; i < terms.length; i++) {
    if (i !== short && trailingZeros(coefficients[i] as bigint) < size) return undefined;
  }
  const rest: Sum = { width, terms: terms.slice(), coefficients: coefficients.slice(), constant: 0n };
  rest.terms.splice(short, 1);
  rest.coefficients.splice(short, 1);
  const inner = shiftedSum(rest, size);
  inner.constant += constant >> BigInt(size);
  finish(inner);
  return concatAll([emit(inner), low(part, size)]);
}

function plainSum(s: Sum): Term {
  const { terms, coefficients, constant, width } = s;
  const args: Term[] = [];
  for (let i = 0; i < terms.length; i++) {
    const t = terms[i] as Term;
    const c = coefficients[i] as bigint;
    args.push(c === 1n ? t : node('mul', width, [t, bv(width, c)]));
  }
  if (constant !== 0n) {
    if (args.length > LONG_SUM) return node('add', width, [node('add', width, args), bv(width, constant)]);
    args.push(bv(width, constant));
  }
  return args.length === 1 ? (args[0] as Term) : node('add', width, args);
}

/** Whether `t` is written as a sum. */
export function isLinear(t: Term): boolean {
  if (t.op === 'add' || t.op === 'not') return true;
  return t.op === 'mul' && isConst(arg(t, t.args.length - 1));
}

export function add(a: Term, b: Term): Term {
  same(a, b);
  if (a.op === 'const') {
    if (b.op === 'const') return bv(a.width, a.value + b.value);
    if (a.value === 0n) return b;
  } else if (b.op === 'const' && b.value === 0n) return a;
  if (a.width === 1) return xor(a, b);
  const s = emptySum(a.width);
  gather(s, a, 1n, 0);
  gather(s, b, 1n, 0);
  finish(s);
  return emit(s);
}

export function sub(a: Term, b: Term): Term {
  same(a, b);
  if (a === b) return bv(a.width, 0);
  if (b.op === 'const') return add(a, bv(b.width, -b.value));
  if (a.width === 1) return xor(a, b);
  const s = emptySum(a.width);
  gather(s, a, 1n, 0);
  gather(s, b, -1n, 0);
  finish(s);
  return emit(s);
}

export function neg(a: Term): Term {
  return scale(a, -1n);
}

/** `k` times `a`. */
export function scale(a: Term, k: bigint): Term {
  if (a.op === 'const') return bv(a.width, a.value * k);
  if (a.width === 1) return (k & 1n) === 1n ? a : bv(1, 0);
  const s = emptySum(a.width);
  gather(s, a, k, 0);
  finish(s);
  return emit(s);
}

/** -a-1 */
export function notOfSum(a: Term): Term {
  const s = emptySum(a.width);
  gather(s, a, -1n, 0);
  s.constant -= 1n;
  finish(s);
  return emit(s);
}

/** The low bits of a sum are the sum of the low bits. */
export function lowOfSum(a: Term, width: number): Term {
  const s = emptySum(width);
  const summands = a.op === 'add' ? a.args : [a];
  for (const t of summands) {
    const c = t.op === 'mul' ? arg(t, t.args.length - 1) : undefined;
    if (c !== undefined && c.op === 'const') {
      const k = BigInt.asUintN(width, c.value);
      if (k !== 0n) gather(s, extract(arg(t, 0), width - 1, 0), k, 0);
    } else gather(s, extract(t, width - 1, 0), 1n, 0);
  }
  finish(s);
  return emit(s);
}

/**
 * `a = b`, as a comparison of other terms, where one side is a sum: the difference, divided by what its coefficients
 * have in common. Undefined where that is no simpler; a truth value where it is decided.
 */
export function balanced(a: Term, b: Term): readonly [Term, Term] | boolean {
  const s = emptySum(a.width);
  gather(s, a, 1n, 0);
  gather(s, b, -1n, 0);
  finish(s);
  const n = s.terms.length;
  if (n === 0) return s.constant === 0n;
  const shift = commonShift(s);
  if (shift > 0) {
    if ((s.constant & mask(shift)) !== 0n) return false;
    const inner = shiftedSum(s, shift);
    inner.constant += s.constant >> BigInt(shift);
    finish(inner);
    const t = emit(inner);
    return [t, bv(t.width, 0)];
  }
  const first = s.coefficients[0] as bigint;
  const second = s.coefficients[1];
  if (n === 1) return [s.terms[0] as Term, bv(s.width, -s.constant * inverseOf(first, s.width))];
  if (n === 2 && second !== undefined && s.constant === 0n && BigInt.asUintN(s.width, first + second) === 0n) {
    return [s.terms[0] as Term, s.terms[1] as Term];
  }
  if (n === 2 && s.constant === 0n) {
    // x - 2^k*y = 0: what is shifted stands on a side of its own.
    for (const i of [0, 1]) {
      const c = s.coefficients[i] as bigint;
      const other = s.coefficients[1 - i] as bigint;
      const power = c === 1n ? BigInt.asUintN(s.width, -other) : c === mask(s.width) ? other : 0n;
      if (power > 1n && (power & (power - 1n)) === 0n && power < 1n << BigInt(s.width - 1))
        return [s.terms[i] as Term, scale(s.terms[1 - i] as Term, power)];
    }
  }
  if (n === 2 && s.constant === 0n && first === second && (first === 1n || first === mask(s.width))) {
    // x + b = 0 for an extended bit b: x is the bit repeated.
    for (const i of [0, 1]) {
      const bit = extendedBit(s.terms[i] as Term);
      if (bit !== undefined) return [s.terms[1 - i] as Term, repeat(bit, s.width)];
    }
  }
  const rest = -s.constant;
  s.constant = 0n;
  if (first > 1n << BigInt(s.width - 1)) {
    for (let i = 0; i < n; i++) s.coefficients[i] = BigInt.asUintN(s.width, -(s.coefficients[i] as bigint));
    return [emit(s), bv(s.width, -rest)];
  }
  return [emit(s), bv(s.width, rest)];
}
