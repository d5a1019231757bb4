// SPDX-License-Identifier: MIT
import type { Term } from './term.ts';

/** Values that make assertions true, as far as a solver tells: of variables, and of bytes that loads read. */
export interface Model {
  readonly variables: ReadonlyMap<Term, bigint>;
  readonly memories: ReadonlyMap<Term, ReadonlyMap<bigint, number>>;
}

/** What a solver says of assertions (one-bit terms that should all be 1). */
export type SolverAnswer =
  | { readonly status: 'unsat' }
  | { readonly status: 'sat'; readonly model: Model }
  | { readonly status: 'unknown'; readonly reason: string };

export interface Solver {
  readonly name: string;
  /**
   * Asks for values, for as long as what the solver does takes so many milliseconds on a processor that has nothing else
   * to do (`core/budget.ts`), and counts what it has done.
   */
  check(assertions: readonly Term[], effortMs: number): Promise<SolverAnswer>;
  /** Ends what runs in the background, so that the program can end. A later check starts it anew. */
  close(): Promise<void>;
}
