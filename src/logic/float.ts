// SPDX-License-Identifier: MIT

import { significantBits } from './bits.ts';
import { and, not, or } from './bitwise.ts';
import { ite } from './choice.ts';
import { eq } from './equal.ts';
import { evaluateFloat, formatOf, isNaNBits, type Rounding } from './ieee.ts';
import { arg, bv, isConst, isZero, mask, no, node, same, yes } from './pool.ts';
import { bit, concat, concatAll, extract, low, signedBits } from './slice.ts';
import type { FloatOp, Term } from './term.ts';
import { widen } from './widen.ts';

export type { Rounding } from './ieee.ts';

/**
 * IEEE 754 operators on bit patterns of 32 or 64 bits. The arithmetic operators round to nearest even and return the
 * positive quiet NaN without payload for every NaN; what a machine makes of its operands' NaNs stands around them, as
 * `fp.nanX86` and `fp.nanArm`.
 */

function float(op: FloatOp, width: number, args: readonly Term[], mode = ''): Term {
  if (args.every(isConst)) {
    const values = args.map((a) => a.value);
    return bv(width, evaluateFloat(op, mode, values, (args[0] as Term).width, width));
  }
  return node(op, width, args, 0, mode);
}

/** IEEE 754 arithmetic, rounding to nearest even. Every NaN result is the positive quiet NaN without payload. */
export function fpArith(op: 'fp.add' | 'fp.sub' | 'fp.mul' | 'fp.div', a: Term, b: Term): Term {
  same(a, b);
  const commutes = op === 'fp.add' || op === 'fp.mul';
  return float(op, a.width, commutes && a.id > b.id ? [b, a] : [a, b]);
}

export function fpSqrt(a: Term): Term {
  return float('fp.sqrt', a.width, [a]);
}

/** a * b + c with one rounding. */
export function fpFma(a: Term, b: Term, c: Term): Term {
  same(a, b);
  same(b, c);
  return float('fp.fma', a.width, a.id > b.id ? [b, a, c] : [a, b, c]);
}

/** Comparisons are quiet and false when an operand is a NaN; zeros of both signs are equal. */
export function fpCompare(op: 'fp.eq' | 'fp.lt' | 'fp.le', left: Term, right: Term): Term {
  same(left, right);
  const [a, b] = [comparand(left), comparand(right)];
  if (a === b) return op === 'fp.lt' ? no() : not(isNaNPattern(a));
  if (isZero(isNaNPattern(a)) || isZero(isNaNPattern(b))) return compareNodes(op, a, b);
  for (const t of [a, b]) if (isConst(isNaNPattern(t))) return no();
  return compareNodes(op, a, b);
}

/** A comparison does not see which NaN it is given. */
function comparand(t: Term): Term {
  if (t.op !== 'fp.nanX86' && t.op !== 'fp.nanArm') return t;
  const [core, ...operands] = t.args as [Term, ...Term[]];
  return propagates(core, operands) ? core : t;
}

function compareNodes(op: 'fp.eq' | 'fp.lt' | 'fp.le', a: Term, b: Term): Term {
  return float(op, 1, op === 'fp.eq' && a.id > b.id ? [b, a] : [a, b]);
}

/** To an integral value of the same format; NaNs become quiet and keep sign and payload. */
export function fpRound(mode: Rounding, a: Term): Term {
  return float('fp.round', a.width, [a], mode);
}

/** Between 32 and 64 bits, nearest even; a NaN keeps its sign and the top of its payload and becomes quiet. */
export function fpConvert(a: Term, width: number): Term {
  return a.width === width ? a : float('fp.convert', width, [a]);
}

/** From an integer of any width, nearest even. */
export function fpFromInt(signed: boolean, a: Term, width: number): Term {
  if (signed) {
    const top = bit(a, a.width - 1);
    if (isZero(top)) return fpFromInt(false, a, width);
    return float('fp.fromSigned', width, [low(a, signedBits(a))]);
  }
  return float('fp.fromUnsigned', width, [low(a, Math.max(1, significantBits(a)))]);
}

/** To an integer, saturating; a NaN gives 0. */
export function fpToInt(signed: boolean, mode: Rounding, a: Term, width: number): Term {
  return float(signed ? 'fp.toSigned' : 'fp.toUnsigned', width, [a], mode);
}

