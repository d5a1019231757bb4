// SPDX-License-Identifier: MIT
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { must } from '../src/base/assert.ts';
import { buildDir, type Compiler, compileCorpus, corporaOf, fetchCorpora, type Variant } from './corpora.ts';
import { type Corpus, type CorpusProgram, filesOf } from './corpora-list.ts';
import { firstDifference, runTest, type Start, withinVouch } from './corpora-test.ts';
import { isLevel, namesIn, runScript } from './options.ts';
import { inParallel } from './process.ts';
import {
  emulated,
  isTarget,
  linkNative,
  linkTarget,
  type Target,
  type TranslatedFile,
  translateFiles,
} from './translation.ts';

/** Translates programs that others wrote, runs them, and compares with the originals. */

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const USAGE =
  'corpora-run.ts [NAME...] [--to aarch64,riscv64] [--levels O0,O1,O2,O3,Os] [--cc gcc] [--check] [--within] [--json FILE]';

export interface CorpusResult {
  readonly corpus: string;
  readonly variant: string;
  readonly target: Target;
  readonly files: number;
  readonly instructions: number;
  readonly blocks: number;
  readonly proved: number;
  readonly undecided: number;
  readonly refuted: number;
  readonly checked: boolean;
  readonly tests: number;
  /** One line each; a program that could not be built is one for each of its tests. */
  readonly differences: readonly string[];
  readonly seconds: number;
}

/** One corpus, compiled in one way; also on the machine `within` vouch, both before and after it is carried over. */
export async function tryCorpus(
  corpus: Corpus,
  variant: Variant,
  to: Target,
  { check, within = false }: { readonly check: boolean; readonly within?: boolean },
): Promise<CorpusResult> {
  const start = performance.now();
  const compiled = await compileCorpus(corpus, variant);
  const translated = await translateFiles(
    compiled.map((f) => f.path),
    { to, check },
  );
  const byName = new Map(compiled.map((f, i) => [f.name, must(translated[i], 'file')]));
  const differences: string[] = [];
  let tests = 0;
  for (const program of corpus.programs) {
    tests += program.runs.length * (within ? 3 : 1);
    const trouble = await tryProgram(corpus, variant, to, program, byName, within).catch((e: unknown) =>
      program.runs.map((r) => `${program.name}, ${r.name}: not built: ${String(e).slice(0, 300)}`),
    );
    differences.push(...trouble);
  }
  for (const t of translated) for (const c of t.complaints.slice(0, 5)) console.error(c);
  const sum = (count: (t: TranslatedFile) => number): number => translated.reduce((n, t) => n + count(t), 0);
  return {
    corpus: corpus.name,
    variant: nameOf(variant),
    target: to,
    files: compiled.length,
    instructions: sum((t) => t.instructions),
    blocks: sum((t) => t.blocks),
    proved: sum((t) => t.verdicts?.proved ?? 0),
    undecided: sum((t) => t.verdicts?.undecided ?? 0),
    refuted: sum((t) => t.verdicts?.refuted ?? 0),
    checked: check,
    tests,
    differences,
    seconds: (performance.now() - start) / 1000,
  };
}

