// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import { defaultCallModel } from '../abi/call-model.ts';
import type { Isa } from '../isa/isa.ts';
import {
  addAll,
  addChunk,
  type ChunkSet,
  chunksOf,
  emptySet,
  isSubset,
  keepOnly,
  removeAll,
} from '../program/chunks.ts';
import { summaryOf } from '../program/effects-summary.ts';
import { type Block, type FunctionCode, leavesFunction, type Program } from '../program/types.ts';
import type { Side } from './context.ts';

/**
 * What code reads of its registers before it writes them: every instruction that takes a value counts, whatever becomes
 * of the result, and so does what functions of the file read that are called. Only what nothing but a convention could
 * be said to read does not count: arguments of functions outside the file, and results passed on to whoever called.
 */
export interface Reads {
  /** By function, then by block: what is read from the start of the block on, also by callers after a return. */
  at(code: FunctionCode, block: number): ChunkSet;
}

const known = new WeakMap<Program, Reads>();

export function readsOf(side: Side): Reads {
  let reads = known.get(side.program);
  if (reads === undefined) {
    reads = solve(side);
    known.set(side.program, reads);
  }
  return reads;
}

interface FunctionReads {
  readonly code: FunctionCode;
  /** Per block. */
  readonly before: ChunkSet[];
  readonly gen: ChunkSet[];
  readonly kill: ChunkSet[];
  /** What callers read after a return. */
  readonly afterReturn: ChunkSet;
  /** What is written on every way to a return. */
  readonly surely: ChunkSet;
}

function solve(side: Side): Reads {
  const { isa, functions } = side.program;
  const chunks = chunksOf(isa);
  const all = new Map(functions.map((code) => [code, start(side, code)]));
  for (let news = true; news; ) {
    news = false;
    for (const f of all.values()) if (lessSure(side, all, f)) news = true;
  }
  // Backward until nothing is added any more, over all functions: calls join their flows.
  const live = emptySet(chunks);
  for (let news = true; news; ) {
    news = false;
    for (const f of all.values()) {
      for (let b = f.code.blocks.length - 1; b >= 0; b--) {
        const block = must(f.code.blocks[b], 'a block');
        live.fill(0);
        if (flowBack(side, all, f, block, live)) news = true;
        const before = must(f.before[b], 'a set per block');
        removeAll(live, must(f.kill[b], 'a set per block'));
        addAll(live, must(f.gen[b], 'a set per block'));
        if (addAll(before, live)) news = true;
      }
    }
  }
  return { at: (code, block) => must(all.get(code)?.before[block], 'a set per block') };
}

/** Adds what is read behind the block to `live`. True where that tells another function something new. */
function flowBack(
  side: Side,
  all: ReadonlyMap<FunctionCode, FunctionReads>,
  f: FunctionReads,
  block: Block,
  live: ChunkSet,
): boolean {
  const { isa } = side.program;
  let news = false;
  for (const s of block.successors) addAll(live, must(f.before[s], 'a set per block'));
  if (block.flow.kind === 'return') addAll(live, f.afterReturn);
  const tail = block.tailCall === undefined ? undefined : calleeAt(side, all, block.tailCall);
  if (tail !== undefined) {
    if (addAll(tail.afterReturn, f.afterReturn)) news = true;
    addAll(live, tail.before[0] ?? emptySet(chunksOf(isa)));
  }
  if (block.flow.kind === 'call') {
    const callee = calleeAt(side, all, block.flow.target);
    if (callee !== undefined) {
      if (addAll(callee.afterReturn, live)) news = true;
      removeAll(live, callee.surely);
      addAll(live, callee.before[0] ?? emptySet(chunksOf(isa)));
    } else {
      removeAll(live, clobbersOf(isa, f.code, block, block.flow.target));
    }
  }
  return news;
}

/**
 * Takes from `f.surely` what is not written on some way to a return; true where that was news. Begins with everything,
 * so that functions that call each other do not keep each other from being sure.
 */
