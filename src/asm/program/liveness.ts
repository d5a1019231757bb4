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

/** Backward dataflow over the blocks, for a function on its own. */
export function liveness(code: FunctionCode, isa: Isa, model: CallModel): Liveness {
  const solver = new LivenessSolver(code, isa);
  solver.solve(model);
  return solver;
}

/**
 * Backward dataflow over the blocks. A chunk is live where something that depends on it matters: a memory access, a
 * condition, a call, or a live chunk.
 *
 * It can be solved again with models by which calls and returns read more than by those before, and then goes on from
 * where it was: all sets only grow, so the least solution is the same. What calls clobber must not change.
 */
export class LivenessSolver implements Liveness {
  readonly code: FunctionCode;
  private readonly isa: Isa;
  private readonly words: number;
  private readonly summaries: readonly InstSummary[];
  private readonly order: readonly number[];
  private readonly predecessors: readonly (readonly number[])[];
  /** Per block, in a row: what is live at its beginning. */
  private readonly inSets: Int32Array;
  private readonly dirty: Uint8Array;
  /** Blocks where a model has its say: those that end with a call or leave the function. */
  private readonly borders: readonly Block[];
  private readonly exits: (ChunkSet | undefined)[] = [];
  private readonly calls: (CallEffect | undefined)[] = [];
  private readonly needed: ChunkSet;
  private defined: Int32Array | undefined;

  constructor(code: FunctionCode, isa: Isa) {
    const chunks = chunksOf(isa);
    this.code = code;
    this.isa = isa;
    this.words = chunks.words;
    this.summaries = summariesOf(code, isa);
    this.order = postorder(code.blocks);
    this.predecessors = predecessorsOf(code.blocks);
    this.inSets = new Int32Array(code.blocks.length * chunks.words);
    this.dirty = new Uint8Array(code.blocks.length).fill(1);
    this.borders = code.blocks.filter((block) => block.flow.kind === 'call' || leavesFunction(block));
    this.needed = emptySet(chunks);
  }

  solve(model: CallModel): void {
    const { code, dirty, order } = this;
    for (const block of this.borders) {
      this.calls[block.index] = callEffect(code, block, model);
      if (leavesFunction(block)) this.exits[block.index] = this.exitSet(block, model);
      dirty[block.index] = 1;
    }
    const live = emptySet(chunksOf(this.isa));
    for (let again = true; again; ) {
      again = false;
      for (const b of order) {
        const block = code.blocks[b];
        if (dirty[b] === 0 || block === undefined) continue;
        dirty[b] = 0;
        this.outOf(block, live);
        for (let i = block.end - 1; i >= block.start; i--) this.step(i, block, live);
        if (!this.grow(b, live)) continue;
        for (const p of this.predecessors[b] ?? []) dirty[p] = 1;
        again = true;
      }
    }
  }

  liveIn(block: number): ChunkSet {
    return this.inSets.slice(block * this.words, (block + 1) * this.words);
  }

  liveOut(block: number): ChunkSet {
    const set = emptySet(chunksOf(this.isa));
    this.outOf(must(this.code.blocks[block], 'a block'), set);
    return set;
  }

  replay(b: number, visit: (inst: number, liveAfter: ChunkSet) => void): void {
    const block = must(this.code.blocks[b], 'a block');
    const set = this.liveOut(b);
    for (let i = block.end - 1; i >= block.start; i--) {
      visit(i, set);
      this.step(i, block, set);
    }
  }

  private outOf(block: Block, into: ChunkSet): void {
    const { inSets, words } = this;
    into.fill(0);
    for (const s of block.successors) {
      const at = s * words;
      for (let w = 0; w < words; w++) into[w] = (into[w] ?? 0) | (inSets[at + w] ?? 0);
    }
    const exit = this.exits[block.index];
    if (exit !== undefined) addAll(into, exit);
  }

  private grow(block: number, live: ChunkSet): boolean {
    const { inSets, words } = this;
    const at = block * words;
    let grew = false;
    for (let w = 0; w < words; w++) {
      const before = inSets[at + w] ?? 0;
      const after = before | (live[w] ?? 0);
      if (after === before) continue;
      inSets[at + w] = after;
      grew = true;
    }
    return grew;
  }

  private step(i: number, block: Block, live: ChunkSet): void {
    if (i === block.end - 1) {
      const effect = this.calls[block.index];
      if (effect !== undefined) {
        removeAll(live, effect.clobbers);
        addAll(live, effect.uses);
      }
    }
    const summary = this.summaries[i];
    if (summary !== undefined) stepBack(live, summary, this.needed);
  }

  /** What is read behind a block that leaves the function. */
  private exitSet(block: Block, model: CallModel): ChunkSet {
    const { code, words } = this;
    this.defined ??= mayBeDefined(code, this.isa, model);
    const set = this.defined.slice(block.index * words, (block.index + 1) * words);
    if (block.flow.kind === 'return') return model.atReturn(set);
    return model.atTailCall(must(code.insts[block.end - 1], 'an instruction'), block.tailCall, set);
  }
}

function callEffect(code: FunctionCode, block: Block, model: CallModel): CallEffect | undefined {
  if (block.flow.kind !== 'call') return undefined;
  return model.atCall(must(code.insts[block.end - 1], 'an instruction'), block.flow.target);
}

/** Per block, in a row: what the function may have written, itself or by calls, when control leaves the block. */
function mayBeDefined(code: FunctionCode, isa: Isa, model: CallModel): Int32Array {
  const { blocks } = code;
  const { words } = chunksOf(isa);
  const summaries = summariesOf(code, isa);
  const sets = new Int32Array(blocks.length * words);
  const add = (b: number, set: Int32Array, from: number): boolean => {
    const at = b * words;
    let grew = false;
    for (let w = 0; w < words; w++) {
      const before = sets[at + w] ?? 0;
      const after = before | (set[from + w] ?? 0);
      if (after === before) continue;
      sets[at + w] = after;
      grew = true;
    }
    return grew;
  };
  blocks.forEach((block, b) => {
    for (let i = block.start; i < block.end; i++) add(b, must(summaries[i], 'a summary').writes, 0);
    const effect = callEffect(code, block, model);
    if (effect !== undefined) add(b, effect.clobbers, 0);
  });
  const order = postorder(blocks).reverse();
  const dirty = new Uint8Array(blocks.length).fill(1);
  for (let again = true; again; ) {
    again = false;
    for (const b of order) {
      if (dirty[b] === 0) continue;
      dirty[b] = 0;
      for (const s of blocks[b]?.successors ?? []) {
        if (!add(s, sets, b * words)) continue;
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
