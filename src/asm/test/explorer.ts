// SPDX-License-Identifier: MIT

import { Random } from '../../base/random.ts';
import { termCount } from '../../logic/build.ts';
import type { Solver } from '../../logic/solver.ts';
import type { LinkedFunction } from '../run/link/image.ts';
import { type FunctionPair, keptItsWord, place, runSide } from './call.ts';
import type { Carved } from './carve/carved.ts';
import { inputOf } from './carve/input-of.ts';
import { Coverage } from './coverage.ts';
import { copyOf, emptyInput, type Input, type Spot } from './input.ts';
import { mutated, shuffled } from './mutate.ts';
import { repaired } from './repair.ts';
import { shrink } from './shrink.ts';
import type { Pair } from './side.ts';
import { Steering } from './steer.ts';
import { difference } from './undetermined.ts';
import { Unreachable } from './unreachable.ts';
import { walk } from './walk.ts';

export interface TestOptions {
  readonly seed: number;
  /** Inputs per function. */
  readonly runs: number;
  /** Instructions per run of the source. */
  readonly steps: number;
  /** Runs per function that are also followed in terms, to find inputs that go other ways. */
  readonly walks?: number;
  /** Asked where a search finds no such input. */
  readonly solver?: Solver;
  readonly only?: readonly string[];
  /**
   * The target leaves in result registers whatever the source does, whether or not it is a result, as translations do.
   * Somebody's port need not.
   */
  readonly keepsResults?: boolean;
  /** Calls of a function that were recorded in runs of its program, by the function's name. */
  readonly carved?: (name: string) => readonly Carved[];
  /** Objects that other files of the program define, with what is in them at the start. */
  readonly objects?: ReadonlyMap<string, Uint8Array>;
  /** Is told of each function when its tests are done. */
  readonly done?: (report: FunctionReport) => void;
}

export interface FunctionReport {
  readonly name: string;
  /** Inputs with which the source ended in good order, and the target was compared. */
  readonly compared: number;
  /** Inputs with which the source did what it must not. */
  readonly discarded: number;
  readonly blocks: number;
  readonly reached: number;
  /** Ways out of conditional jumps, and of jumps through tables. */
  readonly branches: number;
  readonly taken: number;
  /** How many of the ways out that were not taken are proved to lead nowhere, since nothing can take them. */
  readonly unreachable: number;
  /** Lines of blocks that were not reached. */
  readonly missed: readonly number[];
  /** Lines of such jumps that were reached, and that did not go all ways. */
  readonly untaken: readonly number[];
  readonly difference?: { readonly what: string; readonly input: Input };
}

/** Instructions of one run that is followed in terms, and of all of a function's. */
const WALK_STEPS = 6000;
const ALL_STEPS = 400_000;
/** Terms that are made for one function: a measure of work that is the same on every machine. */
const ALL_TERMS = 300_000;
const WALKS = 250;
const REPAIRS = 1200;
const LEAST_WALKS = 8;
/** After so many inputs with nothing new, ways are sought anew. */
const IDLE = 20;
const MOST_ROUNDS = 8;
/** Of what comes of an input that took longer in its program. */
const MOST_STEPS = 1_000_000;
const SHORT_WALK = 1000;
/** Where other inputs are waiting that should reach new code. */
const BUSY_WALK = 2000;

/** Tests one function, with inputs that are sought where they reach new code. */
export class Explorer {
  private readonly pair: Pair;
  private readonly f: FunctionPair;
  private readonly options: TestOptions;
  private readonly random: Random;
  private readonly coverage: Coverage;
  private readonly steering: Steering;
  private readonly corpus: Input[] = [];
  private readonly spots = new Map<string, Spot>();
  private readonly words: readonly bigint[];
  /** How long runs have been, as powers of two. */
  private readonly lengths = new Set<number>();
  private compared = 0;
  private discarded = 0;
  private runs = 0;
  private walks = 0;
  private repairs = 0;
  private walked = 0;
  private rounds = 0;

