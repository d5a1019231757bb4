// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import type { Inst } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import { addAll, type ChunkSet, chunksOf, emptySet, removeAll } from './chunks.ts';
import type { CallEffect, CallModel } from './conventions.ts';
import { type InstSummary, stepBack, summaryOf } from './effects-summary.ts';
import { postorder } from './order.ts';
import { type Block, type FunctionCode, leavesFunction } from './types.ts';

/** Which chunks matter where. Sets that are handed out must not be changed, and `replay` reuses the one it passes. */
export interface Liveness {
  readonly code: FunctionCode;
  liveIn(block: number): ChunkSet;
  /** Behind the block's last instruction. */
  liveOut(block: number): ChunkSet;
  /** Goes backwards through a block; `liveAfter` is what matters right behind the instruction. */
  replay(block: number, visit: (inst: number, liveAfter: ChunkSet) => void): void;
}

/** The summaries of a function's instructions, in order. */
export function summariesOf(code: FunctionCode, isa: Isa): readonly InstSummary[] {
  let list = known.get(code.insts);
  if (list === undefined) {
    list = code.insts.map((inst) => summaryOf(inst, isa));
    known.set(code.insts, list);
  }
  return list;
}

const known = new WeakMap<readonly Inst[], readonly InstSummary[]>();

/**
 * Backward dataflow over the blocks. A chunk is live where something that depends on it matters: a memory access, a
 * condition, a call, or a live chunk. `defined` is what `mayBeDefined` gives, where the caller has it already.
 */
export function liveness(code: FunctionCode, isa: Isa, model: CallModel, defined?: readonly ChunkSet[]): Liveness {
  const chunks = chunksOf(isa);
  const { words } = chunks;
  const { blocks } = code;
  const summaries = summariesOf(code, isa);
  const inSets = new Int32Array(blocks.length * words);
  const views = blocks.map((_, b) => inSets.subarray(b * words, (b + 1) * words));
  const liveIn = (b: number): ChunkSet => must(views[b], 'a block');
  const ends = exitSets(code, isa, model, defined);
  const calls = blocks.map((block) => callEffect(code, block, model));
  const needed = emptySet(chunks);

  const liveOut = (block: Block, into: ChunkSet): void => {
    into.fill(0);
    for (const s of block.successors) addAll(into, liveIn(s));
    const exit = ends[block.index];
    if (exit !== undefined) addAll(into, exit);
  };
  const step = (i: number, block: Block, live: ChunkSet): void => {
    const effect = i === block.end - 1 ? calls[block.index] : undefined;
    if (effect !== undefined) {
      removeAll(live, effect.clobbers);
      addAll(live, effect.uses);
    }
    stepBack(live, must(summaries[i], 'a summary'), needed);
  };

  const predecessors = predecessorsOf(blocks);
  const order = postorder(blocks);
  const dirty = new Uint8Array(blocks.length).fill(1);
  const live = emptySet(chunks);
  for (let again = true; again; ) {
    again = false;
    for (const b of order) {
      const block = blocks[b];
      if (dirty[b] === 0 || block === undefined) continue;
      dirty[b] = 0;
      liveOut(block, live);
      for (let i = block.end - 1; i >= block.start; i--) step(i, block, live);
      if (!addAll(liveIn(b), live)) continue;
      for (const p of predecessors[b] ?? []) dirty[p] = 1;
      again = true;
    }
  }
  return {
    code,
    liveIn,
    liveOut: (b) => {
      const set = emptySet(chunks);
      liveOut(must(blocks[b], 'a block'), set);
      return set;
    },
    replay: (b, visit) => {
      const block = must(blocks[b], 'a block');
      const set = emptySet(chunks);
      liveOut(block, set);
      for (let i = block.end - 1; i >= block.start; i--) {
        visit(i, set);
        step(i, block, set);
      }
    },
  };
}

function callEffect(code: FunctionCode, block: Block, model: CallModel): CallEffect | undefined {
  if (block.flow.kind !== 'call') return undefined;
  return model.atCall(must(code.insts[block.end - 1], 'an instruction'), block.flow.target);
}

/** What is read behind blocks that leave the function. */
function exitSets(
  code: FunctionCode,
  isa: Isa,
  model: CallModel,
  given: readonly ChunkSet[] | undefined,
): readonly (ChunkSet | undefined)[] {
  let defined = given;
  return code.blocks.map((block) => {
    if (!leavesFunction(block)) return undefined;
    defined ??= mayBeDefined(code, isa, model);
    const set = must(defined[block.index], 'a set per block');
    if (block.flow.kind === 'return') return model.atReturn(set);
    return model.atTailCall(must(code.insts[block.end - 1], 'an instruction'), block.tailCall, set);
  });
}

/** Per block: what the function may have written, itself or by calls, when control leaves the block. */
export function mayBeDefined(code: FunctionCode, isa: Isa, model: CallModel): readonly ChunkSet[] {
  const { blocks } = code;
  const summaries = summariesOf(code, isa);
  const sets = blocks.map((block) => {
    const set = emptySet(chunksOf(isa));
    for (let i = block.start; i < block.end; i++) addAll(set, must(summaries[i], 'a summary').writes);
    const effect = callEffect(code, block, model);
    if (effect !== undefined) addAll(set, effect.clobbers);
    return set;
  });
  const order = postorder(blocks).reverse();
  const dirty = new Uint8Array(blocks.length).fill(1);
  for (let again = true; again; ) {
    again = false;
    for (const b of order) {
      const own = sets[b];
      if (dirty[b] === 0 || own === undefined) continue;
      dirty[b] = 0;
      for (const s of blocks[b]?.successors ?? []) {
        const into = sets[s];
        if (into === undefined || !addAll(into, own)) continue;
        dirty[s] = 1;
        again = true;
      }
    }
  }
  return sets;
}

export function predecessorsOf(blocks: readonly Block[]): readonly (readonly number[])[] {
  const lists: number[][] = blocks.map(() => []);
  for (const block of blocks) for (const s of block.successors) lists[s]?.push(block.index);
  return lists;
}
