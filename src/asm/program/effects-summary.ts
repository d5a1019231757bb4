// SPDX-License-Identifier: MIT

import { mapped } from '../../base/lists.ts';
import { onReset } from '../../logic/pool.ts';
import type { Term } from '../../logic/term.ts';
import type { Inst } from '../isa/define.ts';
import { effectsOf } from '../isa/define.ts';
import type { Effect } from '../isa/effect.ts';
import type { Isa } from '../isa/isa.ts';
import { type MemoryAccess, SymbolicState } from '../isa/state.ts';
import {
  addBits,
  addChunk,
  type ChunkSet,
  type Chunks,
  chunksOf,
  emptySet,
  hasChunk,
  type Renaming,
  renaming,
  wholeLocations,
} from './chunks.ts';
import { demandedBits, isUnchanged } from './demand.ts';
import { registersOf } from './linear.ts';
import { rememberShape } from './remember.ts';
import { type Shape, shapeOf } from './shape.ts';

/**
 * What an instruction does to chunks, found from its meaning alone. The sets are kept in a row of `packedRows`; those that
 * are asked for by name are copies.
 */
export class InstSummary {
  /** Where `packedRows` has what `stepBack` asks for. */
  readonly row: number;
  /** The locations that it sets, if only to what they were. */
  readonly sets: readonly string[];
  /** Whether it calls or jumps. */
  readonly goes: boolean;
  /** The general registers, as bits at their places in `registersOf`, that have chunks in `writes` and in `reads`. */
  readonly registersWritten: number;
  readonly registersRead: number;
  private readonly words: number;
  private readonly isa: Isa;
  private written: ChunkSet | undefined;
  private changing: readonly string[] | undefined;

  constructor(row: number, sets: readonly string[], goes: boolean, isa: Isa) {
    this.row = row;
    this.sets = sets;
    this.goes = goes;
    this.words = chunksOf(isa).words;
    this.isa = isa;
    this.written = undefined;
    this.changing = undefined;
    const { words } = this;
    const registers = registersByChunk(isa);
    let read = 0;
    for (const from of readsAt(row, words)) read |= registersIn(from, words, registers);
    this.registersWritten = registersIn(row + 1, words, registers);
    this.registersRead = read;
  }

  /** The chunks that get a value other than their own old one. */
  get writes(): ChunkSet {
    this.written ??= this.part(this.row + 1);
    return this.written;
  }

  /** The chunks that memory accesses, stored values, conditions and jump targets depend on. */
  get uses(): ChunkSet {
    return this.part(this.row + 1 + this.words);
  }

  /** For the chunks in `writes`, in groups: what the new values depend on. */
  get groups(): readonly ChunkGroup[] {
    const { row, words } = this;
    const groups: ChunkGroup[] = [];
    for (let at = row + 1 + 2 * words; at < (rows[row] ?? 0); at += 2 * words)
      groups.push({ written: this.part(at), from: this.part(at + words) });
    return groups;
  }

  /** Those of `sets` of which some part gets a value other than its own old one. */
  get changed(): readonly string[] {
    const { writes } = this;
    const { ofLocation } = chunksOf(this.isa);
    this.changing ??= this.sets.filter((loc) => ofLocation.get(loc)?.some((c) => hasChunk(writes, c.index)) !== false);
    return this.changing;
  }

  /** `uses` and what all new values depend on. */
  get reads(): ChunkSet {
    const set = new Int32Array(this.words);
    this.addReads(set);
    return set;
  }

  addReads(set: ChunkSet): void {
    for (const at of readsAt(this.row, this.words))
      for (let w = 0; w < set.length; w++) set[w] = (set[w] ?? 0) | (rows[at + w] ?? 0);
  }

  private part(at: number): ChunkSet {
    return rows.slice(at, at + this.words);
  }
}

export interface ChunkGroup {
  readonly written: ChunkSet;
  readonly from: ChunkSet;
}

