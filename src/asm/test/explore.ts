// SPDX-License-Identifier: MIT
import type { Program } from '../program/types.ts';
import { has, usesOf } from '../run/code/live.ts';
import type { LinkedFunction } from '../run/link/image.ts';
import { describeBlock } from '../run/report.ts';
import { compare, type FunctionPair, keptItsWord, runSide } from './call.ts';
import { discover } from './discover.ts';
import { copyOf, type Input, mutated, plainInput, randomInput } from './input.ts';
import { Random } from './random.ts';
import { homeOfResult, type Pair, pairOf, type Side } from './side.ts';

/** Tests functions of two programs against each other, with inputs that are sought where they reach new code. */

export interface TestOptions {
  readonly seed: number;
  /** Inputs per function. */
  readonly runs: number;
  /** Instructions per run of the source. */
  readonly steps: number;
  readonly only?: readonly string[];
}

export interface FunctionReport {
  readonly name: string;
  /** Inputs with which the source ended in good order, and the target was compared. */
  readonly compared: number;
  /** Inputs with which the source did what it must not. */
  readonly discarded: number;
  readonly blocks: number;
  readonly reached: number;
  /** Ways out of conditional jumps. */
  readonly branches: number;
  readonly taken: number;
  /** Lines of blocks that were not reached. */
  readonly missed: readonly number[];
  readonly difference?: { readonly what: string; readonly input: Input };
}

export interface TestReport {
  readonly functions: readonly FunctionReport[];
}

/** The report, or why the programs cannot be run side by side. */
export function testPrograms(source: Program, target: Program, options: TestOptions): TestReport | string {
  const pair = pairOf(source, target);
  if (typeof pair === 'string') return pair;
  const functions: FunctionReport[] = [];
  for (const code of source.functions) {
    if (options.only !== undefined && !options.only.includes(code.name)) continue;
    const f = functionPair(pair, code.name);
    if (f !== undefined) functions.push(new Explorer(pair, f, options).run());
  }
  return { functions };
}

export interface Replay {
  readonly difference: string | undefined;
  /** The blocks that the source entered last, and the target, the latest first. */
  readonly source: readonly string[];
  readonly target: readonly string[];
}

/** One function with one input, on both sides. */
export function replay(source: Program, target: Program, name: string, input: Input): Replay | string {
  const pair = pairOf(source, target);
  if (typeof pair === 'string') return pair;
  const f = functionPair(pair, name);
  if (f === undefined) return `${name} is not in both`;
  const a = runSide(pair.source, f.source, input, REPLAY_STEPS);
  const b = runSide(pair.target, f.target, input, 4 * REPLAY_STEPS);
  const way = ({ image, machine }: Side): string[] => machine.lastBlocks(12).map((n) => describeBlock(image, n));
  return { difference: compare(pair, f, a, b), source: way(pair.source), target: way(pair.target) };
}

const REPLAY_STEPS = 10_000_000;

function functionPair(pair: Pair, name: string): FunctionPair | undefined {
  const [source, target] = [pair.source.fn(name), pair.target.fn(name)];
  if (source === undefined || target === undefined) return undefined;
  const { abi } = pair.source.machine;
  const targetResult = pair.target.machine.abi.integerResults[0];
  const sets = (loc: string): boolean => setsSomewhere(pair.source, source, loc);
  const [integer, float] = [abi.integerResults[0], abi.floatResult];
  const { program } = source.file;
  const own = program.symbols.get(name)?.binding === 'local' && !program.addressTaken.has(name);
  if (!own) {
    // That a second register is a result can only be seen from who reads it.
    const setsSecond = pair.source.readBehind(source, [abi.integerResults[1]]).length > 0;
    return {
      name,
      source,
      target,
      setsInteger: sets(integer),
      setsSecond,
      setsFloat: sets(float),
      resultPlaces: [targetResult],
    };
  }
  // Only its callers read what such a function returns, and they are all here.
  const read = pair.source.readBehind(source, [integer, float]);
  return {
    name,
    source,
    target,
    setsInteger: sets(integer) && read.includes(integer),
    setsSecond: false,
    setsFloat: sets(float) && read.includes(float),
    resultPlaces: [targetResult, homeOfResult(pair.target.image)],
  };
}

/** The first inputs are all zeros, all ones and so on. */
const PLAIN = 4;

function setsSomewhere(side: Side, fn: LinkedFunction, loc: string): boolean {
  const { isa } = side.image;
  const index = isa.locations.findIndex((l) => l.name === loc);
  return usesOf(fn.code, isa).some((u) => has(u.writes, index));
}

