// SPDX-License-Identifier: MIT
import type { FunctionReport } from '../asm/test/explorer.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Evidence } from '../core/evidence.ts';
import { about } from './outcome.ts';

/** What tests of a file came to, for people, for the exit code and for evidence. */
export interface TestOutcome {
  readonly diagnostics: readonly Diagnostic[];
  readonly tests: Evidence['tests'];
}

type Counts = Pick<FunctionReport, 'blocks' | 'reached' | 'branches' | 'taken' | 'compared'> & {
  readonly unreachable?: number;
};

const total = (functions: readonly Counts[], key: keyof Counts): number =>
  functions.reduce((sum, f) => sum + (f[key] ?? 0), 0);

/** The share of all branches that were taken of those that can be, in percent; blocks where there is no branch at all. */
export function percentTaken(functions: readonly Counts[]): number {
  const [all, some] =
    total(functions, 'branches') > 0 ? (['branches', 'taken'] as const) : (['blocks', 'reached'] as const);
  const can = total(functions, all) - (all === 'branches' ? total(functions, 'unreachable') : 0);
  return can <= 0 ? 0 : (100 * total(functions, some)) / can;
}

export function coverageText(functions: readonly Counts[]): string {
  const of = (some: keyof Counts, all: keyof Counts): string => `${total(functions, some)} of ${total(functions, all)}`;
  const count = functions.length;
  return `${count} function${count === 1 ? '' : 's'}, ${total(functions, 'compared')} inputs, ${of('reached', 'blocks')} blocks, ${of('taken', 'branches')} branches`;
}

/** What is wrong where `required` percent of all branches are to be taken. */
export function shortfall(file: string, functions: readonly Counts[], required: number): Diagnostic[] {
  const percent = percentTaken(functions);
  if (percent >= required && functions.length > 0) return [];
  const message = `${percent.toFixed(1)} % of the branches were taken, and ${required} % are required`;
  return [about('unsupported', 'V0632', message, { file })];
}

export function judgeTests(
  file: string,
  functions: readonly FunctionReport[],
  others: readonly Diagnostic[],
  seed: number,
  required: number,
): TestOutcome {
  const differences = functions.flatMap((f) => {
    if (f.difference === undefined) return [];
    const notes = ['`vouch test` gives the input'];
    return [about('input', 'V0631', `${f.name} is different: ${f.difference.what}`, { file, notes })];
  });
  const tests = functions.map(({ name, compared, discarded, blocks, reached, branches, taken, missed }) => ({
    function: name,
    seed,
    ...{ compared, discarded, blocks, reached, branches, taken, missed: [...missed] },
  }));
  const short = others.some((d) => d.severity === 'error') ? [] : shortfall(file, functions, required);
  return { diagnostics: [...others, ...differences, ...short], tests };
}
