// SPDX-License-Identifier: MIT

import { resetTerms } from '../../logic/build.ts';
import type { Block, Program } from '../program/types.ts';
import { has, usesOf } from '../run/code/live.ts';
import type { LinkedFunction } from '../run/link/image.ts';
import { describeBlock } from '../run/report.ts';
import { type FunctionPair, runSide } from './call.ts';
import { buffersFor } from './carve/input-of.ts';
import { Explorer, type FunctionReport, type TestOptions } from './explorer.ts';
import { type Input, MOST_BUFFERS } from './input.ts';
import { type Around, homeOfResult, type Pair, pairOf, type Side } from './side.ts';
import { difference } from './undetermined.ts';

/** Tests functions of two programs against each other, with inputs that are sought where they reach new code. */

export interface TestReport {
  readonly functions: readonly FunctionReport[];
}

/** The report, or why the programs cannot be run side by side. */
export async function testPrograms(
  source: Program,
  target: Program,
  options: TestOptions,
): Promise<TestReport | string> {
  const pair = pairOf(source, target, aroundOf(source, options));
  if (typeof pair === 'string') return pair;
  const functions: FunctionReport[] = [];
  for (const code of source.functions) {
    if (options.only !== undefined && !options.only.includes(code.name)) continue;
    const f = functionPair(pair, code.name, options.keepsResults === true);
    if (f === undefined) continue;
    const report = await new Explorer(pair, f, options).run();
    functions.push(report);
    options.done?.(report);
    resetTerms();
  }
  return { functions };
}

/** What recorded calls need. */
function aroundOf(source: Program, { carved, objects }: TestOptions): Around {
  const needed = source.functions.flatMap((f) => (carved?.(f.name) ?? []).map(buffersFor));
  return { buffers: Math.max(MOST_BUFFERS, 8 + Math.max(0, ...needed)), objects: objects ?? new Map() };
}

export interface Replay {
  readonly difference: string | undefined;
  /** The blocks that the source entered last, and the target, the latest first. */
  readonly source: readonly string[];
  readonly target: readonly string[];
}

/** One function with one input, on both sides. */
export function replay(
  source: Program,
  target: Program,
  name: string,
  input: Input,
  objects: ReadonlyMap<string, Uint8Array> = new Map(),
): Replay | string {
  const pair = pairOf(source, target, { buffers: Math.max(MOST_BUFFERS, input.buffers.length), objects });
  if (typeof pair === 'string') return pair;
  const f = functionPair(pair, name);
  if (f === undefined) return `${name} is not in both`;
  const a = runSide(pair.source, f.source, input, REPLAY_STEPS);
  const b = runSide(pair.target, f.target, input, 4 * REPLAY_STEPS);
  const way = ({ image, machine }: Side): string[] =>
    machine.history.lastBlocks(12).map((n) => describeBlock(image, n));
  const strict = functionPair(pair, name, true) ?? f;
  const found =
    difference(pair, f, [a, b], input, REPLAY_STEPS) ?? difference(pair, strict, [a, b], input, REPLAY_STEPS);
  return { difference: found, source: way(pair.source), target: way(pair.target) };
}

const REPLAY_STEPS = 10_000_000;

function functionPair(pair: Pair, name: string, keepsResults = false): FunctionPair | undefined {
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
      // What a function of the file leaves in a register that is no result of its own may be different.
      keepsLeft: keepsResults,
      keepsSeconds: keepsResults && !source.code.blocks.some((b) => callsWithin(pair.source, b)),
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
    keepsSeconds: false,
    keepsLeft: false,
    resultPlaces: [targetResult, homeOfResult(pair.target.image)],
  };
}

function setsSomewhere(side: Side, fn: LinkedFunction, loc: string): boolean {
  const { isa } = side.image;
  const index = isa.locations.findIndex((l) => l.name === loc);
  return usesOf(fn.code, isa).some((u) => has(u.writes, index));
}

/** Whether a block calls, or jumps to, a function of the file, or one that only runs will tell. */
function callsWithin(side: Side, { flow, tailCall, successors }: Block): boolean {
  if (flow.kind === 'indirect') return successors.length === 0;
  const name = tailCall ?? (flow.kind === 'call' ? (flow.target ?? '') : undefined);
  return name !== undefined && !side.image.externals.has(name);
}
