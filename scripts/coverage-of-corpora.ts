// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { x86_64 } from '../src/asm/isa/x86_64/index.ts';
import { readProgram } from '../src/asm/pipeline/session.ts';
import type { Program } from '../src/asm/program/types.ts';
import { withoutEffects } from '../src/asm/test/effects.ts';
import type { FunctionReport } from '../src/asm/test/explorer.ts';
import { carvings } from './carving.ts';
import { compileCorpus, corporaOf, fetchCorpora } from './corpora.ts';
import { table } from './corpora-run.ts';
import { type Judged, judge } from './judges.ts';
import { countIn, isLevel, oneOf, runScript, UsageError } from './options.ts';
import { isTarget } from './translation.ts';

/** Tests all functions of programs that others wrote against their translations, and says how far the tests went. */

const USAGE =
  'coverage-of-corpora.ts [NAME...] [--to aarch64] [--level O2] [--without-effects] [--share K/N] [--only FUNCTION]... [--runs N] [--carve] [--prove]';
/** A function counts as covered where so many percent of the ways out of its conditional jumps were taken. */
const ENOUGH = 98;

/** Of what can be reached, in percent; blocks count where there is no conditional jump. */
function percentOf({ branches, taken, unreachable, blocks, reached }: FunctionReport): number {
  const can = branches - unreachable;
  if (branches === 0) return (100 * reached) / blocks;
  return can === 0 ? 100 : (100 * taken) / can;
}

const programsOf = (paths: readonly string[]): Program[] =>
  paths.flatMap(
    (file) => readProgram({ file: basename(file), text: readFileSync(file, 'utf8') }, x86_64).program ?? [],
  );

function line({ name, report, verdict, conflict }: Judged): string {
  const r = report;
  const open = r.untaken.length === 0 ? '' : `, one way only at line ${r.untaken.slice(0, 6).join(', ')}`;
  const what = r.difference === undefined ? '' : `, DIFFERENT: ${r.difference.what}`;
  const proof = verdict === undefined ? '' : `, ${verdict}`;
  const proved = r.unreachable === 0 ? '' : ` (${r.unreachable} more proved unreachable)`;
  return `${percentOf(r).toFixed(0).padStart(4)} %  ${name}: ${r.taken} of ${r.branches} branches${proved}, ${r.reached} of ${r.blocks} blocks, ${r.compared} inputs${proof}${open}${what}${conflict === undefined ? '' : `, CONFLICT: ${conflict}`}`;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      to: { type: 'string', default: 'aarch64' },
      level: { type: 'string', default: 'O2' },
      runs: { type: 'string', default: '300' },
      share: { type: 'string', default: '1/1' },
      only: { type: 'string', multiple: true },
      'without-effects': { type: 'boolean', default: false },
      carve: { type: 'boolean', default: false },
      prove: { type: 'boolean', default: false },
    },
  });
  const [to, level] = [oneOf(values.to, isTarget, 'target'), oneOf(values.level, isLevel, 'level')];
  const runs = countIn(values.runs, '--runs');
  const [part, parts] = values.share.split('/').map((n) => countIn(n, 'a share'));
  if (part === undefined || parts === undefined || part > parts)
    throw new UsageError(`a share is K/N with K up to N, not '${values.share}'`);
  const corpora = corporaOf(positionals.length === 0 ? ['lua', 'zlib', 'bzip2'] : positionals);
  await fetchCorpora(corpora);
  const rows: (string | number)[][] = [
    [
      'corpus',
      'functions',
      '98 %',
      'without effects',
      '98 %',
      'branches',
      'taken',
      'unreachable',
      'different',
      'conflicts',
    ],
  ];
  let bad = 0;
  let all = 0;
  for (const corpus of corpora) {
    const compiled = await compileCorpus(corpus, { cc: 'gcc', level });
    const paths = compiled.map((f) => f.path);
    const clean = withoutEffects(programsOf(paths));
    let count = 0;
    const { judged, skipped } = await judge(paths, {
      ...{ to, prove: values.prove, runs },
      ...(values.carve ? { carvings: carvings(corpus, compiled) } : {}),
      wanted: (file, name) =>
        (values.only?.includes(name) ?? true) &&
        (!values['without-effects'] || clean.has(`${file} ${name}`)) &&
        count++ % parts === part - 1,
      progress: (one) => console.log(line(one)),
    });
    for (const s of skipped) console.error(`not tested: ${s}`);
    rows.push([corpus.name, ...figures(judged, clean)]);
    all += judged.length;
    bad += judged.filter((j) => j.conflict !== undefined || j.report.difference !== undefined).length;
  }
  console.log(table(rows));
  return bad === 0 && all > 0 ? 0 : 1;
}

function figures(judged: readonly Judged[], clean: ReadonlySet<string>): number[] {
  const enough = (list: readonly Judged[]): number => list.filter((j) => percentOf(j.report) >= ENOUGH).length;
  const without = judged.filter((j) => clean.has(`${j.file} ${j.name}`));
  const sum = (of: (r: FunctionReport) => number): number => judged.reduce((n, j) => n + of(j.report), 0);
  return [
    judged.length,
    enough(judged),
    without.length,
    enough(without),
    sum((r) => r.branches),
    sum((r) => r.taken),
    sum((r) => r.unreachable),
    judged.filter((j) => j.report.difference !== undefined).length,
    judged.filter((j) => j.conflict !== undefined).length,
  ];
}

await runScript(USAGE, main);
