// SPDX-License-Identifier: MIT

import type { Random } from '../../base/random.ts';
import { bv, eq } from '../../logic/build.ts';
import { related, search, variablesOf } from '../../logic/search.ts';
import type { Solver } from '../../logic/solver.ts';
import { subterms } from '../../logic/substitute.ts';
import type { Term } from '../../logic/term.ts';
import type { LinkedFunction } from '../run/link/image.ts';
import type { Coverage } from './coverage.ts';
import { BUFFER_STRIDE, copyOf, type Input, lead, placeKey, TO_CODE, write } from './input.ts';
import type { Side } from './side.ts';
import type { Walk } from './walk.ts';

interface Waiting {
  readonly input: Input;
  readonly repairs: number;
}

interface Made {
  readonly input: Input;
  /** It leaves the path where it should, if all that decides on the path is in the conditions. */
  readonly exact: boolean;
}

const made = (input: Input | undefined, exact: boolean): Made | undefined => input && { input, exact };

/** How urgent an input is: it should reach new code of the function, go another way in what it calls, or just elsewhere. */
type Urgency = 0 | 1 | 2;

/** Finds inputs that leave the way of a run at one of its conditions, and says which is to be tried next. */
export class Steering {
  private readonly coverage: Coverage;
  private readonly side: Side;
  private readonly random: Random;
  private readonly solver: Solver | undefined;
  private readonly waiting: Waiting[][] = [[], [], []];
  /** How often a way was tried for, by urgency, function, block and way. */
  private readonly tried = new Map<string, number>();
  /** How often each way was tried for from each path to it, by urgency, path and way: what is found once is not sought again. */
  private readonly flips = new Map<string, number>();
  private readonly variables = new Map<Term, readonly Term[]>();
  private asked = 0;

  constructor(coverage: Coverage, side: Side, random: Random, solver: Solver | undefined) {
    this.coverage = coverage;
    this.side = side;
    this.random = random;
    this.solver = solver;
  }

  add(input: Input, urgency: Urgency, repairs = 0): void {
    const list = this.waiting[urgency];
    if (list === undefined) return;
    if (repairs > 0) list.unshift({ input, repairs });
    else if (list.length < 200) list.push({ input, repairs });
  }

  /** Whether inputs are waiting that should reach new code. */
  get isBusy(): boolean {
    return (this.waiting[0]?.length ?? 0) > 0;
  }

  next(): Waiting | undefined {
    return this.waiting.find((l) => l.length > 0)?.shift();
  }

  /** Lets new code be tried for again, with other random numbers. */
  begin(): void {
    for (const known of [this.tried, this.flips]) {
      for (const key of known.keys()) if (key.startsWith(NEW_CODE)) known.delete(key);
    }
  }

  /** Makes inputs that go another way than a run did. */
  async turn(input: Input, w: Walk, own: LinkedFunction): Promise<void> {
    const paths = pathsOf(w);
    const candidates: {
      readonly at: number;
      readonly condition: Term;
      readonly key: string;
      readonly urgency: Urgency;
      readonly flip: string;
    }[] = [];
    const seen = new Map<string, number>();
    w.branches.forEach((b, at) => {
      for (const o of b.others) {
        const key = `${b.fn.id} ${b.block} ${o.way}`;
        const urgency = b.fn !== own ? 1 : this.coverage.has(b.block, o.way) ? 2 : 0;
        const count = seen.get(key) ?? 0;
        seen.set(key, count + 1);
        if (urgency > 0 && count > 0 && this.random.below(8) > 0) continue;
        candidates.push({ at, condition: o.condition, key, urgency, flip: `${paths[at]} ${o.way}` });
      }
    });
    for (const { block, way, at } of w.wishes) {
      if (this.coverage.has(block, way)) continue;
      for (let i = Math.max(0, at - WISHED); i < at; i++) {
        for (const o of w.branches[i]?.others ?? []) {
          const key = `${block} ${way} by ${w.branches[i]?.fn.id} ${w.branches[i]?.block} ${o.way}`;
          candidates.push({ at: i, condition: o.condition, key, urgency: 0, flip: `${paths[i]} ${o.way} ${key}` });
        }
      }
    }
    const per = new Map<string, number>();
    const order = [0, 1, 2].flatMap((u) => {
      const list = this.shuffled(candidates.filter((c) => c.urgency === u));
      return (u === 0 ? soonest(list) : list).slice(0, MOST[u]);
    });
    for (const c of order) {
      const [key, flip] = [`${c.urgency} ${c.key}`, `${c.urgency} ${c.flip}`];
      const tried = this.tried.get(key) ?? 0;
      const now = per.get(c.key) ?? 0;
      const flips = this.flips.get(flip) ?? 0;
      if (tried >= (LIMITS[c.urgency] ?? 0) || now >= 2 || flips >= MOST_FLIPS) continue;
      this.tried.set(key, tried + 1);
      per.set(c.key, now + 1);
      const found = await this.solve(input, w, c.at, c.condition, c.urgency);
      this.flips.set(flip, found?.exact === true ? MOST_FLIPS : flips + 1);
      if (found !== undefined) this.add(found.input, c.urgency);
    }
  }

