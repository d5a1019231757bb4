// SPDX-License-Identifier: MIT
import type { LinkedFunction } from '../link/image.ts';

/** Why the machine stopped at a place, or asked the host. */
export type SiteKind = 'load' | 'store' | 'trap' | 'budget' | 'end' | 'undefined' | 'system';

/** A place in the code at which the host may be called, and where the registers are then. */
export interface Site {
  readonly kind: SiteKind;
  /** For a person; of a system call, where its number, its arguments and its result are. */
  readonly what: string;
  readonly fn: LinkedFunction;
  readonly block: number;
  /** Index of the instruction within the function. */
  readonly inst: number;
  /** Registers that are passed along (by position) or known; all others are in memory. */
  readonly passed: readonly string[];
  readonly constants: readonly (readonly [loc: string, value: bigint])[];
}
