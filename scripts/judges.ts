// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { findRoute } from '../src/asm/pipeline/route.ts';
import { Session } from '../src/asm/pipeline/session.ts';
import { testFiles } from '../src/asm/pipeline/side-by-side.ts';
import { definitionsOfOthers } from '../src/asm/pipeline/translate.ts';
import { type Carving, carvedFor } from '../src/asm/test/carve/carved.ts';
import type { FunctionReport } from '../src/asm/test/explorer.ts';
import type { FunctionVerdict } from '../src/asm/verify/check-function.ts';
import { must } from '../src/base/assert.ts';
import { DEFAULT_LIMITS } from '../src/core/budget.ts';
import type { Target } from './translation.ts';

/** Proofs and tests of the same functions: two judges that know nothing of each other. */

export interface Judged {
  readonly file: string;
  readonly name: string;
  /** None where proofs were not asked for. */
  readonly verdict: FunctionVerdict['kind'] | undefined;
  readonly report: FunctionReport;
  /** Where the two contradict each other, how: one of them is wrong then, and that is a bug in vouch. */
  readonly conflict: string | undefined;
}

export interface JudgeOptions {
  readonly to: Target;
  readonly prove: boolean;
  /** Inputs for each function. */
  readonly runs: number;
  /** Which functions, by file and name. */
  readonly wanted: (file: string, name: string) => boolean;
  /** What functions were called with in runs of the programs. */
  readonly carvings?: readonly Carving[];
  readonly progress?: (done: Judged) => void;
}

/** Judges functions of one program's files. Files that cannot be translated or run are named in `skipped`. */
export async function judge(
  paths: readonly string[],
  options: JudgeOptions,
): Promise<{ readonly judged: readonly Judged[]; readonly skipped: readonly string[] }> {
  const sources = paths.map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  const elsewhere = definitionsOfOthers(sources);
  const route = must(findRoute('x86_64', options.to), 'a route');
  const judged: Judged[] = [];
  const skipped: string[] = [];
  const session = new Session({ prover: { cache: true }, limits: DEFAULT_LIMITS });
  try {
    for (const source of sources) {
      const name = basename(source.file);
      await session.open(source, 'x86_64', options.to);
      const lowered = await session.lower({ withStages: false, features: [], definedElsewhere: elsewhere(source) });
      const errors = lowered.diagnostics.filter((d) => d.severity === 'error');
      if (errors.length > 0) {
        skipped.push(`${name}: ${errors[0]?.message ?? ''}`);
        continue;
      }
      const wanted = lowered.functions.filter((f) => options.wanted(name, f.source));
      if (wanted.length === 0) continue;
      const verdicts = new Map<string, FunctionVerdict>();
      const target = { file: name.replace(/\.s$/, `.${options.to}.s`), text: lowered.text };
      if (options.prove) {
        await session.bind({ target, functions: lowered.functions, refused: [] });
        const found = await session.check(wanted.map((f) => lowered.functions.indexOf(f)));
        for (const v of found) verdicts.set(v.source, v);
      }
      const only = wanted.map((f) => f.source);
      const tested = await testFiles(source, target, route.source, route.target, {
        ...{ seed: 1, runs: options.runs, steps: 100_000, only, keepsResults: true },
        ...carvedFor(name, options.carvings ?? []),
        done: (report) => {
          const verdict = verdicts.get(report.name);
          const one = {
            file: name,
            name: report.name,
            verdict: verdict?.kind,
            report,
            conflict: conflictOf(verdict, report),
          };
          judged.push(one);
          options.progress?.(one);
        },
      });
      if (tested.report === undefined) skipped.push(`${name}: ${tested.diagnostics[0]?.message ?? ''}`);
    }
  } finally {
    await session.close();
  }
  return { judged, skipped };
}

function conflictOf(verdict: FunctionVerdict | undefined, report: FunctionReport): string | undefined {
  const { difference } = report;
  if (verdict === undefined) return undefined;
  if (verdict.kind === 'proved')
    return difference === undefined ? undefined : `proved, and in a test ${difference.what}`;
  if (difference !== undefined) return undefined;
  const refuted = verdict.blocks.filter((b) => b.verdict.kind === 'refuted' && !report.missed.includes(b.line));
  return refuted.length === 0
    ? undefined
    : `refuted at line ${refuted[0]?.line}, and no test differs that has been there`;
}
