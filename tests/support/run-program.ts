// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Outcome, run, runOrFail, withFolder } from '../../scripts/process.ts';
import {
  emulated,
  linkNative,
  linkTarget,
  type Target,
  type TranslatedFile,
  translateFile,
} from '../../scripts/translation.ts';
import { must } from '../../src/base/assert.ts';

/** Translating one small program, running it and the original, and comparing. */

export interface Compilation {
  readonly cc: 'gcc' | 'clang';
  readonly level: string;
  readonly flags?: readonly string[];
}

export interface ProgramOptions {
  readonly to: Target;
  readonly libraries?: readonly string[];
  readonly args?: readonly string[];
  /** How long the original and the translation may run. */
  readonly seconds?: readonly [native: number, translated: number];
  /** Whether the translation must be proved too: what runs right but is not is `not proved: ...`. */
  readonly proved?: boolean;
  /** What the target machine may be asked for beyond its base architecture. */
  readonly features?: readonly string[];
  /** The processor that has them, as QEMU calls it. */
  readonly cpu?: string;
}

/** How the translation differs from the original, which is C or x86-64 assembly; undefined where it does not. */
export function differenceOf(
  source: string,
  how: Compilation | undefined,
  { to, libraries = [], args = [], seconds = [20, 120], proved = false, features = [], cpu }: ProgramOptions,
): Promise<string | undefined> {
  return withFolder(async (folder) => {
    const name = basename(source).replace(/\.[cs]$/, '');
    let assembly = source;
    if (how !== undefined && source.endsWith('.c')) {
      assembly = join(folder, `${name}.s`);
      // GNU as does not know clang's directives for its own linker.
      const own = how.cc === 'clang' ? ['-fno-addrsig'] : [];
      await runOrFail([how.cc, '-S', '-w', `-${how.level}`, ...own, ...(how.flags ?? []), source, '-o', assembly]);
    } else {
      assembly = join(folder, basename(source));
      await runOrFail(['cp', source, assembly]);
    }
    const translated = await translateFile(assembly, { to, check: proved, features });
    if (translated.target === undefined) return `refused: ${translated.complaints.slice(0, 5).join('; ')}`;
    const [native, target] = [join(folder, 'native'), join(folder, 'target')];
    await linkNative([assembly], native, libraries);
    await linkTarget(to, [translated.target], target, libraries);
    const expected = await run([native, ...args], { cwd: folder, name, seconds: seconds[0] });
    const got = await run([...emulated(to, target, name, cpu), ...args], { cwd: folder, name, seconds: seconds[1] });
    return compare(expected, got) ?? (proved ? notProved(translated) : undefined);
  });
}

function notProved({ verdicts, complaints }: TranslatedFile): string | undefined {
  if (verdicts === undefined) return 'not proved: nothing was checked';
  const { proved, undecided, refuted } = verdicts;
  if (proved > 0 && undecided === 0 && refuted === 0 && complaints.length === 0) return undefined;
  return `not proved: ${undecided} undecided, ${refuted} refuted: ${complaints.slice(0, 5).join('; ')}`;
}

export function compare(expected: Outcome, got: Outcome): string | undefined {
  if (!expected.stdout.equals(got.stdout)) return `standard output differs: ${firstLine(expected.stdout, got.stdout)}`;
  if (expected.status !== got.status) return `ended with ${got.status}, not ${expected.status}: ${got.stderr}`;
  return undefined;
}

function firstLine(expected: Buffer, got: Buffer): string {
  const [e, g] = [expected.toString('latin1').split('\n'), got.toString('latin1').split('\n')];
  const at = e.findIndex((line, i) => line !== g[i]);
  const i = at < 0 ? e.length : at;
  return `line ${i + 1}: expected ${JSON.stringify(e[i]?.slice(0, 200))}, got ${JSON.stringify(g[i]?.slice(0, 200))}`;
}

/** What a comment `// with: KEY VALUE...` in the source asks for. */
export function wishes(source: string, key: string): string[] {
  const found = new RegExp(`^(?://|#) with: ${key} (.*)$`, 'm').exec(readFileSync(source, 'utf8'));
  return found === null ? [] : must(found[1], 'values').trim().split(/\s+/);
}
