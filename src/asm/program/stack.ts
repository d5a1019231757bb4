// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import type { Isa } from '../isa/isa.ts';
import { addChunk, type ChunkSet, chunksOf, emptySet, intersects } from './chunks.ts';
import type { Conventions } from './conventions.ts';
import type { InstSummary } from './effects-summary.ts';
import { FrameUse, type FrameUses } from './frame-use.ts';
import { linearFacts, type Sum } from './linear.ts';
import { summariesOf } from './liveness.ts';
import { postorder } from './order.ts';
import type { FunctionCode } from './types.ts';

/**
 * Where the stack pointer and other registers point, relative to S, the stack pointer's value at entry. On x86-64 the
 * return address is at S, and incoming stack arguments begin at S + 8. Undefined means not static: the function has
 * moved the stack pointer by an amount that only the run decides, or two ways meet with different values.
 */
export interface StackInfo extends FrameUses {
  readonly code: FunctionCode;
  /** The stack pointer before an instruction, minus S. */
  heightAt(inst: number): number | undefined;
  /** The stack pointer at the beginning of a block, minus S. */
  heightIn(block: number): number | undefined;
  /** Other registers that hold S plus a constant at the beginning of a block. */
  frameRegistersIn(block: number): ReadonlyMap<string, number>;
  /** The same before an instruction. */
  frameRegistersAt(inst: number): ReadonlyMap<string, number>;
  /** Whether control can get to a block from the function's entry. */
  isReached(block: number): boolean;
  /** Whether the stack pointer is not static somewhere that control can get to. */
  readonly dynamic: boolean;
  /** Whether the stack pointer is back where it was at every return and jump out of the function. */
  readonly balanced: boolean;
}

const UNKNOWN = -0x80000000;

/** Forward dataflow over the blocks; values come from the instructions' meanings. */
export function stackHeights(code: FunctionCode, isa: Isa, conventions: Conventions): StackInfo {
  const walker = new Walker(code, isa, conventions);
  const { blocks } = code;
  const order = postorder(blocks).reverse();
  const entry: (Int32Array | undefined)[] = blocks.map(() => undefined);
  const dirty = new Uint8Array(blocks.length);
  if (blocks.length > 0) {
    entry[0] = walker.initial();
    dirty[0] = 1;
  }
  for (let again = true; again; ) {
    again = false;
    for (const b of order) {
      const block = blocks[b];
      const start = entry[b];
      if (dirty[b] === 0 || block === undefined || start === undefined) continue;
      dirty[b] = 0;
      walker.enter(start);
      for (let i = block.start; i < block.end; i++) walker.step(i);
      for (const s of block.successors) {
        const into = entry[s];
        if (into === undefined) entry[s] = walker.values.slice();
        else if (!meet(into, walker.values)) continue;
        dirty[s] = 1;
        again = true;
      }
    }
  }

  const heights = new Int32Array(code.insts.length).fill(UNKNOWN);
  const use = new FrameUse(conventions);
  let dynamic = false;
  let balanced = true;
  blocks.forEach((block, b) => {
    const start = entry[b];
    if (start === undefined) return;
    walker.enter(start);
    for (let i = block.start; i < block.end; i++) {
      const height = walker.height;
      heights[i] = height;
      if (height === UNKNOWN) dynamic = true;
      const last = i === block.end - 1;
      if (last && leaves(code, b) && height !== 0) balanced = false;
      if (last && block.flow.kind === 'call') use.call(i, block.flow.target, known(height));
      walker.step(i, use);
    }
  });

  const registersOf = (values: Int32Array): ReadonlyMap<string, number> => {
    const map = new Map<string, number>();
    walker.locs.forEach((loc, k) => {
      const v = values[k] ?? UNKNOWN;
      if (v !== UNKNOWN && loc !== isa.stackPointer) map.set(loc, v);
    });
    return map;
  };
  return {
    code,
    ...use.result(),
    heightAt: (inst) => known(heights[inst] ?? UNKNOWN),
    heightIn: (block) => known(entry[block]?.[walker.sp] ?? UNKNOWN),
    frameRegistersIn: (block) => registersOf(entry[block] ?? new Int32Array(0)),
    frameRegistersAt: (inst) => {
      const block = blocks[code.blockAt[inst] ?? -1];
      const start = block === undefined ? undefined : entry[block.index];
      if (block === undefined || start === undefined) return new Map();
      walker.enter(start);
      for (let i = block.start; i < inst; i++) walker.step(i);
      return registersOf(walker.values);
    },
    isReached: (block) => entry[block] !== undefined,
    dynamic,
    balanced,
  };
}

function known(height: number): number | undefined {
  return height === UNKNOWN ? undefined : height;
}

function leaves(code: FunctionCode, b: number): boolean {
  const block = must(code.blocks[b], 'a block');
  const { flow, tailCall } = block;
  return (
    flow.kind === 'return' || tailCall !== undefined || (flow.kind === 'indirect' && block.successors.length === 0)
  );
}

/** Forgets what the two disagree on; true when `into` changed. */
function meet(into: Int32Array, from: Int32Array): boolean {
  let changed = false;
  for (let k = 0; k < into.length; k++) {
    if (into[k] === UNKNOWN || into[k] === from[k]) continue;
    into[k] = UNKNOWN;
    changed = true;
  }
  return changed;
}

