// SPDX-License-Identifier: MIT

/**
 * How a source state and a target state correspond at a cut point. A relation is data: it stands in the evidence, and
 * the checker takes it as a claim to be proved, never as a fact.
 *
 * Always part of it: memories are equal at every address but in spill slots, and the thread pointers correspond.
 */
export interface Relation {
  /** `source stack pointer = target stack pointer + stack`. */
  readonly stack: number;
  /**
   * Whether the target's stack pointer need not be a multiple of 16 here: the source has pushed as often as a run
   * decides. Otherwise it is one.
   */
  readonly loose?: true | undefined;
  /** x86's direction flag is 0 unless this says that it is 1, so that string instructions go down, or may be either. */
  readonly direction?: 'down' | 'either' | undefined;
  /**
   * Source registers that hold an address in the frame: `source register = target stack pointer + offset`, all 64 bits.
   * A register may stand here and in `registers` as well: then its home holds that same value. This is what makes
   * `leave` and frame-pointer addressing exact, and lets the target address such memory from its own stack pointer.
   */
  readonly frames: readonly { readonly source: string; readonly offset: number }[];
  /**
   * Spill slots: at each of these offsets from the target's stack pointer are eight bytes that the target has for itself, so
   * that memories need not be equal there. Multiples of 8, all below the red zone under the source's stack pointer.
   */
  readonly spills?: readonly number[];
  /** What is known of registers that point into the frame where the stack pointers have moved by a computed amount. */
  readonly landmark?: Landmark;
  /** Which bits of which source registers equal the same bits of their home in the target. */
  readonly registers: readonly RegisterRelation[];
  /** Where each source flag that matters is. A flag that is not listed may be anything. */
  readonly flags: Readonly<Record<string, FlagPlace>>;
}

/**
 * A source register of which the value modulo 16 is known, and others at fixed distances from it:
 * `source register = landmark + offset`, all 64 bits. All of them are in `registers` as well, as a whole, and none in `frames`.
 */
export interface Landmark {
  readonly register: string;
  readonly low: number;
  readonly others: readonly { readonly source: string; readonly offset: number }[];
}

/** The spill slot at an offset from the target's stack pointer as a target location. */
export function spillAt(offset: number): string {
  return `sp${offset < 0 ? '' : '+'}${offset}`;
}

/** The offset of the spill slot that a target location is, or undefined for registers. */
export function spillOffset(location: string): number | undefined {
  const found = /^sp([+-]\d+)$/.exec(location)?.[1];
  return found === undefined ? undefined : Number(found);
}

export interface RegisterRelation {
  /** Source location: `rax`, `xmm3`. */
  readonly source: string;
  /** Target location: `x8`, `v3`, or a spill slot by its offset: `sp+16`. */
  readonly target: string;
  /** The source's bits (lowest first, `hi` inclusive) that agree; several ranges where there are gaps. */
  readonly bits: readonly (readonly [lo: number, hi: number])[];
  /**
   * The source bit that bit 0 of the target location stands for; 0 when absent. A wide source register may be spread
   * over several target locations, each with some of its bits.
   */
  readonly from?: number | undefined;
  /**
   * What all bits of the target location above the highest of these are, if that is claimed: copies of that highest bit
   * (`sign`), zeros, or ones, which says something of the target alone; or that they are a `float` or a `double`, no
   * matter which: with bits 0 to 31, the next 32 bits either equal the source's or are ones.
   */
  readonly above?: 'sign' | 'zeros' | 'ones' | 'float' | undefined;
}

/** A one-bit function of the target's state. */
export type FlagPlace =
  | { readonly kind: 'flag'; readonly flag: string; readonly inverted: boolean }
  | { readonly kind: 'bit'; readonly loc: string; readonly bit: number }
  | { readonly kind: 'constant'; readonly value: 0 | 1 }
  /** The exclusive or (`xor`) or the inclusive or (`or`) of two target flags: what a float comparison leaves. */
  | { readonly kind: 'pair'; readonly op: 'or' | 'xor'; readonly flags: readonly [string, string] }
  /** What a subtraction of the low `width` bits of two values would tell, for targets that have no flags. */
  | {
      readonly kind: 'difference';
      readonly of: 'zero' | 'borrow' | 'sign' | 'overflow' | 'parity';
      readonly left: DifferenceOperand;
      readonly right: DifferenceOperand;
      readonly width: number;
    }
  /** What comparing the floats in the low `width` bits of two locations tells. */
  | {
      readonly kind: 'comparison';
      readonly of: FloatQuestion;
      readonly left: string;
      readonly right: string;
      readonly width: 32 | 64;
    };

/** Each of these but `equal` is true as well where one of the two is no number. */
export type FloatQuestion = 'equal' | 'unordered' | 'unordered or equal' | 'unordered or less';

/** A target location, or a number with a sign. */
export type DifferenceOperand = string | number;

/** How a function is entered and left. */
export type Convention = 'abi' | 'local' | 'start';

/** A function carried over: one per variant (see below). */
export interface FunctionRelation {
  /** The source function and the target symbol that stands for it. */
  readonly source: string;
  readonly target: string;
  /**
   * `abi`: entered and left as both platforms' calling conventions say. `local`: called only by direct calls from this
   * file; all source registers stay in their homes at calls and returns. `start`: entered by the kernel, or by jumps
   * from such code, and never left; there is no return address.
   */
  readonly convention: Convention;
  /**
   * The source stack pointer at entry is `target's sp - 8` (so both are 16-byte aligned where callers align) when
   * `entryStack` is -8. Compilers misalign the stack before calls to local functions that do not care; the variant for
   * such calls has `entryStack` 0, and so has the entry of a program.
   */
  readonly entryStack: -8 | 0;
  /**
   * The same where it returns: the source stack pointer, still at the return address, is `target's sp + returnStack`.
   * It differs from `entryStack` only for code that others jump to with an odd number of words on the stack, which it
   * pops; nothing calls that.
   */
  readonly returnStack: -8 | 0;
  /** The flags in which the function answers callers in its file, and where they are when it returns. */
  readonly returnFlags?: Relation['flags'] | undefined;
  /** The function's entry for native code, where it has one. */
  readonly nativeEntry?: NativeEntry | undefined;
  /** One per source block, in the source's order. */
  readonly blocks: readonly BlockRelation[];
}

/**
 * Code of the target that is entered as the platform's convention says, and calls the function with the words of its arguments on
 * the stack as x86-64 has them. It goes by the names by which others know the function of the source.
 */
export interface NativeEntry {
  readonly target: string;
  /** How many words of eight bytes it lays out: integers and pointers, the seventh argument first. */
  readonly words: number;
}

export interface BlockRelation {
  /** The source block's index within its function. */
  readonly block: number;
  /** The label in the target at which the block's counterpart begins. */
  readonly target: string;
  readonly relation: Relation;
}
