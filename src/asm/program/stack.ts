// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import type { Inst } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import type { Conventions } from './conventions.ts';
import type { InstSummary } from './effects-summary.ts';
import { FrameUse, type FrameUses } from './frame-use.ts';
import { displacementOf, type LinearFacts, linearFacts, offsetOf, registersOf, type Sum } from './linear.ts';
import { edgesOf, summariesOf } from './liveness.ts';
import { type Shape, shapesOf } from './shape.ts';
import { type Block, type FunctionCode, leavesFunction } from './types.ts';

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
  /** Other registers that hold S plus a constant before an instruction. */
  frameRegistersAt(inst: number): ReadonlyMap<string, number>;
  /** Whether control can get to a block from the function's entry. */
  isReached(block: number): boolean;
  /**
   * Whether the block ends with a call that cannot return: what stands behind it finds the stack pointer elsewhere on
   * all other ways. Compilers put any code behind a call that they know does not return.
   */
  neverReturns(block: number): boolean;
  /** Whether the stack pointer is not static somewhere that control can get to. */
  readonly dynamic: boolean;
  /** Whether the stack pointer is back where it was at every return and jump out of the function. */
  readonly balanced: boolean;
}

const UNKNOWN = -0x80000000;

/** Instructions that take what is in memory for a `float` or a `double`. */
const FLOATING = /^x64\.(?!cvtsi2)(?:[a-z0-9]*s[sd]|cvtt?s[sd]2si)\./;

/** Whether the function called at a block's end is known to leave a register alone that calls may change. */
export type LeftAlone = (block: number, loc: string) => boolean;

/** Forward dataflow over the blocks; values come from the instructions' meanings. The answer is kept with the code. */
export function stackHeights(code: FunctionCode, isa: Isa, conventions: Conventions): StackInfo {
  const before = kept.get(code);
  if (before?.conventions === conventions) return before.info;
  const info = findHeights(code, isa, conventions, () => false);
  kept.set(code, { conventions, info });
  return info;
}

/** The same, where that does not suffice, with what is known of the functions that are called. */
export function stackHeightsAmong(
  code: FunctionCode,
  isa: Isa,
  conventions: Conventions,
  leftAlone: LeftAlone,
): StackInfo {
  const alone = stackHeights(code, isa, conventions);
  return alone.dynamic ? findHeights(code, isa, conventions, leftAlone) : alone;
}

const kept = new WeakMap<FunctionCode, { readonly conventions: Conventions; readonly info: StackInfo }>();

function findHeights(code: FunctionCode, isa: Isa, conventions: Conventions, leftAlone: LeftAlone): StackInfo {
  const walker = new Walker(code, isa, conventions, leftAlone);
  const { blocks } = code;
  const { entry, reached, stopped } = solve(code, walker);
  const size = walker.locs.length;

  const heights = new Int32Array(code.insts.length).fill(UNKNOWN);
  const frames = new Array<ReadonlyMap<string, number>>(code.insts.length).fill(NONE);
  const use = new FrameUse(conventions);
  let dynamic = false;
  let balanced = true;
  blocks.forEach((block, b) => {
    if (reached[b] === 0) return;
    walker.enter(entry, b);
    for (let i = block.start; i < block.end; i++) {
      const height = walker.height;
      heights[i] = height;
      frames[i] = walker.frameRegisters();
      if (height === UNKNOWN) dynamic = true;
      const last = i === block.end - 1;
      if (last && leavesFunction(block) && height !== 0) balanced = false;
      if (last && block.flow.kind === 'call') use.call(i, block.flow.target, known(height));
      walker.step(i, use);
    }
  });

  return {
    code,
    ...use.result(),
    heightAt: (inst) => known(heights[inst] ?? UNKNOWN),
    heightIn: (block) => known(entry[block * size + walker.sp] ?? UNKNOWN),
    frameRegistersAt: (inst) => frames[inst] ?? NONE,
    isReached: (block) => reached[block] === 1,
    neverReturns: (block) => stopped.has(block),
    dynamic,
    balanced,
  };
}

const NONE: ReadonlyMap<string, number> = new Map();

interface Solution {
  /** By block, in a row: the values at its beginning. */
  readonly entry: Int32Array;
  readonly reached: Uint8Array;
  /** The blocks whose final call does not return. */
  readonly stopped: ReadonlySet<number>;
}

