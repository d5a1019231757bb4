// SPDX-License-Identifier: MIT

/**
 * Where things lie in the machine's memory, in bytes. The lowest part is the machine's own: the program cannot reach it,
 * since all its accesses are checked against `Layout.low`.
 */

/** The address that the last `return` went to. */
export const RETURNED = 0x08;
/** How many instructions may still be carried out before the host is asked again. */
export const BUDGET = 0x10;
/** The block at which a function is entered that is not entered at its beginning. */
export const RESUME = 0x18;
/** Where the last indirect call or jump went. */
export const TARGET = 0x20;
/** The registers and flags, 16 bytes each, in the order of `Isa.locations`. */
export const REGISTERS = 0x100;
export const REGISTER_BYTES = 16;
/** Arguments and results of operators that the host carries out. */
export const SCRATCH = 0x800;
/** The blocks that were entered, by the number of instructions that were left then. */
export const RING = 0x1000;
export const RING_ENTRIES = 1024;
/** Counters of 8 bytes, one for each block, where they are asked for. */
export const COUNTERS = 0x2000;

export const PAGE = 0x10000;

/** Each instruction has an address, and they are this far apart, on every machine. */
export const INST_BYTES = 4;

/**
 * Where memory begins for programs, unless they have addresses of 32 bits in them: above 4 GiB, as on other machines, so
 * that an address that loses its upper half goes nowhere. A multiple of 2^32: its low half is the place in memory.
 */
export const HIGH = 0x5555_0000_0000;

export interface Layout {
  /** Addresses of the program are so much above the places in memory. */
  readonly base: number;
  /** For each address of code, 4 bytes: where in the table its function stands, or 0. A place in memory. */
  readonly codeMap: number;
  /** The first address that the program may read: code, then constants. */
  readonly low: number;
  readonly constants: number;
  /** The first that it may write: the end of the stack, which grows down to here; then data, then the heap. */
  readonly writable: number;
  /** The end of the stack's memory, behind which data begins. */
  readonly stackTop: number;
  readonly dataEnd: number;
  /** Memory for whoever runs the program. */
  readonly arena: number;
  readonly heap: number;
  /** Behind everything. */
  readonly end: number;
}

export function alignUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}
