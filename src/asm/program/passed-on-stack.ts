// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import type { Inst } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import { chunksOf, intersects, setOf } from './chunks.ts';
import type { Conventions } from './conventions.ts';
import { displacementOf, linearFacts, offsetOf, registersOf, type Sum } from './linear.ts';
import { edgesOf, type Liveness, summariesOf } from './liveness.ts';
import { shapesOf } from './shape.ts';
import { type StackInfo, stackHeights } from './stack.ts';
import type { Block, FunctionCode } from './types.ts';

/**
 * Which words on the stack a call may pass: from the stack pointer upwards, without a gap, those
 *
 * - in which the function has stored something on some way to the call, at a constant distance from the stack pointer, and which have
 *   been in its frame since: the stack pointer has neither been above them nor been moved by an amount that only the run decides;
 * - and which it does not load on any way behind the call before it has stored there again: arguments on the stack are the called
 *   function's to change. What is popped into a register that nobody reads is no load, but gives a word back.
 */
export interface Passed {
  /** How many words of eight bytes. */
  readonly words: number;
  /**
   * Whether there may be floating-point numbers among them: an instruction on vector registers has stored some, or the block with the
   * call has written the last register in which such numbers are passed.
   */
  readonly floats: boolean;
  /** The same of what the block with the call has stored itself: a hint what is really passed, and no more. */
  readonly here: Pick<Passed, 'words' | 'floats'>;
}

/** The size of an argument on the stack, in bytes. */
const WORD = 8;

/** How many words below the stack pointer are followed: the red zone, in which code stores before it lowers the stack pointer. */
const BELOW = 16n;

/**
 * How many words above the stack pointer are followed where it is not static at the beginning of a block, as in a loop that pushes:
 * without a bound there would be more each time.
 */
const FOLLOWED = 64n;

const NOTHING: Passed = { words: 0, floats: false, here: { words: 0, floats: false } };

/** What the call at the end of a block may pass. `surely` is liveness that counts what is surely read. */
export type PassedOnStack = (block: Block) => Passed;

export function passedOnStack(
  code: FunctionCode,
  isa: Isa,
  conventions: Conventions,
  surely: () => Liveness,
): PassedOnStack {
  let found: ReadonlyMap<number, Passed> | undefined;
  return (block) => {
    found ??= new Frames(code, isa, conventions, surely).passed();
    return found.get(block.index) ?? NOTHING;
  };
}

/** What an instruction does to the words around the stack pointer, in words and relative to what that is before. */
interface Step {
  /** By how many words the stack pointer goes up, rounded down; undefined where that is not known. */
  readonly up: bigint | undefined;
  /** Whether it goes up by a number of bytes that is no multiple of a word. */
  readonly uneven: boolean;
  /** Words in which it stores, and those that it fills. */
  readonly stored: bigint;
  readonly filled: bigint;
  readonly floats: boolean;
  readonly loaded: bigint;
  /** The register that it pops a word into. */
  readonly popped: string | undefined;
}

const IDLE: Step = {
  up: 0n,
  uneven: false,
  stored: 0n,
  filled: 0n,
  floats: false,
  loaded: 0n,
  popped: undefined,
};

/** Sets of words as numbers: bit n is the word n - BELOW above the stack pointer. */
class Frames {
  private readonly code: FunctionCode;
  private readonly isa: Isa;
  private readonly conventions: Conventions;
  private readonly surely: () => Liveness;
  private readonly steps: readonly Step[];
  private readonly heights: StackInfo;

  constructor(code: FunctionCode, isa: Isa, conventions: Conventions, surely: () => Liveness) {
    this.code = code;
    this.isa = isa;
    this.conventions = conventions;
    this.surely = surely;
    const heights = stackHeights(code, isa, conventions);
    const shapes = shapesOf(code.insts);
    this.heights = heights;
    this.steps = code.insts.map((inst, i) => stepOf(inst, i, must(shapes[i], 'a shape'), isa, heights));
  }

