// SPDX-License-Identifier: MIT
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Session } from '../src/asm/pipeline/session.ts';
import { type Translated, translate } from '../src/asm/pipeline/translate.ts';
import type { ProgramVerdict } from '../src/asm/verify/check-program.ts';
import type { Diagnostic } from '../src/base/diagnostic.ts';
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

/** Translates x86-64 files to AArch64 ones that lie beside them, as `NAME.aarch64.s`. */
export async function translateFiles(sources: readonly string[], check: boolean): Promise<TranslatedFile[]> {
  const results: TranslatedFile[] = [];
  for (const source of sources) results.push(await translateFile(source, check));
  return results;
}

export const targetName = (source: string): string => source.replace(/\.s$/, '.aarch64.s');

export async function translateFile(source: string, check: boolean): Promise<TranslatedFile> {
  const start = performance.now();
  const file = { file: source, text: readFileSync(source, 'utf8') };
  const session = new Session(SETTINGS);
  try {
    const read = await session.open(file, 'x86_64', 'aarch64');
    const counts = { source, instructions: read.insts, blocks: read.blocks };
    const errors = complaints(read.diagnostics);
    if (errors.length > 0)
      return { ...counts, target: undefined, verdicts: undefined, complaints: errors, seconds: since(start) };
    if (check) {
      const [done] = await translate([file], {
        ...SETTINGS,
        from: 'x86_64',
        to: 'aarch64',
        targetName,
        features: [],
        withStages: false,
        jobs: availableParallelism(),
        progress: () => undefined,
      });
      if (done === undefined) throw new Error(`nothing became of ${source}`);
      return { ...counts, ...outcomeOf(done), seconds: since(start) };
    }
    const lowered = await session.lower({ withStages: false, definedElsewhere: [] });
    const refused = complaints(lowered.diagnostics);
    const target = targetName(source);
    if (refused.length === 0) writeFileSync(target, lowered.text);
    return {
      ...counts,
      target: refused.length === 0 ? target : undefined,
      verdicts: undefined,
      complaints: refused,
      seconds: since(start),
    };
  } finally {
    await session.close();
  }
}

function outcomeOf(done: Translated): Pick<TranslatedFile, 'target' | 'verdicts' | 'complaints'> {
  const refused = complaints(done.diagnostics);
  if (done.target === undefined) return { target: undefined, verdicts: undefined, complaints: refused };
  writeFileSync(done.target.file, done.target.text);
  const { verdict } = done;
  if (verdict === undefined) return { target: done.target.file, verdicts: undefined, complaints: refused };
  return { target: done.target.file, verdicts: countBlocks(verdict), complaints: [...refused, ...verdict.findings] };
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

function complaints(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics
    .filter((d) => d.severity === 'error')
    .map((d) => `${d.span?.file ?? ''}:${d.span?.line ?? 0}: ${d.code}: ${d.message}`);
}

const since = (start: number): number => (performance.now() - start) / 1000;

// Linking and running

export const CROSS = 'aarch64-linux-gnu-gcc';

/** Links x86-64 assembly or objects into a program of this machine. */
export async function linkNative(files: readonly string[], out: string, libraries: readonly string[]): Promise<void> {
  await runOrFail(['gcc', '-o', out, ...files, ...libraries.map((l) => `-l${l}`)]);
}

/** Links AArch64 assembly into a program that QEMU can run; static, since that starts faster. */
export async function linkTarget(files: readonly string[], out: string, libraries: readonly string[]): Promise<void> {
  const objects = files.map((f) => f.replace(/\.s$/, '.o'));
  await inParallel(2, files, (f, i) => runOrFail([CROSS, '-c', f, '-o', objects[i] ?? '']));
  await runOrFail([CROSS, '-static', '-o', out, ...objects, ...libraries.map((l) => `-l${l}`)]);
}

/** The command that runs an AArch64 program under the name `name`. */
export function emulated(program: string, name: string): string[] {
  return ['qemu-aarch64', '-0', name, program];
}

/** The programs that building and running translations takes, and which of them are missing here. */
export async function missingTools(others: readonly string[] = []): Promise<string[]> {
  const missing: string[] = [];
  for (const tool of ['gcc', CROSS, 'qemu-aarch64', ...others]) {
    const found = await run([tool, '--version']).then(
      (o) => o.status === 0,
      () => false,
    );
    if (!found) missing.push(tool);
  }
  return missing;
}