async function tryProgram(
  corpus: Corpus,
  variant: Variant,
  to: Target,
  program: CorpusProgram,
  files: ReadonlyMap<string, TranslatedFile>,
  within: boolean,
): Promise<string[]> {
  const used = filesOf(corpus, program).map((f) => must(files.get(f), `${program.name} has no file ${f}`));
  const refused = used.filter((f) => f.target === undefined);
  if (refused.length > 0)
    return program.runs.map(
      (r) => `${program.name}, ${r.name}: ${refused.map((f) => relative(ROOT, f.source))} refused`,
    );
  const dir = buildDir(corpus, variant);
  const [native, target] = [join(dir, `${program.name}.x86_64`), join(dir, `${program.name}.${to}`)];
  await linkNative(
    used.map((f) => f.source),
    native,
    program.libraries,
  );
  await linkTarget(
    to,
    used.map((f) => must(f.target, 'target')),
    target,
    program.libraries,
  );
  const others: [machine: string, start: Start][] = [['', (args) => [...emulated(to, target, program.name), ...args]]];
  if (within) {
    const own = (machine: string, files: readonly string[]): Start =>
      withinVouch(join(dir, `within-${machine}`), program.name, files);
    others.push([
      'x86_64 within vouch, ',
      own(
        'x86_64',
        used.map((f) => f.source),
      ),
    ]);
    others.push([
      `${to} within vouch, `,
      own(
        to,
        used.map((f) => must(f.target, 'target')),
      ),
    ]);
  }
  const found = await inParallel(2, program.runs, async (test) => {
    const expected = await runTest(corpus, test, (args) => [native, ...args], program.name);
    const differences: string[] = [];
    for (const [machine, start] of others) {
      const got = await runTest(corpus, test, start, program.name, expected.files);
      const difference = firstDifference(expected, got);
      if (difference !== undefined) differences.push(`${machine}${program.name}, ${test.name}: ${difference}`);
    }
    return differences;
  });
  return found.flat();
}

const nameOf = ({ cc, level, intel }: Variant): string => `${cc} -${level}${intel === true ? ' intel' : ''}`;

export function table(rows: readonly (readonly (string | number)[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((r) => String(r[i] ?? '').length)));
  const cell = (value: string | number, i: number): string =>
    typeof value === 'number' ? String(value).padStart(widths[i] ?? 0) : value.padEnd(widths[i] ?? 0);
  return rows.map((r) => r.map(cell).join('  ').trimEnd()).join('\n');
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      to: { type: 'string', default: 'aarch64' },
      levels: { type: 'string', default: 'O0,O1,O2,O3,Os' },
      cc: { type: 'string', default: 'gcc' },
      check: { type: 'boolean', default: false },
      within: { type: 'boolean', default: false },
      json: { type: 'string', default: join(ROOT, 'reports/corpora.json') },
    },
  });
  const isHost = (cc: string): cc is Compiler & ('gcc' | 'clang') => cc === 'gcc' || cc === 'clang';
  const compilers = namesIn(values.cc, isHost, 'compiler');
  const levels = namesIn(values.levels, isLevel, 'level');
  const targets = namesIn(values.to, isTarget, 'target');
  const corpora = corporaOf(positionals);
  await fetchCorpora(corpora);
  const results: CorpusResult[] = [];
  for (const corpus of corpora) {
    for (const cc of compilers) {
      for (const level of levels) {
        for (const to of targets) {
          const result = await tryCorpus(corpus, { cc, level }, to, values);
          results.push(result);
          console.error(`${result.corpus} ${result.variant} to ${to}: ${Math.round(result.seconds)} s`);
          for (const d of result.differences) console.error(`  ${d}`);
          report(values.json, results);
        }
      }
    }
  }
  return finish(results);
}

function report(path: string, results: readonly CorpusResult[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify({ results }, undefined, 2)}\n`);
}

function finish(results: readonly CorpusResult[]): number {
  const head = [
    'corpus',
    'level',
    'target',
    'files',
    'instructions',
    'blocks',
    'proved',
    'undecided',
    'refuted',
    'tests',
    'different',
  ];
  const rows = results.map((r) => [
    r.corpus,
    r.variant,
    r.target,
    r.files,
    r.instructions,
    r.blocks,
    ...(r.checked ? [r.proved, r.undecided, r.refuted] : ['-', '-', '-']),
    r.tests,
    r.differences.length,
  ]);
  console.log(table([head, ...rows]));
  const failed = results.reduce((n, r) => n + r.differences.length + r.refuted, 0);
  const passed = results.reduce((n, r) => n + r.tests - r.differences.length, 0);
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await runScript(USAGE, main);
}
