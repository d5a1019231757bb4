// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import type { Inst } from '../isa/define.ts';
import { calleeOf } from './callee.ts';
import {
  addAll,
  addChunk,
  type ChunkSet,
  chunksOf,
  emptySet,
  hasChunk,
  isSubset,
  keepOnly,
  removeAll,
} from './chunks.ts';
import type { CallModel } from './conventions.ts';
import { type Liveness, LivenessSolver, summariesOf } from './liveness.ts';
import { postorderOf } from './order.ts';
import { type FunctionCode, leavesFunction, type Program } from './types.ts';

/** What a function means to the other functions of its file. */
export interface FunctionSummary {
  readonly code: FunctionCode;
  /**
   * What may have other values after a call than before, callees included; never the stack pointer. Whole locations: of
   * one that is written in part, the rest comes back from the function too, which must not lose it on its way.
   */
  readonly clobbers: ChunkSet;
  /** What it may read of the values at entry, results it passes on included. */
  readonly uses: ChunkSet;
  /** What callers in this file read after calls of what it may change, as a result or otherwise. */
  readonly extraResults: ChunkSet;
  /** Functions of this file that it calls or jumps to so that no other definition can come between. */
  readonly callees: readonly number[];
  readonly liveness: Liveness;
}

export interface ProgramSummary {
  /** By function index. */
  readonly functions: readonly FunctionSummary[];
  /** The function that a direct call or tail call is certain to reach. */
  callee(inst: Inst, target: string | undefined): number | undefined;
}

/**
 * Liveness for a whole file. Compilers keep values in caller-saved registers across calls to functions whose code they
 * know, and hand-written code has conventions of its own, so calls within the file go by what the callee does.
 */
export function summariseProgram(program: Program, model: CallModel): ProgramSummary {
  const { isa, functions } = program;
  const chunks = chunksOf(isa);
  const known = new Map<Inst, { readonly target: string; readonly index: number | undefined }>();
  const callee = (inst: Inst, target: string | undefined): number | undefined => {
    if (target === undefined) return undefined;
    const before = known.get(inst);
    if (before?.target === target) return before.index;
    const index = calleeOf(program, inst, target);
    if (before === undefined) known.set(inst, { target, index });
    return index;
  };
  const callees = functions.map((code) => calleesOf(code, callee));
  const callers: number[][] = functions.map(() => []);
  callees.forEach((list, f) => {
    for (const g of list) callers[g]?.push(f);
  });
  const order = postorderOf(functions.length, (f) => callees[f] ?? []);
  const clobbers = findClobbers(program, model, callee, callees, order);

  const uses = functions.map(() => emptySet(chunks));
  const extra = functions.map(() => emptySet(chunks));
  const results: (LivenessSolver | undefined)[] = functions.map(() => undefined);

  const modelFor = (f: number): CallModel => ({
    atCall: (inst, target) => {
      const g = callee(inst, target);
      const read = g === undefined ? undefined : uses[g];
      const lost = g === undefined ? undefined : clobbers[g];
      return read === undefined || lost === undefined ? model.atCall(inst, target) : { uses: read, clobbers: lost };
    },
    atReturn: (defined) => {
      const set = model.atReturn(defined).slice();
      addAll(set, must(extra[f], 'a set per function'));
      return set;
    },
    atTailCall: (inst, target, defined) => {
      const g = callee(inst, target);
      const set = g === undefined ? model.atTailCall(inst, target, defined).slice() : model.atReturn(defined).slice();
      addAll(set, must(extra[f], 'a set per function'));
      if (g === undefined) return set;
      removeAll(set, must(clobbers[g], 'a set per function'));
      addAll(set, must(uses[g], 'a set per function'));
      return set;
    },
  });

  const queued = new Uint8Array(functions.length).fill(1);
  let queue = [...order];
  /** Notes what is read after a call to `g`; true when that is news. */
  const demand = (g: number, live: ChunkSet, after: 'call' | 'tail call'): void => {
    const news = live.slice();
    // Behind a tail call even what `g` leaves alone is looked for where results are.
    if (after === 'call') keepOnly(news, must(clobbers[g], 'a set per function'));
    if (addAll(must(extra[g], 'a set per function'), news) && queued[g] === 0) {
      queued[g] = 1;
      queue.push(g);
    }
  };
  while (queue.length > 0) {
    const round = queue;
    queue = [];
    for (const f of round) {
      const code = must(functions[f], 'a function');
      queued[f] = 0;
      const result = results[f] ?? new LivenessSolver(code, isa);
      results[f] = result;
      result.solve(modelFor(f));
      for (const block of code.blocks) {
        const inst = code.insts[block.end - 1];
        if (inst === undefined) continue;
        const called = block.flow.kind === 'call' ? callee(inst, block.flow.target) : undefined;
        if (called !== undefined) demand(called, result.liveOut(block.index), 'call');
        const jumped = block.tailCall === undefined ? undefined : callee(inst, block.tailCall);
        if (jumped !== undefined) demand(jumped, must(extra[f], 'a set per function'), 'tail call');
      }
      if (code.blocks.length === 0 || isSubset(result.liveIn(0), must(uses[f], 'a set per function'))) continue;
      addAll(must(uses[f], 'a set per function'), result.liveIn(0));
      for (const g of callers[f] ?? []) {
        if (queued[g] === 1) continue;
        queued[g] = 1;
        queue.push(g);
      }
    }
  }
  return {
    functions: functions.map((code, f) => ({
      code,
      clobbers: must(clobbers[f], 'a set per function'),
      uses: must(uses[f], 'a set per function'),
      extraResults: must(extra[f], 'a set per function'),
      callees: must(callees[f], 'a list per function'),
      liveness: must(results[f], 'liveness per function'),
    })),
    callee,
  };
}

