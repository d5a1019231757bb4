// SPDX-License-Identifier: MIT
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Proved, prove } from '../../logic/prove.ts';
import { assignmentOf } from '../../logic/refute.ts';
import { printQuery } from '../../logic/smtlib.ts';
import type { Solver } from '../../logic/solver.ts';
import { cvc5Process, installedSolvers, z3Process } from '../../logic/solvers/process.ts';
import { wasmSolver } from '../../logic/solvers/wasm.ts';
import type { Prover } from '../verify/discharge.ts';
import { QueryStore } from './query-store.ts';
import type { SolverName } from './solver-names.ts';
import { sha256 } from './version.ts';

export interface ProverOptions {
  /** Which solvers are asked and in which order; those that are installed, and else z3 as WebAssembly, when absent. */
  readonly solvers?: readonly SolverName[];
  /** Whether claims proved in earlier runs count. */
  readonly cache: boolean;
  /** A folder that every question to a solver is written to. */
  readonly dumpTo?: string;
}

/** A prover and what must be ended with it. */
export interface OpenProver {
  readonly prover: Prover;
  close(): Promise<void>;
}

const MAKERS: { readonly [N in SolverName]: () => Solver } = {
  z3: z3Process,
  cvc5: cvc5Process,
  'z3-wasm': wasmSolver,
};

/** Normalising, then the solvers. They are looked for when the first question needs one, since few do. */
export function openProver(options: ProverOptions): OpenProver {
  let solvers: Promise<readonly Solver[]> | undefined;
  const store = options.cache && options.dumpTo === undefined ? new QueryStore() : undefined;
  return {
    prover: async (q) => {
      solvers ??= chooseSolvers(options);
      const chosen = await solvers;
      const timeoutMs = Math.max(1, Math.floor(q.timeMs / Math.max(1, chosen.length)));
      const result = await prove(q, { solvers: chosen, timeoutMs, ...(store === undefined ? {} : { cache: store }) });
      switch (result.kind) {
        case 'proved':
          return {
            kind: 'proved',
            by: proverOf(result),
            ...(result.equal === undefined ? {} : { equal: result.equal }),
          };
        case 'refuted':
          return { kind: 'refuted', model: assignmentOf(result.witness) };
        case 'undecided':
          return result;
      }
    },
    close: async () => {
      store?.flush();
      for (const s of (await solvers) ?? []) await s.close();
    },
  };
}

function proverOf(proof: Proved): string {
  switch (proof.how) {
    case 'solver':
      return proof.solver;
    case 'cached':
      return 'cache';
    case 'normalised':
      return 'normaliser';
  }
}

async function chooseSolvers(options: ProverOptions): Promise<readonly Solver[]> {
  const chosen = options.solvers?.map((name) => MAKERS[name]()) ?? (await availableSolvers());
  const { dumpTo } = options;
  return dumpTo === undefined ? chosen : chosen.map((s) => dumping(s, dumpTo));
}

/** The installed ones are faster than the one that is built in, which is there without anything installed. */
async function availableSolvers(): Promise<readonly Solver[]> {
  const installed = await installedSolvers();
  return installed.length > 0 ? installed : [wasmSolver()];
}

function dumping(solver: Solver, folder: string): Solver {
  mkdirSync(folder, { recursive: true });
  return {
    name: solver.name,
    check: (assertions, timeoutMs) => {
      const { text } = printQuery(assertions);
      writeFileSync(join(folder, `${sha256(text).slice(0, 16)}.smt2`), `${text}(check-sat)\n`);
      return solver.check(assertions, timeoutMs);
    },
    close: () => solver.close(),
  };
}
