// SPDX-License-Identifier: MIT
import { cutsOf } from './bits.ts';
import { ite } from './choice.ts';
import { conjunction } from './conjunction.ts';
import { xorOfComparison } from './float.ts';
import { notOfSum } from './linear.ts';
import { xorOfSign } from './order.ts';
import { arg, bv, byId, isConst, isOnes, isZero, mask, node, onReset, same } from './pool.ts';
import { concatAll, extract, repeat } from './slice.ts';
import type { Term } from './term.ts';

/**
 * Bitwise operators. The normal form has `and`, `xor` and `not` only, flat and sorted; a `not` stands outside of `xor`
 * and inside of `concat` and `ite`; where an operand is a concat, or a constant of few runs, the operation is done part
 * by part.
 */

/** Constants with more changes between 0 and 1 than this are not taken apart. */
const MOST_CUTS = 8;

let complements: (Term | undefined)[] = [];
onReset(() => {
  complements = [];
});

export function not(a: Term): Term {
  if (a.op === 'not') return arg(a, 0);
  let t = complements[a.id];
  if (t === undefined) {
    t = complement(a);
    complements[a.id] = t;
  }
  return t;
}

function complement(a: Term): Term {
  switch (a.op) {
    case 'const':
      return bv(a.width, ~a.value);
    case 'concat':
      return concatAll(a.args.map(not));
    case 'ite':
      return ite(arg(a, 0), not(arg(a, 1)), not(arg(a, 2)));
    case 'sext':
      return repeat(not(arg(a, 0)), a.width);
    case 'add':
      return notOfSum(a);
    case 'mul':
      if (isConst(arg(a, a.args.length - 1))) return notOfSum(a);
      break;
    case 'xor': {
      const last = arg(a, a.args.length - 1);
      if (isConst(last)) return node('xor', a.width, [...a.args.slice(0, -1), not(last)]);
      break;
    }
  }
  return node('not', a.width, [a]);
}

export function or(a: Term, b: Term): Term {
  if (a === b) return a;
  same(a, b);
  return not(and(not(a), not(b)));
}

export function and(a: Term, b: Term): Term {
  if (a === b) return a;
  same(a, b);
  if (isZero(a) || isOnes(b)) return a;
  if (isZero(b) || isOnes(a)) return b;
  return andAll([a, b], a.width);
}

/** The `and` of several terms. */
export function andAll(list: readonly Term[], width: number): Term {
  let constant = mask(width);
  let items: Term[] = [];
  for (const t of list) {
    if (t.op === 'const') constant &= t.value;
    else if (t.op === 'and') {
      for (const p of t.args) {
        if (p.op === 'const') constant &= p.value;
        else items.push(p);
      }
    } else items.push(t);
  }
  if (constant === 0n) return bv(width, 0);
  const full = constant === mask(width);
  if (items.length === 0) return bv(width, constant);
  if (items.length === 1 && full) return items[0] as Term;
  if (width > 1) {
    const cuts = cutPositions(items, full ? [] : cutsOf(constant, width, MOST_CUTS), width);
    if (cuts.length > 0) {
      return byParts(cuts, width, (hi, lo) => {
        const parts = items.map((t) => extract(t, hi, lo));
        if (!full) parts.push(bv(hi - lo + 1, constant >> BigInt(lo)));
        return andAll(parts, hi - lo + 1);
      });
    }
  }
  items = sortedSet(items);
  for (const t of items) if (t.op === 'not' && items.includes(arg(t, 0))) return bv(width, 0);
  if (width > 1) {
    const chosen = andWithChoices(items, constant, width);
    if (chosen !== undefined) return chosen;
  }
  const absorbed = absorb(items, width);
  if (absorbed !== undefined) return full ? absorbed : andAll([absorbed, bv(width, constant)], width);
  if (width === 1 && items.length > 1) {
    const simpler = conjunction(items);
    if (simpler !== undefined) return andAll(simpler, 1);
  }
  if (!full) items.push(bv(width, constant));
  return items.length === 1 ? (items[0] as Term) : node('and', width, items);
}

