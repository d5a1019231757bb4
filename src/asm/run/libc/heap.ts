// SPDX-License-Identifier: MIT
import { Fault } from '../fault.ts';
import type { Machine } from '../machine.ts';

/**
 * The allocator. Its books are kept outside of the program's memory. In front of and behind each block lies a pattern, so
 * that what was written there is noticed when the block is freed, and at the end.
 */

/** What is known of the block that begins, or has last begun, at an address. */
interface BlockInfo {
  size: number;
  /** Its size with the patterns, as it lies in memory. */
  whole: number;
  /** How far the block's beginning lies behind the memory taken for it. */
  before: number;
  inUse: boolean;
}

const GUARD = 0xa5;
const GUARD_BYTES = 16;
const GRAIN = 16;
const MOST_RESTING = 64;
const PAGE = 4096;

export class Heap {
  private readonly machine: Machine;
  private end: number;
  /** What `brk` has last said. */
  private brk: number | undefined;
  private top: number;
  private readonly blocks = new Map<number, BlockInfo>();
  /** Memory that was freed, by its size. */
  private readonly bins = new Map<number, number[]>();
  /** Freed memory that is not yet used again, so that what is freed twice or used afterwards is noticed. */
  private resting: (readonly [start: number, whole: number])[] = [];
  /** Where in `resting` the oldest stands, once it is full. */
  private oldest = 0;

  constructor(machine: Machine) {
    this.machine = machine;
    this.top = machine.image.layout.heap;
    this.end = machine.image.layout.end;
  }

  /** The address of a new block, or 0 where there is no memory for it. */
  allocate(size: number, alignment = GRAIN): number {
    const whole = roundUp(size) + 2 * GUARD_BYTES + (alignment > GRAIN ? alignment : 0);
    if (!(whole <= this.end)) return 0;
    const start = this.take(whole);
    if (start === undefined) return 0;
    const address = Math.ceil((start + GUARD_BYTES) / alignment) * alignment;
    const { bytes } = this.machine;
    bytes.fill(GUARD, start, address);
    bytes.fill(GUARD, address + size, start + whole);
    const before = address - start;
    const info = this.blocks.get(address);
    if (info === undefined) this.blocks.set(address, { size, whole, before, inUse: true });
    else {
      info.size = size;
      info.whole = whole;
      info.before = before;
      info.inUse = true;
    }
    return address;
  }

  /** Memory of whole pages, zeroed, for `mmap`; undefined where there is none. */
  takePages(size: number): number | undefined {
    const start = Math.floor((this.end - size) / PAGE) * PAGE;
    if (start < this.top) return undefined;
    this.end = start;
    return start;
  }

  /** Moves the end of the memory for `brk`, where it may; where it is now. */
  moveBreak(to: number): number {
    if (this.brk === undefined) {
      this.top = Math.ceil(this.top / PAGE) * PAGE;
      this.brk = this.top;
    }
    // Something else may lie there by now.
    const free = this.top === this.brk && to >= this.brk && to <= this.end;
    if (free) {
      this.top = to;
      this.brk = to;
    }
    return this.brk;
  }

  private take(whole: number): number | undefined {
    const bin = this.bins.get(whole);
    const used = bin?.pop();
    if (used !== undefined) return used;
    if (this.top + whole <= this.end) {
      const start = this.top;
      this.top += whole;
      return start;
    }
    for (const [start, size] of this.resting) this.put(start, size);
    this.resting = [];
    this.oldest = 0;
    const again = this.bins.get(whole)?.pop();
    if (again !== undefined) return again;
    return this.join(whole);
  }