  constructor(pair: Pair, f: FunctionPair, options: TestOptions) {
    this.pair = pair;
    this.f = f;
    this.options = options;
    this.random = new Random(options.seed ^ hash(f.name) ^ 0x9e3779b9);
    this.coverage = new Coverage(f.source);
    this.steering = new Steering(this.coverage, pair.source, this.random, options.solver);
    this.words = numbersIn(f.source);
  }

  async run(): Promise<FunctionReport> {
    const { options, random, corpus } = this;
    const different = this.recorded();
    if (different !== undefined) return this.differs(different.what, different.input);
    this.steering.add(emptyInput(), 0);
    let idle = 0;
    for (;;) {
      const found = await this.follow();
      if (found !== undefined) return this.differs(found.what, found.input);
      if (this.runs >= options.runs) break;
      if (this.coverage.complete && idle > 0.8 * options.runs) break;
      const parent = corpus[random.below(corpus.length)] ?? emptyInput();
      const make = random.chance(parent.steps === undefined ? 0.4 : 0.05) ? shuffled : mutated;
      const input = make(parent, [...this.spots.values()], random, this.words);
      const outcome = this.try(input);
      if (outcome === 'new') {
        corpus.push(input);
        this.steering.add(input, 0);
        idle = 0;
      } else if (outcome !== undefined) return this.differs(outcome, input);
      else if (++idle % IDLE === 0 && !this.coverage.complete && this.rounds++ < MOST_ROUNDS) {
        // Nothing new for long: what this input does may lead where what came before did not.
        this.steering.begin();
        this.steering.add(input, 0);
        this.steering.add(parent, 0);
      }
    }
    return this.report(undefined, await this.unreachable());
  }

  /** Tries what was recorded in runs of the program; the difference, if there is one. */
  private recorded(): { what: string; input: Input } | undefined {
    for (const carved of this.options.carved?.(this.f.name) ?? []) {
      const input = inputOf(carved, this.pair.source);
      const outcome = this.try(input, input.steps);
      if (outcome === 'new') this.corpus.push(input);
      else if (outcome !== undefined) return { what: outcome, input };
      this.steering.add(input, 0);
    }
    return undefined;
  }

  /** Of the ways that were not taken, how many nothing can take. */
  private async unreachable(): Promise<number> {
    const { coverage, f, options, pair } = this;
    const missing = coverage.missing.filter((m) => m.way !== undefined);
    if (options.solver === undefined || missing.length > MOST_MISSING) return 0;
    const { program } = f.source.file;
    const prover = new Unreachable(f.source.code, pair.source.image.isa, options.solver, (n) =>
      program.functionOf.has(n),
    );
    let count = 0;
    for (const { block, way } of missing) if (await prover.proved(block, way)) count++;
    return count;
  }

  /** Follows the inputs that are waiting, and those that come of them. */
  private async follow(): Promise<{ what: string; input: Input } | undefined> {
    const { pair, f, options, steering, random } = this;
    const walks = options.walks ?? WALKS;
    const may = (): boolean =>
      this.walks < walks && this.repairs < REPAIRS && this.walked < ALL_STEPS && termCount() < ALL_TERMS;
    // What a function takes may only be seen in what it calls, however few ways there are through itself.
    while (may() && !(this.coverage.complete && this.walks + this.repairs >= LEAST_WALKS)) {
      const next = steering.next();
      if (next === undefined) return undefined;
      if (next.repairs > 0) this.repairs++;
      else this.walks++;
      place(pair.source, next.input);
      const most = this.coverage.complete ? SHORT_WALK : steering.isBusy ? BUSY_WALK : WALK_STEPS;
      const w = walk(pair.source, f.source, next.input, most);
      this.walked += w.steps;
      for (const spot of w.spots.values()) this.spots.set(JSON.stringify(spot), spot);
      if (w.ending === 'fault' && w.fault !== undefined) {
        if (next.repairs < MOST_REPAIRS) {
          for (const r of repaired(pair.source, next.input, w, this.random)) steering.add(r, 0, next.repairs + 1);
        }
      } else {
        // What takes too long to follow may still end.
        const outcome = this.try(next.input);
        if (outcome === 'new') this.corpus.push(next.input);
        else if (outcome !== undefined) return { what: outcome, input: next.input };
      }
      if (w.answers > 0 && (w.ending === 'long' || w.ending === 'fault') && next.input.leaves < 0) {
        // A function outside may be one that never comes back.
        const at = w.ending === 'fault' ? w.answers - 1 : random.below(Math.min(4, w.answers));
        steering.add({ ...copyOf(next.input), leaves: at }, 0, next.repairs + 1);
      }
      await steering.turn(next.input, w, f.source);
    }
    return this.coverage.complete ? undefined : this.tryWaiting();
  }

