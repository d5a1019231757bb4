// SPDX-License-Identifier: MIT
import type { FunctionRelation } from '../../src/asm/abi/relation.ts';
import type { Route } from '../../src/asm/pipeline/route.ts';
import { readProgram } from '../../src/asm/pipeline/session.ts';
import type { Program } from '../../src/asm/program/types.ts';
import { testPrograms } from '../../src/asm/test/explore.ts';
import type { Solver } from '../../src/logic/solver.ts';
import { changesDeadOnly } from './dead-change.ts';
import type { Mutant } from './mutate.ts';

/** What tests alone, without any relation, say of a translation that the checker has refuted. */
export type FoundByTests = 'found' | 'missed' | 'not reached' | 'no change';

export interface Original {
  readonly route: Route;
  readonly source: Program;
  /** The translation with what it needs of the runtime. */
  readonly lines: readonly string[];
  readonly target: Program;
  readonly solver: Solver;
}

/** The lines of a translation with a mistake in one of them. */
export function withMistake(lines: readonly string[], mutant: Mutant): string[] {
  const changed = lines.with(mutant.line - 1, mutant.after);
  if (mutant.kind === 'order') changed.splice(mutant.line, 1);
  return changed;
}

const RUNS = 300;

/**
 * The functions that tests cannot judge, with the reason: those not tested, and those in which they see a difference
 * without any mistake, so that they would find every one.
 */
export async function unjudged({ source, target, solver }: Original): Promise<ReadonlyMap<string, string>> {
  const report = await testPrograms(source, target, { seed: 1, runs: RUNS, steps: 20_000, solver, keepsResults: true });
  if (typeof report === 'string') throw new Error(report);
  const reports = new Map(report.functions.map((f) => [f.name, f]));
  return new Map(
    source.functions.flatMap(({ name }): [string, string][] => {
      const f = reports.get(name);
      const what = f === undefined ? 'is not tested' : f.difference?.what;
      return what === undefined ? [] : [[name, what]];
    }),
  );
}

export async function foundByTests(
  original: Original,
  mutant: Mutant,
  relation: FunctionRelation,
): Promise<FoundByTests> {
  const { route, source, solver } = original;
  const text = withMistake(original.lines, mutant).join('\n');
  const target = readProgram({ file: 'mutant.s', text }, route.target, 'target').program;
  if (target === undefined) throw new Error('the mutant can be read');
  const report = await testPrograms(source, target, {
    seed: 1,
    runs: RUNS,
    steps: 20_000,
    solver,
    only: [relation.source],
    keepsResults: true,
  });
  if (typeof report === 'string') return 'found';
  const [f] = report.functions;
  // Without the function nothing can be called.
  if (f === undefined || f.difference !== undefined) return 'found';
  if (isDead(original, target, relation)) return 'no change';
  return f.missed.includes(sourceLine(original, mutant.line, relation)) ? 'not reached' : 'missed';
}

/** Whether nothing that the mistake changes is ever read. */
export function isDead(
  { target: good, route }: Pick<Original, 'target' | 'route'>,
  mutant: Program,
  relation: FunctionRelation,
): boolean {
  const [before, after] = [good, mutant].map((p) => p.functions.find((f) => f.name === relation.target));
  if (before === undefined || after === undefined) return false;
  return changesDeadOnly(before, after, route.target, {
    convention: relation.convention === 'abi',
    isOutside: (name) => !good.functionOf.has(name) && !good.symbolAliases.has(name) && !route.contracts.has(name),
  });
}

/** The first line of the block that a line of the translation belongs to. */
function sourceLine({ target, source }: Original, line: number, relation: FunctionRelation): number {
  const code = target.functions.find((f) => f.name === relation.target);
  const at = code?.insts.findLastIndex((i) => (i.span?.line ?? 0) <= line) ?? 0;
  let [block, best] = [0, -1];
  for (const b of relation.blocks) {
    const start = code?.indexOfLabel.get(b.target) ?? -1;
    if (start <= at && start > best) [block, best] = [b.block, start];
  }
  const own = source.functions.find((f) => f.name === relation.source);
  return own?.insts[own.blocks[block]?.start ?? 0]?.span?.line ?? 0;
}
