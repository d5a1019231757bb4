// SPDX-License-Identifier: MIT

import type { Process } from '../../run/libc/process.ts';
import type { LinkedFile } from '../../run/link/symbols.ts';
import type { Machine } from '../../run/machine.ts';
import type { Target, Word } from './carved.ts';
import type { Places } from './places.ts';

/** A piece of the program's memory: a block of the heap, an object of another file, the stack above a frame. */
interface Piece {
  readonly from: number;
  readonly end: number;
  /** Where it begins in the copy. */
  readonly at: number;
}

/** More is not copied; what is nearest to the arguments comes first. */
const MOST_BYTES = 2_500_000;
const MOST_PIECES = 6000;
/** How much of the stack above the frame belongs to an input. */
const STACK_WINDOW = 1 << 14;
/** Pieces begin as far from a multiple of this as they did, and have some room between them. */
const ALIGNED = 64;
const GAP = 48;
/** What lies before the first piece. */
const FIRST = 4096;

/** A copy of the memory that can be reached from what a function is given, and what its pointers mean in it. */
export class Snapshot {
  private readonly machine: Machine;
  private readonly places: Places;
  private readonly file: LinkedFile;
  /** The stack above this belongs to callers. */
  private readonly stack: number;
  private readonly pieces = new Map<number, Piece | undefined>();
  private readonly waiting: Piece[] = [];
  private blocks: readonly (readonly [address: number, size: number])[];
  private readonly high: number;
  private end = FIRST;
  memory = new Uint8Array(1 << 14);
  /** Words of the copy that lead into it: the offset of each, and behind it where it leads. */
  readonly inner: number[] = [];
  /** Other words of it that are pointers. */
  readonly pointers: (readonly [offset: number, to: Target])[] = [];

  constructor(process: Process, places: Places, file: LinkedFile, stack: number) {
    this.machine = process.machine;
    this.places = places;
    this.file = file;
    this.stack = stack;
    this.blocks = process.heap.live();
    this.high = Math.floor(places.image.layout.end / 2 ** 32);
  }

  /** How many bytes of the copy are in use. */
  get size(): number {
    return this.end;
  }

  /** What a word means: where it leads, if it is a pointer; the number itself otherwise. */
  word(value: bigint): Word {
    return this.target(Number(BigInt.asUintN(64, value))) ?? value;
  }

  /** Copies everything that is waiting, and what it leads to. */
  follow(): void {
    for (let piece = this.waiting.shift(); piece !== undefined; piece = this.waiting.shift()) {
      this.memory.set(this.machine.bytes.subarray(piece.from, piece.end), piece.at);
      for (const [at, to] of this.pointersIn(piece.from, piece.end)) {
        const offset = piece.at + at - piece.from;
        if ('memory' in to) this.inner.push(offset, to.memory);
        else this.pointers.push([offset, to]);
      }
    }
  }

  /** The aligned words between two addresses that are pointers. */
  pointersIn(from: number, end: number): (readonly [at: number, to: Target])[] {
    const found: [number, Target][] = [];
    const { view } = this.machine;
    for (let at = from + ((8 - (from % 8)) % 8); at + 8 <= end; at += 8) {
      if (view.getUint32(at + 4, true) !== this.high) continue;
      const low = view.getUint32(at, true);
      const to = this.target(this.high * 2 ** 32 + low);
      if (to !== undefined) found.push([at, to]);
    }
    return found;
  }

  /** New blocks of the heap are seen from here on. */
  renew(process: Process): void {
    this.blocks = process.heap.live();
  }

  /** The pieces that were copied, as they lie in the program's memory and in the copy. */
  *all(): Iterable<Piece> {
    for (const p of this.pieces.values()) if (p !== undefined) yield p;
  }

  private target(address: number): Target | undefined {
    const { image } = this.places;
    const { layout } = image;
    if (address < layout.low || address > layout.end) return undefined;
    if (address < layout.constants) return this.code(address);
    if (this.places.isData(address)) return this.data(address);
    if (address < layout.stackTop) {
      if (address < this.stack) return undefined;
      return this.inPiece(address, this.stack, Math.min(layout.stackTop, this.stack + STACK_WINDOW));
    }
    const block = this.blockAt(address);
    return block && this.inPiece(address, block[0], block[0] + block[1]);
  }

  private code(address: number): Target | undefined {
    const { image } = this.places;
    const fn = image.functionAt.get(address);
    if (fn !== undefined) return { code: fn.code.name };
    for (const [name, at] of image.externals) if (at === address) return { code: name };
    return undefined;
  }

  private data(address: number): Target | undefined {
    const owner = this.places.ownerAt(address);
    if (owner?.file === this.file) return { statement: owner.statement, plus: owner.plus };
    const { from, end, names } = this.places.objectAt(address);
    const name = names.find((n) => this.file.program.symbols.get(n)?.defined === false);
    if (name !== undefined) return { object: name, plus: address - from };
    return this.inPiece(address, from, end);
  }

  private blockAt(address: number): readonly [address: number, size: number] | undefined {
    let [low, high] = [0, this.blocks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.blocks[middle]?.[0] ?? 0) <= address) low = middle + 1;
      else high = middle;
    }
    const block = this.blocks[low - 1];
    return block !== undefined && address <= block[0] + block[1] ? block : undefined;
  }

  private inPiece(address: number, from: number, end: number): Target | undefined {
    const known = this.pieces.get(from);
    const piece = known ?? (this.pieces.has(from) ? undefined : this.make(from, end));
    return piece && { memory: piece.at + address - from };
  }

  private make(from: number, end: number): Piece | undefined {
    const gap = (((from - this.end) % ALIGNED) + ALIGNED) % ALIGNED;
    const at = this.end + gap;
    const fits = at + end - from <= MOST_BYTES && this.pieces.size < MOST_PIECES;
    const piece = fits ? { from, end, at } : undefined;
    this.pieces.set(from, piece);
    if (piece === undefined) return undefined;
    this.end = at + end - from + GAP;
    if (this.memory.length < this.end) {
      const larger = new Uint8Array(2 * this.end);
      larger.set(this.memory);
      this.memory = larger;
    }
    this.waiting.push(piece);
    return piece;
  }
}