/** Carries the values of the general registers through instructions. */
class Walker {
  readonly locs: readonly string[];
  readonly sp: number;
  readonly values: Int32Array;
  private readonly code: FunctionCode;
  private readonly isa: Isa;
  private readonly indexOf: ReadonlyMap<string, number>;
  private readonly summaries: readonly InstSummary[];
  private readonly chunksOfLoc: readonly ChunkSet[];
  private readonly survivesCalls: Uint8Array;
  /** The chunks of the registers whose values are known. */
  private readonly tracked: ChunkSet;
  private readonly changes: [index: number, value: number][] = [];

  constructor(code: FunctionCode, isa: Isa, conventions: Conventions) {
    const chunks = chunksOf(isa);
    this.code = code;
    this.isa = isa;
    this.locs = isa.locations.filter((l) => l.kind === 'gpr' || l.kind === 'sp').map((l) => l.name);
    this.indexOf = new Map(this.locs.map((loc, k) => [loc, k]));
    this.sp = must(this.indexOf.get(isa.stackPointer), 'a stack pointer');
    this.values = new Int32Array(this.locs.length).fill(UNKNOWN);
    this.summaries = summariesOf(code, isa);
    this.chunksOfLoc = this.locs.map((loc) => {
      const set = emptySet(chunks);
      for (const c of chunks.ofLocation.get(loc) ?? []) addChunk(set, c.index);
      return set;
    });
    const saved = new Set(conventions.calleeSaved);
    this.survivesCalls = Uint8Array.from(this.locs, (loc) => (saved.has(loc) ? 1 : 0));
    this.tracked = emptySet(chunks);
  }

  initial(): Int32Array {
    const values = new Int32Array(this.locs.length).fill(UNKNOWN);
    values[this.sp] = 0;
    return values;
  }

  get height(): number {
    return this.values[this.sp] ?? UNKNOWN;
  }

  enter(values: Int32Array): void {
    this.values.set(values);
    this.track();
  }

  private track(): void {
    this.tracked.fill(0);
    for (let k = 0; k < this.values.length; k++) {
      if (this.values[k] === UNKNOWN) continue;
      const set = this.chunksOfLoc[k];
      if (set === undefined) continue;
      for (let w = 0; w < set.length; w++) this.tracked[w] = (this.tracked[w] ?? 0) | (set[w] ?? 0);
    }
  }

  /** One instruction; `use` is told of the frame's addresses that occur in it. */
  step(i: number, use?: FrameUse): void {
    const summary = must(this.summaries[i], 'a summary');
    const height = this.height;
    this.changes.length = 0;
    if (this.concerns(summary)) this.evaluate(i, use);
    else if (intersects(summary.writes, this.tracked)) {
      this.chunksOfLoc.forEach((set, k) => {
        if (this.values[k] !== UNKNOWN && intersects(set, summary.writes)) this.changes.push([k, UNKNOWN]);
      });
    }
    for (const [k, v] of this.changes) this.values[k] = v;
    let changed = this.changes.length > 0;
    const block = this.code.blocks[this.code.blockAt[i] ?? -1];
    if (block !== undefined && i === block.end - 1 && block.flow.kind === 'call') {
      for (let k = 0; k < this.values.length; k++) if (this.survivesCalls[k] === 0) this.values[k] = UNKNOWN;
      // The callee takes its return address off again.
      this.values[this.sp] = height;
      changed = true;
    }
    if (changed) this.track();
  }

  private concerns(s: InstSummary): boolean {
    if (intersects(s.uses, this.tracked)) return true;
    for (const g of s.groups) if (intersects(g.from, this.tracked)) return true;
    return false;
  }

  private evaluate(i: number, use: FrameUse | undefined): void {
    const facts = linearFacts(must(this.code.insts[i], 'an instruction'), this.isa);
    for (const { loc, value } of facts.sets) {
      const k = this.indexOf.get(loc);
      if (k === undefined) continue;
      const base = value === undefined ? undefined : this.base(value);
      const exact = base !== undefined && !base.indexed;
      this.changes.push([k, exact ? base.offset : UNKNOWN]);
      if (use === undefined || base === undefined) continue;
      if (k === this.sp) {
        if (exact) use.height(base.offset);
      } else use.pointer(base.offset, this.height === UNKNOWN ? undefined : this.height);
    }
    if (use === undefined) return;
    const after = this.changes.find(([k]) => k === this.sp)?.[1] ?? this.height;
    const lowest = this.height === UNKNOWN || after === UNKNOWN ? undefined : Math.min(this.height, after);
    for (const a of facts.accesses) {
      const base = this.base(a.address);
      if (base !== undefined) use.access(base.offset, a.bytes, lowest);
    }
  }

  /** A sum with one frame address in it, relative to S. */
  private base(sum: Sum): { readonly offset: number; readonly indexed: boolean } | undefined {
    let offset: number | undefined;
    for (const loc of sum.registers) {
      const v = this.values[this.indexOf.get(loc) ?? -1] ?? UNKNOWN;
      if (v === UNKNOWN) continue;
      if (offset !== undefined) return undefined;
      offset = v + sum.offset;
    }
    if (offset === undefined) return undefined;
    return { offset, indexed: sum.other || sum.registers.length > 1 };
  }
}
