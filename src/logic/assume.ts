// SPDX-License-Identifier: MIT
import { append } from '../base/lists.ts';
import { not } from './bitwise.ts';
import { add, sub, sumOf } from './linear.ts';
import { arg, isZero, no, yes } from './pool.ts';
import { concatAll, extract } from './slice.ts';
import { Substitution, subterms } from './substitute.ts';
import type { Term } from './term.ts';

/** Replaces `from`, which is a variable where `variable` is set, by an equal term. */
interface Replacement {
  readonly from: Term;
  readonly to: Term;
}

export interface Simplified {
  /** What is left of the assumptions. */
  readonly assumptions: readonly Term[];
  readonly left: Term;
  readonly right: Term;
  /** The variables that were replaced, in this order. */
  readonly eliminated: readonly Replacement[];
  /** The assumptions contradict each other. */
  readonly vacuous: boolean;
}

/** More literals than this are used together and not one after the other. */
const MOST_PASSES = 24;

/**
 * Uses assumptions (one-bit terms) on a claim that `left = right`: what is assumed becomes 1, an assumed equality
 * replaces one of its sides. The claim holds under the assumptions just when what comes out does.
 */
export function useAssumptions(assumptions: readonly Term[], left: Term, right: Term): Simplified {
  let pending = literals(assumptions);
  let [l, r] = [left, right];
  let kept: Term[] = [];
  const eliminated: Replacement[] = [];
  for (let pass = 0; pending.length > 0 && pass < MOST_PASSES; pass++) {
    const literal = pending.shift() as Term;
    if (isZero(literal)) return { assumptions: [], left: l, right: r, eliminated, vacuous: true };
    if (literal.op === 'const') continue;
    const { from, to } = replacementOf(literal);
    const substitution = new Substitution(new Map([[from, to]]));
    kept = kept.map((t) => substitution.apply(t));
    if (from.op === 'var') eliminated.push({ from, to });
    else kept.push(literal);
    l = substitution.apply(l);
    r = substitution.apply(r);
    pending = literals(pending.map((t) => substitution.apply(t)));
  }
  return {
    assumptions: [...kept, ...pending],
    left: l,
    right: r,
    eliminated,
    vacuous: [...kept, ...pending].some(isZero),
  };
}

function literals(assumptions: readonly Term[]): Term[] {
  const list: Term[] = [];
  for (const t of assumptions) {
    if (t.op === 'and') append(list, t.args);
    else list.push(t);
  }
  return [...new Set(list)];
}

/** What an assumed literal says as a replacement. */
function replacementOf(literal: Term): Replacement {
  if (literal.op === 'eq') {
    const [a, b] = [arg(literal, 0), arg(literal, 1)];
    return (
      solved(a, b) ?? solved(b, a) ?? solvedSum(a, b) ?? byLoad(a, b) ?? byLoad(b, a) ?? { from: literal, to: yes() }
    );
  }
  if (literal.op === 'not' && arg(literal, 0).op === 'xor') {
    // Equality of single bits.
    const [a, ...rest] = arg(literal, 0).args as [Term, ...Term[]];
    if (rest.length === 1) {
      const b = rest[0] as Term;
      return solved(a, b) ?? solved(b, a) ?? { from: arg(literal, 0), to: no() };
    }
  }
  if (literal.op === 'not') return solved(arg(literal, 0), no()) ?? { from: arg(literal, 0), to: no() };
  if (literal.op === 'xor' && literal.args.length === 2) {
    const [a, b] = [arg(literal, 0), arg(literal, 1)];
    return solved(a, not(b)) ?? solved(b, not(a)) ?? { from: literal, to: yes() };
  }
  return solved(literal, yes()) ?? { from: literal, to: yes() };
}

/** `a = b` as a replacement of a variable, or of some bits of one. */
function solved(a: Term, b: Term): Replacement | undefined {
  const variable = a.op === 'extract' ? arg(a, 0) : a;
  if (variable.op !== 'var' || subterms([b]).includes(variable)) return undefined;
  if (a.op === 'var') return { from: a, to: b };
  const parts: Term[] = [b];
  const top = a.lo + a.width;
  if (top < variable.width) parts.unshift(extract(variable, variable.width - 1, top));
  if (a.lo > 0) parts.push(extract(variable, a.lo - 1, 0));
  return { from: variable, to: concatAll(parts) };
}

/** A sum solved for a variable that is in it once. */
function solvedSum(a: Term, b: Term): Replacement | undefined {
  if (a.op !== 'add' && b.op !== 'add') return undefined;
  const difference = sub(a, b);
  const sum = sumOf(difference);
  for (let i = 0; i < sum.terms.length; i++) {
    const t = sum.terms[i] as Term;
    if (t.op !== 'var') continue;
    const c = BigInt.asIntN(sum.width, sum.coefficients[i] as bigint);
    if (c !== 1n && c !== -1n) continue;
    const to = c === 1n ? sub(t, difference) : add(t, difference);
    if (!subterms([to]).includes(t)) return { from: t, to };
  }
  return undefined;
}

function byLoad(a: Term, b: Term): Replacement | undefined {
  const opaque = a.op === 'load' || a.op === 'apply' || b.op === 'const';
  return opaque && a.op !== 'const' && !subterms([b]).includes(a) ? { from: a, to: b } : undefined;
}
