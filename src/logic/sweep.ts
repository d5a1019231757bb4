// SPDX-License-Identifier: MIT
import { Deadline } from '../core/budget.ts';
import type { Simplified } from './assume.ts';
import { not } from './bitwise.ts';
import { eq } from './equal.ts';
import { Evaluator } from './evaluate.ts';
import { generalise } from './generalise.ts';
import { isZero, mask, yes } from './pool.ts';
import { assignments, Random } from './refute.ts';
import { search } from './search.ts';
import type { Solver } from './solver.ts';
import { Substitution, subterms } from './substitute.ts';
import type { Term } from './term.ts';
import { inFewerSummands } from './unknowns.ts';
import { isShift, loadsAsWords, productsAsWords } from './words.ts';

/**
 * Two sides that compute the same in other steps are shown to be equal step by step: whatever within the right side has
 * had the value of something within the left side each time that both were evaluated is asked about, the innermost
 * first, and stands for it from then on. So each question is about one step, from things that are the same already
 * (Kuehlmann, Krohm: Equivalence checking using cuts and heaps, DAC 1997; Mishchenko et al.: FRAIGs, 2005).
 */

/** Larger claims are not evaluated often enough in the time that is left. */
const MOST_TERMS = 8000;
const SAMPLES = 64;
/** For how many bits values are looked for, and in how many moves each. */
const MOST_SEARCHES = 64;
const MOVES = 100;
/** How many terms of the left side that look the same are asked about. */
const MOST_TRIED = 3;
/** Work for one question to one solver. */
const STEP_MS = 500;
const SOON_MS = 150;

type Claim = Pick<Simplified, 'assumptions'> & { readonly lefts: readonly Term[]; readonly rights: readonly Term[] };

/** Whether each of `lefts` equals its counterpart in `rights` where the assumptions hold; false where that is not known. */
export async function equalBySteps(claim: Claim, solvers: readonly Solver[], effortMs: number): Promise<boolean> {
  const words = loadsAsWords([...claim.assumptions, ...claim.lefts, ...claim.rights]);
  const of = (terms: readonly Term[]): Term[] => terms.map((t) => words.apply(t));
  const stated = { assumptions: of(claim.assumptions), lefts: of(claim.lefts), rights: of(claim.rights) };
  if (subterms([...stated.lefts, ...stated.rights]).length > MOST_TERMS) return false;
  return new Sweep(stated, solvers, effortMs).run();
}

class Sweep {
  private readonly claim: Claim;
  private readonly solvers: readonly Solver[];
  private readonly deadline: Deadline;
  /** The terms of both sides and of the assumptions, arguments first. */
  private readonly terms: readonly Term[];
  private readonly inLeft: ReadonlySet<Term>;
  private readonly samples: Evaluator[] = [];
  /** The terms of the left side by their width and values. */
  private classes = new Map<string, Term[]>();
  private readonly merged = new Substitution(new Map());

  constructor(claim: Claim, solvers: readonly Solver[], effortMs: number) {
    this.claim = claim;
    this.solvers = solvers;
    this.deadline = new Deadline(effortMs);
    this.terms = subterms([...claim.assumptions, ...claim.lefts, ...claim.rights]);
    this.inLeft = new Set(subterms(claim.lefts));
    for (const a of assignments(this.terms, SAMPLES)) this.add(new Evaluator(a));
    this.addRare();
    this.classify();
  }

  /** Looks for values with which bits are what they have not been yet, such as carries out of nothing but ones. */
  private addRare(): void {
    const random = new Random(3);
    const [start] = assignments(this.terms, 1);
    let left = MOST_SEARCHES;
    for (const t of this.terms) {
      if (t.width !== 1 || t.args.length === 0 || left === 0) continue;
      const [always, ...others] = this.valuesOf(t);
      if (always === undefined || others.some((v) => v !== always)) continue;
      left--;
      const wanted = [...this.claim.assumptions, always === 1n ? not(t) : t];
      const values = search(wanted, start?.values ?? new Map(), random, MOVES);
      if (values !== undefined) this.add(new Evaluator({ values }));
    }
  }

  async run(): Promise<boolean> {
    const { lefts, rights } = this.claim;
    for (const t of subterms(rights)) {
      if (this.inLeft.has(t) || t.width === 0 || t.args.length === 0) continue;
      if (this.deadline.passed) return false;
      await this.step(t);
    }
    for (const [i, left] of lefts.entries()) {
      const right = this.merged.apply(rights[i] as Term);
      if (eq(left, right) !== yes() && !(await this.equal(left, right, this.deadline.left()))) return false;
    }
    return true;
  }

