// SPDX-License-Identifier: MIT

/** How a program of this folder fails: it is refused, or it runs right and some block is not proved. */
interface Gap {
  readonly fails: 'refused' | 'not proved';
  readonly because: string;
}

/** What is known not to work. A file here that begins to work, or fails in another way, fails the run. */
export const knownGaps: ReadonlyMap<string, Gap> = new Map<string, Gap>([]);
