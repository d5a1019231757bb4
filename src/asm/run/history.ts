// SPDX-License-Identifier: MIT
import type { GuestBytes, GuestView } from './guest.ts';
import { BUDGET, COUNTERS, RING, RING_ENTRIES } from './layout.ts';
import type { Image, LinkedFunction } from './link/image.ts';

/** Which blocks were entered: the last ones and, where they are counted, how often. */
export class History {
  private readonly image: Image;
  private readonly view: GuestView;
  private readonly bytes: GuestBytes;
  private lengths: number[] | undefined;

  constructor(image: Image, view: GuestView, bytes: GuestBytes) {
    this.image = image;
    this.view = view;
    this.bytes = bytes;
  }

  /** Forgets the way here, but not the counts. */
  forgetPath(): void {
    this.bytes.fill(0xff, RING, RING + 4 * RING_ENTRIES);
  }

  /** The numbers of the blocks that were entered last, the latest first. */
  lastBlocks(limit = 16): number[] {
    this.lengths ??= this.image.functions.flatMap((f) => f.code.blocks.map((b) => b.end - b.start));
    const list: number[] = [];
    let left = this.view.getBigInt64(BUDGET, true);
    let walked = 0;
    while (list.length < limit && walked < RING_ENTRIES) {
      const block = this.view.getInt32(RING + 4 * Number(BigInt.asUintN(10, left)), true);
      const length = this.lengths[block] ?? 0;
      if (length === 0) break;
      list.push(block);
      left += BigInt(length);
      walked += length;
    }
    return list;
  }

  /** How often a block was entered, and how often its jump was taken. */
  counts(block: number): readonly [entered: number, taken: number] {
    const at = COUNTERS + 16 * block;
    return [Number(this.view.getBigUint64(at, true)), Number(this.view.getBigUint64(at + 8, true))];
  }

  clearCounts(fn: LinkedFunction): void {
    this.clear(fn.firstBlock, fn.code.blocks.length);
  }

  clearAllCounts(): void {
    this.clear(0, this.image.blocks);
  }

  private clear(first: number, blocks: number): void {
    const at = COUNTERS + 16 * first;
    this.bytes.fill(0, at, at + 16 * blocks);
  }
}
