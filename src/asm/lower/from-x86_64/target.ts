// SPDX-License-Identifier: MIT
import type { FlagPlace, RegisterRelation } from '../../abi/relation.ts';
import type { BlockContext, BlockContextOptions } from './context.ts';
import type { AtBlock, FunctionFacts } from './facts.ts';
import type { FlagName } from './flags.ts';
import type { Leaving } from './leaving.ts';
import type { Parts, RuleSet } from './rule.ts';
import type { FramePlan } from './stack.ts';

/** Where a stack instruction stands. */
export interface StackPlace {
  readonly facts: FunctionFacts;
  readonly index: number;
  readonly plan: FramePlan;
  readonly dynamic: boolean;
}

/** What is particular to a target when code is carried over to it from x86-64. */
export interface Target<C extends BlockContext> {
  readonly rules: RuleSet<C>;
  context(options: BlockContextOptions): C;
  /** Adds to the target's stack pointer. */
  addToStack(c: C, delta: number): void;
  /** Stores the return address at `offset` bytes from the target's stack pointer. */
  saveReturnAddress(c: C, offset: number): void;
  /** Lowers instructions that move the source's stack pointer; false for all others. */
  changeStack(c: C, i: Parts, at: StackPlace): boolean;
  /** Emits how control leaves a block. */
  leave(c: C, l: Leaving): void;
  /**
   * A test or comparison that only the branch on condition `cc` behind it reads, as one instruction: returns what emits
   * the branch, or undefined where it takes two anyway. `size` is the function's, in instructions.
   */
  conditionBranch(c: C, i: Parts, cc: string, size: number): ((label: string) => void) | undefined;
  /** An instruction for a place where control never arrives. */
  trap(c: C): void;
  /** Live registers and where they are. */
  relatedRegisters(live: AtBlock): readonly RegisterRelation[];
  /** The place of a flag where blocks must agree on one. */
  commonPlace(flag: FlagName): FlagPlace;
  /** Moves a flag to that place. Changes no other flag. */
  moveToCommonPlace(c: C, flag: FlagName): void;
  /** Lets branches reach labels that are far away. */
  relaxBranches(lines: readonly string[], freshLabel: () => string): readonly string[];
}