function solve(code: FunctionCode, walker: Walker): Solution {
  const { blocks } = code;
  const size = walker.locs.length;
  const { order } = edgesOf(blocks);
  const entry = new Int32Array(blocks.length * size);
  const reached = new Uint8Array(blocks.length);
  const stopped = new Set<number>();
  const dirty = new Uint8Array(blocks.length);
  // What comes back from a call into code that is reached otherwise as well is looked at last.
  const held = heldCalls(blocks);
  const flowTo = (s: number): boolean => {
    if (reached[s] === 0) entry.set(walker.values, s * size);
    else if (!meet(entry, s * size, walker.values)) return false;
    reached[s] = 1;
    dirty[s] = 1;
    return true;
  };
  const walk = (block: Block): boolean => {
    if (reached[block.index] === 0) return false;
    walker.enter(entry, block.index);
    for (let i = block.start; i < block.end; i++) walker.step(i);
    walker.leave(block);
    return true;
  };
  if (blocks.length > 0) {
    entry.set(walker.initial(), 0);
    reached[0] = 1;
    dirty[0] = 1;
  }
  for (;;) {
    for (let again = true; again; ) {
      again = false;
      for (let k = order.length - 1; k >= 0; k--) {
        const b = order[k] ?? 0;
        const block = blocks[b];
        if (dirty[b] === 0 || block === undefined) continue;
        dirty[b] = 0;
        if (!walk(block) || held.has(b) || stopped.has(b)) continue;
        for (const s of block.successors) if (flowTo(s)) again = true;
      }
    }
    let released = false;
    let waiting: number | undefined;
    for (const [b, s] of held) {
      const block = blocks[b];
      if (block === undefined || reached[b] === 0) continue;
      const there = entry[s * size + walker.sp] ?? UNKNOWN;
      if (reached[s] === 0) {
        waiting ??= b;
        continue;
      }
      held.delete(b);
      released = true;
      walk(block);
      if (there !== UNKNOWN && walker.height !== UNKNOWN && there !== walker.height) stopped.add(b);
      else flowTo(s);
    }
    if (released) continue;
    const block = blocks[waiting ?? -1];
    if (block === undefined) return { entry, reached, stopped };
    const s = must(held.get(block.index), 'a held call');
    held.delete(block.index);
    walk(block);
    flowTo(s);
  }
}

/** Calls after which control would run into a block that others reach too, with that block. */
function heldCalls(blocks: readonly Block[]): Map<number, number> {
  const { predecessors } = edgesOf(blocks);
  const held = new Map<number, number>();
  for (const block of blocks) {
    const s = block.successors[0];
    if (block.flow.kind === 'call' && s !== undefined && (predecessors[s]?.length ?? 0) > 1) held.set(block.index, s);
  }
  return held;
}

function known(height: number): number | undefined {
  return height === UNKNOWN ? undefined : height;
}

/** Forgets what the values from `at` on and those in `from` disagree on; true when that changed something. */
function meet(into: Int32Array, at: number, from: Int32Array): boolean {
  let changed = false;
  for (let k = 0; k < from.length; k++) {
    if (into[at + k] === UNKNOWN || into[at + k] === from[k]) continue;
    into[at + k] = UNKNOWN;
    changed = true;
  }
  return changed;
}

/** What is the same for all functions. */
interface Tables {
  readonly locs: readonly string[];
  readonly sp: number;
  readonly survivesCalls: Uint8Array;
}

const tables = new WeakMap<Isa, Map<Conventions, Tables>>();

function tablesOf(isa: Isa, conventions: Conventions): Tables {
  const ofIsa = tables.get(isa) ?? new Map<Conventions, Tables>();
  tables.set(isa, ofIsa);
  const known = ofIsa.get(conventions) ?? makeTables(isa, conventions);
  ofIsa.set(conventions, known);
  return known;
}

function makeTables(isa: Isa, conventions: Conventions): Tables {
  const locs = registersOf(isa);
  const saved = new Set(conventions.calleeSaved);
  const survivesCalls = Uint8Array.from(locs, (loc) => (saved.has(loc) ? 1 : 0));
  return { locs, sp: locs.indexOf(isa.stackPointer), survivesCalls };
}

/** Carries the values of the general registers through instructions. */
class Walker {
  readonly locs: readonly string[];
  readonly sp: number;
  readonly values: Int32Array;
  private readonly code: FunctionCode;
  private readonly isa: Isa;
  private readonly summaries: readonly InstSummary[];
  private readonly shapes: readonly Shape[];
  private readonly survivesCalls: Uint8Array;
  private readonly leftAlone: LeftAlone;
  /** The registers whose values are known, one bit for each. */
  private tracked = 0;
  /** What an instruction sets, until all of it has been computed. */
  private readonly changed: number[] = [];
  private readonly changedTo: number[] = [];
  private frames: ReadonlyMap<string, number> | undefined;
  /** The height before the last instruction. */
  private before = UNKNOWN;
  /** What `find` has found: an offset from S, and whether something that is not known was added to it. */
  private offset = 0;
  private indexed = false;

  constructor(code: FunctionCode, isa: Isa, conventions: Conventions, leftAlone: LeftAlone) {
    this.code = code;
    this.isa = isa;
    const { locs, sp, survivesCalls } = tablesOf(isa, conventions);
    this.locs = locs;
    this.sp = sp;
    this.survivesCalls = survivesCalls;
    this.leftAlone = leftAlone;
    this.values = new Int32Array(locs.length).fill(UNKNOWN);
    this.summaries = summariesOf(code, isa);
    this.shapes = shapesOf(code.insts);
  }

