// SPDX-License-Identifier: MIT

import { must } from '../../../base/assert.ts';
import { mapped } from '../../../base/lists.ts';
import { systemV } from '../../abi/call-model.ts';
import type { Inst } from '../../isa/define.ts';
import { isNumber, type Operand } from '../../isa/operand.ts';
import type { Block, FunctionCode } from '../../program/types.ts';
import type { FunctionFacts } from './facts.ts';
import { constantOf, isReg } from './operands.ts';
import { formOf, type Parts, partsOf } from './rule.ts';

/**
 * Where the target's stack pointer is. All positions are relative to the source's stack pointer at entry (S). The
 * target's may be at S + s only where S + s is a multiple of 16, which depends on how the function was entered.
 */
export interface FramePlan {
  /** The highest allowed target position at or below `position`, leaving room for the red zone. */
  align(position: number): number;
  /** How far the target's stack pointer stays below the source's, at least, where that is dynamic. */
  readonly redZone: number;
  /** Where the spill slots begin: at this position, or where the stack is dynamic, above that of the block's own. */
  spills(dynamic: boolean): number;
  /** Per block: the source's and the target's stack pointer at its start. Dynamic ones are relative to the block's own. */
  readonly blocks: readonly BlockFrame[];
  /** Whether there are loose ones among them. */
  readonly loose: boolean;
}

export interface BlockFrame {
  readonly dynamic: boolean;
  /** Not even a multiple of 16 for certain; then the target's stack pointer is the source's. */
  readonly loose: boolean;
  readonly rsp: number;
  readonly sp: number;
}

/** What a function has in spill slots. */
export interface Spills {
  readonly bytes: number;
  /** Whether something is in one, or is put into one, in a block. */
  usedIn(block: number): boolean;
}
export const NO_SPILLS: Spills = { bytes: 0, usedIn: () => false };

/** Spill slots lie below the red zone. */
const RED_ZONE = systemV.redZoneBytes;
const RETURN_ADDRESS = 8;

export function planFrame(f: FunctionCode, facts: FunctionFacts, entryStack: number, spills: Spills): FramePlan {
  const allowed = (position: number): number => position - mod16(position + entryStack);
  const redZone = redZoneOfDynamic(f, facts);
  const align = (position: number): number => allowed(position - Math.max(facts.redZone, redZone));
  const known = dynamicResidues(f, facts, entryStack, false);
  const loose = known.includes('loose') || leavesDynamic(f, facts) || endsAskew(f, facts, entryStack, known);
  const residues = loose ? dynamicResidues(f, facts, entryStack, true) : known;
  const hasPredecessor = new Set(f.blocks.flatMap((b) => b.successors));
  const room = RETURN_ADDRESS + RED_ZONE + spills.bytes;
  const fixed = once(() => allowed(lowestOfAll(f, facts) - room));
  const moving = once(() => -16 * Math.ceil((deepestPush(f, facts) + room) / 16));
  const below = belowSpills(f, spills);
  const besides = besidesDynamic(f, facts);
  const moved = (index: number): number => (below.has(index) ? moving() : -redZone);
  const blocks = mapped(f.blocks, (b): BlockFrame => {
    const height = facts.stack(b.start);
    if (height === undefined) {
      const residue = residues[b.index] ?? 0;
      if (residue === 'loose') return { dynamic: true, loose: true, rsp: 0, sp: moved(b.index) };
      return { dynamic: true, loose: false, rsp: residue, sp: moved(b.index) };
    }
    if (below.has(b.index)) return { dynamic: false, loose: false, rsp: height, sp: fixed() };
    let lowest = height;
    // The entry block's frame is made in one go, unless something jumps back to it.
    if (b.index === 0 && !hasPredecessor.has(0)) lowest = lowestIn(f, facts, b.index, height);
    return {
      dynamic: false,
      loose: false,
      rsp: height,
      sp: besides.has(b.index) ? allowed(lowest - redZone) : align(lowest),
    };
  });
  return {
    align,
    blocks,
    loose,
    redZone,
    spills: (dynamic) => (spills.bytes === 0 ? 0 : dynamic ? moving() : fixed()),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/**
 * The blocks that begin with the stack pointer below the spill slots: where these are used, and where else control may come
 * to from a block that leads there, since a branch leaves the stack pointer as it is.
 */
function belowSpills(f: FunctionCode, spills: Spills): ReadonlySet<number> {
  if (spills.bytes === 0) return new Set();
  return withNeighbours(
    f,
    f.blocks.filter((b) => spills.usedIn(b.index)),
  );
}

/**
 * What a function needs of the red zone where its stack pointer is not static: all, if it names anything below the stack
 * pointer there, as functions do that only align it and call nothing.
 */
function redZoneOfDynamic(f: FunctionCode, facts: FunctionFacts): number {
  const names = f.insts.some(({ ops }, i) => facts.stack(i) === undefined && ops.some(isBelowStack));
  return names ? RED_ZONE : 0;
}

const isBelowStack = (op: Operand): boolean =>
  op.kind === 'mem' && op.base?.loc === 'rsp' && isNumber(op.disp) && op.disp.offset < 0n;

/**
 * The blocks to which control may come instead of to one whose stack position is not static, from the same branch. Of the red
 * zone only what is needed in that one counts here as well: a function that takes the address of a variable before it
 * makes its frame seems to use more of it.
 */
function besidesDynamic(f: FunctionCode, facts: FunctionFacts): ReadonlySet<number> {
  const dynamic = f.blocks.filter((b) => facts.stack(b.start) === undefined);
  return withNeighbours(f, dynamic);
}

/** These blocks, and those that stand beside one of them as ways on from a block. */
function withNeighbours(f: FunctionCode, blocks: readonly Block[]): ReadonlySet<number> {
  const found = new Set(blocks.map((b) => b.index));
  if (found.size === 0) return found;
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const { successors } of f.blocks)
      if (successors.some((s) => found.has(s))) for (const s of successors) found.add(s);
  }
  return found;
}