/** The summary of an instruction; instructions that differ in displacements and symbols only share one. */
export const summaryOfShape = rememberShape('summary', summarise, {
  mentions: ({ row, sets }, loc, isa) => sets.includes(loc) || rowHas(row, wholeLocations(chunksOf(isa))(loc)),
  rename: ({ row, sets, goes }, names, isa) =>
    new InstSummary(
      addRenamedRow(row, renaming(names, chunksOf(isa))),
      mapped(sets, (loc) => names.get(loc) ?? loc),
      goes,
      isa,
    ),
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
  return new InstSummary(addRow(writes, uses, [...groups.values()]), [...sets], goes, isa);
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
  const row = newRow(1 + 2 * words * (1 + groups.length));
  rows.set(writes, row + 1);
  rows.set(uses, row + 1 + words);
  groups.forEach(({ written, from }, k) => {
    rows.set(written, row + 1 + 2 * words * (k + 1));
    rows.set(from, row + 1 + 2 * words * (k + 1) + words);
  });
  return row;
}

function newRow(length: number): number {
  const row = used;
  used += length;
  if (used > rows.length) {
    const larger = new Int32Array(Math.max(used, 2 * rows.length));
    larger.set(rows);
    rows = larger;
  }
  rows[row] = used;
  return row;
}

/** The same row of other locations. */
function addRenamedRow(row: number, { from, pairs }: Renaming): number {
  const words = from.length;
  const length = (rows[row] ?? 0) - row;
  const renamed = newRow(length);
  for (let at = 1; at < length; at += words) {
    for (let w = 0; w < words; w++) rows[renamed + at + w] = (rows[row + at + w] ?? 0) & ~(from[w] ?? 0);
    for (let k = 0; k < pairs.length; k += 2) {
      const [old, other] = [pairs[k] ?? 0, pairs[k + 1] ?? 0];
      if (((rows[row + at + (old >> 5)] ?? 0) & (1 << (old & 31))) === 0) continue;
      const place = renamed + at + (other >> 5);
      rows[place] = (rows[place] ?? 0) | (1 << (other & 31));
    }
  }
  return renamed;
}

/** Whether some set of a row has a chunk of this one. */
function rowHas(row: number, set: ChunkSet): boolean {
  const words = set.length;
  for (let at = row + 1; at < (rows[row] ?? 0); at += words)
    for (let w = 0; w < words; w++) if (((rows[at + w] ?? 0) & (set[w] ?? 0)) !== 0) return true;
  return false;
}

/** Where the sets of a row begin that say what is read. */
function readsAt(row: number, words: number): number[] {
  const places: number[] = [];
  for (let at = row + 1 + words; at < (rows[row] ?? 0); at += 2 * words) places.push(at);
  return places;
}

const registerTables = new WeakMap<Isa, Int8Array>();

/** By chunk: the general register that it is a part of; -1 where it is none's. */
function registersByChunk(isa: Isa): Int8Array {
  let table = registerTables.get(isa);
  if (table === undefined) {
    const { ofLocation, words } = chunksOf(isa);
    table = new Int8Array(words * 32).fill(-1);
    for (const [k, loc] of registersOf(isa).entries())
      for (const { index } of ofLocation.get(loc) ?? []) table[index] = k;
    registerTables.set(isa, table);
  }
  return table;
}

/** The general registers of which the set that begins at `at` in `rows` has a chunk. */
function registersIn(at: number, words: number, registers: Int8Array): number {
  let mask = 0;
  for (let w = 0; w < words; w++) {
    for (let rest = rows[at + w] ?? 0; rest !== 0; rest &= rest - 1) {
      const k = registers[w * 32 + 31 - Math.clz32(rest & -rest)] ?? -1;
      if (k >= 0) mask |= 1 << k;
    }
  }
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

/**
 * Carries chunks that hold what was there before an instruction on to behind it, in place, where it only passes them on
 * to chunks `among` these; false where it does anything else with one. `row` and `passed` are as for `stepBack`.
 */
export function stepOver(old: ChunkSet, packed: Int32Array, row: number, among: ChunkSet, passed: ChunkSet): boolean {
  const words = old.length;
  const end = packed[row] ?? 0;
  const uses = row + 1 + words;
  for (let w = 0; w < words; w++) if (((old[w] ?? 0) & (packed[uses + w] ?? 0)) !== 0) return false;
  passed.fill(0);
  for (let at = uses + words; at < end; at += 2 * words) {
    let hit = 0;
    for (let w = 0; w < words; w++) hit |= (old[w] ?? 0) & (packed[at + words + w] ?? 0);
    if (hit === 0) continue;
    for (let w = 0; w < words; w++) {
      const written = packed[at + w] ?? 0;
      if ((written & ~(among[w] ?? 0)) !== 0) return false;
      passed[w] = (passed[w] ?? 0) | written;
    }
  }
  for (let w = 0; w < words; w++) old[w] = ((old[w] ?? 0) & ~(packed[row + 1 + w] ?? 0)) | (passed[w] ?? 0);
  return true;
}
