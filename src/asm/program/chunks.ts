// SPDX-License-Identifier: MIT
import type { Isa, Location } from '../isa/isa.ts';

/**
 * A chunk is a part of a register that instructions read and write apart from the rest, a flag, or another whole
 * location. Liveness goes by chunks: fine enough to tell `al` from `eax` from `rax`, and `movss` from `movsd`.
 */
export interface Chunk {
  readonly index: number;
  readonly loc: string;
  /** Bits, both included. */
  readonly lo: number;
  readonly hi: number;
}

/** A set of chunks: one bit per chunk, 32 to a word. All sets of one ISA have the same length. */
export type ChunkSet = Int32Array;

/** The chunks of an ISA. */
export interface Chunks {
  readonly list: readonly Chunk[];
  readonly words: number;
  readonly ofLocation: ReadonlyMap<string, readonly Chunk[]>;
}

const CUTS: Readonly<Record<Location['kind'], readonly number[]>> = {
  gpr: [0, 8, 16, 32],
  vec: [0, 32, 64],
  flag: [0],
  sp: [0],
  system: [0],
};

const tables = new WeakMap<Isa, Chunks>();

export function chunksOf(isa: Isa): Chunks {
  const known = tables.get(isa);
  if (known !== undefined) return known;
  const list: Chunk[] = [];
  const ofLocation = new Map<string, readonly Chunk[]>();
  for (const location of isa.locations) {
    const own: Chunk[] = [];
    const cuts = CUTS[location.kind].filter((lo) => lo < location.width);
    cuts.forEach((lo, i) => {
      const chunk = { index: list.length, loc: location.name, lo, hi: (cuts[i + 1] ?? location.width) - 1 };
      list.push(chunk);
      own.push(chunk);
    });
    ofLocation.set(location.name, own);
  }
  const made = { list, words: (list.length + 31) >> 5, ofLocation };
  tables.set(isa, made);
  return made;
}

export function emptySet(chunks: Chunks): ChunkSet {
  return new Int32Array(chunks.words);
}

export function addChunk(set: ChunkSet, index: number): void {
  set[index >> 5] = (set[index >> 5] ?? 0) | (1 << (index & 31));
}

export function hasChunk(set: ChunkSet, index: number): boolean {
  return ((set[index >> 5] ?? 0) & (1 << (index & 31))) !== 0;
}

/** Adds `b` to `a`; true when `a` grew. */
export function addAll(a: ChunkSet, b: ChunkSet): boolean {
  let grew = false;
  for (let w = 0; w < a.length; w++) {
    const before = a[w] ?? 0;
    const after = before | (b[w] ?? 0);
    if (after !== before) {
      a[w] = after;
      grew = true;
    }
  }
  return grew;
}

export function removeAll(a: ChunkSet, b: ChunkSet): void {
  for (let w = 0; w < a.length; w++) a[w] = (a[w] ?? 0) & ~(b[w] ?? 0);
}

export function keepOnly(a: ChunkSet, b: ChunkSet): void {
  for (let w = 0; w < a.length; w++) a[w] = (a[w] ?? 0) & (b[w] ?? 0);
}

export function intersects(a: ChunkSet, b: ChunkSet): boolean {
  for (let w = 0; w < a.length; w++) if (((a[w] ?? 0) & (b[w] ?? 0)) !== 0) return true;
  return false;
}

export function isSubset(a: ChunkSet, b: ChunkSet): boolean {
  for (let w = 0; w < a.length; w++) if (((a[w] ?? 0) & ~(b[w] ?? 0)) !== 0) return false;
  return true;
}

/** Adds the chunks of a location that share a bit with `lo`..`hi` (both included; everything when left out). */
export function addBits(set: ChunkSet, chunks: Chunks, loc: string, lo = 0, hi = Infinity): void {
  for (const c of chunks.ofLocation.get(loc) ?? []) if (c.lo <= hi && c.hi >= lo) addChunk(set, c.index);
}

/** The set with all chunks of the named locations; `name:lo-hi` names only the chunks that share those bits. */
export function setOf(chunks: Chunks, ...names: readonly string[]): ChunkSet {
  const set = emptySet(chunks);
  for (const name of names) {
    const [loc = '', bits] = name.split(':');
    const [lo, hi] = bits?.split('-').map(Number) ?? [];
    addBits(set, chunks, loc, lo, hi);
  }
  return set;
}

/** From the parts of some locations to the same parts of others. */
export interface Renaming {
  readonly from: ChunkSet;
  /** For each part in `from`, its index and that of the part to take instead. */
  readonly pairs: readonly number[];
}

/** `names` says for some locations, all of one kind each, which to take instead. */
export function renaming(names: ReadonlyMap<string, string>, chunks: Chunks): Renaming {
  const from = emptySet(chunks);
  const pairs: number[] = [];
  for (const [loc, other] of names) {
    const others = chunks.ofLocation.get(other) ?? [];
    for (const [k, { index }] of (chunks.ofLocation.get(loc) ?? []).entries()) {
      addChunk(from, index);
      const there = others[k];
      if (there !== undefined) pairs.push(index, there.index);
    }
  }
  return { from, pairs };
}

type Whole = (loc: string) => ChunkSet;
const wholes = new WeakMap<Chunks, Whole>();

/** Gives all parts of one location; the sets are not to be changed. */
export function wholeLocations(chunks: Chunks): Whole {
  const known = wholes.get(chunks);
  if (known !== undefined) return known;
  const sets = new Map([...chunks.ofLocation.keys()].map((loc) => [loc, setOf(chunks, loc)]));
  const none = emptySet(chunks);
  const whole: Whole = (loc) => sets.get(loc) ?? none;
  wholes.set(chunks, whole);
  return whole;
}

/** The bits of one location that a set holds, as ranges with neighbours joined. */
export function bitsIn(set: ChunkSet, chunks: Chunks, loc: string): (readonly [lo: number, hi: number])[] {
  const ranges: [number, number][] = [];
  for (const c of chunks.ofLocation.get(loc) ?? []) {
    if (!hasChunk(set, c.index)) continue;
    const last = ranges[ranges.length - 1];
    if (last !== undefined && last[1] + 1 === c.lo) last[1] = c.hi;
    else ranges.push([c.lo, c.hi]);
  }
  return ranges;
}

/** For people and tests: `rax`, `rax:0-7`, `zf`; in the ISA's order. */
export function describeSet(set: ChunkSet, chunks: Chunks): string[] {
  const names: string[] = [];
  for (const [loc, own] of chunks.ofLocation) {
    for (const [lo, hi] of bitsIn(set, chunks, loc)) {
      const whole = lo === 0 && hi === own[own.length - 1]?.hi;
      names.push(whole ? loc : `${loc}:${lo}-${hi}`);
    }
  }
  return names;
}