/** The lowest position that is known of the stack pointer, in the whole function. */
function lowestOfAll(f: FunctionCode, facts: FunctionFacts): number {
  const known = f.blocks.map((b) => ({ b, height: facts.reachable(b.index) ? facts.stack(b.start) : undefined }));
  return Math.min(...known.map(({ b, height }) => (height === undefined ? 0 : lowestIn(f, facts, b.index, height))));
}

/** How far the stack pointer is pushed down within a block from a position that is not known. */
function deepestPush(f: FunctionCode, facts: FunctionFacts): number {
  const depths = mapped(f.blocks, (b) => {
    let [at, lowest] = [0, 0];
    for (let i = b.start; i < b.end; i++) {
      if (facts.stack(i) !== undefined || (i > b.start && computesStack(f, facts, b, i - 1))) at = 0;
      if (facts.stack(i) === undefined) at += deltaOf(f, i);
      lowest = Math.min(lowest, at);
    }
    return -lowest;
  });
  return Math.max(0, ...depths);
}

/** Whether an instruction sets the stack pointer from or to where its position is not known. */
export function computesStack(f: FunctionCode, facts: FunctionFacts, b: Block, index: number): boolean {
  if (!setsStack(f, index)) return false;
  if (facts.stack(index) === undefined) return true;
  if (index + 1 < b.end) return facts.stack(index + 1) === undefined;
  return b.successors.some((s) => facts.stack(must(f.blocks[s], 'block').start) === undefined);
}

const mod16 = (n: number): number => ((n % 16) + 16) % 16;

/** The lowest static stack position in a block. */
export function lowestIn(f: FunctionCode, facts: FunctionFacts, block: number, start: number): number {
  const b = must(f.blocks[block], 'block');
  const by = movesOf(f);
  let lowest = start;
  for (let i = b.start; i < b.end; i++) {
    const h = facts.stack(i);
    if (h !== undefined) lowest = Math.min(lowest, h, h + (by[i] || 0));
  }
  return lowest;
}

/** By how much an instruction moves the stack pointer, where that is a constant of the instruction. */
export function deltaOf(f: FunctionCode, index: number): number {
  return (movesOf(f)[index] ?? 0) || 0;
}

/** Whether the instruction sets the stack pointer to something that is not a constant away from what it was. */
export function setsStack(f: FunctionCode, index: number): boolean {
  return Number.isNaN(movesOf(f)[index]);
}

const moves = new WeakMap<FunctionCode, Float64Array>();

/** For each instruction of a function, by how much it moves the stack pointer; NaN where that is no constant. */
function movesOf(f: FunctionCode): Float64Array {
  let known = moves.get(f);
  if (known === undefined) {
    // `Float64Array.from` would first make a list of them all.
    known = new Float64Array(f.insts.length);
    for (let i = 0; i < known.length; i++) known[i] = moveOf(must(f.insts[i], 'instruction'));
    moves.set(f, known);
  }
  return known;
}

function moveOf({ def, ops }: Inst): number {
  const { mnemonic, width } = formOf(def);
  if (mnemonic === 'pushf') return -8;
  if (mnemonic === 'popf') return 8;
  if (mnemonic === 'push') return width === 16 ? -2 : -8;
  if (mnemonic === 'pop') return width === 16 ? 2 : 8;
  const [dst, src] = ops;
  const exchanged = mnemonic === 'xchg' && isReg(src) && src.reg.loc === 'rsp';
  if (mnemonic === 'leave' || exchanged) return Number.NaN;
  if (!isReg(dst) || dst.reg.loc !== 'rsp' || mnemonic === 'cmp' || mnemonic === 'test') return 0;
  // An adjustment by nothing counts as a computed one.
  return constantMove(mnemonic, src) || Number.NaN;
}

