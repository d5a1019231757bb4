// SPDX-License-Identifier: MIT

import { must } from '../../base/assert.ts';
import { mapped } from '../../base/lists.ts';
import type { Inst } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import { addAll, type ChunkSet, chunksOf, emptySet, removeAll, setOf } from './chunks.ts';
import type { CallEffect, CallModel } from './conventions.ts';
import { type InstSummary, packedRows, stepBack, summaryOfShape } from './effects-summary.ts';
import { postorder } from './order.ts';
import { shapesOf } from './shape.ts';
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
    const shapes = shapesOf(code.insts);
    list = mapped(code.insts, (inst, i) => summaryOfShape(inst, must(shapes[i], 'a shape'), isa));
    known.set(code.insts, list);
  }
  return list;
}

const known = new WeakMap<readonly Inst[], readonly InstSummary[]>();

/** The rows of the summaries in `packedRows`. */
export function rowsOf(code: FunctionCode, isa: Isa): Int32Array {
  let list = knownRows.get(code.insts);
  if (list === undefined) {
    const summaries = summariesOf(code, isa);
    list = new Int32Array(summaries.length);
    for (let i = 0; i < list.length; i++) list[i] = must(summaries[i], 'a summary').row;
    knownRows.set(code.insts, list);
  }
  return list;
}