function sortedSet(items: Term[]): Term[] {
  items.sort(byId);
  let n = 1;
  for (let i = 1; i < items.length; i++) {
    if (items[i] !== items[n - 1]) items[n++] = items[i] as Term;
  }
  items.length = n;
  return items;
}

/** Where operands that are concats have their boundaries, together with `more`; ascending. */
function cutPositions(items: readonly Term[], more: readonly number[] | undefined, width: number): readonly number[] {
  let cuts: Set<number> | undefined;
  for (const t of items) {
    if (t.op !== 'concat') continue;
    cuts ??= new Set(more);
    let at = width;
    for (const p of t.args) {
      at -= p.width;
      if (at > 0) cuts.add(at);
    }
  }
  if (cuts === undefined) return more ?? [];
  return [...cuts].sort((x, y) => x - y);
}

/** Does an operation part by part, the parts ending at `cuts`. */
function byParts(cuts: readonly number[], width: number, part: (hi: number, lo: number) => Term): Term {
  const parts: Term[] = [];
  let hi = width - 1;
  for (let i = cuts.length - 1; i >= -1; i--) {
    const lo = i < 0 ? 0 : (cuts[i] as number);
    parts.push(part(hi, lo));
    hi = lo - 1;
  }
  return concatAll(parts);
}

/** A repeated bit is a choice between all and nothing; choices by the same condition are made once. */
function andWithChoices(items: readonly Term[], constant: bigint, width: number): Term | undefined {
  const bits = items.filter((t) => t.op === 'sext');
  const without = (gone: readonly Term[]) => {
    const rest = items.filter((t) => !gone.includes(t));
    if (constant !== mask(width)) rest.push(bv(width, constant));
    return rest;
  };
  if (bits.length > 0) {
    const condition = andAll(
      bits.map((t) => arg(t, 0)),
      1,
    );
    const rest = without(bits);
    if (rest.length === 0) return bits.length > 1 ? repeat(condition, width) : undefined;
    return ite(condition, andAll(rest, width), bv(width, 0));
  }
  for (const t of items) {
    if (t.op !== 'ite') continue;
    const other = items.find((u) => u !== t && u.op === 'ite' && arg(u, 0) === arg(t, 0));
    if (other !== undefined) {
      const merged = ite(arg(t, 0), and(arg(t, 1), arg(other, 1)), and(arg(t, 2), arg(other, 2)));
      return andAll([merged, ...without([t, other])], width);
    }
    if (isZero(arg(t, 1)) || isZero(arg(t, 2))) {
      const rest = without([t]);
      if (rest.length === 0) return undefined;
      return ite(arg(t, 0), andAll([arg(t, 1), ...rest], width), andAll([arg(t, 2), ...rest], width));
    }
  }
  return undefined;
}

/** a & ~(a & b) is a & ~b; a & ~(~a & b) is a. */
function absorb(items: readonly Term[], width: number): Term | undefined {
  for (const t of items) {
    if (t.op !== 'not') continue;
    const inner = arg(t, 0);
    if (inner.op !== 'and') continue;
    const kept: Term[] = [];
    let changed = false;
    let vanishes = false;
    for (const p of inner.args) {
      if (items.includes(p)) changed = true;
      else if (items.includes(not(p))) vanishes = true;
      else kept.push(p);
    }
    if (!changed && !vanishes) continue;
    const rest = items.filter((u) => u !== t);
    if (!vanishes) rest.push(not(andAll(kept, width)));
    return andAll(rest, width);
  }
  return undefined;
}

export function xor(a: Term, b: Term): Term {
  same(a, b);
  return xorAll([a, b], a.width);
}

/**
 * A longer one is an operand of its own, as a long sum is, and no constant takes it apart: checksums and ciphers mix into a value again and again what
 * they have mixed into it, and taken apart, each would hold all that went before. One carry-less product of 64 bits is
 * shorter.
 */
const LONG_XOR = 128;

/** A constant never counts, and stands beside a long one, not in it. */
function isLong(t: Term): boolean {
  return t.args.length > LONG_XOR && !isConst(arg(t, t.args.length - 1));
}