function calleesOf(
  code: FunctionCode,
  callee: (inst: Inst, target: string | undefined) => number | undefined,
): readonly number[] {
  const found = new Set<number>();
  for (const block of code.blocks) {
    const inst = code.insts[block.end - 1];
    if (inst === undefined) continue;
    const called = block.flow.kind === 'call' ? callee(inst, block.flow.target) : undefined;
    const jumped = block.tailCall === undefined ? undefined : callee(inst, block.tailCall);
    if (called !== undefined) found.add(called);
    if (jumped !== undefined) found.add(jumped);
  }
  return [...found];
}

/** What each function may change: what its instructions write, and what its callees may change. */
function findClobbers(
  program: Program,
  model: CallModel,
  callee: (inst: Inst, target: string | undefined) => number | undefined,
  callees: readonly (readonly number[])[],
  order: readonly number[],
): readonly ChunkSet[] {
  const { isa, functions } = program;
  const chunks = chunksOf(isa);
  const sp = emptySet(chunks);
  for (const c of chunks.ofLocation.get(isa.stackPointer) ?? []) addChunk(sp, c.index);
  const sets = functions.map((code) => {
    const set = emptySet(chunks);
    for (const s of summariesOf(code, isa)) addAll(set, s.writes);
    for (const block of code.blocks) {
      const inst = must(code.insts[block.end - 1], 'an instruction');
      const { flow, tailCall } = block;
      const calls = flow.kind === 'call' && callee(inst, flow.target) === undefined;
      const jumps = leavesFunction(block) && flow.kind !== 'return' && callee(inst, tailCall) === undefined;
      if (calls || jumps) addAll(set, model.atCall(inst, undefined).clobbers);
    }
    removeAll(set, sp);
    for (const { name } of isa.locations) {
      const own = chunks.ofLocation.get(name) ?? [];
      if (own.some((c) => hasChunk(set, c.index))) for (const c of own) addChunk(set, c.index);
    }
    return set;
  });
  for (let again = true; again; ) {
    again = false;
    for (const f of order) {
      for (const g of callees[f] ?? []) {
        if (g !== f && addAll(must(sets[f], 'a set per function'), must(sets[g], 'a set per function'))) again = true;
      }
    }
  }
  return sets;
}