function lessSure(side: Side, all: ReadonlyMap<FunctionCode, FunctionReads>, f: FunctionReads): boolean {
  const { isa } = side.program;
  const { blocks } = f.code;
  const written = blocks.map(() => everything(isa));
  const out = (block: Block): ChunkSet => {
    const set = must(written[block.index], 'a set').slice();
    addAll(set, must(f.kill[block.index], 'a set'));
    const leaves = leavesFunction(block) && block.flow.kind !== 'return';
    if (block.flow.kind === 'call') addAll(set, surelyBy(side, all, f.code, block, block.flow.target));
    if (leaves) addAll(set, surelyBy(side, all, f.code, block, block.tailCall));
    return set;
  };
  must(written[0], 'a first block').fill(0);
  const queue = [0];
  for (let b = queue.pop(); b !== undefined; b = queue.pop()) {
    const block = must(blocks[b], 'a block');
    const set = out(block);
    for (const s of block.successors) if (shrink(must(written[s], 'a set'), set)) queue.push(s);
  }
  const reached = reachable(f.code);
  let news = false;
  for (const block of blocks) {
    if (!reached.has(block.index) || !leavesFunction(block)) continue;
    if (shrink(f.surely, out(block))) news = true;
  }
  return news;
}

/** What a call or tail call at the end of the block surely overwrites, or leaves to chance. */
function surelyBy(
  side: Side,
  all: ReadonlyMap<FunctionCode, FunctionReads>,
  code: FunctionCode,
  block: Block,
  target: string | undefined,
): ChunkSet {
  return calleeAt(side, all, target)?.surely ?? clobbersOf(side.program.isa, code, block, target);
}

/** Takes from `a` what is not in `b`; true where that was something. */
function shrink(a: ChunkSet, b: ChunkSet): boolean {
  if (isSubset(a, b)) return false;
  keepOnly(a, b);
  return true;
}

function reachable(code: FunctionCode): Set<number> {
  const seen = new Set([0]);
  for (const b of seen) for (const s of code.blocks[b]?.successors ?? []) seen.add(s);
  return seen;
}

function everything(isa: Isa): ChunkSet {
  const chunks = chunksOf(isa);
  const set = emptySet(chunks);
  for (const c of chunks.list) addChunk(set, c.index);
  return set;
}

/** What a call to code that is not known leaves to chance. */
function clobbersOf(isa: Isa, code: FunctionCode, block: Block, target: string | undefined): ChunkSet {
  return defaultCallModel(isa).atCall(must(code.insts[block.end - 1], 'a call'), target).clobbers;
}

function calleeAt(
  side: Side,
  all: ReadonlyMap<FunctionCode, FunctionReads>,
  target: string | undefined,
): FunctionReads | undefined {
  const code = target === undefined ? undefined : side.place(target)?.code;
  return code === undefined ? undefined : all.get(code);
}

/** What each block reads before it writes it, and what it writes. */
function start(side: Side, code: FunctionCode): FunctionReads {
  const { isa } = side.program;
  const chunks = chunksOf(isa);
  const before = code.blocks.map(() => emptySet(chunks));
  const gen = code.blocks.map(() => emptySet(chunks));
  const kill = code.blocks.map(() => emptySet(chunks));
  for (const block of code.blocks) {
    const [reads, writes] = [must(gen[block.index], 'a set'), must(kill[block.index], 'a set')];
    for (let i = block.end - 1; i >= block.start; i--) {
      const summary = summaryOf(must(code.insts[i], 'an instruction'), isa);
      removeAll(reads, summary.writes);
      addAll(writes, summary.writes);
      addAll(reads, summary.uses);
      for (const g of summary.groups) addAll(reads, g.from);
    }
  }
  return { code, before, gen, kill, afterReturn: emptySet(chunks), surely: everything(isa) };
}
