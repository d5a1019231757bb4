// SPDX-License-Identifier: MIT
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
  setOf,
} from './chunks.ts';
import { demandedBits, isUnchanged } from './demand.ts';
import { shapeKey } from './inst-key.ts';
import { rememberShape } from './remember.ts';

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
  /** `writes`, `uses`, then `written` and `from` of each group, in a row. */
  readonly packed: Int32Array;
}

export interface ChunkGroup {
  readonly written: ChunkSet;
  readonly from: ChunkSet;
}

/** The summary of an instruction; instructions that differ in displacements and symbols only share one. */
export const summaryOf = rememberShape(summarise, {
  mentions: ({ writes, reads, sets }, loc, isa) => {
    const own = setOf(chunksOf(isa), loc);
    return intersects(writes, own) || intersects(reads, own) || sets.includes(loc);
  },
  rename: ({ writes, uses, groups, sets, goes }, names, isa) => {
    const chunks = chunksOf(isa);
    const there = (set: ChunkSet): ChunkSet => renameChunks(set, names, chunks);
    const moved = groups.map((g) => ({ written: there(g.written), from: there(g.from) }));
    return { ...packed(there(writes), there(uses), moved), sets: sets.map((loc) => names.get(loc) ?? loc), goes };
  },
});

/** What locations are called in the effects of shapes: this and their names. */
export const PREFIX = 'in.';

/** What an instruction does, but for displacements and the names of symbols. */
export interface ShapeEffects {
  readonly effects: readonly Effect[];
  readonly accesses: readonly MemoryAccess[];
}

const effectCaches = new Map<Isa, Map<string, ShapeEffects>>();
onReset(() => effectCaches.clear());

/** The effects of some instruction of the same shape. Several analyses look at the same ones, one after the other. */
export function shapeEffects(inst: Inst, isa: Isa): ShapeEffects {
  let cache = effectCaches.get(isa);
  if (cache === undefined) {
    cache = new Map();
    effectCaches.set(isa, cache);
  }
  const key = shapeKey(inst);
  let found = cache.get(key);
  if (found === undefined) {
    const state = new SymbolicState(isa, PREFIX);
    const effects = effectsOf(inst, state);
    found = { effects, accesses: state.accesses };
    cache.set(key, found);
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
      case 'repeat':
        addDemanded(uses, chunks, e.condition);
        break;
    }
  }
  const sets = new Set(effects.flatMap((e) => (e.kind === 'set' ? [e.loc] : [])));
  const goes = effects.some((e) => e.kind === 'call' || e.kind === 'jump');
  return { ...packed(writes, uses, [...groups.values()]), sets: [...sets], goes };
}

function packed(writes: ChunkSet, uses: ChunkSet, groups: readonly ChunkGroup[]): Omit<InstSummary, 'sets' | 'goes'> {
  const reads = uses.slice();
  const row = [...writes, ...uses];
  for (const { written, from } of groups) {
    addAll(reads, from);
    row.push(...written, ...from);
  }
  return { writes, uses, groups, reads, packed: Int32Array.from(row) };
}

function addDemanded(set: ChunkSet, chunks: Chunks, term: Term, lo = 0, hi = term.width - 1): void {
  demandedBits(term, lo, hi, (v, from, to) => {
    if (v.name.startsWith(PREFIX)) addBits(set, chunks, v.name.slice(PREFIX.length), from, to);
  });
}

/**
 * Carries a set of live chunks from behind an instruction to before it, in place: a chunk is live only if something
 * depends on it that itself matters.
 */
export function stepBack(live: ChunkSet, { packed }: InstSummary, needed: ChunkSet): void {
  const words = live.length;
  for (let w = 0; w < words; w++) needed[w] = packed[words + w] ?? 0;
  for (let at = 2 * words; at < packed.length; at += 2 * words) {
    let hit = 0;
    for (let w = 0; w < words; w++) hit |= (live[w] ?? 0) & (packed[at + w] ?? 0);
    if (hit === 0) continue;
    for (let w = 0; w < words; w++) needed[w] = (needed[w] ?? 0) | (packed[at + words + w] ?? 0);
  }
  for (let w = 0; w < words; w++) live[w] = ((live[w] ?? 0) & ~(packed[w] ?? 0)) | (needed[w] ?? 0);
}
