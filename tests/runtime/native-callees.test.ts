// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Translated, translate } from '../../src/asm/pipeline/translate.ts';
import { must } from '../../src/base/assert.ts';
import { DEFAULT_LIMITS } from '../../src/core/budget.ts';
import { build, run } from './build.ts';
import { TARGETS } from './targets.ts';

/**
 * A program is carried over, and functions with many arguments that it calls are compiled for the target: all prints what it prints where
 * both are native. Those functions call back by name.
 */

const FOLDER = join(import.meta.dirname, 'native-callees');
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const native = { 'callees.h': read('callees.h'), 'native.c': read('native.c') };

async function carried(
  how: string,
  to: (typeof TARGETS)[number]['name'],
  nativeEntries: 'all' | undefined,
): Promise<Translated> {
  const [command = '', ...flags] = how.split(' ');
  const text = execFileSync(command, [...flags, '-S', '-o', '-', 'carried.c'], { cwd: FOLDER, encoding: 'utf8' });
  const [made] = await translate([{ file: 'carried.s', text }], {
    ...{ jobs: 1, progress: () => {}, limits: DEFAULT_LIMITS, prover: { cache: false } },
    ...{ from: 'x86_64', to, features: [], withStages: false, nativeEntries },
    targetName: () => 'carried.target.s',
  });
  expect(made?.verdict?.kind).toBe('proved');
  return must(made, 'a translation');
}

/** The functions that a warning says find other arguments. */
const warned = ({ diagnostics }: Translated): string[] =>
  diagnostics.flatMap((d) => (d.code === 'V0245' ? [d.message.replace(/^.* passed to ([\w, ]+):.*$/, '$1')] : []));

describe.each(TARGETS)('$name', ({ name: to }) => {
  test.each(['gcc -O0', 'gcc -O2', 'gcc -O2 -maccumulate-outgoing-args', 'gcc -O3 -fPIC', 'gcc -Os', 'clang -O2'])(
    'a carried-over program calls native functions: %s',
    async (how) => {
      const made = await carried(how, to, 'all');
      expect(warned(made)).toEqual([]);
      const text = must(made.target, 'a target').text;
      const got = run(to, build(to, { ...native, 'carried.s': text }));
      const wanted = run('x86_64', build('x86_64', { ...native, 'carried.c': read('carried.c') }));
      expect(`${got.stdout}`).toBe(`${wanted.stdout}`);
    },
    120_000,
  );

  test('where it is not known that they are native, those that find other arguments are named', async () => {
    const made = await carried('gcc -O2', to, undefined);
    expect(warned(made)[0]?.split(', ').sort()).toEqual(['mixed', 'nine', 'twelve']);
  });
});
