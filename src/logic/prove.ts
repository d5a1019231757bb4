// SPDX-License-Identifier: MIT
import { type Simplified, useAssumptions } from './assume.ts';
import { and, not } from './bitwise.ts';
import { eq } from './equal.ts';
import { canonicalText, generalise, QueryCache } from './generalise.ts';
import { load } from './memory.ts';
import { arg, isZero, no, yes } from './pool.ts';
import { equalAsPropositions } from './propositional.ts';
import { anyAddress, type Claim, completed, refute, replays, type Witness } from './refute.ts';
import type { Solver } from './solver.ts';
import { Substitution, subterms } from './substitute.ts';
import { equalBySteps } from './sweep.ts';
import type { Term } from './term.ts';

/** A claim: where all assumptions (one-bit terms) are 1, `left` and `right` are equal. Memories are equal at every address. */
export interface Goal extends Claim {
  /** What was shown to be equal under the same assumptions: one side stands for both then. */
  readonly known?: readonly Equality[];
}

/** Two terms that are equal where all assumptions of a claim hold; in the form that those give them. */
export type Equality = readonly [left: Term, right: Term];

export interface ProveOptions {
  /** Asked in this order; without any, what normalising does not decide stays undecided. */
  readonly solvers?: readonly Solver[];
  /** Work for each question to a solver (`core/budget.ts`). */
  readonly timeoutMs?: number;
  readonly cache?: QueryCache;
  /** How many assignments are tried to refute the claim before a solver is asked. */
  readonly samples?: number;
}

export type ProofResult =
  | Proved
  | { readonly kind: 'refuted'; readonly witness: Witness }
  | { readonly kind: 'undecided'; readonly reason: string };

/** Why a claim holds. */
export type Proved = (
  | {
      readonly how: 'normalised';
      /** The assumptions contradict each other, so that nothing has been said of the sides. */
      readonly vacuous?: true;
    }
  | { readonly how: 'cached' }
  | { readonly how: 'solver'; readonly solver: string }
) & {
  readonly kind: 'proved';
  /** What normalising did not show to be equal: the sides, or what was stored in memories. */
  readonly equal?: readonly Equality[];
};

const NORMALISED = { kind: 'proved', how: 'normalised' } as const;
const DEFAULT_SAMPLES = 48;
const DEFAULT_TIMEOUT_MS = 5000;

/** What can be said without a solver; undefined where one is needed. */
export function proveQuickly(goal: Goal, samples = DEFAULT_SAMPLES): ProofResult | undefined {
  if (goal.left === goal.right) return NORMALISED;
  const simplified = simplify(goal);
  return decide(goal, simplified, samples);
}

/**
 * The claim with all that its assumptions say. Conjunctions with conjuncts in common are equal just when, under those,
 * the rest of both is.
 */
function simplify({ assumptions, left, right, known = [] }: Goal): Simplified {
  let simplified = useAssumptions(assumptions, left, right);
  if (known.length > 0) {
    const alike = new Substitution(new Map(known.map(([l, r]) => (r.op === 'const' ? [l, r] : [r, l]))));
    simplified = { ...simplified, left: alike.apply(simplified.left), right: alike.apply(simplified.right) };
  }
  for (let common = inCommon(simplified); common.length > 0; common = inCommon(simplified)) {
    const rest = (t: Term): Term =>
      conjuncts(t)
        .filter((c) => !common.includes(c))
        .reduce(and, yes());
    const { left: l, right: r, eliminated } = simplified;
    const [a, b] = l.op === 'not' ? [arg(l, 0), arg(r, 0)] : [l, r];
    const more = useAssumptions([...simplified.assumptions, ...common], rest(a), rest(b));
    // Where the common conjuncts cannot hold, both sides are 0, which says something of the sides.
    if (more.vacuous) return { ...simplified, right: l };
    simplified = { ...more, eliminated: [...eliminated, ...more.eliminated] };
  }
  return simplified;
}

const conjuncts = (t: Term): readonly Term[] => (t.op === 'and' ? t.args : [t]);

function inCommon({ vacuous, left, right }: Simplified): readonly Term[] {
  if (vacuous || left.width !== 1 || left === right || left.op !== right.op) return [];
  const [a, b] = left.op === 'not' ? [arg(left, 0), arg(right, 0)] : [left, right];
  if (a.op !== 'and' || b.op !== 'and') return [];
  return a.args.filter((c) => b.args.includes(c));
}

