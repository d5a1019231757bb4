// SPDX-License-Identifier: MIT
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build as bundle } from 'esbuild';
import { bundleOptions } from '../scripts/bundle-options.ts';
import { buildDir, type Compiler, compileCorpus, corporaOf, fetchCorpora, sourceDir } from '../scripts/corpora.ts';
import { type Corpus, filesOf } from '../scripts/corpora-list.ts';
import { table } from '../scripts/corpora-run.ts';
import { countIn, isLevel, namesIn, oneOf, runScript } from '../scripts/options.ts';
import { runOrFail } from '../scripts/process.ts';
import { emulated, isTarget, linkTarget, TARGETS, type Target, translateFiles } from '../scripts/translation.ts';
import { must } from '../src/base/assert.ts';
import { type MachineFigures, measureMachine, timed } from './machine.ts';
import type { TranslationFigures } from './translation.ts';
import { WORKLOADS, type Workload } from './workloads.ts';

/**
 * Measures vouch side by side with a cross compiler: how fast it translates and checks, how large its output is, and how
 * long that output runs under QEMU, each as a ratio to what the target's own gcc makes of the same C at the same level.
 * With `--only machine`, how long programs take on the machine within vouch, next to the processor and QEMU.
 */

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** What `--only` chooses from. */
const PARTS = ['translate', 'size', 'run', 'machine'] as const;
const USAGE =
  'run.ts [NAME...] [--only translate,size,run,machine] [--to aarch64,riscv64] [--level O2] [--features LIST] [--rounds N] [--json FILE]';

interface SizeFigures {
  readonly target: Target;
  readonly corpus: string;
  readonly translated: number;
  readonly compiled: number;
  readonly ratio: number;
}

interface RunFigures {
  readonly target: Target;
  readonly workload: string;
  /** Processor seconds, the least of all rounds. */
  readonly translated: number;
  readonly compiled: number;
  readonly ratio: number;
  readonly same: boolean;
}

type Row = TranslationFigures & { readonly corpus: string; readonly target: Target };

/** The compilers that targets' programs are compared with: without fused multiplication and addition, as on x86-64. */
const PEERS: Readonly<Record<Target, Compiler>> = { aarch64: 'aarch64-gcc-exact', riscv64: 'riscv64-gcc-exact' };

/** The same where the programs may use these features of the machine. */
const PEERS_WITH: readonly { readonly to: Target; readonly features: string; readonly peer: Compiler }[] = [
  { to: 'riscv64', features: 'zba,zbb,zbs', peer: 'riscv64-gcc-zb' },
];

function peerOf(to: Target, features: readonly string[]): Compiler {
  if (features.length === 0) return PEERS[to];
  const wanted = [...features].sort().join(',');
  const found = PEERS_WITH.find((p) => p.to === to && p.features === wanted);
  return must(found, `no compiler to compare ${to} with ${wanted} with`).peer;
}

/** A measurement bundled as what users run is, since its loader for development would take part of the time. */
async function bundled(name: string): Promise<string> {
  const outdir = join(ROOT, 'build/bench');
  await bundle({ ...bundleOptions(ROOT), entryPoints: [join(ROOT, `bench/${name}.ts`)], outdir });
  return join(outdir, `${name}.mjs`);
}

interface Programs {
  readonly translated: ReadonlyMap<string, string>;
  readonly compiled: ReadonlyMap<string, string>;
}

async function build(
  corpus: Corpus,
  to: Target,
  level: string,
  features: readonly string[],
): Promise<{ size: SizeFigures; programs: Programs }> {
  const source = { cc: 'gcc', level } as const;
  const cross = { cc: peerOf(to, features), level };
  const files = await compileCorpus(corpus, source);
  const own = await compileCorpus(corpus, cross);
  const done = await translateFiles(
    files.map((f) => f.path),
    { to, check: false, features },
  );
  const programs = { translated: new Map<string, string>(), compiled: new Map<string, string>() };
  for (const program of corpus.programs) {
    for (const [kind, dir, pathOf] of [
      ['translated', buildDir(corpus, source), (i: number) => must(done[i]?.target, `${corpus.name} was refused`)],
      ['compiled', buildDir(corpus, cross), (i: number) => must(own[i], 'file').path],
    ] as const) {
      const out = join(dir, `${program.name}.${to}.bench`);
      const used = filesOf(corpus, program).map((name) => pathOf(files.findIndex((f) => f.name === name)));
      await linkTarget(to, used, out, program.libraries);
      programs[kind].set(program.name, out);
    }
  }
  const [translated, compiled] = [
    await textSize(
      to,
      done.map((d) => must(d.target, 'target')),
    ),
    await textSize(
      to,
      own.map((f) => f.path),
    ),
  ];
  return { size: { target: to, corpus: corpus.name, translated, compiled, ratio: translated / compiled }, programs };
}

