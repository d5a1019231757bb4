// SPDX-License-Identifier: MIT

import { must } from '../../../base/assert.ts';
import { mapped } from '../../../base/lists.ts';
import { systemV } from '../../abi/call-model.ts';
import { stackPassedBy } from '../../abi/passed-on-stack.ts';
import type { BySet } from '../../program/by-set.ts';
import { callGraph } from '../../program/call-graph.ts';
import {
  addAll,
  type Chunk,
  type ChunkSet,
  type Chunks,
  chunksOf,
  emptySet,
  intersects,
  wholeLocations,
} from '../../program/chunks.ts';
import type { InstSummary } from '../../program/effects-summary.ts';
import { type Liveness, summariesOf } from '../../program/liveness.ts';
import { type LeftAlone, stackHeightsAmong } from '../../program/stack.ts';
import type { Block, FunctionCode, Program } from '../../program/types.ts';
import type { FunctionFacts, LiveParts } from './facts.ts';
import type { FlagName } from './flags.ts';

/** Gathers what program analysis knows about a function in the shape that lowering asks for. */
export function functionFacts(
  program: Program,
  code: FunctionCode,
  live: Liveness,
  surely: () => Liveness,
  around: Pick<FunctionFacts, 'callee' | 'callers' | 'isKept'> & { readonly leftAlone: LeftAlone },
): FunctionFacts {
  const { isa } = program;
  const chunks = chunksOf(isa);
  const { words } = chunks;
  const whole = wholeLocations(chunks);
  const stack = stackHeightsAmong(code, isa, systemV, around.leftAlone);
  const summaries = summariesOf(code, isa);
  const passed = stackPassedBy(program, code);
  let read: ChunkSet | undefined;
  const afterInsts = new LiveSets(
    chunks,
    () => setsAfter(code, live, words),
    () => setsAfter(code, surely(), words),
  );
  const atBlocks = new LiveSets(
    chunks,
    () => setsAtBlocks(code, live, words),
    () => setsAtBlocks(code, surely(), words),
  );
  const afterInst = (inst: number): LiveParts => new LiveAt(afterInsts, inst * words);
  const atBlock = mapped(code.blocks, (): LiveParts | undefined => undefined);
  const blockView = (block: number): LiveParts => {
    const made = atBlock[block] ?? new LiveAt(atBlocks, block * words);
    atBlock[block] = made;
    return made;
  };
  return {
    after: afterInst,
    atBlock: blockView,
    before: (inst) => {
      // A transfer reads what its block needs at the end: what is live before it, by going one instruction on.
      const block = must(code.blocks[must(code.blockAt[inst], 'block')], 'block');
      return inst === block.start ? blockView(block.index) : afterInst(inst - 1);
    },
    isSameAfter: (inst, parts) =>
      isRepeated(afterInsts.live, inst * words, parts) && isRepeated(afterInsts.surely, inst * words, parts),
    everSurelyLive: (parts) => {
      // What an instruction or a function that is called reads, or what is live behind a block and so perhaps within it.
      read ??= readAnywhere(code, summaries, surely(), chunks);
      const isPassed = ({ index }: Block): boolean =>
        around.callee(index)?.facts.atBlock(0).anySurelyLive(parts) === true;
      return intersects(read, parts) || code.blocks.some(isPassed);
    },
    stack: (inst) => stack.heightAt(inst),
    frames: (inst) => stack.frameRegistersAt(inst),
    hasCallers: (callGraph(program).callers[program.functionOf.get(code.name) ?? -1] ?? []).length > 0,
    redZone: stack.redZone,
    writes: (inst, loc) => intersects(must(summaries[inst], 'summary').writes, whole(loc)),
    reachable: (block) => stack.isReached(block),
    callee: around.callee,
    callers: around.callers,
    isKept: around.isKept,
    passedOnStack: (block) => passed(must(code.blocks[block], 'block')),
  };
}

