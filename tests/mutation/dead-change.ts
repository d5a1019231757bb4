// SPDX-License-Identifier: MIT
import { conventionsOf } from '../../src/asm/abi/call-model.ts';
import { effectsOf } from '../../src/asm/isa/define.ts';
import type { Isa } from '../../src/asm/isa/isa.ts';
import { type MemoryAccess, SymbolicState } from '../../src/asm/isa/state.ts';
import { type ChunkSet, chunksOf, emptySet, hasChunk, intersects, setOf } from '../../src/asm/program/chunks.ts';
import { type CallModel, conventionModel } from '../../src/asm/program/conventions.ts';
import { exactKey } from '../../src/asm/program/inst-key.ts';
import { liveness, summariesOf } from '../../src/asm/program/liveness.ts';
import type { Block, FunctionCode } from '../../src/asm/program/types.ts';
import { extract } from '../../src/logic/build.ts';

/**
 * Whether two versions of a function that differ in one place do the same, since what they leave otherwise there is never
 * read. In that place there is only code without jumps, calls and traps; both versions end it with the same memory, the
 * second accesses nothing that the first does not, and where registers and flags hold other terms, they are dead.
 *
 * From there on the two run in step: where they agree on what is live, each instruction makes the same accesses, goes the
 * same way, and leaves them to agree on what is live behind it. Observable is what conventions say: calls of functions
 * outside read arguments and what is to be preserved, and leave nothing else; returns give all registers that may hold
 * results, and what is to be preserved. Calls within the file, jumps elsewhere and, where the function follows no
 * convention, returns read everything.
 */
export function changesDeadOnly(
  before: FunctionCode,
  after: FunctionCode,
  isa: Isa,
  follows: { readonly convention: boolean; readonly isOutside: (name: string) => boolean },
): boolean {
  const place = changedPlace(before, after);
  if (place === undefined) return false;
  if (isBehindTheEnd(before, place)) return true;
  const { start, end, endAfter } = place;
  const [old, fresh] = [carryOut(before, start, end, isa), carryOut(after, start, endAfter, isa)];
  if (old === undefined || fresh === undefined || old.memory !== fresh.memory) return false;
  const keyOf = (a: MemoryAccess): string => `${a.kind} ${a.address.id} ${a.bytes}`;
  const accesses = new Set(old.accesses.map(keyOf));
  if (fresh.accesses.some((a) => !accesses.has(keyOf(a)))) return false;
  const live = liveAt(before, end, isa, modelFor(isa, follows));
  if (live === undefined) return false;
  return chunksOf(isa).list.every(({ index, loc, lo, hi }) => {
    const [x, y] = [old.get(loc), fresh.get(loc)];
    if (x === y || !hasChunk(live, index) || extract(x, hi, lo) === extract(y, hi, lo)) return true;
    return loc === LINKS[isa.name] && onlyReturnsAgain(before, place, isa, loc) && fresh.get(loc).op === 'var';
  });
}

const LINKS: Readonly<Partial<Record<Isa['name'], string>>> = { aarch64: 'x30', riscv64: 'x1' };

/**
 * Whether the place only fetches a return address that is still in its register, and the block goes on to return to it:
 * nothing before has written the register, and nothing behind but the return reads it. In every run in which the first
 * version, which is proved, returns to its caller, it has fetched what it was called with, and the second version need not.
 * A function that returns elsewhere has overwritten its own return address, and tests discard such runs.
 */
