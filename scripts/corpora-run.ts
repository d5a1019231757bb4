// SPDX-License-Identifier: MIT
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { must } from '../src/base/assert.ts';
import { buildDir, type Compiler, compileCorpus, corporaOf, fetchCorpora, sourceDir, type Variant } from './corpora.ts';
import { type Corpus, type CorpusProgram, type CorpusRun, filesOf } from './corpora-list.ts';
import { inParallel, type Outcome, run, withFolder } from './process.ts';
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
  'usage: corpora-run.ts [NAME...] [--to aarch64,riscv64] [--levels O0,O1,O2,O3,Os] [--cc gcc] [--check] [--json FILE]';

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

/** One corpus, compiled in one way. */
export async function tryCorpus(corpus: Corpus, variant: Variant, to: Target, check: boolean): Promise<CorpusResult> {
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
    tests += program.runs.length;
    const trouble = await tryProgram(corpus, variant, to, program, byName).catch((e: unknown) =>
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
  const found = await inParallel(2, program.runs, async (test) => {
    const expected = await runTest(corpus, test, [native], program.name);
    const got = await runTest(corpus, test, emulated(to, target, program.name), program.name);
    const difference = firstDifference(expected, got);
    return difference === undefined ? undefined : `${program.name}, ${test.name}: ${difference}`;
  });
  return found.filter((d) => d !== undefined);
}

/** What a test shows, in the order in which it is compared. */
type Shown = readonly { readonly what: string; readonly value: Buffer }[];

function runTest(corpus: Corpus, test: CorpusRun, command: readonly string[], name: string): Promise<Shown> {
  const places = {
    package: must(sourceDir(corpus), 'the package is there'),
    tests: join(ROOT, 'tests/corpora', corpus.name),
  };
  const resolved = (text: string): string => text.replace('{package}', places.package).replace('{tests}', places.tests);
  return withFolder(async (folder) => {
    for (const [name, from] of Object.entries(test.inputs ?? {})) copyFileSync(resolved(from), join(folder, name));
    const shown: { what: string; value: Buffer }[] = [];
    for (const [i, step] of test.steps.entries()) {
      const stdin = step.stdin === undefined ? '' : readFileSync(resolve(folder, resolved(step.stdin)));
      const args = step.args.map(resolved);
      const outcome: Outcome = await run([...command, ...args], { cwd: folder, stdin, name, seconds: 300 });
      if (step.stdout !== undefined) writeFileSync(join(folder, step.stdout), outcome.stdout);
      const at = test.steps.length === 1 ? '' : ` of step ${i + 1}`;
      shown.push({ what: `standard output${at}`, value: outcome.stdout });
      shown.push({ what: `exit status${at}`, value: Buffer.from(String(outcome.status)) });
      shown.push({ what: `standard error${at}`, value: outcome.stderr });
    }
    for (const f of readdirSync(folder).sort())
      shown.push({ what: `the file ${f}`, value: readFileSync(join(folder, f)) });
    return shown;
  });
}

function firstDifference(expected: Shown, got: Shown): string | undefined {
  for (const [i, e] of expected.entries()) {
    const g = got[i];
    if (g === undefined || g.what !== e.what) return `${e.what} is missing`;
    if (e.value.equals(g.value)) continue;
    const at = e.value.findIndex((byte, k) => g.value[k] !== byte);
    const from = Math.max(0, (at < 0 ? e.value.length : at) - 40);
    const piece = (b: Buffer): string => JSON.stringify(b.subarray(from, from + 100).toString('latin1'));
    return `${e.what} differs: expected ${piece(e.value)}, got ${piece(g.value)}`;
  }
  return got.length > expected.length ? `${got[expected.length]?.what ?? ''} is left over` : undefined;
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
      json: { type: 'string', default: join(ROOT, 'reports/corpora.json') },
    },
  });
  const compilers: Compiler[] = [];
  for (const cc of values.cc.split(',')) if (cc === 'gcc' || cc === 'clang') compilers.push(cc);
  const levels = values.levels.split(',').filter((l) => /^O[0-3sgz]$/.test(l));
  const targets = values.to.split(',').filter(isTarget);
  if (compilers.length === 0 || levels.length === 0 || targets.length === 0) {
    console.error(USAGE);
    return 2;
  }
  const corpora = corporaOf(positionals);
  await fetchCorpora(corpora);
  const results: CorpusResult[] = [];
  for (const corpus of corpora) {
    for (const cc of compilers) {
      for (const level of levels) {
        for (const to of targets) {
          const result = await tryCorpus(corpus, { cc, level }, to, values.check);
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
  process.exitCode = await main();
}