/** Bytes of code in the objects of assembly files. */
async function textSize(to: Target, files: readonly string[]): Promise<number> {
  const { cc } = TARGETS[to];
  let total = 0;
  for (const f of files) {
    const object = f.replace(/\.s$/, '.size.o');
    await runOrFail([cc, '-c', f, '-o', object]);
    const { stdout } = await runOrFail([cc.replace(/gcc$/, 'objdump'), '-h', '-w', object]);
    for (const line of stdout.toString().split('\n')) {
      const fields = line.trim().split(/\s+/);
      // Every file brings the parts of the runtime that it calls; a program keeps one copy.
      if (line.includes('CODE') && !line.includes('.text.__vouch_')) total += Number.parseInt(fields[2] ?? '0', 16);
    }
  }
  return total;
}

async function time(
  to: Target,
  w: Workload,
  programs: Programs,
  rounds: number,
  packages: string,
): Promise<RunFigures> {
  const input = w.stdin === undefined ? Buffer.alloc(0) : readFileSync(w.stdin.replace('{bzip2}', packages));
  const stdin = Buffer.concat(Array.from({ length: w.times ?? 1 }, () => input));
  const args = w.stdin === undefined ? Array.from({ length: w.times ?? 1 }, () => w.args).flat() : w.args;
  const best = { translated: Infinity, compiled: Infinity };
  const outputs = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    for (const kind of round % 2 === 0
      ? (['translated', 'compiled'] as const)
      : (['compiled', 'translated'] as const)) {
      const command = [...emulated(to, must(programs[kind].get(w.program), w.program), w.program), ...args];
      const { seconds, output } = await timed(command, stdin);
      best[kind] = Math.min(best[kind], seconds);
      outputs.add(output);
    }
  }
  return { target: to, workload: w.name, ...best, ratio: best.translated / best.compiled, same: outputs.size === 1 };
}

const geometricMean = (ratios: readonly number[]): number =>
  Math.exp(ratios.reduce((sum, r) => sum + Math.log(r), 0) / Math.max(1, ratios.length));

