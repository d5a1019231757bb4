// SPDX-License-Identifier: MIT
import { assert } from '../base/assert.ts';
import { ite } from './choice.ts';
import { add, emit, sumOf } from './linear.ts';
import { arg, bv, node, onReset } from './pool.ts';
import { concatAll, extract } from './slice.ts';
import type { Term } from './term.ts';

/**
 * Memory: a total map from 64-bit addresses to bytes. Addresses are a base (a sum without constant) and a constant
 * offset, and what is said about two accesses is said only for equal bases.
 *
 * Loads: of at most 8 bytes; wider ones are concats, and neighbours in a concat become one load again.
 * Stores: each within one aligned 8-byte window (counted from the base). Stores to one base that follow each other are
 * ordered by offset, the lowest innermost, and what touches within a window is one store.
 */

const WINDOW = 8;
/** Past this many stores the order is left as it is. */
const FARTHEST = 64;

interface Place {
  readonly base: Term;
  /** Signed, below 2^63. */
  readonly offset: bigint;
}

let places: (Place | undefined)[] = [];
onReset(() => {
  places = [];
});

/** An address as a base and a constant distance from it. */
export function placeOf(address: Term): Place {
  let place = places[address.id];
  if (place === undefined) {
    const s = sumOf(address);
    const offset = BigInt.asIntN(64, s.constant);
    s.constant = 0n;
    place = { base: offset === 0n ? address : emit(s), offset };
    places[address.id] = place;
  }
  return place;
}

/**
 * What a store lies on: stores to the same base in a row, which a load that none of them touches need not go through one
 * by one. From each there is a jump over some of them, to a place that is found as in skew-binary numbers, so that any
 * place is a few jumps away.
 */
interface Run {
  /** How many stores to this base there are from here on. */
  readonly length: number;
  /** The store that the jump leads to; undefined where it leads behind the run. */
  readonly jump: Run | undefined;
  /** The memory there. */
  readonly to: Term;
  /** What the stores before that touch: offsets from the base, the higher one exclusive. */
  readonly low: number;
  readonly high: number;
}

/** Offsets beyond are not told apart: numbers are exact below, and nothing wraps. */
const EXACT = 1n << 52n;

let runs: (Run | undefined)[] = [];
onReset(() => {
  runs = [];
});

function runOf(memory: Term): Run {
  const pending: Term[] = [];
  const { base } = placeOf(arg(memory, 1));
  let at = memory;
  let run: Run | undefined;
  while (at.op === 'store' && placeOf(arg(at, 1)).base === base) {
    run = runs[at.id];
    if (run !== undefined) break;
    pending.push(at);
    at = arg(at, 0);
  }
  for (let t = pending.pop(); t !== undefined; t = pending.pop()) {
    run = extendRun(t, run);
    runs[t.id] = run;
  }
  return run as Run;
}

function extendRun(store: Term, below: Run | undefined): Run {
  const { offset } = placeOf(arg(store, 1));
  const exact = offset < EXACT && offset > -EXACT;
  const low = exact ? Number(offset) : Number.NEGATIVE_INFINITY;
  const high = exact ? Number(offset) + arg(store, 2).width / 8 : Number.POSITIVE_INFINITY;
  const length = lengthOf(below) + 1;
  const over = below?.jump;
  if (below === undefined || length - 1 - lengthOf(over) !== lengthOf(over) - lengthOf(over?.jump))
    return { length, jump: below, to: arg(store, 0), low, high };
  const beyond = over ?? below;
  return {
    length,
    jump: over?.jump,
    to: beyond.to,
    low: Math.min(low, below.low, beyond.low),
    high: Math.max(high, below.high, beyond.high),
  };
}

const lengthOf = (run: Run | undefined): number => run?.length ?? 0;

function addressAt(base: Term, offset: bigint): Term {
  return offset === 0n ? base : add(base, bv(64, offset));
}

/** `bytes` bytes at `address`, the lowest byte in the lowest bits. */
export function load(memory: Term, address: Term, bytes: number): Term {
  assert(memory.width === 0 && address.width === 64 && bytes > 0, 'a load is of bytes at a 64-bit address of a memory');
  if (bytes <= WINDOW) return loadWord(memory, address, bytes);
  const { base, offset } = placeOf(address);
  const parts: Term[] = [];
  for (let at = 0; at < bytes; at += WINDOW) {
    parts.push(loadWord(memory, addressAt(base, offset + BigInt(at)), Math.min(WINDOW, bytes - at)));
  }
  return concatAll(parts.reverse());
}

function loadWord(from: Term, address: Term, bytes: number): Term {
  const { base, offset } = placeOf(address);
  const exact = offset < EXACT && offset > -EXACT;
  const [low, high] = [Number(offset), Number(offset) + bytes];
  let memory = from;
  for (;;) {
    if (memory.op === 'ite') {
      return ite(arg(memory, 0), loadWord(arg(memory, 1), address, bytes), loadWord(arg(memory, 2), address, bytes));
    }
    if (memory.op !== 'store') break;
    const other = placeOf(arg(memory, 1));
    if (other.base !== base) break;
    const run = runOf(memory);
    if (exact && (high <= run.low || low >= run.high)) {
      memory = run.to;
      continue;
    }
    const value = arg(memory, 2);
    const size = value.width / 8;
    const distance = BigInt.asIntN(64, offset - other.offset);
    if (distance >= 0n && distance < BigInt(size)) {
      const from = Number(distance);
      const here = Math.min(bytes, size - from);
      const part = extract(value, 8 * (from + here) - 1, 8 * from);
      if (here === bytes) return part;
      return concatAll([loadWord(memory, addressAt(base, offset + BigInt(here)), bytes - here), part]);
    }
    if (distance < 0n && -distance < BigInt(bytes)) {
      const before = Number(-distance);
      return concatAll([
        loadWord(memory, addressAt(base, offset + BigInt(before)), bytes - before),
        loadWord(memory, address, before),
      ]);
    }
    memory = arg(memory, 0);
  }
  return node('load', 8 * bytes, [memory, address]);
}

