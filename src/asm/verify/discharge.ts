// SPDX-License-Identifier: MIT

import type { Deadline } from '../../core/budget.ts';
import { eq, not, or } from '../../logic/build.ts';
import { type Assignment, Evaluator } from '../../logic/evaluate.ts';
import type { Equality } from '../../logic/prove.ts';
import type { Term } from '../../logic/term.ts';
import type { AssumptionName } from './assumptions.ts';
import type { Obligation } from './obligations.ts';
import { conjunction, type Path } from './path.ts';

/** A question to the prover: under the assumptions, are both terms always equal? Terms of width 0 are memories. */
export interface Question {
  readonly assumptions: readonly Term[];
  readonly left: Term;
  readonly right: Term;
  /** What was shown to be equal under the same assumptions. */
  readonly known?: readonly Equality[];
  readonly timeMs: number;
}

export type Answer =
  | { readonly kind: 'proved'; readonly by: string; readonly equal?: readonly Equality[] }
  | { readonly kind: 'refuted'; readonly model: Assignment }
  | { readonly kind: 'undecided'; readonly reason: string };

export type Prover = (question: Question) => Answer | Promise<Answer>;

export type Discharged =
  | { readonly kind: 'proved'; readonly by: Record<string, number>; readonly assumed: readonly AssumptionName[] }
  | { readonly kind: 'refuted'; readonly obligation: Obligation; readonly model: Assignment }
  | { readonly kind: 'undecided'; readonly reason: string };

/** An obligation as one term; memories are not compared. */
function holding(o: Obligation): Term {
  return or(not(conjunction(o.path)), eq(o.left, o.right));
}

/**
 * Memories first: what was stored there is loaded again where addresses may be the same, and need not be shown again.
 */
function ordered(obligations: readonly Obligation[]): readonly Obligation[] {
  const isMemory = (o: Obligation): boolean => o.left.width === 0;
  return [...obligations.filter(isMemory), ...obligations.filter((o) => !isMemory(o))];
}

/**
 * Asks the prover about each obligation in turn. The first that is refuted decides; an undecided one decides unless a
 * later one is refuted, which says more. A counterexample in which something does not hold that is assumed is none: then
 * the assumption is part of the question.
 */
export async function discharge(
  obligations: readonly Obligation[],
  always: readonly Term[],
  prover: Prover,
  deadline: Deadline,
  queryMs: number,
): Promise<Discharged> {
  const by: Record<string, number> = {};
  const assumed = new Set<AssumptionName>();
  let undecided: string | undefined;
  const assumable = obligations.filter((o) => o.orAssume !== undefined && o.left.width > 0);
  const known = new Map<Path, Equality[]>();
  for (const o of ordered(obligations)) {
    if (deadline.passed) return { kind: 'undecided', reason: undecided ?? `out of time before ${o.what} was decided` };
    const timeMs = Math.min(queryMs, deadline.left());
    const shown = known.get(o.path) ?? [];
    const sides = { left: o.left, right: o.right };
    const pending = prover({ assumptions: [...always, ...o.path], ...sides, known: shown, timeMs });
    let answer = pending instanceof Promise ? await pending : pending;
    if (answer.kind === 'proved' && answer.equal !== undefined) known.set(o.path, [...shown, ...answer.equal]);
    if (answer.kind === 'refuted' && o.orAssume === undefined && assumable.length > 0) {
      const evaluator = new Evaluator(answer.model);
      if (assumable.some((a) => evaluator.value(holding(a)) !== 1n)) {
        const assumptions = [...always, ...o.path, ...assumable.map(holding)];
        answer = await prover({ assumptions, ...sides, timeMs: Math.min(queryMs, deadline.left()) });
        if (answer.kind === 'proved') for (const a of assumable) if (a.orAssume !== undefined) assumed.add(a.orAssume);
      }
    }
    if (answer.kind === 'proved') by[answer.by] = (by[answer.by] ?? 0) + 1;
    else if (o.orAssume !== undefined) assumed.add(o.orAssume);
    else if (answer.kind === 'refuted') return { kind: 'refuted', obligation: o, model: answer.model };
    else undecided ??= `${o.what}: ${answer.reason}`;
  }
  return undecided === undefined
    ? { kind: 'proved', by, assumed: [...assumed] }
    : { kind: 'undecided', reason: undecided };
}
