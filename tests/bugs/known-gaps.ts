// SPDX-License-Identifier: MIT
import type { Target } from '../../scripts/translation.ts';

/** How a program of this folder fails: it is refused, or it runs right and some block is not proved. */
interface Gap {
  readonly fails: 'refused' | 'not proved';
  readonly because: string;
}

/** What is known not to work, by target. A file here that begins to work, or fails in another way, fails the run. */
export const knownGaps: Readonly<Record<Target, ReadonlyMap<string, Gap>>> = {
  aarch64: new Map(),
  riscv64: new Map(),
};
