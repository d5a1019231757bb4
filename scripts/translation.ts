// SPDX-License-Identifier: MIT
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { Session } from '../src/asm/pipeline/session.ts';
import { definitionsOfOthers, type Translated, translate } from '../src/asm/pipeline/translate.ts';
import { beginsAlone } from '../src/asm/program/entry.ts';
import type { ProgramVerdict } from '../src/asm/verify/check-program.ts';
import { must } from '../src/base/assert.ts';
import type { Diagnostic } from '../src/base/diagnostic.ts';
import type { SourceText } from '../src/base/source.ts';
import { DEFAULT_LIMITS } from '../src/core/budget.ts';
import { inParallel, run, runOrFail } from './process.ts';

/** Translating assembly files and linking what came out, for scripts and tests that run whole programs. */

export interface BlockCounts {
  proved: number;
  undecided: number;
  refuted: number;
}

export interface TranslatedFile {
  readonly source: string;
  /** The translation; undefined where it was refused. */
  readonly target: string | undefined;
  readonly instructions: number;
  readonly blocks: number;
  /** Present where the translation was checked. */
  readonly verdicts: BlockCounts | undefined;
  /** What was refused or found, one line each. */
  readonly complaints: readonly string[];
  readonly seconds: number;
}

const SETTINGS = { prover: { cache: true }, limits: DEFAULT_LIMITS } as const;

/** The machines that programs are carried over to: the cross compiler that links for each, and what runs the result. */
export const TARGETS = {
  aarch64: { cc: 'aarch64-linux-gnu-gcc', qemu: 'qemu-aarch64' },
  riscv64: { cc: 'riscv64-linux-gnu-gcc', qemu: 'qemu-riscv64' },
} as const;
export type Target = keyof typeof TARGETS;

export const isTarget = (name: string): name is Target => Object.hasOwn(TARGETS, name);

export interface TranslationOptions {
  readonly to: Target;
  readonly check: boolean;
  /** What the target machine may be asked for beyond its base architecture. */
  readonly features?: readonly string[];
}

/** Translates the x86-64 files of one program to ones that lie beside them, as `NAME.TARGET.s`. */
export async function translateFiles(
  sources: readonly string[],
  { to, check, features = [] }: TranslationOptions,
): Promise<TranslatedFile[]> {
  const files = sources.map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  const targetName = (source: string): string => source.replace(/\.s$/, `.${to}.s`);
  const lowered = await lowerAll(files, to, targetName, features);
  if (!check) return lowered;
  const done = await translate(files, {
    ...SETTINGS,
    from: 'x86_64',
    to,
    targetName,
    features,
    withStages: false,
    jobs: availableParallelism(),
    progress: () => undefined,
  });
  return lowered.map((l, i) => ({ ...l, ...outcomeOf(must(done[i], 'outcome')) }));
}

export async function translateFile(source: string, options: TranslationOptions): Promise<TranslatedFile> {
  return must((await translateFiles([source], options))[0], 'outcome');
}

async function lowerAll(
  files: readonly SourceText[],
  to: Target,
  targetName: (source: string) => string,
  features: readonly string[],
): Promise<TranslatedFile[]> {
  const results: TranslatedFile[] = [];
  const elsewhere = definitionsOfOthers(files);
  const session = new Session(SETTINGS);
  try {
    for (const file of files) {
      const start = performance.now();
      const read = await session.open(file, 'x86_64', to);
      let errors = complaints(read.diagnostics);
      let target: string | undefined;
      if (errors.length === 0) {
        const lowered = await session.lower({ withStages: false, definedElsewhere: elsewhere(file), features });
        errors = complaints(lowered.diagnostics);
        target = errors.length === 0 ? targetName(file.file) : undefined;
        if (target !== undefined) writeFileSync(target, lowered.text);
      }
      results.push({
        source: file.file,
        target,
        instructions: read.insts,
        blocks: read.blocks,
        verdicts: undefined,
        complaints: errors,
        seconds: (performance.now() - start) / 1000,
      });
    }
  } finally {
    await session.close();
  }
  return results;
}

