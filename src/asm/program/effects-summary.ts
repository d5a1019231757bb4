// SPDX-License-Identifier: MIT

import { must } from '../../base/assert.ts';
import { mapped } from '../../base/lists.ts';
import { onReset } from '../../logic/pool.ts';
import type { Term } from '../../logic/term.ts';
import type { Inst } from '../isa/define.ts';
import { effectsOf } from '../isa/define.ts';
import type { Effect } from '../isa/effect.ts';
import type { Isa } from '../isa/isa.ts';
import { type MemoryAccess, SymbolicState } from '../isa/state.ts';
import {
  addAll,
  addBits,
  addChunk,
  type ChunkSet,
  type Chunks,
  chunksOf,
  emptySet,
  intersects,
  renameChunks,
  renaming,
  setOf,
  wholeLocation,
} from './chunks.ts';
import { demandedBits, isUnchanged } from './demand.ts';
import { registersOf } from './linear.ts';
import { rememberShape } from './remember.ts';
import { type Shape, shapeOf } from './shape.ts';

/** What an instruction does to chunks, found from its meaning alone. */
export interface InstSummary {
  /** The chunks that get a value other than their own old one. */
  readonly writes: ChunkSet;
  /** The chunks that memory accesses, stored values, conditions and jump targets depend on. */
  readonly uses: ChunkSet;
  /** For the chunks in `writes`, in groups: what the new values depend on. */
  readonly groups: readonly ChunkGroup[];
  /** The locations that it sets, if only to what they were. */
  readonly sets: readonly string[];
  /** Whether it calls or jumps. */
  readonly goes: boolean;
  /** `uses` and what all new values depend on. */
  readonly reads: ChunkSet;
  /** The general registers, as bits at their places in `registersOf`, that have chunks in `writes` and in `reads`. */
  readonly registersWritten: number;
  readonly registersRead: number;
  /** Where `packedRows` has what `stepBack` asks for. */
  readonly row: number;
}

export interface ChunkGroup {
  readonly written: ChunkSet;
  readonly from: ChunkSet;
}

/** The summary of an instruction; instructions that differ in displacements and symbols only share one. */
export const summaryOfShape = rememberShape('summary', summarise, {
  mentions: ({ writes, reads, sets }, loc, isa) => {
    const own = wholeLocation(chunksOf(isa), loc);
    return intersects(writes, own) || intersects(reads, own) || sets.includes(loc);
  },
  rename: ({ writes, uses, groups, sets, goes }, names, isa) => {
    const chunks = chunksOf(isa);
    const by = renaming(names, chunks);
    const there = (set: ChunkSet): ChunkSet => renameChunks(set, by);
    const moved = mapped(groups, (g) => ({ written: there(g.written), from: there(g.from) }));
    return {
      ...packed(there(writes), there(uses), moved, isa),
      sets: mapped(sets, (loc) => names.get(loc) ?? loc),
      goes,
    };
  },
});

/** The same for an instruction whose shape is not at hand. */
export const summaryOf = (inst: Inst, isa: Isa): InstSummary => summaryOfShape(inst, shapeOf(inst), isa);

/** What locations are called in the effects of shapes: this and their names. */
export const PREFIX = 'in.';

/** What an instruction does, but for displacements and the names of symbols. */
export interface ShapeEffects {
  readonly effects: readonly Effect[];
  readonly accesses: readonly MemoryAccess[];
}

const effectCache = new Map<Shape, ShapeEffects>();
onReset(() => effectCache.clear());

/** The effects of some instruction of the same shape. Several analyses look at the same ones, one after the other. */
export function shapeEffects(inst: Inst, isa: Isa): ShapeEffects {
  const shape = shapeOf(inst);
  let found = effectCache.get(shape);
  if (found === undefined) {
    const state = new SymbolicState(isa, PREFIX);
    const effects = effectsOf(inst, state);
    found = { effects, accesses: state.accesses };
    effectCache.set(shape, found);
  }
  return found;
}

