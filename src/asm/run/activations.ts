// SPDX-License-Identifier: MIT
import { LongJump } from './fault.ts';

/** The calls that run now of functions that call `setjmp`, each with a number of its own: `longjmp` comes back to them. */
export class Activations {
  private readonly running: number[] = [];
  private last = 0;

  /** The innermost; 0 where none is. */
  get current(): number {
    return this.running[this.running.length - 1] ?? 0;
  }

  isActive(activation: number): boolean {
    return this.running.includes(activation);
  }

  /** Forgets those of a call that did not come back. */
  abandon(): void {
    this.running.length = 0;
  }

  /** Runs a function, and again when somebody jumps back into it, after `resumeAt` has said where. */
  guard(run: () => void, resumeAt: (address: number) => void): void {
    const own = ++this.last;
    const depth = this.running.length;
    this.running.push(own);
    try {
      for (;;) {
        try {
          run();
          return;
        } catch (error) {
          if (!(error instanceof LongJump) || error.activation !== own) throw error;
          this.running.length = depth + 1;
          error.restore();
          resumeAt(error.address);
        }
      }
    } finally {
      this.running.length = depth;
    }
  }
}