function constantMove(mnemonic: string, src: Operand | undefined): number {
  const v = constantOf(src, 64);
  if (v !== undefined && mnemonic === 'sub') return Number(-v);
  if (v !== undefined && mnemonic === 'add') return Number(v);
  if (mnemonic !== 'lea' || src?.kind !== 'mem' || src.base?.loc !== 'rsp') return 0;
  return src.index === undefined && src.disp.plus === undefined ? Number(src.disp.offset) : 0;
}

/** The source's stack pointer modulo 16, or that it is one thing or another. */
type Residue = number | 'loose';

/**
 * For blocks whose stack position is not static: the source's stack pointer modulo 16 (0 or 8) at their start, assuming
 * that computed adjustments keep it a multiple of 16, as the platform's convention wants at calls; loose where ways with
 * different ones meet, as in a loop that pushes. `loose` says that there are some.
 */
function dynamicResidues(
  f: FunctionCode,
  facts: FunctionFacts,
  entryStack: number,
  loose: boolean,
): (Residue | undefined)[] {
  const residues: (Residue | undefined)[] = mapped(f.blocks, () => undefined);
  const work = f.blocks.filter((b) => facts.stack(b.start) !== undefined).map((b) => b.index);
  if (work.length === f.blocks.length) return residues;
  while (work.length > 0) {
    const index = must(work.pop(), 'block');
    const b = must(f.blocks[index], 'block');
    const residue = residueBehind(f, facts, entryStack, loose, b, residues[index]);
    for (const s of b.successors) {
      if (facts.stack(must(f.blocks[s], 'block').start) !== undefined) continue;
      const before = residues[s];
      if (before === residue || before === 'loose') continue;
      residues[s] = before === undefined ? residue : 'loose';
      work.push(s);
    }
  }
  return residues;
}

/** The same at the end of a block's instructions (but for its last, where that returns). */
function residueBehind(
  f: FunctionCode,
  facts: FunctionFacts,
  entryStack: number,
  loose: boolean,
  b: Block,
  before: Residue | undefined,
): Residue {
  const height = facts.stack(b.start);
  let residue: Residue = height === undefined ? (before ?? 0) : mod16(height + entryStack);
  for (let i = b.start; i < b.end; i++) {
    if (setsStack(f, i)) {
      const next = i + 1 < f.insts.length ? facts.stack(i + 1) : undefined;
      if (next !== undefined) residue = mod16(next + entryStack);
      else if (isLooseAfter(partsOf(must(f.insts[i], 'instruction')), residue === 'loose', loose)) residue = 'loose';
      else residue = 0;
    } else if (residue !== 'loose') residue = mod16(residue + deltaOf(f, i));
  }
  return residue;
}

/** Whether the stack pointer, where it is not static, is not what a return needs if computed adjustments keep it aligned. */
function endsAskew(
  f: FunctionCode,
  facts: FunctionFacts,
  entryStack: number,
  residues: readonly (Residue | undefined)[],
): boolean {
  return f.blocks.some((b) => {
    if (b.flow.kind !== 'return' || !facts.reachable(b.index) || facts.stack(b.end - 1) !== undefined) return false;
    return residueBehind(f, facts, entryStack, false, b, residues[b.index]) !== mod16(entryStack);
  });
}

/** Whether a `leave` takes the stack pointer from a frame pointer of which nothing is known. */
function leavesDynamic(f: FunctionCode, facts: FunctionFacts): boolean {
  if (!movesOf(f).some(Number.isNaN)) return false;
  return f.blocks.some((b) => {
    if (!facts.reachable(b.index)) return false;
    for (let i = b.start; i < b.end; i++) {
      if (!setsStack(f, i) || facts.stack(i + 1) !== undefined) continue;
      if (formOf(must(f.insts[i], 'instruction').def).mnemonic === 'leave') return true;
    }
    return false;
  });
}

/**
 * Whether the stack pointer may be no multiple of 16 after an instruction that sets it to what only the run decides:
 * rounding makes it one, adding and subtracting keep it one, and in a function of `loose` blocks anything else may not.
 */
export function isLooseAfter(i: Parts, before: boolean, loose: boolean): boolean {
  if (i.mnemonic === 'add' || i.mnemonic === 'sub') return before;
  const mask = i.mnemonic === 'and' ? constantOf(i.ops[1], 64) : undefined;
  return loose && (mask === undefined || BigInt.asUintN(4, mask) !== 0n);
}