function onlyReturnsAgain(
  code: FunctionCode,
  { start, end }: { readonly start: number; readonly end: number },
  isa: Isa,
  link: string,
): boolean {
  const own = setOf(chunksOf(isa), link);
  const summaries = summariesOf(code, isa);
  const touches = (i: number, set: 'reads' | 'writes'): boolean => intersects(summaries[i]?.[set] ?? own, own);
  const block = code.blocks[code.blockAt[end] ?? -1];
  if (block?.flow.kind !== 'return' || code.blockAt[start] !== block.index) return false;
  for (let i = end; i < block.end; i++)
    if (touches(i, 'writes') || (touches(i, 'reads') && i < block.end - 1)) return false;
  // Blocks from which control may get here.
  const before = new Set([block.index]);
  for (const b of before) for (const p of code.blocks) if (p.successors.includes(b)) before.add(p.index);
  const writes = (b: Block): boolean => {
    const stop = b.index === block.index && !b.successors.includes(b.index) ? start : b.end;
    for (let i = b.start; i < stop; i++) if (touches(i, 'writes')) return true;
    return b.flow.kind === 'call';
  };
  return ![...before].some((b) => writes(code.blocks[b] as Block));
}

/** Where two versions differ: instructions in front of `start` are the same, and those from `end` on in the first. */
function changedPlace(
  before: FunctionCode,
  after: FunctionCode,
): { readonly start: number; readonly end: number; readonly endAfter: number } | undefined {
  const [a, b] = [before, after].map((f) => f.insts.map(exactKey)) as [string[], string[]];
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  let [end, endAfter] = [a.length, b.length];
  while (end > start && endAfter > start && a[end - 1] === b[endAfter - 1]) [end, endAfter] = [end - 1, endAfter - 1];
  for (const [label, at] of before.indexOfLabel) {
    const there = after.indexOfLabel.get(label);
    // Where something is put in, a label stays in front of what it was in front of.
    const same = at < end ? at <= start && there === at : there === at - end + endAfter;
    if (!same) return undefined;
  }
  return { start, end, endAfter };
}

/** Whether something was put in only, where control does not get to: behind a jump or a return, and before any label. */
function isBehindTheEnd(
  before: FunctionCode,
  { start, end }: { readonly start: number; readonly end: number },
): boolean {
  const last = before.blocks[before.blockAt[start - 1] ?? -1];
  if (start !== end || last === undefined || last.end !== start) return false;
  const { flow } = last;
  return flow.kind === 'return' || flow.kind === 'indirect' || (flow.kind === 'jump' && !flow.conditional);
}

/** The state behind a stretch of code, from a state of which nothing is known; undefined where it may go elsewhere. */
function carryOut(code: FunctionCode, start: number, end: number, isa: Isa): SymbolicState | undefined {
  const state = new SymbolicState(isa, 's.');
  for (const inst of code.insts.slice(start, end)) {
    const effects = effectsOf(inst, state);
    if (effects.some((e) => e.kind !== 'set' && e.kind !== 'store')) return undefined;
    state.apply(effects);
  }
  return state;
}

function liveAt(code: FunctionCode, at: number, isa: Isa, model: CallModel): ChunkSet | undefined {
  const block = code.blocks[code.blockAt[at] ?? -1];
  if (block === undefined) return undefined;
  const found = liveness(code, isa, model);
  if (block.start === at) return found.liveIn(block.index);
  let live: ChunkSet | undefined;
  found.replay(block.index, (inst, liveAfter) => {
    if (inst === at - 1) live = liveAfter.slice();
  });
  return live;
}

function modelFor(isa: Isa, follows: Parameters<typeof changesDeadOnly>[3]): CallModel {
  const own = conventionsOf(isa);
  const model = conventionModel(isa, {
    ...own,
    results: [...own.results, ...own.resultsIfDefined],
    resultsIfDefined: [],
    calleeSaved: [...own.calleeSaved, ...own.fixed],
  });
  const chunks = chunksOf(isa);
  const everything = setOf(chunks, ...chunks.ofLocation.keys());
  const unknown = { uses: everything, clobbers: emptySet(chunks) };
  const outside = (name: string | undefined): boolean => name !== undefined && follows.isOutside(name);
  return {
    ...model,
    atCall: (b) => (b.flow.kind === 'call' && outside(b.flow.target) ? model.atCall(b) : unknown),
    atReturn: (defined) => (follows.convention ? model.atReturn(defined) : everything),
    atTailCall: (b, defined) => (outside(b.tailCall) ? model.atTailCall(b, defined) : everything),
  };
}