const knownRows = new WeakMap<readonly Inst[], Int32Array>();

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
  private readonly rows: Int32Array;
  private readonly order: readonly number[];
  private readonly predecessors: readonly (readonly number[])[];
  /** Per block, in a row: what is live at its beginning. */
  private readonly inSets: Int32Array;
  private readonly dirty: Uint8Array;
  /** Blocks where a model has its say: those that end with a call or leave the function. */
  private readonly borders: readonly Block[];
  /** By border, in a row: what the model says a call reads there, and what is read behind the function. */
  private readonly readAt: Int32Array;
  private readonly exits: (ChunkSet | undefined)[] = [];
  private readonly calls: (CallEffect | undefined)[] = [];
  private readonly needed: ChunkSet;
  private defined: Int32Array | undefined;

  constructor(code: FunctionCode, isa: Isa) {
    const chunks = chunksOf(isa);
    this.code = code;
    this.isa = isa;
    this.words = chunks.words;
    this.rows = rowsOf(code, isa);
    const { order, predecessors } = edgesOf(code.blocks);
    this.order = order;
    this.predecessors = predecessors;
    this.inSets = new Int32Array(code.blocks.length * chunks.words);
    this.dirty = new Uint8Array(code.blocks.length).fill(1);
    this.borders = code.blocks.filter((block) => block.flow.kind === 'call' || leavesFunction(block));
    this.readAt = new Int32Array(this.borders.length * 2 * chunks.words);
    this.needed = emptySet(chunks);
  }

  solve(model: CallModel): void {
    const { code, dirty, order } = this;
    this.borders.forEach((block, k) => {
      const { index } = block;
      if (block.flow.kind === 'call') {
        const effect = model.atCall(block);
        this.calls[index] = effect;
        if (this.reads(2 * k, effect.uses)) dirty[index] = 1;
      }
      if (leavesFunction(block)) {
        const set = this.exitSet(block, model);
        this.exits[index] = set;
        if (this.reads(2 * k + 1, set)) dirty[index] = 1;
      }
    });
    const { rows, needed } = this;
    const packed = packedRows();
    const live = emptySet(chunksOf(this.isa));
    for (let again = true; again; ) {
      again = false;
      for (const b of order) {
        const block = code.blocks[b];
        if (dirty[b] === 0 || block === undefined) continue;
        dirty[b] = 0;
        this.outOf(b, live);
        this.beforeCall(block, live);
        for (let i = block.end - 1; i >= block.start; i--) stepBack(live, packed, rows[i] ?? 0, needed);
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
    this.outOf(block, set);
    return set;
  }

  replay(b: number, visit: (inst: number, liveAfter: ChunkSet) => void): void {
    const block = must(this.code.blocks[b], 'a block');
    const set = this.liveOut(b);
    const packed = packedRows();
    for (let i = block.end - 1; i >= block.start; i--) {
      visit(i, set);
      if (i === block.end - 1) this.beforeCall(block, set);
      stepBack(set, packed, this.rows[i] ?? 0, this.needed);
    }
  }

  /** What is live at a block's beginning where it goes on to one of its successors. */
  liveInFor(b: number, successor: number): ChunkSet {
    const block = must(this.code.blocks[b], 'a block');
    const live = this.liveIn(successor);
    for (let i = block.end - 1; i >= block.start; i--) stepBack(live, packedRows(), this.rows[i] ?? 0, this.needed);
    return live;
  }

  /** Puts what is live behind the block's last instruction into a set. */
  outOf(b: number, into: ChunkSet): void {
    const { inSets, words } = this;
    into.fill(0);
    for (const s of this.code.blocks[b]?.successors ?? []) {
      const at = s * words;
      for (let w = 0; w < words; w++) into[w] = (into[w] ?? 0) | (inSets[at + w] ?? 0);
    }
    const exit = this.exits[b];
    if (exit !== undefined) addAll(into, exit);
  }

  private grow(block: number, live: ChunkSet): boolean {
    return addTo(this.inSets, block * this.words, live, 0, this.words);
  }

  /** Notes what is read at a border; true when that is news. */
  private reads(row: number, set: ChunkSet): boolean {
    return addTo(this.readAt, row * this.words, set, 0, this.words);
  }

  /** From behind the call at a block's end, if there is one, to before it. */
  private beforeCall(block: Block, live: ChunkSet): void {
    if (block.flow.kind === 'system') addAll(live, setOf(chunksOf(this.isa), ...block.flow.reads));
    const effect = this.calls[block.index];
    if (effect === undefined) return;
    removeAll(live, effect.clobbers);
    addAll(live, effect.uses);
  }

  /** What the function may have written, itself or by calls, when control leaves the block. */
  definedAt(block: number, model: CallModel): ChunkSet {
    const { words } = this;
    this.defined ??= mayBeDefined(this.code, this.isa, model);
    return this.defined.subarray(block * words, (block + 1) * words);
  }

  /** What is read behind a block that leaves the function. */
  private exitSet(block: Block, model: CallModel): ChunkSet {
    const defined = (): ChunkSet => this.definedAt(block.index, model);
    return block.flow.kind === 'return' ? model.atReturn(defined) : model.atTailCall(block, defined);
  }
}

/** Adds the set that begins at `from` in `source` to the one at `at` in `sets`; true when that grew. */
function addTo(sets: Int32Array, at: number, source: Int32Array, from: number, words: number): boolean {
  let grew = false;
  for (let w = 0; w < words; w++) {
    const before = sets[at + w] ?? 0;
    const after = before | (source[from + w] ?? 0);
    if (after === before) continue;
    sets[at + w] = after;
    grew = true;
  }
  return grew;
}

/** Per block, in a row: what the function may have written, itself or by calls, when control leaves the block. */
function mayBeDefined(code: FunctionCode, isa: Isa, model: CallModel): Int32Array {
  const { blocks } = code;
  const { words } = chunksOf(isa);
  const summaries = summariesOf(code, isa);
  const sets = new Int32Array(blocks.length * words);
  blocks.forEach((block, b) => {
    const at = b * words;
    for (let i = block.start; i < block.end; i++) addTo(sets, at, must(summaries[i], 'a summary').writes, 0, words);
    if (block.flow.kind === 'call') addTo(sets, at, model.atCall(block).clobbers, 0, words);
  });
  const { order } = edgesOf(blocks);
  const dirty = new Uint8Array(blocks.length).fill(1);
  for (let again = true; again; ) {
    again = false;
    for (let k = order.length - 1; k >= 0; k--) {
      const b = order[k] ?? 0;
      if (dirty[b] === 0) continue;
      dirty[b] = 0;
      for (const s of blocks[b]?.successors ?? []) {
        if (!addTo(sets, s * words, sets, b * words, words)) continue;
        dirty[s] = 1;
        again = true;
      }
    }
  }
  return sets;
}

/** How blocks hang together. */
export interface Edges {
  readonly predecessors: readonly (readonly number[])[];
  /** Block indexes such that, back edges aside, a block comes after its successors. */
  readonly order: readonly number[];
}

const edges = new WeakMap<readonly Block[], Edges>();

export function edgesOf(blocks: readonly Block[]): Edges {
  let found = edges.get(blocks);
  if (found === undefined) {
    const predecessors: number[][] = mapped(blocks, () => []);
    for (const block of blocks) for (const s of block.successors) predecessors[s]?.push(block.index);
    found = { predecessors, order: postorder(blocks) };
    edges.set(blocks, found);
  }
  return found;
}
