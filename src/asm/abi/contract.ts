// SPDX-License-Identifier: MIT
import type { SymbolicState } from '../isa/state.ts';

/**
 * What a function of vouch's own runtime for the target does to registers and memory. A call to it is carried out as
 * this contract, without looking at its code, so the code is tested against the contract elsewhere.
 */
export interface RuntimeContract {
  /** The symbol that is called. */
  readonly name: string;
  /** Whether no other thread comes between its accesses to memory. */
  readonly atomic?: boolean;
  /** Sets the result registers, and stores in memory, from the argument registers and memory. */
  apply(state: SymbolicState): void;
  /** Target locations that hold nothing useful afterwards, flags and the linker's scratch registers among them. */
  readonly clobbers: readonly string[];
}