function readAnywhere(code: FunctionCode, summaries: readonly InstSummary[], live: Liveness, chunks: Chunks): ChunkSet {
  const set = emptySet(chunks);
  for (const summary of new Set(summaries)) summary.addReads(set);
  for (const { index } of code.blocks) {
    addAll(set, live.liveIn(index));
    addAll(set, live.liveOut(index));
  }
  return set;
}

function setsAfter(code: FunctionCode, live: Liveness, words: number): Int32Array {
  const sets = new Int32Array(code.insts.length * words);
  for (const block of code.blocks) live.replay(block.index, (inst, set) => sets.set(set, inst * words));
  return sets;
}

function setsAtBlocks(code: FunctionCode, live: Liveness, words: number): Int32Array {
  const sets = new Int32Array(code.blocks.length * words);
  for (const { index } of code.blocks) sets.set(live.liveIn(index), index * words);
  return sets;
}

/** Whether the set at `at` has of these parts those that the one before it has. */
function isRepeated(sets: Int32Array, at: number, parts: ChunkSet): boolean {
  for (let w = 0; w < parts.length; w++) {
    const difference = (sets[at + w] ?? 0) ^ (sets[at - parts.length + w] ?? 0);
    if ((difference & (parts[w] ?? 0)) !== 0) return false;
  }
  return true;
}

/** What may be live, and what surely is, at many places: sets in a row, each made when it is first asked for. */
class LiveSets {
  readonly chunks: Chunks;
  private readonly makeLive: () => Int32Array;
  private readonly makeSurely: () => Int32Array;
  private madeLive: Int32Array | undefined;
  private madeSurely: Int32Array | undefined;

  constructor(chunks: Chunks, live: () => Int32Array, surely: () => Int32Array) {
    this.chunks = chunks;
    this.makeLive = live;
    this.makeSurely = surely;
  }

  get live(): Int32Array {
    this.madeLive ??= this.makeLive();
    return this.madeLive;
  }

  get surely(): Int32Array {
    this.madeSurely ??= this.makeSurely();
    return this.madeSurely;
  }
}

/** What is live at one of these places: the sets that begin at `at`. */
class LiveAt implements LiveParts {
  private readonly sets: LiveSets;
  private readonly at: number;

  constructor(sets: LiveSets, at: number) {
    this.sets = sets;
    this.at = at;
  }

  surelyLive(loc: string, lo: number, hi: number): boolean {
    return this.hasBits(this.sets.surely, loc, lo, hi);
  }

  anySurelyLive(parts: ChunkSet): boolean {
    const { surely } = this.sets;
    for (let w = 0; w < parts.length; w++) if (((surely[this.at + w] ?? 0) & (parts[w] ?? 0)) !== 0) return true;
    return false;
  }

  live(loc: string, lo: number, hi: number): boolean {
    return this.hasBits(this.sets.live, loc, lo, hi);
  }

  liveFlag(flag: FlagName): boolean {
    const c = this.sets.chunks.ofLocation.get(flag)?.[0];
    return c !== undefined && this.has(this.sets.live, c);
  }

  parts(loc: string): number {
    const { live } = this.sets;
    const chunks = this.sets.chunks.ofLocation.get(loc) ?? [];
    let mask = 0;
    for (let k = 0; k < chunks.length; k++) if (this.has(live, must(chunks[k], 'a chunk'))) mask |= 1 << k;
    return mask;
  }

  remembered<T>(table: BySet<T>, find: () => T): T {
    return table.get(this.sets.live, this.at, this.sets.chunks.words, find);
  }

  private hasBits(sets: Int32Array, loc: string, lo: number, hi: number): boolean {
    for (const c of this.sets.chunks.ofLocation.get(loc) ?? [])
      if (c.lo <= hi && c.hi >= lo && this.has(sets, c)) return true;
    return false;
  }

  private has(sets: Int32Array, { index }: Chunk): boolean {
    return ((sets[this.at + (index >> 5)] ?? 0) & (1 << (index & 31))) !== 0;
  }
}