/** Bits of a load: of no more bytes than they lie in. */
export function byteSlice(a: Term, hi: number, lo: number): Term {
  const first = lo >> 3;
  const bytes = (hi >> 3) - first + 1;
  if (bytes === a.width / 8) return node('extract', hi - lo + 1, [a], lo);
  const { base, offset } = placeOf(arg(a, 1));
  const narrow = loadWord(arg(a, 0), addressAt(base, offset + BigInt(first)), bytes);
  return extract(narrow, hi - 8 * first, lo - 8 * first);
}

/** Neighbouring bits of one memory, as bits of one load of at most 8 bytes. */
export function joinLoads(high: Term, low: Term): Term | undefined {
  const [h, l] = [high.op === 'extract' ? arg(high, 0) : high, low.op === 'extract' ? arg(low, 0) : low];
  if (h.op !== 'load' || l.op !== 'load' || arg(h, 0) !== arg(l, 0)) return undefined;
  const [hp, lp] = [placeOf(arg(h, 1)), placeOf(arg(l, 1))];
  if (hp.base !== lp.base) return undefined;
  const distance = BigInt.asIntN(64, hp.offset - lp.offset);
  if (distance < 0n || distance > 8n) return undefined;
  const [hlo, llo] = [high.op === 'extract' ? high.lo : 0, low.op === 'extract' ? low.lo : 0];
  if (hlo + 8 * Number(distance) !== llo + low.width) return undefined;
  const end = llo + low.width + high.width;
  if (end > 8 * WINDOW) return undefined;
  const joined = loadWord(arg(l, 0), arg(l, 1), (end + 7) >> 3);
  return extract(joined, end - 1, llo);
}

/** `memory` with `value` (whole bytes, little endian) at `address`; addresses wrap modulo 2^64. */
export function store(memory: Term, address: Term, value: Term): Term {
  assert(value.width % 8 === 0 && value.width > 0, 'a stored value is whole bytes');
  assert(memory.width === 0 && address.width === 64, 'a store is to a 64-bit address of a memory');
  const { base, offset } = placeOf(address);
  const bytes = value.width / 8;
  let result = memory;
  for (let at = 0; at < bytes; ) {
    const start = BigInt.asIntN(64, offset + BigInt(at));
    const room = WINDOW - Number(start & 7n);
    const size = Math.min(room, bytes - at);
    result = storeWord(result, base, start, extract(value, 8 * (at + size) - 1, 8 * at));
    at += size;
  }
  return result;
}

interface Piece {
  readonly start: number;
  readonly value: Term;
}

/** Stores within one window. */
function storeWord(memory: Term, base: Term, offset: bigint, value: Term): Term {
  const window = offset - (offset & 7n);
  const above: Term[] = [];
  let below = memory;
  let pieces: Piece[] = [];
  while (below.op === 'store') {
    const place = placeOf(arg(below, 1));
    if (place.base !== base || place.offset < window) break;
    if (place.offset >= window + 8n) {
      if (above.length === FARTHEST || pieces.length > 0) break;
      above.push(below);
    } else {
      const start = Number(place.offset - window);
      pieces.push({ start, value: arg(below, 2) });
    }
    below = arg(below, 0);
  }
  if (above.length === FARTHEST) {
    above.length = 0;
    pieces = [];
    below = memory;
  }
  const start = Number(offset - window);
  let result = below;
  for (const piece of overlay(pieces, start, value)) {
    const at = addressAt(base, BigInt.asIntN(64, window + BigInt(piece.start)));
    const known = piece.value.op === 'load' && loadWord(result, at, piece.value.width / 8) === piece.value;
    if (!known) result = node('store', 0, [result, at, piece.value]);
  }
  for (let i = above.length - 1; i >= 0; i--) {
    const s = above[i] as Term;
    result = node('store', 0, [result, arg(s, 1), arg(s, 2)]);
  }
  return result;
}

/** The pieces of a window after `value` went over them at byte `start`, ascending, neighbours joined. */
function overlay(pieces: readonly Piece[], start: number, value: Term): readonly Piece[] {
  const end = start + value.width / 8;
  const list: Piece[] = [{ start, value }];
  // Later stores come first and win.
  let covered = bytesOf(start, end);
  for (const p of pieces) {
    const size = p.value.width / 8;
    for (let i = 0; i < size; ) {
      if ((covered >> (p.start + i)) & 1) {
        i++;
        continue;
      }
      let n = 1;
      while (i + n < size && ((covered >> (p.start + i + n)) & 1) === 0) n++;
      list.push({ start: p.start + i, value: extract(p.value, 8 * (i + n) - 1, 8 * i) });
      i += n;
    }
    covered |= bytesOf(p.start, p.start + size);
  }
  list.sort((x, y) => x.start - y.start);
  const joined: Piece[] = [];
  for (const p of list) {
    const last = joined[joined.length - 1];
    if (last !== undefined && last.start + last.value.width / 8 === p.start) {
      joined[joined.length - 1] = { start: last.start, value: concatAll([p.value, last.value]) };
    } else joined.push(p);
  }
  return joined;
}

function bytesOf(start: number, end: number): number {
  return ((1 << (end - start)) - 1) << start;
}