  private shuffled<T>(list: readonly T[]): T[] {
    const out = [...list];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.random.below(i + 1);
      [out[i], out[j]] = [out[j] as T, out[i] as T];
    }
    return out;
  }

  private variablesOf(t: Term): readonly Term[] {
    let known = this.variables.get(t);
    if (known === undefined) {
      known = variablesOf(t);
      this.variables.set(t, known);
    }
    return known;
  }

  private async solve(input: Input, w: Walk, at: number, goal: Term, urgency: Urgency): Promise<Made | undefined> {
    const before = [...new Set(w.branches.slice(Math.max(0, at - 600), at).map((b) => b.condition))];
    const path = related(goal, before, (t) => this.variablesOf(t));
    if (subterms([...path, goal]).length > LARGEST) return this.near(input, w, goal);
    // Where pointers change, so does what is read: first all are left as they are.
    const kept = this.pointersAmong([...path, goal], input, w);
    for (const conditions of [
      [...kept, ...path, goal],
      [...path, goal],
    ]) {
      const found = search(conditions, w.values, this.random, 40);
      const exact = kept.length === 0 || conditions.length > path.length + 1;
      if (found !== undefined) return made(withValues(this.side, input, w, found), exact);
    }
    if (this.solver !== undefined && urgency === 0 && this.asked < MOST_QUESTIONS) {
      this.asked++;
      const answer = await this.solver.check([...path, goal], QUESTION_MS);
      if (answer.status === 'unsat') return undefined;
      if (answer.status === 'sat') {
        const values = new Map(w.values);
        for (const [v, value] of answer.model.variables) values.set(v, value);
        return made(withValues(this.side, input, w, values), true);
      }
    }
    return this.near(input, w, goal);
  }

  /** That the words which conditions depend on, and which are pointers, stay as they are. */
  private pointersAmong(conditions: readonly Term[], input: Input, w: Walk): Term[] {
    const pointers = new Set(input.pointers.map((p) => placeKey(p.at)));
    const variables = new Set(conditions.flatMap((c) => this.variablesOf(c)));
    return [...variables].flatMap((v) => {
      const [spot, value] = [w.spots.get(v), w.values.get(v)];
      return spot === undefined || value === undefined || !pointers.has(placeKey(spot.at))
        ? []
        : eq(v, bv(v.width, value));
    });
  }

  /** The way to the condition may change as well. */
  private near(input: Input, w: Walk, goal: Term): Made | undefined {
    if (subterms([goal]).length > LARGEST) return undefined;
    const found = search([goal], w.values, this.random, 20);
    return found === undefined ? undefined : made(withValues(this.side, input, w, found), false);
  }
}

/** What keys of ways to new code begin with: their urgency. */
const NEW_CODE = '0 ';
/** With the first occasion of each way in front: what leaves a loop soon does not take long. */
function soonest<T extends { readonly at: number; readonly key: string }>(list: readonly T[]): T[] {
  const first = new Map<string, T>();
  for (const c of list) if (c.at < (first.get(c.key)?.at ?? Number.POSITIVE_INFINITY)) first.set(c.key, c);
  const soon = new Set(first.values());
  return [...soon, ...list.filter((c) => !soon.has(c))];
}

/** So often a way is tried for from one path in vain. */
const MOST_FLIPS = 3;

/** Of each branch, a number for the way to it. */
function pathsOf(w: Walk): number[] {
  let path = 7;
  return w.branches.map((b) => {
    const own = Math.imul(path ^ (b.fn.id * 0x10001 + b.block), 0x01000193);
    path = b.others.reduce((h, o) => Math.imul(h ^ (o.way + 1), 0x01000193) ^ (h >>> 15), own);
    return own;
  });
}

/** So many branches before a way out are tried in its stead. */
const WISHED = 10;
/** How many ways of one run are tried for, and how often one way in all, by urgency. */
const MOST = [24, 6, 4];
const LIMITS = [24, 6, 10];
/** Larger questions are not asked. */
const LARGEST = 4000;
const MOST_QUESTIONS = 10;
const QUESTION_MS = 200;

/** An input with other values for variables; undefined where nothing changes. */
export function withValues(side: Side, input: Input, w: Walk, values: ReadonlyMap<Term, bigint>): Input | undefined {
  const next = copyOf(input);
  const { arena } = side.image.layout;
  let changed = false;
  for (const [v, spot] of w.spots) {
    const value = values.get(v);
    if (value === undefined || value === w.values.get(v)) continue;
    changed = true;
    const distance = Number(value) - arena;
    const to = Math.floor(distance / BUFFER_STRIDE);
    if (spot.bytes === 8 && distance >= 0 && to < next.buffers.length) {
      lead(next, { at: spot.at, to, plus: distance - to * BUFFER_STRIDE });
    } else if (spot.bytes === 8 && side.isCode(Number(value))) {
      // Code lies elsewhere on the other side.
      const name = side.functionAt(Number(value));
      if (name === undefined) return undefined;
      lead(next, { at: spot.at, to: TO_CODE, plus: 0, name });
    } else write(next, spot, value);
  }
  return changed ? next : undefined;
}
