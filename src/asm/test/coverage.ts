// SPDX-License-Identifier: MIT
import type { LinkedFunction } from '../run/link/image.ts';
import type { Machine } from '../run/machine.ts';
import { NOT_TAKEN, TAKEN } from './walk.ts';

/** Which blocks of a function were entered, and which ways out of its conditional jumps were taken. */
export class Coverage {
  readonly fn: LinkedFunction;
  private readonly entered = new Set<number>();
  private readonly ways = new Set<number>();
  private readonly conditional: readonly number[];

  constructor(fn: LinkedFunction) {
    this.fn = fn;
    const jumps = fn.code.blocks.filter((b) => b.flow.kind === 'jump' && b.flow.conditional);
    this.conditional = jumps.map((b) => b.index);
  }

  /** Adds what the machine has counted; whether anything was new. */
  add(machine: Machine): boolean {
    const before = this.entered.size + this.ways.size;
    for (const b of this.fn.code.blocks) {
      const [entered, taken] = machine.counts(this.fn.firstBlock + b.index);
      if (entered === 0) continue;
      this.entered.add(b.index);
      if (b.flow.kind !== 'jump' || !b.flow.conditional) continue;
      if (taken > 0) this.ways.add(2 * b.index + TAKEN);
      if (taken < entered) this.ways.add(2 * b.index + NOT_TAKEN);
    }
    return this.entered.size + this.ways.size > before;
  }

  get complete(): boolean {
    return this.reached === this.blocks && this.taken === this.branches;
  }

  get blocks(): number {
    return this.fn.code.blocks.length;
  }

  get reached(): number {
    return this.entered.size;
  }

  get branches(): number {
    return 2 * this.conditional.length;
  }

  get taken(): number {
    return this.ways.size;
  }

  /** Whether a way out of a block was taken: of a conditional jump, or to another block. */
  has(block: number, way: number): boolean {
    const { code } = this.fn;
    const conditional = code.blocks[block]?.flow;
    if (conditional?.kind === 'jump' && conditional.conditional) return this.ways.has(2 * block + way);
    return this.entered.has(way);
  }

  /** The ways out of conditional jumps that were not taken, and the blocks that were not entered. */
  get missing(): { readonly block: number; readonly way: number | undefined }[] {
    const blocks = this.fn.code.blocks.filter((b) => !this.entered.has(b.index));
    const ways = this.conditional.flatMap((block) =>
      [TAKEN, NOT_TAKEN].filter((way) => !this.ways.has(2 * block + way)).map((way) => ({ block, way })),
    );
    return [...ways, ...blocks.map((b) => ({ block: b.index, way: undefined }))];
  }

  /** The lines of blocks that were not entered. */
  get missed(): number[] {
    const { blocks, insts } = this.fn.code;
    return blocks.filter((b) => !this.entered.has(b.index)).map((b) => insts[b.start]?.span?.line ?? 0);
  }

  /** The lines of conditional jumps that were entered and of which one way out was not taken. */
  get untaken(): number[] {
    const { blocks, insts } = this.fn.code;
    return this.conditional
      .filter((b) => this.entered.has(b) && !(this.ways.has(2 * b) && this.ways.has(2 * b + 1)))
      .map((b) => insts[(blocks[b]?.end ?? 1) - 1]?.span?.line ?? 0);
  }
}
