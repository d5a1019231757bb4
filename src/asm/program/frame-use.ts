// SPDX-License-Identifier: MIT
import type { Conventions } from './conventions.ts';

/** What a function does with its frame; all offsets are from S, the stack pointer's value at entry. */
export interface FrameUses {
  /** The lowest offset that the stack pointer or a static access reaches; at most 0. */
  readonly lowest: number;
  /** How many bytes below the stack pointer are accessed at most. */
  readonly redZone: number;
  /**
   * How many eight-byte words of stack arguments are accessed, up to the highest; undefined where the code does not tell:
   * their address is formed, or an index chooses among them.
   */
  readonly incomingWords: number | undefined;
  /** Whether an instruction for floating-point numbers accesses one of them in memory. */
  readonly incomingFloats: boolean;
  /** Offsets of the frame addresses that are put into registers other than the stack pointer. */
  readonly pointers: ReadonlySet<number>;
  readonly calls: readonly CallSite[];
}

export interface CallSite {
  readonly inst: number;
  readonly target: string | undefined;
  /** The stack pointer before the call, minus S. */
  readonly height: number | undefined;
  /**
   * Whether the callee finds the stack pointer as the convention promises, if this function found it so; undefined
   * where the height is not static.
   */
  readonly aligned: boolean | undefined;
}

/** The size of an argument on the stack, in bytes. */
const WORD = 8;

/** How an access is made: with an index that is not known, or by an instruction for floating-point numbers. */
export interface Access {
  readonly indexed: boolean;
  readonly float: boolean;
}

/** Collects what `stackHeights` sees. */
export class FrameUse {
  private readonly conventions: Conventions;
  private lowest = 0;
  private redZone = 0;
  private words: number | undefined = 0;
  private floats = false;
  private readonly pointers = new Set<number>();
  private readonly calls: CallSite[] = [];

  constructor(conventions: Conventions) {
    this.conventions = conventions;
  }

  height(offset: number): void {
    if (offset < this.lowest) this.lowest = offset;
  }

  /** A static or indexed access that begins at `offset`; `height` is the stack pointer while it happens. */
  access(offset: number, bytes: number, height: number | undefined, how: Access): void {
    this.height(offset);
    if (height !== undefined && height - offset > this.redZone) this.redZone = height - offset;
    const beyond = offset + bytes - this.conventions.returnAddressBytes;
    if (beyond <= 0) return;
    if (how.indexed) this.words = undefined;
    else if (this.words !== undefined) this.words = Math.max(this.words, Math.ceil(beyond / WORD));
    if (how.float) this.floats = true;
  }

  /**
   * A frame address in a register other than the stack pointer. One that lies below what the convention keeps safe is
   * taken before the frame is made, and used afterwards.
   */
  pointer(offset: number, height: number | undefined): void {
    this.pointers.add(offset);
    this.height(offset);
    const below = height === undefined ? 0 : height - offset;
    if (below > this.redZone && below <= this.conventions.redZoneBytes) this.redZone = below;
    if (offset >= this.conventions.returnAddressBytes) this.words = undefined;
  }

  call(inst: number, target: string | undefined, height: number | undefined): void {
    const { returnAddressBytes } = this.conventions;
    const aligned = height === undefined ? undefined : (height - returnAddressBytes) % 16 === 0;
    this.calls.push({ inst, target, height, aligned });
  }

  result(): FrameUses {
    const { lowest, redZone, words, floats, pointers, calls } = this;
    return { lowest, redZone, incomingWords: words, incomingFloats: floats, pointers, calls };
  }
}
