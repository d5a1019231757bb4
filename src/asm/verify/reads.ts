// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import { defaultCallModel } from '../abi/call-model.ts';
import { addAll, type ChunkSet, chunksOf, emptySet, removeAll } from '../program/chunks.ts';
import { summaryOf } from '../program/effects-summary.ts';
import type { Block, FunctionCode, Program } from '../program/types.ts';
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
}

function solve(side: Side): Reads {
  const { isa, functions } = side.program;
  const chunks = chunksOf(isa);
  const all = new Map(functions.map((code) => [code, start(side, code)]));
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
      addAll(live, callee.before[0] ?? emptySet(chunksOf(isa)));
    } else {
      const inst = must(f.code.insts[block.end - 1], 'a call');
      removeAll(live, defaultCallModel(isa).atCall(inst, block.flow.target).clobbers);
    }
  }
  return news;
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
  return { code, before, gen, kill, afterReturn: emptySet(chunks) };
}