function decide(goal: Goal, simplified: Simplified, samples: number): ProofResult | undefined {
  if (simplified.vacuous) return { ...NORMALISED, vacuous: true };
  const { assumptions, left, right } = simplified;
  if (eq(left, right) === yes() || equalAsPropositions(assumptions, left, right)) return NORMALISED;
  if (excludeEachOther(assumptions, left, right)) return NORMALISED;
  const witness = refute(goal, simplified, samples);
  return witness === undefined ? undefined : { kind: 'refuted', witness };
}

/** Whether the claim is that conditions never hold together, and each, taken to hold, makes the others say so. */
function excludeEachOther(assumptions: readonly Term[], left: Term, right: Term): boolean {
  if (left.width !== 1 || right.op !== 'const') return false;
  const all = isZero(right) ? left : not(left);
  return all.op === 'and' && useAssumptions([...assumptions, ...all.args], no(), yes()).vacuous;
}

export async function prove(goal: Goal, options: ProveOptions = {}): Promise<ProofResult> {
  if (goal.left === goal.right) return NORMALISED;
  const simplified = simplify(goal);
  const quick = decide(goal, simplified, options.samples ?? DEFAULT_SAMPLES);
  if (quick !== undefined) return quick;
  const cache = options.cache ?? new QueryCache();
  if (holdsByCases(simplified, MOST_CASES)) return NORMALISED;
  const byParts = await proveParts(simplified, options, cache);
  if (byParts !== undefined) return byParts;
  const answer = await new Question(goal, simplified, options, cache).decide();
  const both = answer.kind === 'proved' && simplified.left.width > 0;
  return both ? { ...answer, equal: [[simplified.left, simplified.right]] } : answer;
}

/** How many choices, one within the other, are looked at in both ways. */
const MOST_CASES = 6;
/** In larger claims that takes longer than asking. */
const MOST_TERMS = 1500;

/** Whether normalising decides the claim for both outcomes of some choice that a side makes, and of others within. */
function holdsByCases({ assumptions, left, right }: Simplified, most: number): boolean {
  // Arguments come first: the condition is made of no other choice.
  const terms = most > 0 ? subterms([left, right]) : [];
  const choice = terms.length > MOST_TERMS ? undefined : terms.find((t) => t.op === 'ite');
  if (choice === undefined) return false;
  const condition = arg(choice, 0);
  return [condition, not(condition)].every((c) => {
    const { vacuous, ...simplified } = simplify({ assumptions: [...assumptions, c], left, right });
    if (vacuous || eq(simplified.left, simplified.right) === yes()) return true;
    return holdsByCases({ vacuous, ...simplified }, most - 1);
  });
}

/** Memories that were written at the same addresses are equal when what was written is. */
async function proveParts(
  simplified: Simplified,
  options: ProveOptions,
  cache: QueryCache,
): Promise<ProofResult | undefined> {
  let [l, r] = [simplified.left, simplified.right];
  if (l.width > 0) return undefined;
  const parts: Equality[] = [];
  while (l !== r) {
    if (l.op !== 'store' || r.op !== 'store' || arg(l, 1) !== arg(r, 1)) return undefined;
    const [x, y] = [arg(l, 2), arg(r, 2)];
    if (x.width !== y.width) return undefined;
    if (x !== y) parts.push([x, y]);
    [l, r] = [arg(l, 0), arg(r, 0)];
  }
  const asked = parts.map(([x, y]) => {
    const claim: Claim = { assumptions: simplified.assumptions, left: x, right: y };
    return new Question(claim, { ...simplified, left: x, right: y, eliminated: [] }, options, cache);
  });
  return inAll(asked, parts);
}

async function inAll(questions: readonly Question[], equal: readonly Equality[]): Promise<ProofResult | undefined> {
  let weakest: Proved = NORMALISED;
  const open: Question[] = [];
  for (const q of questions) {
    const answer = await q.quickly();
    if (answer === undefined) open.push(q);
    else if (answer.kind !== 'proved') return undefined;
    else if (answer.how !== 'normalised') weakest = answer;
  }
  const bySteps = await provedBySteps(open);
  if (bySteps !== undefined) return { ...bySteps, equal };
  for (const q of open) {
    const answer = await q.patiently();
    if (answer.kind !== 'proved') return undefined;
    if (answer.how !== 'normalised') weakest = answer;
  }
  return { ...weakest, equal };
}

