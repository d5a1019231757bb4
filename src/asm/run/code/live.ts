// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import type { Isa } from '../../isa/isa.ts';
import { chunksOf, hasChunk } from '../../program/chunks.ts';
import { type InstSummary, summaryOf } from '../../program/effects-summary.ts';
import type { Block, FunctionCode } from '../../program/types.ts';
import { leavesFunction } from '../../program/types.ts';

/** Sets of locations by their index in `Isa.locations`, as rows of 32-bit words. */
export type LocSet = Int32Array;

/** What an instruction does to whole locations. */
export interface InstUse {
  /** Read, or written in part. */
  readonly reads: LocSet;
  readonly writes: LocSet;
}

export function has(set: LocSet, index: number): boolean {
  return ((set[index >> 5] ?? 0) & (1 << (index & 31))) !== 0;
}

export function add(set: LocSet, index: number): void {
  set[index >> 5] = (set[index >> 5] ?? 0) | (1 << (index & 31));
}

export function addAll(a: LocSet, b: LocSet): boolean {
  let grew = false;
  for (let w = 0; w < a.length; w++) {
    const after = (a[w] ?? 0) | (b[w] ?? 0);
    if (after === a[w]) continue;
    a[w] = after;
    grew = true;
  }
  return grew;
}

const caches = new WeakMap<InstSummary, InstUse>();
const codeCaches = new WeakMap<FunctionCode, (InstUse | undefined)[]>();

export function setSize(isa: Isa): number {
  return (isa.locations.length + 31) >> 5;
}

export function usesOf(code: FunctionCode, isa: Isa): readonly InstUse[] {
  return code.insts.map((_, i) => useAt(code, i, isa));
}

/** What the instruction with an index does; found when it is first asked for. */
export function useAt(code: FunctionCode, index: number, isa: Isa): InstUse {
  let list = codeCaches.get(code);
  if (list === undefined) {
    list = new Array<InstUse | undefined>(code.insts.length).fill(undefined);
    codeCaches.set(code, list);
  }
  const use = list[index] ?? useOf(summaryOf(must(code.insts[index], 'an instruction'), isa), isa);
  list[index] = use;
  return use;
}

function useOf(summary: InstSummary, isa: Isa): InstUse {
  let use = caches.get(summary);
  if (use !== undefined) return use;
  const chunks = chunksOf(isa);
  const reads = new Int32Array(setSize(isa));
  const writes = new Int32Array(setSize(isa));
  const { reads: read } = summary;
  isa.locations.forEach((l, i) => {
    const own = chunks.ofLocation.get(l.name) ?? [];
    const written = own.filter((c) => hasChunk(summary.writes, c.index)).length;
    if (written > 0) add(writes, i);
    if ((written > 0 && written < own.length) || own.some((c) => hasChunk(read, c.index))) add(reads, i);
  });
  use = { reads, writes };
  caches.set(summary, use);
  return use;
}

/** What the surroundings of a function read of the flags. */
export interface FlagUse {
  /** By the callee of a call block, or by the code that a block leaves to. */
  readonly behind: (block: Block) => LocSet;
}

export interface RegisterFlow {
  readonly uses: readonly InstUse[];
  /** What must be in local variables at a block's beginning. */
  readonly liveIn: readonly LocSet[];
  readonly liveOut: readonly LocSet[];
  /** At a block's beginning: what may be in local variables only, and not in memory as well. */
  readonly dirtyIn: readonly LocSet[];
  /** The same at its end, before a call or an exit. */
  readonly dirtyEnd: readonly LocSet[];
}

/**
 * Where values are. Calls and exits put what the function has changed into memory, from which whoever comes next reads
 * it; behind a call everything is read again when it is needed. Flags are put there only where somebody reads them.
 */
export function registerFlow(code: FunctionCode, isa: Isa, lazy: LocSet, flags: FlagUse): RegisterFlow {
  const size = setSize(isa);
  const uses = usesOf(code, isa);
  const { blocks } = code;
  const empty = (): LocSet[] => blocks.map(() => new Int32Array(size));
  const [written, dirtyIn, dirtyEnd, liveIn, liveOut] = [empty(), empty(), empty(), empty(), empty()];
  const at = (list: readonly LocSet[], b: number): LocSet => list[b] ?? new Int32Array(size);
  for (const b of blocks) {
    for (let i = b.start; i < b.end; i++) addAll(at(written, b.index), uses[i]?.writes ?? at(written, b.index));
    const w = at(written, b.index);
    for (let k = 0; k < size; k++) w[k] = (w[k] ?? 0) & ~(lazy[k] ?? 0);
  }
  // All indirect jumps within the function go through one place.
  const together = new Int32Array(size);
  const dispatches = (b: Block): boolean => b.flow.kind === 'indirect' && b.successors.length > 0;
  for (let again = true; again; ) {
    again = false;
    for (const b of blocks) {
      const end = at(dirtyEnd, b.index);
      if (dispatches(b) && addAll(end, together)) again = true;
      addAll(end, at(dirtyIn, b.index));
      addAll(end, at(written, b.index));
      if (b.flow.kind === 'call') continue;
      if (dispatches(b) && addAll(together, end)) again = true;
      for (const s of b.successors) if (addAll(at(dirtyIn, s), end)) again = true;
    }
  }
  const behind = blocks.map((b) =>
    b.flow.kind === 'call' || leavesFunction(b) ? flags.behind(b) : new Int32Array(size),
  );
  const live = new Int32Array(size);
  for (let again = true; again; ) {
    again = false;
    for (let k = blocks.length - 1; k >= 0; k--) {
      const b = blocks[k];
      if (b === undefined) continue;
      const out = at(liveOut, k);
      for (const s of b.successors) addAll(out, at(liveIn, s));
      live.set(out);
      if (b.flow.kind === 'call') {
        // Flags may pass through the callee; all else comes back through memory.
        for (let w = 0; w < size; w++) live[w] = (live[w] ?? 0) & (lazy[w] ?? 0);
      }
      if (b.flow.kind === 'call' || leavesFunction(b)) {
        addAll(live, at(dirtyEnd, k));
        addAll(live, at(behind, k));
      } else if (dispatches(b)) addAll(live, at(dirtyEnd, k));
      for (let i = b.end - 1; i >= b.start; i--) {
        const use = uses[i];
        if (use === undefined) continue;
        for (let w = 0; w < size; w++) live[w] = ((live[w] ?? 0) & ~(use.writes[w] ?? 0)) | (use.reads[w] ?? 0);
      }
      // What is written here on one way only is put into memory on all ways, from a variable that must be right.
      if (addAll(at(liveIn, k), live)) again = true;
      if (addAll(at(liveIn, k), at(dirtyIn, k))) again = true;
    }
  }
  return { uses, liveIn, liveOut, dirtyIn, dirtyEnd };
}