  /** Tries inputs that nobody will follow any more; those that are made at random are as many as without them. */
  private tryWaiting(): { what: string; input: Input } | undefined {
    const { runs } = this;
    for (let next = this.steering.next(); next !== undefined; next = this.steering.next()) {
      const outcome = this.try(next.input);
      if (outcome === 'new') this.corpus.push(next.input);
      else if (outcome !== undefined) return { what: outcome, input: next.input };
    }
    this.runs = runs;
    return undefined;
  }

  /** `new` where the input reached something new, a difference, or nothing. */
  private try(input: Input, most = MOST_STEPS): string | undefined {
    const { pair, f, options } = this;
    const steps = Math.max(options.steps, Math.min(most, input.steps ?? 0));
    this.runs++;
    pair.source.machine.history.clearCounts(f.source);
    const before = pair.source.machine.executed;
    const a = runSide(pair.source, f.source, input, steps);
    const length = Math.ceil(Math.log2(1 + pair.source.machine.executed - before));
    const trapped = a.ending.kind === 'fault' && a.ending.fault.kind === 'trap';
    if ((a.ending.kind === 'fault' && !trapped) || a.ending.kind === 'long' || !keptItsWord(pair, a)) {
      this.discarded++;
      return undefined;
    }
    const b = runSide(pair.target, f.target, input, 20 * steps + 10_000);
    this.compared++;
    const fresh = this.coverage.add(pair.source.machine);
    const found = difference(pair, f, [a, b], input, steps);
    // Twice as many instructions: loops turn more often, or functions that this one calls go other ways.
    const longer = !this.lengths.has(length);
    this.lengths.add(length);
    return found ?? (fresh || longer ? 'new' : undefined);
  }

  private differs(what: string, input: Input): FunctionReport {
    const still = (i: Input): boolean => {
      const found = this.try(i);
      return found !== undefined && found !== 'new';
    };
    return this.report({ what, input: shrink(input, still) });
  }

  private report(difference: FunctionReport['difference'], unreachable = 0): FunctionReport {
    const { f, coverage } = this;
    const { blocks, reached, branches, taken, missed, untaken } = coverage;
    return {
      name: f.name,
      compared: this.compared,
      discarded: this.discarded,
      ...{ blocks, reached, branches, taken, unreachable, missed, untaken },
      ...(difference === undefined ? {} : { difference }),
    };
  }
}

/** Where more ways were not taken, inputs are what is missing. */
const MOST_MISSING = 6;
/** How many pointers one input gets one after the other. */
const MOST_REPAIRS = 200;

function hash(text: string): number {
  let h = 7;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** Numbers that the function's instructions name: what it compares with is likely to be among them. */
function numbersIn(fn: LinkedFunction): bigint[] {
  const found = new Set<bigint>();
  for (const inst of fn.code.insts) {
    for (const op of inst.ops) if (op.kind === 'imm' && op.value.plus === undefined) found.add(op.value.offset);
  }
  return [...found];
}