  /** Joins neighbours among the freed pieces, and takes one that is large enough. */
  private join(whole: number): number | undefined {
    const pieces = [...this.bins].flatMap(([size, list]) => list.map((start): [number, number] => [start, size]));
    pieces.sort((a, b) => a[0] - b[0]);
    const joined: [start: number, size: number][] = [];
    for (const [start, size] of pieces) {
      const last = joined[joined.length - 1];
      if (last !== undefined && last[0] + last[1] === start) last[1] += size;
      else joined.push([start, size]);
    }
    this.bins.clear();
    let found: number | undefined;
    for (const [start, size] of joined) {
      if (found !== undefined || size < whole) this.put(start, size);
      else {
        found = start;
        if (size > whole) this.put(start + whole, size - whole);
      }
    }
    return found;
  }

  private put(start: number, whole: number): void {
    const bin = this.bins.get(whole);
    if (bin === undefined) this.bins.set(whole, [start]);
    else bin.push(start);
  }

  /** The blocks that are in use, by address. */
  live(): (readonly [address: number, size: number])[] {
    const used = [...this.blocks].filter(([, { inUse }]) => inUse);
    return used.map(([address, { size }]) => [address, size] as const).sort((a, b) => a[0] - b[0]);
  }

  sizeOf(address: number): number {
    return this.known(address, 'looked up').size;
  }

  release(address: number): void {
    if (address === 0) return;
    const info = this.known(address, 'freed');
    this.check(address, info);
    info.inUse = false;
    const piece = [address - info.before, info.whole] as const;
    if (this.resting.length < MOST_RESTING) {
      this.resting.push(piece);
      return;
    }
    const [start, whole] = this.resting[this.oldest] ?? piece;
    this.put(start, whole);
    this.resting[this.oldest] = piece;
    this.oldest = (this.oldest + 1) % MOST_RESTING;
  }

  resize(address: number, size: number): number {
    if (address === 0) return this.allocate(size);
    const info = this.known(address, 'resized');
    this.check(address, info);
    const { bytes } = this.machine;
    const room = info.whole - info.before - GUARD_BYTES;
    if (size <= room && roundUp(size) * 2 > room) {
      bytes.fill(GUARD, address + size, address - info.before + info.whole);
      info.size = size;
      return address;
    }
    const moved = this.allocate(size);
    if (moved === 0) return 0;
    bytes.copyWithin(moved, address, address + Math.min(size, info.size));
    this.release(address);
    return moved;
  }

  /** Looks at the patterns around all blocks that are still there. */
  checkAll(): void {
    for (const [address, info] of this.blocks) if (info.inUse) this.check(address, info);
  }

  private known(address: number, what: string): BlockInfo {
    const info = this.blocks.get(address);
    if (info?.inUse === true) return info;
    const place = `0x${address.toString(16)}`;
    if (info !== undefined)
      throw this.misuse(`the block of ${info.size} bytes at ${place} is ${what}, and has been freed before`);
    for (const [start, b] of this.blocks) {
      if (!b.inUse || address <= start || address >= start + b.size) continue;
      throw this.misuse(`${place} is ${what}, which is ${address - start} bytes into a block of ${b.size} bytes`);
    }
    throw this.misuse(`${place} is ${what}, and no block begins there`);
  }

  private check(address: number, info: BlockInfo): void {
    const { bytes } = this.machine;
    const start = address - info.before;
    for (let i = address + info.size; i < start + info.whole; i++) {
      if (bytes.get(i) === GUARD) continue;
      const by = i - address - info.size + 1;
      throw this.misuse(
        `something was written ${by} byte${by === 1 ? '' : 's'} behind the block of ${info.size} bytes at 0x${address.toString(16)}`,
      );
    }
    for (let i = address - 1; i >= start; i--) {
      if (bytes.get(i) === GUARD) continue;
      throw this.misuse(
        `something was written in front of the block of ${info.size} bytes at 0x${address.toString(16)}`,
      );
    }
  }

  private misuse(message: string): Fault {
    return new Fault('heap', message, this.machine.where());
  }
}

function roundUp(size: number): number {
  return Math.max(GRAIN, Math.ceil(size / GRAIN) * GRAIN);
}