/** 1 for any NaN pattern. */
export function isNaNPattern(a: Term): Term {
  switch (a.op) {
    case 'const':
      return bv(1, isNaNBits(a.value, a.width) ? 1 : 0);
    case 'ite':
      return ite(arg(a, 0), isNaNPattern(arg(a, 1)), isNaNPattern(arg(a, 2)));
    case 'fp.round':
    case 'fp.convert':
      return isNaNPattern(arg(a, 0));
    case 'fp.fromSigned':
    case 'fp.fromUnsigned':
      return no();
    case 'fp.nanX86':
    case 'fp.nanArm': {
      const [core, ...operands] = a.args as [Term, ...Term[]];
      if (propagates(core, operands)) return isNaNPattern(core);
      return a.args.map(isNaNPattern).reduce(or);
    }
    case 'concat': {
      const f = formatOf(a.width);
      const exponent = extract(a, a.width - 2, f.fractionBits);
      if (isConst(exponent)) {
        if (exponent.value !== mask(f.exponentBits)) return no();
        return not(eq(low(a, f.fractionBits), bv(f.fractionBits, 0)));
      }
      const joined = choiceOfWholes(a);
      if (joined !== undefined) return joined;
      // The sign does not matter.
      const unsigned = widen(low(a, a.width - 1), a.width);
      if (unsigned !== a && unsigned.op !== 'concat') return isNaNPattern(unsigned);
      return node('fp.isNaN', 1, [unsigned]);
    }
    default:
      return node('fp.isNaN', 1, [a]);
  }
}

/** A choice by whether something is a NaN, of which the arms have parts, is one of its parts: this puts it together. */
function choiceOfWholes(a: Term): Term | undefined {
  const c = a.args.find((p) => p.op === 'ite' && arg(p, 0).op === 'fp.isNaN')?.args[0];
  if (c === undefined) return undefined;
  const arm = (i: 1 | 2) => concatAll(a.args.map((p) => (p.op === 'ite' && arg(p, 0) === c ? arg(p, i) : p)));
  return ite(c, isNaNPattern(arm(1)), isNaNPattern(arm(2)));
}

/** `a` with the quiet bit set. */
export function quieted(a: Term): Term {
  return or(a, bv(a.width, formatOf(a.width).quiet));
}

/** 1 for a NaN whose quiet bit is clear. */
export function isSignallingPattern(a: Term): Term {
  return and(isNaNPattern(a), not(bit(a, formatOf(a.width).fractionBits - 1)));
}

/** x86's default NaN. */
export function negativeDefaultNaN(width: number): Term {
  return bv(width, (1n << BigInt(width - 1)) | formatOf(width).defaultNaN);
}

/** Whether `core` is a NaN as soon as one of `operands` is. */
function propagates(core: Term, operands: readonly Term[]): boolean {
  switch (core.op) {
    case 'fp.add':
    case 'fp.sub':
    case 'fp.mul':
    case 'fp.div':
    case 'fp.sqrt':
    case 'fp.fma':
      return operands.every((t) => core.args.includes(t));
    default:
      return operands.length === 0;
  }
}

/** The operands that can be NaNs, each once. */
function candidates(operands: readonly Term[]): readonly Term[] {
  const list: Term[] = [];
  for (const t of operands) {
    const nan = isNaNPattern(t);
    if (isZero(nan) || list.includes(t)) continue;
    list.push(t);
  }
  return list;
}

/**
 * What x86's SSE instructions return where the operation itself gives `core`: the first operand that is a NaN, quieted;
 * else the negative default NaN where `core` is a NaN; else `core`.
 */
export function nanResultX86(core: Term, operands: readonly Term[]): Term {
  let list = candidates(operands);
  const certain = list.findIndex(isConst);
  if (certain >= 0) list = list.slice(0, certain + 1);
  const first = list[0];
  if (first !== undefined && isConst(first)) return quieted(first);
  if (first === undefined) {
    const nan = isNaNPattern(core);
    if (isConst(nan)) return isZero(nan) ? core : negativeDefaultNaN(core.width);
  }
  return float('fp.nanX86', core.width, [core, ...list]);
}

/**
 * What AArch64's instructions return where the operation itself gives `core` and the default NaN mode is off: the first
 * operand that is a signalling NaN, quieted; else the first that is a quiet NaN; else `core`.
 */
export function nanResultArm(core: Term, operands: readonly Term[]): Term {
  const list = candidates(operands);
  return list.length === 0 ? core : float('fp.nanArm', core.width, [core, ...list]);
}

/** Recognises x86's result in a choice by `isNaN(t)` between `a` and `b`. */
export function nanChoice(t: Term, a: Term, b: Term): Term | undefined {
  if (b.op === 'fp.nanX86') {
    const [core, ...operands] = b.args as [Term, ...Term[]];
    if (a === quieted(t)) return nanResultX86(core, [t, ...operands]);
  }
  // A conversion between formats does by itself to a NaN what `a` says.
  if (b.op === 'fp.convert') {
    const from = arg(b, 0);
    const nan = isNaNPattern(from);
    if (nan.op === 'fp.isNaN' && arg(nan, 0) === t && a === convertedNaN(from, a.width)) return b;
  }
  const isResult = b.op === 'fp.nanArm' || b.op === 'fp.nanX86';
  const core = isResult ? arg(b, 0) : b;
  // What is put together of parts that are no floats has no operands.
  if (t !== core || (!isResult && core.args.some(({ width }) => width !== 32 && width !== 64))) return undefined;
  // A machine that gives a NaN of its own leaves what its operands were to be found out.
  const operands = isResult ? b.args.slice(1) : candidates(core.args);
  // Where `core` is no NaN, none of its operands is, and `b` is `core`.
  if (!propagates(core, operands)) return undefined;
  if (a === negativeDefaultNaN(a.width)) return nanResultX86(core, []);
  for (const order of orders(operands)) {
    if (a === firstNaN(order, a.width) || a === firstNaNQuieted(order, a.width)) return nanResultX86(core, order);
  }
  return undefined;
}