/** The same, found for this very instruction. */
export function summarise(inst: Inst, isa: Isa): InstSummary {
  const chunks = chunksOf(isa);
  const { effects, accesses } = shapeEffects(inst, isa);
  const uses = emptySet(chunks);
  const writes = emptySet(chunks);
  const groups = new Map<string, ChunkGroup>();
  for (const a of accesses) addDemanded(uses, chunks, a.address);
  for (const e of effects) {
    switch (e.kind) {
      case 'set':
        // What lies below the stack pointer may change at any time, so wherever it is matters.
        if (e.loc === isa.stackPointer) addDemanded(uses, chunks, e.value);
        for (const c of chunks.ofLocation.get(e.loc) ?? []) {
          if (isUnchanged(e.value, c.lo, c.hi, PREFIX + e.loc)) continue;
          addChunk(writes, c.index);
          const from = emptySet(chunks);
          addDemanded(from, chunks, e.value, c.lo, c.hi);
          const key = from.join();
          const group = groups.get(key);
          if (group !== undefined) addChunk(group.written, c.index);
          else {
            const written = emptySet(chunks);
            addChunk(written, c.index);
            groups.set(key, { written, from });
          }
        }
        break;
      case 'store':
        addDemanded(uses, chunks, e.address);
        addDemanded(uses, chunks, e.value);
        break;
      case 'jump':
        addDemanded(uses, chunks, e.target);
        if (e.condition !== undefined) addDemanded(uses, chunks, e.condition);
        break;
      case 'call':
      case 'return':
        addDemanded(uses, chunks, e.target);
        break;
      case 'trap':
        if (e.condition !== undefined) addDemanded(uses, chunks, e.condition);
        break;
      case 'system':
        // Which of the arguments are taken depends on the number; see liveness.ts.
        addDemanded(uses, chunks, e.number);
        break;
      case 'repeat':
        addDemanded(uses, chunks, e.condition);
        break;
    }
  }
  const sets = new Set(effects.flatMap((e) => (e.kind === 'set' ? [e.loc] : [])));
  const goes = effects.some((e) => e.kind === 'call' || e.kind === 'jump');
  return { ...packed(writes, uses, [...groups.values()], isa), sets: [...sets], goes };
}

function packed(
  writes: ChunkSet,
  uses: ChunkSet,
  groups: readonly ChunkGroup[],
  isa: Isa,
): Omit<InstSummary, 'sets' | 'goes'> {
  const reads = uses.slice();
  for (const { from } of groups) addAll(reads, from);
  const [registersWritten, registersRead] = [registersIn(writes, isa), registersIn(reads, isa)];
  return { writes, uses, groups, reads, registersWritten, registersRead, row: addRow(writes, uses, groups) };
}

/**
 * For all summaries, in a row, so that going through a function stays within a small part of memory: where the row ends,
 * `writes`, `uses`, then `written` and `from` of each group.
 */
let rows = new Int32Array(1 << 14);
let used = 0;

/** What `stepBack` needs; another array once there are more summaries. */
export const packedRows = (): Int32Array => rows;

function addRow(writes: ChunkSet, uses: ChunkSet, groups: readonly ChunkGroup[]): number {
  const words = writes.length;
  const row = used;
  used += 1 + 2 * words * (1 + groups.length);
  if (used > rows.length) {
    const larger = new Int32Array(Math.max(used, 2 * rows.length));
    larger.set(rows);
    rows = larger;
  }
  rows[row] = used;
  rows.set(writes, row + 1);
  rows.set(uses, row + 1 + words);
  groups.forEach(({ written, from }, k) => {
    rows.set(written, row + 1 + 2 * words * (k + 1));
    rows.set(from, row + 1 + 2 * words * (k + 1) + words);
  });
  return row;
}

const registerSets = new WeakMap<Isa, readonly ChunkSet[]>();

/** The general registers of which a set has a chunk. */
function registersIn(set: ChunkSet, isa: Isa): number {
  const own = registerSets.get(isa) ?? registersOf(isa).map((loc) => setOf(chunksOf(isa), loc));
  registerSets.set(isa, own);
  let mask = 0;
  for (let k = 0; k < own.length; k++) if (intersects(set, must(own[k], 'a set'))) mask |= 1 << k;
  return mask;
}

function addDemanded(set: ChunkSet, chunks: Chunks, term: Term, lo = 0, hi = term.width - 1): void {
  demandedBits(term, lo, hi, (v, from, to) => {
    if (v.name.startsWith(PREFIX)) addBits(set, chunks, v.name.slice(PREFIX.length), from, to);
  });
}

/**
 * `row` in `packed` is an instruction's: carries a set of live chunks from behind the instruction to before it, in place: a chunk is live only if something
 * depends on it that itself matters.
 */
export function stepBack(live: ChunkSet, packed: Int32Array, row: number, needed: ChunkSet): void {
  const words = live.length;
  const end = packed[row] ?? 0;
  const uses = row + 1 + words;
  for (let w = 0; w < words; w++) needed[w] = packed[uses + w] ?? 0;
  for (let at = uses + words; at < end; at += 2 * words) {
    let hit = 0;
    for (let w = 0; w < words; w++) hit |= (live[w] ?? 0) & (packed[at + w] ?? 0);
    if (hit === 0) continue;
    for (let w = 0; w < words; w++) needed[w] = (needed[w] ?? 0) | (packed[at + words + w] ?? 0);
  }
  for (let w = 0; w < words; w++) live[w] = ((live[w] ?? 0) & ~(packed[row + 1 + w] ?? 0)) | (needed[w] ?? 0);
}