class Explorer {
  private readonly pair: Pair;
  private readonly f: FunctionPair;
  private readonly options: TestOptions;
  private readonly random: Random;
  private readonly entered = new Set<number>();
  private readonly ways = new Set<number>();
  private compared = 0;
  private discarded = 0;

  constructor(pair: Pair, f: FunctionPair, options: TestOptions) {
    this.pair = pair;
    this.f = f;
    this.options = options;
    this.random = new Random(options.seed ^ hash(f.name));
  }

  run(): FunctionReport {
    const { f, pair, options, random } = this;
    const words = numbersIn(f.source);
    const shape = discover(pair.source, f.source, random, words, options.steps);
    const corpus: Input[] = [];
    let idle = 0;
    for (let n = 0; n < options.runs; n++) {
      const parent = corpus[random.below(corpus.length)];
      let input: Input;
      if (n < PLAIN) input = plainInput(shape.pointers, shape.buffers, n);
      else if (parent === undefined || random.chance(0.25)) {
        input = randomInput(shape.pointers, shape.buffers, random, words);
      } else input = mutated(parent, shape.pointers, random, words);
      const difference = this.try(input);
      if (difference === 'new') {
        corpus.push(input);
        idle = 0;
      } else if (difference !== undefined) return this.report({ what: difference, input: this.shrink(input) });
      else idle++;
      if (this.complete() && idle > options.runs / 3) break;
    }
    return this.report(undefined);
  }

  /** `new` where the input reached something new, a difference, or nothing. */
  private try(input: Input): string | undefined {
    const { pair, f, options } = this;
    pair.source.machine.clearCounts(f.source);
    const a = runSide(pair.source, f.source, input, options.steps);
    const trapped = a.ending.kind === 'fault' && a.ending.fault.kind === 'trap';
    if ((a.ending.kind === 'fault' && !trapped) || a.ending.kind === 'long' || !keptItsWord(pair, a)) {
      this.discarded++;
      return undefined;
    }
    const b = runSide(pair.target, f.target, input, 20 * options.steps + 10_000);
    const found = compare(pair, f, a, b);
    this.compared++;
    const fresh = this.cover();
    if (found !== undefined) return found;
    return fresh ? 'new' : undefined;
  }

  private cover(): boolean {
    const { f, pair } = this;
    const before = this.entered.size + this.ways.size;
    for (const b of f.source.code.blocks) {
      const [entered, taken] = pair.source.machine.counts(f.source.firstBlock + b.index);
      if (entered === 0) continue;
      this.entered.add(b.index);
      if (b.flow.kind !== 'jump' || !b.flow.conditional) continue;
      if (taken > 0) this.ways.add(2 * b.index);
      if (taken < entered) this.ways.add(2 * b.index + 1);
    }
    return this.entered.size + this.ways.size > before;
  }

  private conditional(): number {
    return this.f.source.code.blocks.filter((b) => b.flow.kind === 'jump' && b.flow.conditional).length;
  }

  private complete(): boolean {
    return this.entered.size === this.f.source.code.blocks.length && this.ways.size === 2 * this.conditional();
  }

  /** A smaller input with which the two still differ. */
  private shrink(input: Input): Input {
    let best = input;
    const attempt = (change: (i: Input) => Input): void => {
      const next = change(copyOf(best));
      const found = this.try(next);
      if (found !== undefined && found !== 'new') best = next;
    };
    for (let i = 0; i < best.integers.length; i++)
      attempt((x) => Object.assign(x, { integers: x.integers.with(i, 0n) }));
    for (let i = 0; i < best.floats.length; i++) attempt((x) => Object.assign(x, { floats: x.floats.with(i, 0n) }));
    for (let b = 0; b < best.buffers.length; b++) {
      for (let size = 4096; size >= 8; size /= 4) {
        for (let at = 0; at < (size === 4096 ? 4096 : Math.min(512, 16 * size)); at += size) {
          if (best.buffers[b]?.subarray(at, at + size).every((v) => v === 0) === true) continue;
          attempt((x) => {
            x.buffers[b]?.fill(0, at, at + size);
            return x;
          });
        }
      }
    }
    return best;
  }

  private report(difference: FunctionReport['difference']): FunctionReport {
    const { f } = this;
    const { blocks, insts } = f.source.code;
    const missed = blocks.filter((b) => !this.entered.has(b.index)).map((b) => insts[b.start]?.span?.line ?? 0);
    return {
      name: f.name,
      compared: this.compared,
      discarded: this.discarded,
      blocks: blocks.length,
      reached: this.entered.size,
      branches: 2 * this.conditional(),
      taken: this.ways.size,
      missed,
      ...(difference === undefined ? {} : { difference }),
    };
  }
}

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
