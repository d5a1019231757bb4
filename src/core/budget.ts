// SPDX-License-Identifier: MIT

/** How long work may go on. Whoever runs out says so as a reason; running out never counts as success. */
export interface Limits {
  /** For one block, in milliseconds. */
  readonly blockMs: number;
  /** For one question to a solver, in milliseconds. */
  readonly queryMs: number;
}

export const DEFAULT_LIMITS: Limits = { blockMs: 20_000, queryMs: 5_000 };

/**
 * Milliseconds are counted in steps of the work itself, of which an ordinary processor that has nothing else to do takes
 * about so many: the same work gets as far on a machine that is slow or busy. A clock is looked at only to stop what
 * takes this many times as long.
 */
export const PATIENCE = 6;

/** Steps of building and evaluating terms in a millisecond. */
const STEPS_IN_MS = 1000;

/** What this thread has done so far, in such milliseconds. */
let done = 0;

/** Counts what was done elsewhere, such as by a solver. */
export function spend(ms: number): void {
  done += ms;
}

/** Counts steps: terms that were asked for, looked at or evaluated. */
export function spendSteps(steps: number): void {
  done += steps / STEPS_IN_MS;
}

/** An end to work, so many milliseconds from now. */
export class Deadline {
  private readonly end: number;
  private readonly lastStop: number;

  constructor(ms: number) {
    this.end = done + ms;
    this.lastStop = performance.now() + PATIENCE * ms;
  }

  /** Milliseconds left, never negative. */
  left(): number {
    return this.passed ? 0 : this.end - done;
  }

  get passed(): boolean {
    return done >= this.end || performance.now() >= this.lastStop;
  }
}