/** The question for a solver: can the assumptions hold and the sides differ? */
function question(assumptions: readonly Term[], left: Term, right: Term): readonly Term[] {
  if (left.width > 0) return [...assumptions, not(eq(left, right))];
  const anywhere = anyAddress();
  return [...assumptions, not(eq(load(left, anywhere, 1), load(right, anywhere, 1)))];
}

/** What normalising does not decide, for solvers. */
class Question {
  readonly simplified: Simplified;
  readonly solvers: readonly Solver[];
  readonly timeoutMs: number;
  private readonly claim: Claim;
  private readonly cache: QueryCache;
  private readonly asked: readonly Term[];
  private readonly key: string;

  constructor(claim: Claim, simplified: Simplified, options: ProveOptions, cache: QueryCache) {
    this.claim = claim;
    this.simplified = simplified;
    this.solvers = options.solvers ?? [];
    this.timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.cache = cache;
    this.asked = question(simplified.assumptions, simplified.left, simplified.right);
    this.key = canonicalText(this.asked);
  }

  async decide(): Promise<ProofResult> {
    return (await this.quickly()) ?? (await provedBySteps([this])) ?? (await this.patiently());
  }

  /** What is known, and what the first solver says before long; undefined where that is nothing. */
  async quickly(): Promise<ProofResult | undefined> {
    if (this.asked.some(isZero)) return NORMALISED;
    if (this.cache.has(this.key)) return { kind: 'proved', how: 'cached' };
    const { assumptions, left, right } = this.simplified;
    const first = this.solvers[0];
    const soon = Math.ceil(this.timeoutMs / 4);
    const general = generalise(assumptions, left, right);
    if (general !== undefined) {
      const [l, r] = general.slice(-2) as [Term, Term];
      const asked = question(general.slice(0, -2), l, r);
      if (asked.some(isZero)) return NORMALISED;
      const key = canonicalText(asked);
      if (this.cache.has(key)) return { kind: 'proved', how: 'cached' };
      if (first !== undefined && (await first.check(asked, soon)).status === 'unsat') {
        this.cache.add(key);
        return this.proved([first]);
      }
    }
    const answer = first === undefined ? undefined : await this.ask(first, soon);
    return typeof answer === 'string' ? undefined : answer;
  }

  async patiently(): Promise<ProofResult> {
    const reasons: string[] = [];
    for (const solver of this.solvers) {
      const answer = await this.ask(solver, this.timeoutMs);
      if (typeof answer !== 'string') return answer;
      reasons.push(`${solver.name}: ${answer}`);
    }
    const reason = reasons.join('; ') || 'the sides differ in form, and there is no solver to ask';
    return { kind: 'undecided', reason };
  }

  proved(by: readonly Solver[]): Proved {
    this.cache.add(this.key);
    return { kind: 'proved', how: 'solver', solver: by.map((s) => s.name).join('+') };
  }

  /** A solver's answer, or why there is none. */
  private async ask(solver: Solver, effortMs: number): Promise<ProofResult | string> {
    const answer = await solver.check(this.asked, effortMs);
    if (answer.status === 'unsat') return this.proved([solver]);
    if (answer.status === 'unknown') return answer.reason;
    const { variables, memories } = answer.model;
    const reads = new Map([...memories].map(([t, bytes]) => [t, (a: bigint) => bytes.get(a) ?? 0] as const));
    const witness: Witness = { variables: completed(variables, reads, this.simplified), memories };
    return replays(witness, this.claim) ? { kind: 'refuted', witness } : 'its counterexample does not replay';
  }
}

/** Claims under the same assumptions that are shown together, step by step, by the first solver. */
async function provedBySteps(questions: readonly Question[]): Promise<Proved | undefined> {
  const [first] = questions;
  if (first === undefined || first.solvers.length === 0 || first.simplified.left.width === 0) return undefined;
  const steps = (t: Term): boolean => t.args.length > 0;
  if (!questions.some(({ simplified: { left, right } }) => steps(left) && steps(right))) return undefined;
  const { assumptions } = first.simplified;
  const lefts = questions.map((q) => q.simplified.left);
  const rights = questions.map((q) => q.simplified.right);
  if (!(await equalBySteps({ assumptions, lefts, rights }, first.solvers, first.timeoutMs))) return undefined;
  return questions.map((q) => q.proved(first.solvers))[0];
}
