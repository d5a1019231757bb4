// SPDX-License-Identifier: MIT
import { assert } from '../base/assert.ts';
import { changesOf, cutsAt } from './bits.ts';
import { and, not, or, xor } from './bitwise.ts';
import { nanChoice } from './float.ts';
import { slt, ult } from './order.ts';
import { arg, bv, isOnes, isZero, node, same } from './pool.ts';
import { concatAll, extract, repeat } from './slice.ts';
import type { Term } from './term.ts';

/**
 * Choices. The normal form has a condition that is no `not`, arms that differ, and is taken apart where an arm is a
 * concat or where both are constants; a choice of one bit with a constant arm is a conjunction.
 */

/** Two constants are taken apart into at most this many parts. */
const MOST_PARTS = 4;

export function ite(c: Term, a: Term, b: Term): Term {
  if (c.width !== 1) assert(false, 'the condition of ite is one bit');
  same(a, b);
  if (c.op === 'const') return c.value === 1n ? a : b;
  if (a === b) return a;
  if (c.op === 'not') return ite(arg(c, 0), b, a);
  if (a.op === 'ite' && arg(a, 0) === c) return ite(c, arg(a, 1), b);
  if (b.op === 'ite' && arg(b, 0) === c) return ite(c, a, arg(b, 2));
  if (a.width === 1) return iteBit(c, a, b);
  if (a.width === 0) return node('ite', 0, [c, a, b]);
  const special = byCondition(c, a, b);
  if (special !== undefined) return special;
  if (a.op === 'const' && b.op === 'const') return iteConstants(c, a.value, b.value, a.width);
  if (a.op === 'concat' || b.op === 'concat') return iteParts(c, a, b);
  if (a.op === 'sext' && b.op === 'sext') return repeat(ite(c, arg(a, 0), arg(b, 0)), a.width);
  if (a.op === 'sext' && (isZero(b) || isOnes(b))) return repeat(ite(c, arg(a, 0), bv(1, b.value & 1n)), a.width);
  if (b.op === 'sext' && (isZero(a) || isOnes(a))) return repeat(ite(c, bv(1, a.value & 1n), arg(b, 0)), a.width);
  const split = c.op === 'ite' ? bySharedCondition(c, a, b) : undefined;
  if (split !== undefined) return split;
  const nested = mergeNested(c, a, b);
  return nested ?? node('ite', a.width, [c, a, b]);
}

/** A choice whose condition and arms are chosen by the same bit is a choice by that bit. */
function bySharedCondition(c: Term, a: Term, b: Term): Term | undefined {
  const shared = arg(c, 0);
  const chosen = (t: Term): boolean => t.op === 'ite' && arg(t, 0) === shared;
  if (!chosen(a) && !chosen(b)) return undefined;
  const arm = (t: Term, which: 1 | 2): Term => (chosen(t) ? arg(t, which) : t);
  return ite(shared, ite(arg(c, 1), arm(a, 1), arm(b, 1)), ite(arg(c, 2), arm(a, 2), arm(b, 2)));
}

function iteBit(c: Term, a: Term, b: Term): Term {
  if (a.op === 'const') return a.value === 1n ? or(c, b) : and(not(c), b);
  if (b.op === 'const') return b.value === 1n ? or(not(c), a) : and(c, a);
  if (a === c) return or(c, b);
  if (b === c) return and(c, a);
  // Numbers that compare are no NaNs.
  if (c.op === 'fp.eq' || c.op === 'fp.lt' || c.op === 'fp.le') {
    const nan = a.op === 'not' ? arg(a, 0) : a;
    if (nan.op === 'fp.isNaN' && c.args.includes(arg(nan, 0))) return ite(c, bv(1, nan === a ? 0 : 1), b);
  }
  const inverse = not(c);
  if (a === inverse) return and(inverse, b);
  if (b === inverse) return or(inverse, a);
  if (b === not(a)) return not(xor(c, a));
  // One of several conditions may be an arm: the lesser of two repeated bits is both.
  if (c.op === 'and') {
    if (c.args.includes(a)) return or(c, b);
    if (c.args.includes(not(a))) return and(inverse, b);
  }
  if (c.op === 'or') {
    if (c.args.includes(b)) return and(c, a);
    if (c.args.includes(not(b))) return or(inverse, a);
  }
  return mergeNested(c, a, b) ?? node('ite', 1, [c, a, b]);
}

/** Parts where both constants stay the same are constants, and else the condition repeated. */
function iteConstants(c: Term, a: bigint, b: bigint, width: number): Term {
  const cuts = cutsAt(changesOf(a, width) | changesOf(b, width), MOST_PARTS - 1);
  if (cuts === undefined) return node('ite', width, [c, bv(width, a), bv(width, b)]);
  const parts: Term[] = [];
  let from = width;
  for (let i = cuts.length - 1; i >= -1; i--) {
    const lo = i < 0 ? 0 : (cuts[i] as number);
    parts.push(repeat(ite(c, bv(1, a >> BigInt(lo)), bv(1, b >> BigInt(lo))), from - lo));
    from = lo;
  }
  return concatAll(parts);
}

