// SPDX-License-Identifier: MIT
import type { Conventions } from './conventions.ts';

/** What a function does with its frame; all offsets are from S, the stack pointer's value at entry. */
export interface FrameUses {
  /** The lowest offset that the stack pointer or a static access reaches; at most 0. */
  readonly lowest: number;
  /** How many bytes below the stack pointer are accessed at most. */
  readonly redZone: number;
  /** Whether stack arguments of the function itself are accessed, or their address is formed. */
  readonly incomingArguments: boolean;
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

/** Collects what `stackHeights` sees. */
export class FrameUse {
  private readonly conventions: Conventions;
  private lowest = 0;
  private redZone = 0;
  private incoming = false;
  private readonly pointers = new Set<number>();
  private readonly calls: CallSite[] = [];

  constructor(conventions: Conventions) {
    this.conventions = conventions;
  }

  height(offset: number): void {
    if (offset < this.lowest) this.lowest = offset;
  }

  /** A static or indexed access that begins at `offset`; `height` is the stack pointer while it happens. */
  access(offset: number, bytes: number, height: number | undefined): void {
    this.height(offset);
    if (height !== undefined && height - offset > this.redZone) this.redZone = height - offset;
    if (offset + bytes > this.conventions.returnAddressBytes) this.incoming = true;
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
    if (offset >= this.conventions.returnAddressBytes) this.incoming = true;
  }

  call(inst: number, target: string | undefined, height: number | undefined): void {
    const { returnAddressBytes } = this.conventions;
    const aligned = height === undefined ? undefined : (height - returnAddressBytes) % 16 === 0;
    this.calls.push({ inst, target, height, aligned });
  }

  result(): FrameUses {
    const { lowest, redZone, incoming, pointers, calls } = this;
    return { lowest, redZone, incomingArguments: incoming, pointers, calls };
  }
}
