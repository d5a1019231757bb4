// SPDX-License-Identifier: MIT
import type { Assignment } from '../../logic/evaluate.ts';
import { QueryCache } from '../../logic/generalise.ts';
import { prove } from '../../logic/prove.ts';
import type { Witness } from '../../logic/refute.ts';
import type { Solver } from '../../logic/solver.ts';
import type { Prover } from './discharge.ts';

/**
 * The prover behind all verdicts: normal forms, then values at random, then the solvers in turn. What was proved is
 * remembered in `cache`; who believes no cache gives none.
 */
export function proverWith(solvers: readonly Solver[], cache: QueryCache = new QueryCache()): Prover {
  return async ({ assumptions, left, right, timeMs }) => {
    const result = await prove({ assumptions, left, right }, { solvers, cache, timeoutMs: timeMs });
    switch (result.kind) {
      case 'proved':
        if (result.how === 'solver') return { kind: 'proved', by: result.solver };
        return { kind: 'proved', by: result.how === 'cached' ? 'cache' : 'normaliser' };
      case 'refuted':
        return { kind: 'refuted', model: assignmentOf(result.witness) };
      case 'undecided':
        return result;
    }
  };
}

function assignmentOf({ variables, memories }: Witness): Assignment {
  return {
    values: variables,
    memories: new Map([...memories].map(([t, bytes]) => [t, (address: bigint) => bytes.get(address) ?? 0])),
  };
}