export function xorAll(list: readonly Term[], width: number): Term {
  let constant = 0n;
  const found: Term[] = [];
  const gather = (t: Term): void => {
    if (t.op === 'const') constant ^= t.value;
    else if (t.op === 'not') {
      constant ^= mask(width);
      gather(arg(t, 0));
    } else if (t.op === 'xor' && !isLong(t)) {
      for (const p of t.args) gather(p);
    } else found.push(t);
  };
  for (const t of list) gather(t);
  found.sort(byId);
  const items: Term[] = [];
  for (const t of found) {
    if (items[items.length - 1] === t) items.pop();
    else items.push(t);
  }
  if (items.length === 0) return bv(width, constant);
  const inverted = constant === mask(width);
  const plain = constant === 0n || inverted;
  if (items.length === 1 && plain) return inverted ? not(items[0] as Term) : (items[0] as Term);
  if (width > 1) {
    const whole = plain || items.some((t) => t.op === 'xor');
    const cuts = cutPositions(items, whole ? [] : cutsOf(constant, width, MOST_CUTS), width);
    if (cuts.length > 0) {
      return byParts(cuts, width, (hi, lo) => {
        const parts = items.map((t) => extract(t, hi, lo));
        parts.push(bv(hi - lo + 1, constant >> BigInt(lo)));
        return xorAll(parts, hi - lo + 1);
      });
    }
  }
  const simpler = xorWithChoices(items, width) ?? (items.length === 2 ? xorOfTwo(items) : undefined);
  if (simpler !== undefined) return plain && !inverted ? simpler : xorAll([simpler, bv(width, constant)], width);
  if (plain) {
    const t = node('xor', width, items);
    return inverted ? not(t) : t;
  }
  const rest = items.length > LONG_XOR ? [node('xor', width, items)] : items;
  return node('xor', width, [...rest, bv(width, constant)]);
}

function xorWithChoices(items: readonly Term[], width: number): Term | undefined {
  if (width === 1) return undefined;
  const bits = items.filter((t) => t.op === 'sext');
  if (bits.length > 1) {
    const all = repeat(
      xorAll(
        bits.map((t) => arg(t, 0)),
        1,
      ),
      width,
    );
    return xorAll([all, ...items.filter((t) => t.op !== 'sext')], width);
  }
  for (const t of items) {
    if (t.op !== 'ite') continue;
    const rest = items.filter((u) => u !== t);
    const other = rest.find((u) => u.op === 'ite' && arg(u, 0) === arg(t, 0));
    if (other !== undefined) {
      const merged = ite(arg(t, 0), xor(arg(t, 1), arg(other, 1)), xor(arg(t, 2), arg(other, 2)));
      return xorAll([merged, ...rest.filter((u) => u !== other)], width);
    }
    // d ^ ((d ^ n) & m) selects by m.
    const [p, q] = [arg(t, 1), arg(t, 2)];
    const meets = (u: Term) => u.op === 'xor' && u.args.some((x) => rest.includes(x));
    if ((isConst(q) && meets(p)) || (isConst(p) && meets(q))) {
      return ite(arg(t, 0), xorAll([p, ...rest], width), xorAll([q, ...rest], width));
    }
  }
  return undefined;
}

function xorOfTwo(items: readonly Term[]): Term | undefined {
  const [a, b] = items as [Term, Term];
  const inner = xorInto(a, b) ?? xorInto(b, a);
  if (inner !== undefined || a.width > 1) return inner;
  return xorOfComparison(a, b) ?? xorOfComparison(b, a) ?? xorOfSign(a, b) ?? xorOfSign(b, a);
}

/** a ^ (a & b) is a & ~b; a ^ ~(~a & b) is ~a & ~(~a & b), the part of `or` that `a` does not have. */
function xorInto(a: Term, b: Term): Term | undefined {
  if (b.op !== 'and') return undefined;
  if (b.args.includes(a)) return and(a, not(b));
  const inverse = not(a);
  // a ^ (~a & b): nothing in common.
  if (b.args.includes(inverse)) return or(a, b);
  return undefined;
}
