// SPDX-License-Identifier: MIT
import type { FlagPlace } from '../../abi/relation.ts';
import type { Block, FunctionCode } from '../../program/types.ts';
import type { FunctionFacts } from './facts.ts';
import type { FlagName, FlagPlaces } from './flags.ts';
import type { Variant } from './function.ts';
import type { Parts } from './rule.ts';

/** A call in a variant of a function: the instruction's index, and the block that it returns to. */
export interface CallSite {
  readonly code: FunctionCode;
  readonly variant: Variant;
  readonly index: number;
  readonly next: number | undefined;
}

export interface CalleeOfCall {
  /** Its symbol in the target, and the convention that it has. */
  readonly symbol: string;
  readonly convention: 'abi' | 'local';
  readonly external: boolean;
  /** Whether it surely finds arguments on the stack where x86-64 has them. */
  readonly stacked: boolean;
  /** Whether it is native code for all that is known, which finds them where the target's convention has them. */
  readonly native: boolean;
  /** The flags that it reads, and those that it answers in. */
  readonly flags: readonly FlagName[];
  readonly returned: readonly FlagName[];
}

/** What calls and tail calls must know about their callees. */
export interface Calls {
  /** What a direct call goes to. */
  callee(name: string, entryStack: -8 | 0, site: CallSite): CalleeOfCall;
  /** The target symbol for a jump to a function in the given variant, and the flags that it reads. */
  tailCallee(name: string, variant: Variant): Omit<CalleeOfCall, 'convention' | 'returned'>;
}

/** A block at whose end control leaves, and what to do on the way to its successors. */
export interface Leaving {
  readonly block: Block;
  /** The instruction that leaves; undefined where control just runs into the next block. */
  readonly inst: Parts | undefined;
  readonly index: number;
  readonly code: FunctionCode;
  readonly facts: FunctionFacts;
  readonly variant: Variant;
  /** What the labels of all but the first variant end in. */
  readonly suffix: string;
  readonly calls: Calls;
  /** The flags that the function answers in, and their place. */
  readonly returned: readonly FlagName[];
  commonPlace(flag: FlagName): FlagPlace;
  labelOf(block: number): string;
  blockAt(label: string): number | undefined;
  moveStack(position: number): void;
  enter(block: number, places?: FlagPlaces): void;
  /** The same for both ways of a branch, with what holds on each; the label that the branch goes to. */
  enterEither(taken: number, fallen: number, places?: readonly [taken: FlagPlaces, fallen: FlagPlaces]): string;
  align(position: number): number;
}