/** A NaN in the other format: its sign, and the quiet bit above what fits of its payload. */
function convertedNaN(t: Term, width: number): Term {
  const payload = width === 32 ? extract(t, 50, 29) : concat(low(t, 22), bv(29, 0));
  return concat(bit(t, t.width - 1), bv(width === 32 ? 9 : 12, -1), payload);
}

function orders(list: readonly Term[]): readonly (readonly Term[])[] {
  if (list.length === 0) return [];
  if (list.length === 1) return [list];
  return list.flatMap((t) => orders(list.filter((u) => u !== t)).map((rest) => [t, ...rest]));
}

/** The first NaN of `operands` quieted, or x86's default: choosing first, and quieting then. */
function firstNaN(operands: readonly Term[], width: number): Term {
  const nan = operands.map(isNaNPattern).reduce(or);
  const chosen = operands.reduceRight((rest, t) => ite(isNaNPattern(t), t, rest));
  return ite(nan, quieted(chosen), negativeDefaultNaN(width));
}

/** The same, each operand quieted by itself. */
function firstNaNQuieted(operands: readonly Term[], width: number): Term {
  return operands.reduceRight((rest, t) => ite(isNaNPattern(t), quieted(t), rest), negativeDefaultNaN(width));
}

/** Rules for a float comparison `t` (`atom` or its inverse) within a conjunction. */
export function fpConjunction(
  items: readonly Term[],
  t: Term,
  atom: Term,
  positive: boolean,
): readonly Term[] | undefined {
  const [a, b] = [arg(atom, 0), arg(atom, 1)];
  const has = (u: Term) => items.includes(u);
  const replace = (gone: readonly Term[], made: Term) => [...items.filter((u) => !gone.includes(u)), made];
  const nans = [isNaNPattern(a), isNaNPattern(b)];
  const numbers = nans.map(not);
  const [equal, less, atMost] = [compareNodes('fp.eq', a, b), compareNodes('fp.lt', a, b), compareNodes('fp.le', a, b)];
  if (positive) {
    if (nans.some(has)) return [no()];
    if (numbers.some((n) => has(n))) return items.filter((u) => !numbers.includes(u));
    for (const u of items) {
      const all = u.op === 'not' ? arg(u, 0) : u;
      if (all === u || all.op !== 'and') continue;
      if (all.args.some((n) => nans.includes(n))) return items.filter((i) => i !== u);
      const others = all.args.filter((n) => !numbers.includes(n));
      if (others.length < all.args.length) return replace([u], not(others.reduce(and, yes())));
    }
    if (atom.op === 'fp.le') {
      if (has(not(equal))) return replace([t, not(equal)], less);
      if (has(not(less))) return replace([t, not(less)], equal);
      if (has(compareNodes('fp.le', b, a))) return replace([t, compareNodes('fp.le', b, a)], equal);
      if (has(equal) || has(less)) return items.filter((u) => u !== t);
    }
    if (atom.op === 'fp.lt') {
      if (has(equal) || has(compareNodes('fp.lt', b, a)) || has(compareNodes('fp.le', b, a))) return [no()];
      if (has(not(equal))) return items.filter((u) => u !== not(equal));
    }
    return undefined;
  }
  if (nans.some(has)) return items.filter((u) => u !== t);
  if (atom.op === 'fp.eq') return undefined;
  if (atom.op === 'fp.lt') {
    if (has(not(atMost))) return items.filter((u) => u !== t);
    if (has(not(equal))) return replace([t, not(equal)], not(atMost));
  }
  // Between numbers the order is total.
  if (nans.every((n, i) => isZero(n) || has(numbers[i] as Term))) {
    const other = atom.op === 'fp.lt' ? compareNodes('fp.le', b, a) : compareNodes('fp.lt', b, a);
    return replace([t, ...numbers], other);
  }
  return undefined;
}

function isComparison(t: Term): boolean {
  return t.op === 'fp.lt' || t.op === 'fp.le' || t.op === 'fp.eq';
}

/** A comparison that is true excludes that its operands are NaNs; between numbers, the order is total. */
export function xorOfComparison(a: Term, b: Term): Term | undefined {
  if (!isComparison(a)) return undefined;
  const nans = a.args.map(isNaNPattern);
  if (a.op === 'fp.lt' && b.op === 'fp.le' && arg(a, 0) === arg(b, 1) && arg(a, 1) === arg(b, 0)) {
    return not(nans.reduce(or));
  }
  if (nans.includes(b)) return or(a, b);
  if (b.op === 'and' && b.args.every((t) => nans.includes(not(t)))) return and(not(a), b);
  return undefined;
}
