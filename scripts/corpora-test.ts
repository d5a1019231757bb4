// SPDX-License-Identifier: MIT
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { must } from '../src/base/assert.ts';
import { sourceDir } from './corpora.ts';
import type { Corpus, CorpusRun } from './corpora-list.ts';
import { type Outcome, run, withFolder } from './process.ts';

/** A corpus's tests, on any machine. */

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** The command that starts a program with arguments; `files` may be read and written in the current folder. */
export type Start = (args: readonly string[], files: readonly string[]) => readonly string[];

/** What a test shows, in the order in which it is compared. */
export interface Shown {
  readonly parts: readonly { readonly what: string; readonly value: Buffer }[];
  /** The names of all files that were in its folder between steps. */
  readonly files: readonly string[];
}

/** Starts a program on the machine within vouch, from files of which the first is named like the program. */
export function withinVouch(folder: string, name: string, sources: readonly string[]): Start {
  mkdirSync(folder, { recursive: true });
  const first = join(folder, `${name}.s`);
  copyFileSync(must(sources[0], 'a file'), first);
  const vouch = join(ROOT, 'vouch');
  return (args, files) => {
    const reads = args.filter((a) => a.startsWith('/') && existsSync(a) && statSync(a).isFile());
    return [
      ...[vouch, 'run', first, ...sources.slice(1)],
      ...reads.flatMap((f) => ['--file', f]),
      ...files.flatMap((f) => ['--write', f]),
      ...['--', ...args],
    ];
  };
}

/** Runs a test; `known` are files that other machines have made in it. */
export function runTest(
  corpus: Corpus,
  test: CorpusRun,
  start: Start,
  name: string,
  known: readonly string[] = [],
): Promise<Shown> {
  const places = {
    package: must(sourceDir(corpus), 'the package is there'),
    tests: join(ROOT, 'tests/corpora', corpus.name),
  };
  const resolved = (text: string): string => text.replace('{package}', places.package).replace('{tests}', places.tests);
  return withFolder(async (folder) => {
    for (const [name, from] of Object.entries(test.inputs ?? {})) copyFileSync(resolved(from), join(folder, name));
    const parts: { what: string; value: Buffer }[] = [];
    const files = new Set([...known, ...readdirSync(folder)]);
    for (const [i, step] of test.steps.entries()) {
      const stdin = step.stdin === undefined ? '' : readFileSync(resolve(folder, resolved(step.stdin)));
      const command = start(step.args.map(resolved), [...files]);
      const outcome: Outcome = await run(command, { cwd: folder, stdin, name, seconds: 600 });
      if (step.stdout !== undefined) writeFileSync(join(folder, step.stdout), outcome.stdout);
      const at = test.steps.length === 1 ? '' : ` of step ${i + 1}`;
      parts.push({ what: `standard output${at}`, value: outcome.stdout });
      parts.push({ what: `exit status${at}`, value: Buffer.from(String(outcome.status)) });
      parts.push({ what: `standard error${at}`, value: outcome.stderr });
      for (const f of readdirSync(folder)) files.add(f);
    }
    for (const f of readdirSync(folder).sort())
      parts.push({ what: `the file ${f}`, value: readFileSync(join(folder, f)) });
    return { parts, files: [...files] };
  });
}

export function firstDifference(expected: Shown, got: Shown): string | undefined {
  for (const [i, e] of expected.parts.entries()) {
    const g = got.parts[i];
    if (g === undefined || g.what !== e.what) return `${e.what} is missing`;
    if (e.value.equals(g.value)) continue;
    const at = e.value.findIndex((byte, k) => g.value[k] !== byte);
    const from = Math.max(0, (at < 0 ? e.value.length : at) - 40);
    const piece = (b: Buffer): string => JSON.stringify(b.subarray(from, from + 100).toString('latin1'));
    return `${e.what} differs: expected ${piece(e.value)}, got ${piece(g.value)}`;
  }
  return got.parts.length > expected.parts.length
    ? `${got.parts[expected.parts.length]?.what ?? ''} is left over`
    : undefined;
}
