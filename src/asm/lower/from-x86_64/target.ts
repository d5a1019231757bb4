// SPDX-License-Identifier: MIT
import type { FlagPlace, RegisterRelation } from '../../abi/relation.ts';
import type { FunctionCode } from '../../program/types.ts';
import type { BlockContext, BlockContextOptions, Claims } from './context.ts';
import type { FunctionFacts, LiveParts } from './facts.ts';
import type { FlagName } from './flags.ts';
import type { Parts, RuleSet } from './rule.ts';
import type { StackOperations } from './stack-instructions.ts';
import type { Transfers } from './transfers.ts';

/** What is particular to a target when code is carried over to it from x86-64. */
export interface Target<C extends BlockContext> {
  readonly rules: RuleSet<C>;
  context(options: BlockContextOptions, code: FunctionCode, facts: FunctionFacts): C;
  /** Stores the return address at `offset` bytes from the target's stack pointer. */
  saveReturnAddress(c: C, offset: number): void;
  /** Takes what functions of the file pass of wide registers from where they put it. */
  takeWhole?(c: C, live: LiveParts): void;
  /**
   * Gets ready for an instruction that moves the stack pointer by a computed amount, where something in spill slots is wanted
   * behind it; what is returned is done then.
   */
  carryOver?(c: C): (() => void) | undefined;
  readonly stack: StackOperations<C>;
  readonly transfers: Transfers<C>;
  /** Gets ready for an instruction that leaves the block or does not: `writes` tells what it changes in the source. */
  before?(c: C, writes: (loc: string) => boolean): void;
  /** Puts what is read of the flags in front of an instruction into the common places, to free the registers that they look at. */
  gatherFlags?(c: C, earlier: LiveParts): void;
  /**
   * Puts the auxiliary carry that an instruction is about to set where blocks agree on it; false where it cannot. It is
   * read by so few that no rule has to know of it.
   */
  adjust(c: C, i: Parts): boolean;
  /** What is to be done behind an instruction that does not leave the block. */
  behind?(c: C): void;
  /**
   * A test or comparison that only the branch on condition `cc` behind it reads, as one instruction: returns what emits
   * the branch, or undefined where it takes two anyway. `size` is the function's, in instructions. Absent where branches
   * compare by themselves.
   */
  conditionBranch?(c: C, i: Parts, cc: string, size: number): ((label: string) => void) | undefined;
  /** Live registers and where they are. */
  relatedRegisters(live: LiveParts, c: C, claims: Claims): readonly RegisterRelation[];
  /** The place of a flag where blocks must agree on one. */
  commonPlace(flag: FlagName): FlagPlace;
  /** Lets branches reach labels that are far away. */
  relaxBranches(lines: readonly string[], freshLabel: () => string): readonly string[];
}