  initial(): Int32Array {
    const values = new Int32Array(this.locs.length).fill(UNKNOWN);
    values[this.sp] = 0;
    return values;
  }

  get height(): number {
    return this.values[this.sp] ?? UNKNOWN;
  }

  /** Takes the values of a block from where they stand in a row. */
  enter(entry: Int32Array, block: number): void {
    const { values } = this;
    const at = block * values.length;
    this.frames = undefined;
    this.tracked = 0;
    for (let k = 0; k < values.length; k++) {
      const v = entry[at + k] ?? UNKNOWN;
      values[k] = v;
      if (v !== UNKNOWN) this.tracked |= 1 << k;
    }
  }

  private set(k: number, value: number): void {
    if (this.values[k] === value) return;
    this.values[k] = value;
    if (k !== this.sp) this.frames = undefined;
    if (value === UNKNOWN) this.tracked &= ~(1 << k);
    else this.tracked |= 1 << k;
  }

  /** Registers other than the stack pointer that hold S plus a constant. */
  frameRegisters(): ReadonlyMap<string, number> {
    this.frames ??= this.findFrames();
    return this.frames;
  }

  private findFrames(): ReadonlyMap<string, number> {
    if ((this.tracked & ~(1 << this.sp)) === 0) return NONE;
    const map = new Map<string, number>();
    for (let k = 0; k < this.values.length; k++) {
      const v = this.values[k] ?? UNKNOWN;
      if (v !== UNKNOWN && k !== this.sp) map.set(must(this.locs[k], 'a location'), v);
    }
    return map;
  }

  /** One instruction; `use` is told of the frame's addresses that occur in it. */
  step(i: number, use?: FrameUse): void {
    const { registersRead, registersWritten } = must(this.summaries[i], 'a summary');
    this.before = this.height;
    if ((registersRead & this.tracked) !== 0) {
      if (registersWritten !== 0 || use !== undefined) this.evaluate(i, use);
      return;
    }
    const lost = registersWritten & this.tracked;
    if (lost === 0) return;
    for (let k = 0; k < this.values.length; k++) if ((lost & (1 << k)) !== 0) this.set(k, UNKNOWN);
  }

  /** What a call at the end of a block, whose last instruction has just been carried out, leaves behind. */
  leave(block: Block): void {
    if (block.flow.kind !== 'call') return;
    for (let k = 0; k < this.values.length; k++) {
      if (this.survivesCalls[k] !== 0 || this.values[k] === UNKNOWN) continue;
      if (!this.leftAlone(block.index, must(this.locs[k], 'a location'))) this.set(k, UNKNOWN);
    }
    // The callee takes its return address off again.
    this.set(this.sp, this.before);
  }

  private evaluate(i: number, use: FrameUse | undefined): void {
    const inst = must(this.code.insts[i], 'an instruction');
    const facts = linearFacts(inst, must(this.shapes[i], 'a shape'), this.isa);
    const displacement = displacementOf(inst);
    const { changed, changedTo, height } = this;
    changed.length = 0;
    changedTo.length = 0;
    let after = height;
    for (const { register: k, value } of facts.sets) {
      const found = value !== undefined && this.find(value, displacement);
      const result = found && !this.indexed ? this.offset : UNKNOWN;
      changed.push(k);
      changedTo.push(result);
      if (k === this.sp) after = result;
      if (use === undefined || !found) continue;
      if (k !== this.sp) use.pointer(this.offset, height === UNKNOWN ? undefined : height);
      else if (!this.indexed) use.height(this.offset);
    }
    if (use !== undefined) this.accesses(inst, facts, displacement, after, use);
    for (let n = 0; n < changed.length; n++) this.set(changed[n] ?? 0, changedTo[n] ?? UNKNOWN);
  }

  private accesses(inst: Inst, facts: LinearFacts, displacement: number, after: number, use: FrameUse): void {
    const { height } = this;
    const lowest = height === UNKNOWN || after === UNKNOWN ? undefined : Math.min(height, after);
    for (const a of facts.accesses) {
      if (!this.find(a.address, displacement)) continue;
      use.access(this.offset, a.bytes, lowest, { indexed: this.indexed, float: FLOATING.test(inst.def.id) });
    }
  }

  /** Finds the one frame address in a sum, relative to S. */
  private find(sum: Sum, displacement: number): boolean {
    let at = UNKNOWN;
    for (const k of sum.registers) {
      const v = this.values[k] ?? UNKNOWN;
      if (v === UNKNOWN) continue;
      if (at !== UNKNOWN) return false;
      at = v;
    }
    const offset = at === UNKNOWN ? undefined : offsetOf(sum, displacement);
    if (offset === undefined) return false;
    this.offset = at + offset;
    this.indexed = sum.other || sum.registers.length > 1;
    return true;
  }
}