const fixed = (n: number, digits = 2): string => n.toFixed(digits);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      to: { type: 'string', default: 'aarch64' },
      level: { type: 'string', default: 'O2' },
      rounds: { type: 'string', default: '5' },
      features: { type: 'string', default: '' },
      only: { type: 'string', default: 'translate,size,run' },
      json: { type: 'string', default: join(ROOT, 'reports/bench.json') },
    },
  });
  const isPart = (name: string): name is (typeof PARTS)[number] => PARTS.some((p) => p === name);
  const parts = namesIn(values.only, isPart, 'measurement');
  const features = values.features.split(',').filter((f) => f !== '');
  const targets = namesIn(values.to, isTarget, 'target');
  const level = oneOf(values.level, isLevel, 'level');
  const rounds = countIn(values.rounds, '--rounds');
  const corpora = corporaOf(positionals).filter(
    (c) => positionals.length > 0 || WORKLOADS.some((w) => w.corpus === c.name),
  );
  await fetchCorpora(corporaOf([]));
  const sizes: SizeFigures[] = [];
  const runs: RunFigures[] = [];
  const translation: Row[] = [];
  if (parts.includes('translate')) {
    const script = await bundled('translation');
    for (const corpus of corpora) {
      const files = await compileCorpus(corpus, { cc: 'gcc', level });
      for (const target of targets) {
        const paths = files.map((f) => f.path);
        const command = ['node', '--max-old-space-size=8192', script, target, ...paths];
        const { stdout } = await runOrFail(command, { seconds: 3600 });
        const figures: TranslationFigures = JSON.parse(stdout.toString());
        translation.push({ corpus: corpus.name, target, ...figures });
      }
    }
  }
  if (parts.includes('size') || parts.includes('run')) {
    const packages = must(sourceDir(must(corporaOf(['bzip2'])[0], 'bzip2')), 'bzip2 is there');
    for (const to of targets) {
      for (const corpus of corpora) {
        const { size, programs } = await build(corpus, to, level, features);
        sizes.push(size);
        if (!parts.includes('run')) continue;
        for (const w of WORKLOADS) {
          if (w.corpus !== corpus.name) continue;
          runs.push(await time(to, w, programs, rounds, packages));
        }
      }
    }
  }
  const machine = parts.includes('machine') ? await measureMachine(level, rounds, positionals) : [];
  report(level, translation, sizes, runs);
  reportMachine(level, machine);
  const host = { cpu: cpus()[0]?.model ?? '', node: process.version };
  mkdirSync(dirname(values.json), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify({ level, host, translation, sizes, runs, machine }, undefined, 2)}\n`);
  return [...runs, ...machine].every((r) => r.same) ? 0 : 1;
}

function report(
  level: string,
  translation: readonly Row[],
  sizes: readonly SizeFigures[],
  runs: readonly RunFigures[],
): void {
  if (translation.length > 0) {
    const rows = translation.map((t) => [
      t.corpus,
      t.target,
      t.files,
      t.instructions,
      t.blocks,
      t.proved,
      Math.round(t.instructions / t.translateSeconds.cold),
      Math.round(t.instructions / t.translateSeconds.warm),
      Math.round(t.blocks / t.coldSeconds),
      Math.round(t.blocks / t.warmSeconds),
      Math.round(t.megabytes),
    ]);
    const head = [
      'corpus',
      'target',
      'files',
      'instructions',
      'blocks',
      'proved',
      'instructions/s cold',
      'warm',
      'blocks/s cold',
      'warm',
      'MB',
    ];
    console.log(`Translation and checking on one core, gcc -${level}`);
    console.log(table([head, ...rows]));
  }
  if (sizes.length > 0) {
    console.log(`\nCode size in bytes, next to the target's own gcc -${level}`);
    const rows = sizes.map((s) => [s.corpus, s.target, s.translated, s.compiled, fixed(s.ratio)]);
    console.log(table([['corpus', 'target', 'translated', 'compiled', 'ratio'], ...rows, ...means(sizes)]));
  }
  if (runs.length > 0) {
    console.log(`\nProcessor seconds under QEMU, next to the target's own gcc -${level}`);
    const rows = runs.map((r) => [
      r.workload,
      r.target,
      fixed(r.translated),
      fixed(r.compiled),
      fixed(r.ratio),
      r.same ? 'yes' : 'NO',
    ]);
    console.log(
      table([['workload', 'target', 'translated', 'compiled', 'ratio', 'same output'], ...rows, ...means(runs)]),
    );
  }
}

function reportMachine(level: string, figures: readonly MachineFigures[]): void {
  if (figures.length === 0) return;
  console.log(`\nx86-64 programs of gcc -${level}: processor seconds, starting and compiling included`);
  const rows = figures.map((f) => [
    f.program,
    fixed(f.native),
    fixed(f.qemu),
    fixed(f.vouch),
    fixed(f.vouch / f.qemu),
    Math.round(f.instructions / 1e6),
    Math.round(f.instructions / 1e6 / f.vouch),
    f.same ? 'yes' : 'NO',
  ]);
  const head = ['program', 'native', 'qemu-x86_64', 'within vouch', 'to QEMU', 'million instructions', 'a second'];
  console.log(table([[...head, 'same output'], ...rows]));
}

/** A row with the geometric mean of the ratios, for each target. */
function means(figures: readonly { readonly target: Target; readonly ratio: number }[]): string[][] {
  const targets = [...new Set(figures.map((f) => f.target))];
  const of = (target: Target): number[] => figures.filter((f) => f.target === target).map((f) => f.ratio);
  return targets.map((target) => ['mean', target, '', '', fixed(geometricMean(of(target)))]);
}

await runScript(USAGE, main);