  passed(): Map<number, Passed> {
    const found = new Map<number, Passed>();
    const calls = this.code.blocks.filter((b) => b.flow.kind === 'call');
    if (calls.length === 0) return found;
    const written = this.written();
    if (calls.every(({ index }) => countOf(written[index]?.stored ?? 0n) === 0)) return found;
    const read = this.read();
    for (const block of calls) {
      const { stored, floats } = written[block.index] ?? NONE;
      const unread = ~(read[block.index] ?? 0n);
      const words = countOf(stored & unread);
      if (words === 0) continue;
      const own = this.through(block, NONE);
      const full = this.writesLastFloat(block);
      const few = countOf(own.stored & unread);
      const here = { words: few, floats: full || isAmong(own.floats, few) };
      found.set(block.index, { words, floats: full || isAmong(floats, words), here });
    }
    return found;
  }

  /** By block: the words in which something is stored before its last instruction where that is a call, and else behind it. */
  private written(): readonly Written[] {
    const { blocks } = this.code;
    const { order } = edgesOf(blocks);
    const before = blocks.map(() => ({ stored: 0n, floats: 0n }));
    const after = blocks.map(() => NONE);
    const dirty = new Uint8Array(blocks.length).fill(1);
    for (let again = true; again; ) {
      again = false;
      for (let k = order.length - 1; k >= 0; k--) {
        const b = order[k] ?? 0;
        const block = blocks[b];
        if (dirty[b] === 0 || block === undefined) continue;
        dirty[b] = 0;
        let state = this.through(block, must(before[b], 'a state'));
        after[b] = state;
        // What lies below belongs to the function that is called.
        if (block.flow.kind === 'call') state = { stored: aboveStack(state.stored), floats: aboveStack(state.floats) };
        for (const s of block.successors) {
          const there = must(before[s], 'a state');
          const stored = there.stored | this.atStart(s, state.stored);
          const floats = there.floats | this.atStart(s, state.floats);
          if (stored === there.stored && floats === there.floats) continue;
          before[s] = { stored, floats };
          dirty[s] = 1;
          again = true;
        }
      }
    }
    return after;
  }

  /** What of a set is followed at the beginning of a block. */
  private atStart(block: number, set: bigint): bigint {
    return this.heights.heightIn(block) === undefined ? BigInt.asUintN(Number(BELOW + FOLLOWED), set) : set;
  }

  /** What is stored behind the block, or before the call at its end. */
  private through(block: Block, state: Written): Written {
    const end = block.flow.kind === 'call' ? block.end - 1 : block.end;
    let after = state;
    for (let i = block.start; i < end; i++) after = forwards(after, this.steps[i] ?? IDLE);
    return after;
  }

  private writesLastFloat(block: Block): boolean {
    const summaries = summariesOf(this.code, this.isa);
    const last = setOf(chunksOf(this.isa), ...this.conventions.arguments.slice(-1));
    for (let i = block.start; i < block.end - 1; i++)
      if (intersects(must(summaries[i], 'a summary').writes, last)) return true;
    return false;
  }

  /** By block: the words that are loaded behind its last instruction before something is stored there again. */
  private read(): readonly bigint[] {
    const { blocks } = this.code;
    const { order, predecessors } = edgesOf(blocks);
    const before = blocks.map(() => 0n);
    const after = blocks.map(() => 0n);
    const dirty = new Uint8Array(blocks.length).fill(1);
    const kept = this.poppedForUse();
    for (let again = true; again; ) {
      again = false;
      for (const b of order) {
        const block = blocks[b];
        if (dirty[b] === 0 || block === undefined) continue;
        dirty[b] = 0;
        let set = 0n;
        for (const s of block.successors) set |= before[s] ?? 0n;
        after[b] = set;
        const last = block.flow.kind === 'call' ? block.end - 2 : block.end - 1;
        for (let i = last; i >= block.start; i--) set = backwards(set, this.steps[i] ?? IDLE, kept.has(i));
        set = this.atStart(b, set);
        if (set === before[b]) continue;
        before[b] = set;
        for (const p of predecessors[b] ?? []) dirty[p] = 1;
        again = true;
      }
    }
    return after;
  }

  /** The instructions that pop something that is read. */
  private poppedForUse(): ReadonlySet<number> {
    const found = new Set<number>();
    if (!this.steps.some((s) => s.popped !== undefined)) return found;
    const live = this.surely();
    for (const { index } of this.code.blocks) {
      live.replay(index, (i, after) => {
        const into = this.steps[i]?.popped;
        if (into !== undefined && intersects(after, setOf(chunksOf(this.isa), into))) found.add(i);
      });
    }
    return found;
  }
}

