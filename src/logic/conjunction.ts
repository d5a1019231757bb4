// SPDX-License-Identifier: MIT
import { and, not, xor } from './bitwise.ts';
import { ite } from './choice.ts';
import { eq } from './equal.ts';
import { fpConjunction } from './float.ts';
import { sub, sumOf } from './linear.ts';
import { carry, overflow, slt, ult } from './order.ts';
import { arg, bv, isZero, no, yes } from './pool.ts';
import { concat, msb } from './slice.ts';
import { summandsOf } from './summands.ts';
import type { Term } from './term.ts';

/** Longer conjunctions are left alone. */
const LONGEST = 12;

/** Rules for conjunctions of conditions: comparisons of the same operands combine. Undefined where none applies. */
export function conjunction(items: readonly Term[]): readonly Term[] | undefined {
  if (items.length > LONGEST) return undefined;
  for (const t of items) {
    const positive = t.op !== 'not';
    const atom = positive ? t : arg(t, 0);
    let found: readonly Term[] | undefined;
    switch (atom.op) {
      case 'ult':
      case 'slt':
        found = withOrder(items, t, atom, positive);
        break;
      case 'eq':
        if (!positive) found = withNonZero(items, t, arg(atom, 0), arg(atom, 1)) ?? withNext(items, t, atom);
        break;
      case 'ite':
        found = withChoice(items, t);
        break;
      case 'xor':
        found = withSigns(items, atom);
        break;
      case 'fp.lt':
      case 'fp.le':
      case 'fp.eq':
        found = fpConjunction(items, t, atom, positive);
        break;
    }
    if (found !== undefined) return found;
  }
  return undefined;
}

function replace(items: readonly Term[], gone: readonly Term[], made: Term): readonly Term[] {
  return [...items.filter((t) => !gone.includes(t)), made];
}

/** `t` is `a < b` or its inverse. */
function withOrder(items: readonly Term[], t: Term, atom: Term, positive: boolean): readonly Term[] | undefined {
  const less = atom.op === 'ult' ? ult : slt;
  const [a, b] = [arg(atom, 0), arg(atom, 1)];
  if (atom.op === 'slt' && b.op === 'const' && isZero(msb(b)) && a.width > 1) {
    // What is negative is less than this, and what is not less is not negative.
    const sign = msb(a);
    if (items.includes(sign)) return positive ? items.filter((u) => u !== t) : [no()];
    const clear = not(sign);
    if (!positive && items.includes(clear)) return items.filter((u) => u !== clear);
  }
  const same = eq(a, b);
  const differ = not(same);
  if (positive) {
    if (items.includes(same)) return [no()];
    if (items.includes(differ)) return items.filter((u) => u !== differ);
    if (b.op === 'const') {
      // a < c and a != c-1 is a < c-1.
      const before = bv(b.width, b.value - 1n);
      const unequal = not(eq(a, before));
      if (items.includes(unequal)) return replace(items, [t, unequal], less(a, before));
    }
    if (items.includes(less(b, a))) return [no()];
    return undefined;
  }
  if (atom.op === 'ult') {
    const found = withTie(items, t, a, b, same);
    if (found !== undefined) return found;
  }
  if (items.includes(differ)) return replace(items, [t, differ], less(b, a));
  if (a.op === 'extract' && a.lo + a.width === arg(a, 0).width) {
    // The upper bits are not below b, and the whole is not b above zeros.
    const [whole, least] = [arg(a, 0), concat(b, bv(a.lo, 0))];
    const apart = not(eq(whole, least));
    if (items.includes(apart)) return replace(items, [t, apart], less(least, whole));
  }
  if (items.includes(same)) return items.filter((u) => u !== t);
  const other = not(less(b, a));
  if (b.op !== 'const' && items.includes(other)) return replace(items, [t, other], same);
  return undefined;
}

/** Neither a < b nor, where a condition holds, a = b: no carry out of `~a + b` with that carry in, as in chains of words. */
function withTie(items: readonly Term[], t: Term, a: Term, b: Term, same: Term): readonly Term[] | undefined {
  for (const u of items) {
    const both = u.op === 'not' ? arg(u, 0) : u;
    if (both.op !== 'and' || both === u || !both.args.includes(same)) continue;
    const condition = both.args.filter((c) => c !== same).reduce(and);
    return replace(items, [t, u], not(carry(not(a), b, condition)));
  }
  return undefined;
}

