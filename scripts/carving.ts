// SPDX-License-Identifier: MIT
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { x86_64 } from '../src/asm/isa/x86_64/index.ts';
import { openCarver } from '../src/asm/pipeline/carve.ts';
import type { ProgramRun } from '../src/asm/test/carve/carve.ts';
import type { Carving } from '../src/asm/test/carve/carved.ts';
import { must } from '../src/base/assert.ts';
import type { CompiledFile } from './corpora.ts';
import { sourceDir } from './corpora.ts';
import { type Corpus, type CorpusRun, filesOf } from './corpora-list.ts';

/** Runs the programs of a corpus on the machine within vouch, and keeps what their functions were called with. */
export function carvings(corpus: Corpus, compiled: readonly CompiledFile[]): Carving[] {
  const source = must(sourceDir(corpus), 'the corpus is there');
  return corpus.programs.map((program) => {
    const names = filesOf(corpus, program);
    const files = compiled.filter((f) => names.includes(f.name));
    const sources = files.map((f) => ({ file: basename(f.path), text: readFileSync(f.path, 'utf8') }));
    const opened = openCarver(sources, x86_64);
    if (!('carver' in opened)) throw new Error(opened.diagnostics.map((d) => d.message).join('; '));
    const { carver } = opened;
    const expand = expander(source, corpus.name);
    for (const run of program.runs) follow(run, program.name, expand, (r) => carver.run(r));
    return carver.carving;
  });
}

const expander =
  (source: string, name: string) =>
  (text: string): string =>
    text.replace('{package}', source).replace('{tests}', resolve(import.meta.dirname, '../tests/corpora', name));

function follow(
  run: CorpusRun,
  name: string,
  expand: (text: string) => string,
  start: (run: ProgramRun) => Uint8Array,
): void {
  const made = new Map<string, Uint8Array>();
  for (const [file, from] of Object.entries(run.inputs ?? {})) made.set(file, readFileSync(expand(from)));
  const read = (path: string): Uint8Array => {
    const known = made.get(path);
    if (known !== undefined) return known;
    return path !== '/dev/null' && existsSync(path) ? readFileSync(path) : new Uint8Array(0);
  };
  for (const { args, stdin, stdout } of run.steps) {
    const given = args.map(expand);
    const files = new Map(made);
    for (const a of given) if (existsSync(a) && statSync(a).isFile()) files.set(a, readFileSync(a));
    const output = start({
      name,
      args: given,
      files,
      stdin: stdin === undefined ? new Uint8Array(0) : read(expand(stdin)),
    });
    if (stdout !== undefined) made.set(stdout, output);
  }
}