  /** Finds what a term of the right side is on the left side. */
  private async step(t: Term): Promise<void> {
    const now = this.merged.apply(t);
    if (this.inLeft.has(now)) return;
    const tried = new Set<Term>();
    while (tried.size < MOST_TRIED && !this.deadline.passed) {
      const candidate = this.candidates(t).find((u) => !tried.has(u));
      if (candidate === undefined) return;
      tried.add(candidate);
      if (eq(candidate, now) === yes() || (await this.equal(candidate, now, STEP_MS))) {
        this.merged.replace(t, candidate);
        return;
      }
    }
  }

  /** Terms of the left side that have had the same values, and complements of bits that have had the other one. */
  private candidates(t: Term): readonly Term[] {
    const values = this.valuesOf(t);
    if (values.every((v) => v === values[0])) return [];
    const alike = this.classes.get(keyOf(t.width, values)) ?? [];
    if (t.width > 1) return alike;
    const inverse = values.map((v) => v ^ mask(1));
    return [...alike, ...(this.classes.get(keyOf(1, inverse)) ?? []).map(not)];
  }

  private valuesOf(t: Term): readonly bigint[] {
    return this.samples.map((s) => s.value(t));
  }

  private add(sample: Evaluator): boolean {
    const holds = this.claim.assumptions.every((a) => sample.value(a) === 1n);
    if (holds) this.samples.push(sample);
    return holds;
  }

  private classify(): void {
    this.classes = new Map();
    for (const t of this.inLeft) {
      if (t.width === 0 || t.op === 'const') continue;
      const key = keyOf(t.width, this.valuesOf(t));
      const known = this.classes.get(key);
      if (known === undefined) this.classes.set(key, [t]);
      else known.push(t);
    }
  }

  /**
   * Asks whether two terms are equal: first as functions of all that they have in common, whatever the products in them
   * are, and then as they are. Where they are not, the values that show it are kept.
   */
  private async equal(a: Term, b: Term, effortMs: number): Promise<boolean> {
    const { assumptions } = this.claim;
    const whole = [...assumptions, a, b];
    const plain = productsAsWords(whole)?.applyAll(whole) ?? whole;
    const [l, r] = plain.slice(-2) as [Term, Term];
    const general = generalise(plain.slice(0, -2), l, r, isStep) ?? plain;
    const fewer = inFewerSummands(general);
    const [first] = this.solvers;
    const ways = [
      { terms: fewer, by: this.solvers, ms: effortMs },
      // What a solver does not find soon here is seldom so.
      { terms: plain, by: first === undefined ? [] : [first], ms: Math.min(effortMs, SOON_MS) },
      { terms: whole, by: first === undefined ? [] : [first], ms: Math.min(effortMs, SOON_MS) },
    ];
    const seen = new Set<readonly Term[]>();
    for (const { terms, by, ms } of ways) {
      if (seen.has(terms)) continue;
      seen.add(terms);
      const answer = await this.ask(terms, by, ms);
      if (answer === true) return true;
      if (answer !== undefined && answer.value(a) !== answer.value(b) && this.add(answer)) {
        this.classify();
        return false;
      }
    }
    return false;
  }

  /** Whether the last two terms are equal where the others hold: yes, or values with which they are not. */
  private async ask(
    terms: readonly Term[],
    by: readonly Solver[],
    effortMs: number,
  ): Promise<true | Evaluator | undefined> {
    const [l, r] = terms.slice(-2) as [Term, Term];
    const asked = [...terms.slice(0, -2), not(eq(l, r))];
    if (asked.some(isZero)) return true;
    for (const solver of by) {
      const left = this.deadline.left();
      if (left < 1) return undefined;
      const answer = await solver.check(asked, Math.min(effortMs, left));
      if (answer.status === 'unsat') return true;
      if (answer.status === 'sat') return new Evaluator({ values: answer.model.variables });
    }
    return undefined;
  }
}

/** Whether a term is one that what is cut from it, or added to it, does not hang on. */
function isStep(t: Term): boolean {
  switch (t.op) {
    case 'const':
    case 'var':
    case 'add':
    case 'extract':
    case 'concat':
    case 'sext':
    case 'not':
      return false;
    case 'mul':
      return !isShift(t);
    default:
      return t.width > 0;
  }
}

const keyOf = (width: number, values: readonly bigint[]): string =>
  `${width}:${values.map((v) => v.toString(36)).join(',')}`;