/** The sign of a sum is neither that of the one summand nor of the other: it is out of range; of a difference likewise. */
function withSigns(items: readonly Term[], atom: Term): readonly Term[] | undefined {
  for (const sign of atom.args) {
    const whole = sign.op === 'extract' ? arg(sign, 0) : sign;
    if (whole.op !== 'add' || sign.lo !== whole.width - 1) continue;
    for (const sum of [whole, not(whole)]) {
      const parts = summandsOf(sum);
      if (parts === undefined) continue;
      const { x, y, carryIn } = parts;
      const signs = [xor(msb(sum), msb(x)), xor(msb(sum), msb(y))];
      if (parts.minus) signs[1] = xor(msb(x), msb(y));
      if (!signs.every((s) => items.includes(s))) continue;
      const found = outOfRange(items, signs, overflow(x, parts.minus ? not(y) : y, carryIn));
      if (found !== undefined) return found;
    }
  }
  return withSignsOfSums(items, atom);
}

function outOfRange(items: readonly Term[], signs: readonly Term[], made: Term): readonly Term[] | undefined {
  // One of them alone may say so, as where a number with one bit set is added.
  if (!signs.includes(made)) return replace(items, signs, made);
  const rest = items.filter((t) => t === made || !signs.includes(t));
  return rest.length < items.length ? rest : undefined;
}

/** The same where what is added or subtracted are sums themselves, so that the whole does not show which. */
function withSignsOfSums(items: readonly Term[], atom: Term): readonly Term[] | undefined {
  const [a, b] = atom.args.map(withThatSign);
  if (atom.args.length > 2 || a === undefined || b === undefined || a.width !== b.width) return undefined;
  // Each of the three is the sum or the difference of the others; the longest is taken for the result.
  const [result, other] = sumOf(a).terms.length > sumOf(b).terms.length ? [a, b] : [b, a];
  if (result.op !== 'add' || sumOf(other).terms.length === sumOf(result).terms.length) return undefined;
  for (const whole of [result, not(result)])
    for (const part of [other, not(other)]) {
      const first = xor(msb(whole), msb(part));
      if (!items.includes(first)) continue;
      const [rest, less] = [sub(whole, part), sub(part, whole)];
      const ways = [
        { second: xor(msb(whole), msb(rest)), made: () => overflow(part, rest, no()) },
        { second: xor(msb(part), msb(less)), made: () => overflow(part, not(less), yes()) },
      ];
      for (const { second, made } of ways) {
        if (second === first || !items.includes(second)) continue;
        const found = outOfRange(items, [first, second], made());
        if (found !== undefined) return found;
      }
    }
  return undefined;
}

/** The number that has a bit as its sign, as far as that shows. */
function withThatSign(sign: Term): Term | undefined {
  const whole = sign.op === 'extract' ? arg(sign, 0) : undefined;
  return whole !== undefined && sign.lo === whole.width - 1 ? whole : undefined;
}

/** `t` is `a != b`: with a clear sign of a difference x of both it says `0 < x`, and with a set sign nothing. */
function withNonZero(items: readonly Term[], t: Term, a: Term, b: Term): readonly Term[] | undefined {
  if (a.width === 1) return undefined;
  const differences = items.some((u) => isSign(u, a.width)) ? [sub(a, b), sub(b, a)] : [];
  for (const x of isZero(b) ? [a, ...differences] : differences) {
    const sign = msb(x);
    const clear = not(sign);
    if (items.includes(clear)) return replace(items, [t, clear], slt(bv(x.width, 0), x));
    if (items.includes(sign)) return items.filter((u) => u !== t);
  }
  return undefined;
}

/** None of three numbers that follow each other: what is above the first is not below 3. */
function withNext(items: readonly Term[], t: Term, atom: Term): readonly Term[] | undefined {
  const [x, k] = [arg(atom, 0), arg(atom, 1)];
  if (k.op !== 'const' || x.width < 3) return undefined;
  const next = [1n, 2n].map((n) => not(eq(x, bv(k.width, k.value + n))));
  if (!next.every((u) => items.includes(u))) return undefined;
  return replace(items, [t, ...next], not(ult(sub(x, k), bv(k.width, 3))));
}

/** Whether `t` is the highest of `width` bits of a sum, or its inverse. */
function isSign(t: Term, width: number): boolean {
  const bit = t.op === 'not' ? arg(t, 0) : t;
  return bit.op === 'extract' && bit.lo === width - 1 && arg(bit, 0).op === 'add' && arg(bit, 0).width === width;
}

/** c and (c ? a : b) is c and a; two choices by the same condition are one. */
function withChoice(items: readonly Term[], t: Term): readonly Term[] | undefined {
  const c = arg(t, 0);
  if (items.includes(c)) return replace(items, [t], arg(t, 1));
  if (items.includes(not(c))) return replace(items, [t], arg(t, 2));
  const other = items.find((u) => u !== t && u.op === 'ite' && arg(u, 0) === c);
  if (other === undefined) return undefined;
  return replace(items, [t, other], ite(c, and(arg(t, 1), arg(other, 1)), and(arg(t, 2), arg(other, 2))));
}
