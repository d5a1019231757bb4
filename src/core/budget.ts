// SPDX-License-Identifier: MIT

/** How long work may go on. Whoever runs out says so as a reason; running out never counts as success. */
export interface Limits {
  /** For one block, in milliseconds. */
  readonly blockMs: number;
  /** For one question to a solver, in milliseconds. */
  readonly queryMs: number;
}

export const DEFAULT_LIMITS: Limits = { blockMs: 20_000, queryMs: 5_000 };

/** A deadline on the wall clock. */
export class Deadline {
  private readonly end: number;

  constructor(ms: number) {
    this.end = performance.now() + ms;
  }

  /** Milliseconds left, never negative. */
  left(): number {
    return Math.max(0, this.end - performance.now());
  }

  get passed(): boolean {
    return performance.now() >= this.end;
  }
}