/** How many words there are from the stack pointer upwards, without a gap. */
function countOf(set: bigint): number {
  let words = 0;
  while (((set >> (BELOW + BigInt(words))) & 1n) === 1n) words++;
  return words;
}

/** Whether one of so many words from the stack pointer upwards is in a set. */
const isAmong = (set: bigint, words: number): boolean => ((set >> BELOW) & ((1n << BigInt(words)) - 1n)) !== 0n;

interface Written {
  readonly stored: bigint;
  readonly floats: bigint;
}

const NONE: Written = { stored: 0n, floats: 0n };

const aboveStack = (set: bigint): bigint => (set >> BELOW) << BELOW;

function forwards(state: Written, step: Step): Written {
  if (step === IDLE) return state;
  if (step.up === undefined) return NONE;
  const stored = state.stored | step.stored;
  const floats = step.floats ? state.floats | step.stored : state.floats & ~step.filled;
  return { stored: moved(stored, step), floats: moved(floats, step) };
}

/** The same words from the stack pointer as it is behind the step. */
function moved(set: bigint, { up, uneven }: Step): bigint {
  if (up === undefined) return 0n;
  const shifted = up > 0n ? aboveStack(set >> up) : set << -up;
  return uneven ? shifted | (shifted >> 1n) : shifted;
}

function backwards(set: bigint, { up, uneven, filled, loaded, popped }: Step, isRead: boolean): bigint {
  const known = up === undefined || uneven ? 0n : up > 0n ? aboveStack(set) << up : set >> -up;
  return (known & ~filled) | (popped === undefined || isRead ? loaded : 0n);
}

function stepOf(inst: Inst, i: number, shape: Parameters<typeof linearFacts>[1], isa: Isa, heights: StackInfo): Step {
  const facts = linearFacts(inst, shape, isa);
  const locs = registersOf(isa);
  const sp = locs.indexOf(isa.stackPointer);
  const displacement = displacementOf(inst);
  const height = heights.heightAt(i);
  /** A sum's distance from the stack pointer before the instruction, in bytes. */
  const distanceOf = (sum: Sum): number | undefined => {
    const [k] = sum.registers;
    const offset = offsetOf(sum, displacement);
    if (sum.other || k === undefined || sum.registers.length !== 1 || offset === undefined) return undefined;
    if (k === sp) return offset;
    const frame = heights.frameRegistersAt(i).get(locs[k] ?? '');
    return frame === undefined || height === undefined ? undefined : frame + offset - height;
  };
  const moves = facts.sets.find((s) => s.register === sp);
  if (moves === undefined && facts.accesses.length === 0) return IDLE;
  let [stored, filled, loaded] = [0n, 0n, 0n];
  for (const { kind, address, bytes } of facts.accesses) {
    const from = distanceOf(address);
    if (from === undefined) continue;
    if (kind === 'load') loaded |= words(Math.floor(from / WORD), Math.ceil((from + bytes) / WORD));
    else {
      stored |= words(Math.floor(from / WORD), Math.ceil((from + bytes) / WORD));
      filled |= words(Math.ceil(from / WORD), Math.floor((from + bytes) / WORD));
    }
  }
  const by = moves === undefined ? 0 : moves.value && distanceOf(moves.value);
  const [to] = inst.ops;
  return {
    up: by === undefined ? undefined : BigInt(Math.floor(by / WORD)),
    uneven: by !== undefined && by % WORD !== 0,
    stored,
    filled,
    loaded,
    floats: inst.ops.some((op) => op.kind === 'reg' && op.reg.class === 'vec'),
    popped: /^x64\.pop\./.test(inst.def.id) && to?.kind === 'reg' ? to.reg.loc : undefined,
  };
}

/** The words from `first` to before `end`, counted from the stack pointer. */
function words(first: number, end: number): bigint {
  const from = Math.max(first, -Number(BELOW));
  return end <= from ? 0n : ((1n << BigInt(end - from)) - 1n) << (BigInt(from) + BELOW);
}
