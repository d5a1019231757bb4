// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Translated, translate } from '../../src/asm/pipeline/translate.ts';
import { must } from '../../src/base/assert.ts';
import { DEFAULT_LIMITS } from '../../src/core/budget.ts';
import { build, run, scratch } from './build.ts';
import { TARGETS } from './targets.ts';

/**
 * A library of functions that take arguments on the stack is carried over, and its callers are compiled for the target: every kind
 * of entry for native code is carried out, and all prints what it prints where both are native.
 */

const FOLDER = join(import.meta.dirname, 'native-entries');
const LIBRARY = ['first', 'second'];
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const files = { 'library.h': read('library.h'), 'caller.c': read('caller.c') };

const compiled = (name: string, level: string): string =>
  execFileSync('gcc', [`-${level}`, '-S', '-o', '-', `${name}.c`], { cwd: FOLDER, encoding: 'utf8' });

async function carried(
  names: readonly string[],
  level: string,
  to: (typeof TARGETS)[number]['name'],
  nativeEntries: 'all' | readonly string[] | undefined,
): Promise<readonly Translated[]> {
  const sources = names.map((name) => ({ file: `${name}.s`, text: compiled(name, level) }));
  const options = { jobs: 1, progress: () => {}, limits: DEFAULT_LIMITS, prover: { cache: false } };
  const made = await translate(sources, {
    ...{ ...options, from: 'x86_64', to, features: [], withStages: false, nativeEntries },
    targetName: (source) => source.replace('.s', `.${to}.s`),
  });
  for (const t of made) expect(t.verdict?.kind).toBe('proved');
  return made;
}

const textsOf = (made: readonly Translated[]): Record<string, string> =>
  Object.fromEntries(made.map(({ target }, i) => [`${i}.s`, must(target, 'a translation').text]));

function nativeOutput(): string {
  const sources = Object.fromEntries(LIBRARY.map((name) => [`${name}.c`, read(`${name}.c`)]));
  return `${run('x86_64', build('x86_64', { ...files, ...sources })).stdout}`;
}

describe.each(TARGETS)('$name', ({ name: to }) => {
  test.each(['O0', 'O2', 'O3', 'Os'])(
    'native code calls a carried-over library, -%s',
    async (level) => {
      const made = await carried(LIBRARY, level, to, 'all');
      expect(made.flatMap((t) => t.diagnostics)).toEqual([]);
      const entries = made.flatMap((t) => t.functions.flatMap((f) => f.nativeEntry?.words ?? []));
      // Seven, eight, nine and eleven integers.
      expect([...new Set(entries)].sort()).toEqual([1, 2, 3, 5]);
      const got = run(to, build(to, { ...files, ...textsOf(made) }));
      expect(`${got.stdout}`).toBe(nativeOutput());
    },
    120_000,
  );

  test('files are translated one by one, with the names of those that are to have entries', async () => {
    const names = ['seven', 'eight', 'nine', 'eleven', 'pointers', 'recursive', 'handed_on', 'changes_arguments'];
    const listed = [...names, 'calls_back'];
    const [first] = await carried(['first'], 'O2', to, listed);
    const [second] = await carried(['second'], 'O2', to, listed);
    const made = [must(first, 'the first'), must(second, 'the second')];
    // What `nine` takes does not show in the second file, so native code cannot call what hands its arguments on to it.
    const caller = read('caller.c').replace(/^.*handed_elsewhere\(.*\n/gm, '');
    const got = run(to, build(to, { ...files, ...textsOf(made), 'caller.c': caller }));
    const sources = Object.fromEntries(LIBRARY.map((name) => [`${name}.c`, read(`${name}.c`)]));
    const want = run('x86_64', build('x86_64', { ...files, ...sources, 'caller.c': caller }));
    expect(`${got.stdout}`).toBe(`${want.stdout}`);
  }, 120_000);

  test('without entries, what native code cannot call is named', async () => {
    const [first] = await carried(['first'], 'O2', to, undefined);
    expect(first?.diagnostics.map((d) => [d.severity, d.code])).toEqual([['warning', 'V0243']]);
  });

  test('variable arguments are not taken for integers', async () => {
    const text =
      'int f(int n, ...) { __builtin_va_list a; __builtin_va_start(a, n); return __builtin_va_arg(a, int); }';
    const floats =
      'double g(double a, double b, double c, double d, double e, double f, double g, double h, double i) { return h + i; }';
    const folder = scratch();
    writeFileSync(join(folder, 'f.c'), `${text}\n${floats}\n`);
    const made = execFileSync('gcc', ['-O2', '-S', '-o', '-', 'f.c'], { cwd: folder, encoding: 'utf8' });
    const options = { jobs: 1, progress: () => {}, limits: DEFAULT_LIMITS, prover: { cache: false } };
    const tried = (nativeEntries: 'all' | readonly string[]) =>
      translate([{ file: 'f.s', text: made }], {
        ...{
          ...options,
          from: 'x86_64',
          to,
          features: [],
          withStages: false,
          nativeEntries,
          targetName: () => 'f.t.s',
        },
      } as const);
    const said = (t: readonly Translated[]) => t[0]?.diagnostics.map((d) => `${d.severity} ${d.code}: ${d.message}`);
    expect(said(await tried('all'))).toEqual([
      'warning V0244: f can have no entry for native code: it takes variable arguments or structures on the stack',
      'warning V0244: g can have no entry for native code: it may take floating-point numbers on the stack',
    ]);
    expect(said(await tried(['f']))).toEqual([
      'error V0244: f can have no entry for native code: it takes variable arguments or structures on the stack',
    ]);
  });
});
