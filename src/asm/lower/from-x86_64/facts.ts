// SPDX-License-Identifier: MIT
import type { BySet } from '../../program/by-set.ts';
import type { ChunkSet } from '../../program/chunks.ts';
import type { Passed } from '../../program/passed-on-stack.ts';
import type { FunctionCode } from '../../program/types.ts';
import type { After } from './context.ts';

/** What program analysis says about one function, as lowering asks for it. */
export interface FunctionFacts {
  /** What may still be read right after instruction `inst` (within its block, or at its block's successors). */
  after(inst: number): LiveParts;
  /** What may be read at the start of a block. */
  atBlock(block: number): LiveParts;
  /** What may be read right before instruction `inst`. */
  before(inst: number): LiveParts;
  /** Whether of these parts the same are live, and surely live, after instruction `inst` as after the one before it. */
  isSameAfter(inst: number, parts: ChunkSet): boolean;
  /** False where at no place any of these parts is surely live. */
  everSurelyLive(parts: ChunkSet): boolean;
  /** The source stack pointer before instruction `inst`, relative to its value at entry; undefined where not static. */
  stack(inst: number): number | undefined;
  /** Registers that hold an address relative to the stack pointer at entry, before instruction `inst`. */
  frames(inst: number): ReadonlyMap<string, number>;
  /** How many bytes below the stack pointer are accessed (the red zone), 0 to 128. */
  readonly redZone: number;
  /** What the call at the end of a block may have for arguments on the stack. */
  passedOnStack(block: number): Passed;
  /** Whether the instruction may change the register. */
  writes(inst: number, loc: string): boolean;
  /** Whether functions of the file call this one, and so may rely on what it leaves alone. */
  readonly hasCallers: boolean;
  /** The function of the file that a block calls, or jumps to, at its end, unless another one of its name comes between. */
  callee(block: number): CalleeFacts | undefined;
  /** The functions of the file that certainly call this one, or jump to it, each with the blocks at whose ends they do. */
  callers(): readonly CallerFacts[];
  /** Whether some function on the way here keeps a register's low 64 bits over a call, since nothing that is called changes it. */
  isKept(loc: string): boolean;
  /** False for blocks that control cannot reach. */
  reachable(block: number): boolean;
}

/** A function that is called, and what it means to its caller. */
export interface CalleeFacts {
  readonly code: FunctionCode;
  readonly facts: FunctionFacts;
  /** Whether a register may be another after the call. */
  clobbers(loc: string): boolean;
}

/** A function that calls another. */
export interface CallerFacts {
  readonly code: FunctionCode;
  readonly facts: FunctionFacts;
  readonly blocks: readonly number[];
}

/** What is live at one place. */
export interface LiveParts extends After {
  /** Whether some part in the set is surely live. */
  anySurelyLive(parts: ChunkSet): boolean;
  /** The parts of a location that liveness tells apart and that are live: one bit for each, the lowest part's first. */
  parts(loc: string): number;
  /** What a table has for all places where the same is live; found for the first of them. */
  remembered<T>(table: BySet<T>, find: () => T): T;
}