/** Where both arms have a boundary, or where either has one if they share none. */
function iteParts(c: Term, a: Term, b: Term): Term {
  const [left, right] = [cutsOfParts(a), cutsOfParts(b)];
  const shared = left.filter((cut) => cut > 0 && right.includes(cut));
  // A rule may know a part that has boundaries of its own in one arm only.
  const cuts = shared.length > 0 ? new Set([...shared, 0]) : new Set([...left, ...right]);
  const parts: Term[] = [];
  let hi = a.width - 1;
  for (const lo of [...cuts].sort((x, y) => y - x)) {
    parts.push(ite(c, extract(a, hi, lo), extract(b, hi, lo)));
    hi = lo - 1;
  }
  return concatAll(parts);
}

/** The lowest bits of the parts of a concat, of which the last is 0. */
function cutsOfParts(t: Term): readonly number[] {
  if (t.op !== 'concat') return [];
  const cuts: number[] = [];
  let at = t.width;
  for (const p of t.args) {
    at -= p.width;
    cuts.push(at);
  }
  return cuts;
}

/**
 * The bits of `a` where `mask` is 1, and those of `b` elsewhere. A mask that repeats a condition makes a choice between
 * whole lanes, which `or(and(a, mask), and(b, not(mask)))` would lose when `a` has parts.
 */
export function select(mask: Term, a: Term, b: Term): Term {
  same(mask, a);
  same(mask, b);
  if (mask.width === 1) return ite(mask, a, b);
  if (mask.op === 'sext') return ite(arg(mask, 0), a, b);
  if (mask.op === 'concat') {
    let hi = mask.width - 1;
    const parts = mask.args.map((m) => {
      const lo = hi - m.width + 1;
      const part = select(m, extract(a, hi, lo), extract(b, hi, lo));
      hi = lo - 1;
      return part;
    });
    return concatAll(parts);
  }
  return or(and(a, mask), and(b, not(mask)));
}

/** What the condition itself says about the arms. */
function byCondition(c: Term, a: Term, b: Term): Term | undefined {
  switch (c.op) {
    case 'eq': {
      const [x, y] = [arg(c, 0), arg(c, 1)];
      if ((a === x && b === y) || (a === y && b === x)) return b;
      return undefined;
    }
    case 'ult':
    case 'slt':
      return extreme(c, a, b);
    case 'fp.isNaN':
      return nanChoice(arg(c, 0), a, b);
    case 'fp.eq':
    case 'fp.lt':
    case 'fp.le':
      // Numbers that compare are no NaNs.
      if (a.op !== 'ite' || arg(a, 0).op !== 'fp.isNaN' || !c.args.includes(arg(arg(a, 0), 0))) return undefined;
      return ite(c, arg(a, 2), b);
    default:
      return undefined;
  }
}

/** Minimum and maximum: of the comparisons that give the same result, one is chosen. */
function extreme(c: Term, a: Term, b: Term): Term | undefined {
  const less = c.op === 'ult' ? ult : slt;
  const [x, y] = [arg(c, 0), arg(c, 1)];
  if (a.op === 'concat' || b.op === 'concat' || x.width < a.width) return undefined;
  if (y.op === 'const') {
    // x < k ? x : k-1 and x < k ? k-1 : x, or the low bits of these.
    const before = bv(y.width, y.value - 1n);
    if (a.op !== 'const' && b.op !== 'const') return undefined;
    const [low, least] = [extract(x, a.width - 1, 0), bv(a.width, before.value)];
    if (!((a === low && b === least) || (a === least && b === low))) return undefined;
    const d = less(x, before);
    return d.op === c.op && arg(d, 0) === x ? node('ite', a.width, [d, a, b]) : undefined;
  }
  if (x.width === a.width && x.id > y.id && ((a === x && b === y) || (a === y && b === x))) {
    const d = less(y, x);
    return d.op === c.op && arg(d, 0) === y ? node('ite', a.width, [d, b, a]) : undefined;
  }
  return undefined;
}

/** Choices between the same things become one choice. */
function mergeNested(c: Term, a: Term, b: Term): Term | undefined {
  if (a.op === 'ite') {
    if (arg(a, 2) === b) return ite(and(c, arg(a, 0)), arg(a, 1), b);
    if (arg(a, 1) === b) return ite(and(c, not(arg(a, 0))), arg(a, 2), b);
  }
  if (b.op === 'ite') {
    if (arg(b, 1) === a) return ite(or(c, arg(b, 0)), a, arg(b, 2));
    if (arg(b, 2) === a) return ite(or(c, not(arg(b, 0))), a, arg(b, 1));
  }
  return undefined;
}
