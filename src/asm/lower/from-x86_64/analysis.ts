// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import { systemV } from '../../abi/call-model.ts';
import { callGraph } from '../../program/call-graph.ts';
import { type Chunk, type ChunkSet, type Chunks, chunksOf, intersects, setOf } from '../../program/chunks.ts';
import { type Liveness, summariesOf } from '../../program/liveness.ts';
import { stackHeights } from '../../program/stack.ts';
import type { FunctionCode, Program } from '../../program/types.ts';
import type { FunctionFacts, LiveParts } from './facts.ts';
import type { FlagName } from './flags.ts';
import { partsOf } from './rule.ts';

/** Gathers what program analysis knows about a function in the shape that lowering asks for. */
export function functionFacts(
  program: Program,
  code: FunctionCode,
  live: Liveness,
  surely: () => Liveness,
): FunctionFacts {
  const { isa } = program;
  const chunks = chunksOf(isa);
  const { words } = chunks;
  const after = new Int32Array(code.insts.length * words);
  for (const block of code.blocks) {
    live.replay(block.index, (inst, set) => {
      for (let w = 0; w < words; w++) after[inst * words + w] = set[w] ?? 0;
    });
  }
  const stack = stackHeights(code, isa, systemV);
  const summaries = summariesOf(code, isa);
  let sure: Int32Array | undefined;
  const surelyAfter = (): Int32Array => {
    if (sure === undefined) {
      const sets = new Int32Array(code.insts.length * words);
      for (const block of code.blocks) surely().replay(block.index, (inst, set) => sets.set(set, inst * words));
      sure = sets;
    }
    return sure;
  };
  const view = (block: number): LiveParts => {
    return new LiveAt(chunks, live.liveIn(block), 0, () => new LiveAt(chunks, surely().liveIn(block)));
  };
  const afterInst = (inst: number): LiveParts =>
    new LiveAt(chunks, after, inst * words, () => new LiveAt(chunks, surelyAfter(), inst * words));
  const atBlock = code.blocks.map((): LiveParts | undefined => undefined);
  const blockView = (block: number): LiveParts => {
    const made = atBlock[block] ?? view(block);
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
    stack: (inst) => stack.heightAt(inst),
    frames: (inst) => stack.frameRegistersAt(inst),
    hasCallers: (callGraph(program).callers[program.functionOf.get(code.name) ?? -1] ?? []).length > 0,
    redZone: stack.redZone,
    writes: (inst, loc) => intersects(must(summaries[inst], 'summary').writes, wholeLocation(chunks, loc)),
    reachable: (block) => stack.isReached(block),
    mayPassOnStack: (inst) => mayPassOnStack(code, inst),
  };
}

const wholeSets = new WeakMap<Chunks, Map<string, ChunkSet>>();

function wholeLocation(chunks: Chunks, loc: string): ChunkSet {
  const sets = wholeSets.get(chunks) ?? new Map<string, ChunkSet>();
  wholeSets.set(chunks, sets);
  const set = sets.get(loc) ?? setOf(chunks, loc);
  sets.set(loc, set);
  return set;
}

/** What is live at one place: the set that begins at `at` in a row of sets. */
class LiveAt implements LiveParts {
  private readonly chunks: Chunks;
  private readonly sets: Int32Array;
  private readonly at: number;
  private readonly sure: (() => LiveAt) | undefined;

  constructor(chunks: Chunks, sets: Int32Array, at = 0, sure?: () => LiveAt) {
    this.chunks = chunks;
    this.sets = sets;
    this.at = at;
    this.sure = sure;
  }

  surelyLive(loc: string, lo: number, hi: number): boolean {
    return (this.sure?.() ?? this).live(loc, lo, hi);
  }

  anySurelyLive(parts: ChunkSet): boolean {
    const { sets, at } = this.sure?.() ?? this;
    for (let w = 0; w < parts.length; w++) if (((sets[at + w] ?? 0) & (parts[w] ?? 0)) !== 0) return true;
    return false;
  }

  live(loc: string, lo: number, hi: number): boolean {
    for (const c of this.chunks.ofLocation.get(loc) ?? []) if (c.lo <= hi && c.hi >= lo && this.has(c)) return true;
    return false;
  }

  liveFlag(flag: FlagName): boolean {
    const c = this.chunks.ofLocation.get(flag)?.[0];
    return c !== undefined && this.has(c);
  }

  parts(loc: string): number {
    const chunks = this.chunks.ofLocation.get(loc) ?? [];
    let mask = 0;
    for (let k = 0; k < chunks.length; k++) if (this.has(must(chunks[k], 'a chunk'))) mask |= 1 << k;
    return mask;
  }

  get key(): string {
    let key = '';
    for (let w = 0; w < this.chunks.words; w++) key += `${this.sets[this.at + w]},`;
    return key;
  }

  private has({ index }: Chunk): boolean {
    return ((this.sets[this.at + (index >> 5)] ?? 0) & (1 << (index & 31))) !== 0;
  }
}

/** Looks back from a call to the call before it, along code that runs straight, for stores at the stack pointer. */
function mayPassOnStack(code: FunctionCode, call: number): boolean {
  for (let k = call - 1; k >= 0; k--) {
    const inst = must(code.insts[k], 'instruction');
    const i = partsOf(inst);
    if (i.mnemonic === 'call' || i.mnemonic === 'ret') return false;
    if (i.mnemonic === 'push') return true;
    const dst = i.ops[0];
    // What was stored before the stack pointer went down lies above it.
    if (dst?.kind === 'reg' && dst.reg.loc === 'rsp' && ['sub', 'and', 'mov'].includes(i.mnemonic)) return false;
    if (
      dst?.kind === 'mem' &&
      dst.base?.loc === 'rsp' &&
      dst.index === undefined &&
      dst.disp.offset >= 0n &&
      dst.disp.offset <= 8n
    )
      return true;
  }
  return false;
}