function outcomeOf(done: Translated): Pick<TranslatedFile, 'target' | 'verdicts' | 'complaints'> {
  const refused = complaints(done.diagnostics);
  if (done.target === undefined) return { target: undefined, verdicts: undefined, complaints: refused };
  writeFileSync(done.target.file, done.target.text);
  const { verdict } = done;
  if (verdict === undefined) return { target: done.target.file, verdicts: undefined, complaints: refused };
  const open = openBlocks(done.source.file, verdict);
  return {
    target: done.target.file,
    verdicts: countBlocks(verdict),
    complaints: [...refused, ...verdict.findings, ...open],
  };
}

/** How many blocks were decided in which way; a function's entry counts as one. */
function countBlocks(verdict: ProgramVerdict): BlockCounts {
  const counts = { proved: 0, undecided: 0, refuted: 0 };
  for (const f of verdict.functions) {
    for (const { verdict: v } of [f.entry, ...f.blocks]) {
      if (v.kind === 'proved' || v.kind === 'refuted') counts[v.kind]++;
      else counts.undecided++;
    }
  }
  return counts;
}

/** What was not proved, one line each. */
function openBlocks(file: string, verdict: ProgramVerdict): string[] {
  return verdict.functions.flatMap((f) =>
    [{ line: 0, verdict: f.entry.verdict }, ...f.blocks].flatMap(({ line, verdict: v }) => {
      const place = `${file}:${line}: ${f.target}: ${v.kind}`;
      if (v.kind === 'refuted') return [`${place}: ${v.witness.difference.what}`];
      return v.kind === 'undecided' ? [`${place}: ${v.reason}`] : [];
    }),
  );
}

function complaints(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics
    .filter((d) => d.severity === 'error')
    .map((d) => `${d.span?.file ?? ''}:${d.span?.line ?? 0}: ${d.code}: ${d.message}`);
}

// Linking and running

/** What files are linked with besides; objects, whose text cannot be read, are a program's with the C library. */
function librariesOf(files: readonly string[], libraries: readonly string[]): string[] {
  const texts = files.filter((f) => f.endsWith('.s')).map((f) => readFileSync(f, 'latin1'));
  return texts.some(beginsAlone) ? ['-nostdlib', '-static'] : libraries.map((l) => `-l${l}`);
}

/** Links x86-64 assembly or objects into a program of this machine; their code need not be position independent. */
export async function linkNative(files: readonly string[], out: string, libraries: readonly string[]): Promise<void> {
  await runOrFail(['gcc', '-no-pie', '-o', out, ...files, ...librariesOf(files, libraries)]);
}

/** Links a target's assembly into a program that QEMU can run; static, since that starts faster. */
export async function linkTarget(
  target: Target,
  files: readonly string[],
  out: string,
  libraries: readonly string[],
): Promise<void> {
  const { cc } = TARGETS[target];
  const objects = files.map((f) => f.replace(/\.s$/, '.o'));
  await inParallel(2, files, (f, i) => runOrFail([cc, '-c', f, '-o', objects[i] ?? '']));
  await runOrFail([cc, '-static', '-o', out, ...objects, ...librariesOf(files, libraries)]);
}

/** The command that runs a target's program under the name `name`, on the processor that QEMU calls `cpu`. */
export function emulated(target: Target, program: string, name: string, cpu?: string): string[] {
  return [TARGETS[target].qemu, ...(cpu === undefined ? [] : ['-cpu', cpu]), '-0', name, program];
}

/** The programs that building and running translations takes, and which of them are missing here. */
export async function missingTools(others: readonly string[] = []): Promise<string[]> {
  const missing: string[] = [];
  for (const tool of ['gcc', ...Object.values(TARGETS).flatMap((t) => [t.cc, t.qemu]), ...others]) {
    // csmith writes a file to where it is run.
    const found = await run([tool, '--version'], { cwd: tmpdir() }).then(
      (o) => o.status === 0,
      () => false,
    );
    if (!found) missing.push(tool);
  }
  return missing;
}
