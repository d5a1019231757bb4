// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { SourceText } from '../../base/source.ts';
import type { FunctionRelation } from '../abi/relation.ts';
import type { Isa } from '../isa/isa.ts';
import type { ProgramVerdict } from '../verify/check-program.ts';
import { checkClaim } from './check-claim.ts';
import { Lanes } from './lanes.ts';
import { laneCount, type Work } from './translate.ts';

/** Two programs and what is claimed of them. */
export interface PairClaim {
  readonly source: SourceText;
  readonly target: SourceText;
  readonly from: Isa['name'];
  readonly to: Isa['name'];
  /** What the source is taken to run on, where one is named. */
  readonly processor: string | undefined;
  readonly functions: readonly FunctionRelation[];
  readonly refused: readonly string[];
  /** Only these functions of the source are checked; all when absent. */
  readonly only?: readonly string[];
}

export interface Checked {
  readonly diagnostics: readonly Diagnostic[];
  /** None where one of the programs could not be read. */
  readonly verdict: ProgramVerdict | undefined;
}

/** Judges a pair of programs by a relation, whoever made them. */
export async function checkPair(claim: PairClaim, work: Work): Promise<Checked> {
  const { source, target, from, to, processor, functions, refused, only } = claim;
  const lanes = new Lanes(laneCount([source], work.jobs), work, [source]);
  return lanes.during(async () => {
    work.progress({ kind: 'reading', file: source.file });
    const bound = await Promise.all(
      lanes.services.map(async (s) => {
        const read = await s.open(source, from, to, processor);
        if (read.diagnostics.some(isError)) return read.diagnostics;
        const { diagnostics } = await s.bind({ target, functions, refused });
        return [...read.diagnostics, ...diagnostics];
      }),
    );
    const diagnostics = must(bound[0], 'lane');
    if (diagnostics.some(isError)) return { diagnostics, verdict: undefined };
    const selected = [...functions.keys()].filter((i) => only?.includes(must(functions[i], 'function').source) ?? true);
    const verdict = await checkClaim(lanes.services, source.file, functions, selected, work.progress);
    work.progress({ kind: 'done', file: source.file });
    return { diagnostics, verdict };
  });
}

const isError = (d: Diagnostic): boolean => d.severity === 'error';
