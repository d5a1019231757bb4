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

const compiled = (name: string, how: string): string => {
  const [command = '', ...flags] = how.split(' ');
  return execFileSync(command, [...flags, '-S', '-o', '-', `${name}.c`], { cwd: FOLDER, encoding: 'utf8' });
};

async function carried(
  names: readonly string[],
  how: string,
  to: (typeof TARGETS)[number]['name'],
  nativeEntries: 'all' | readonly string[] | undefined,
): Promise<readonly Translated[]> {
  const sources = names.map((name) => ({ file: `${name}.s`, text: compiled(name, how) }));
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

function nativeOutput(caller: string): string {
  const sources = Object.fromEntries(LIBRARY.map((name) => [`${name}.c`, read(`${name}.c`)]));
  return `${run('x86_64', build('x86_64', { ...files, ...sources, 'caller.c': caller })).stdout}`;
}

describe.each(TARGETS)('$name', ({ name: to }) => {
  test.each(['gcc -O0', 'gcc -O2', 'gcc -O3 -fPIC', 'gcc -Os', 'clang -O2 -fno-addrsig'])(
    'native code calls a carried-over library: %s',
    async (how) => {
      const made = await carried(LIBRARY, how, to, 'all');
      expect(made.flatMap((t) => t.diagnostics)).toEqual([]);
      const entries = made.flatMap((t) => t.functions.flatMap((f) => f.nativeEntry?.words ?? []));
      // Seven, eight, nine and eleven integers.
      expect([...new Set(entries)].sort()).toEqual([1, 2, 3, 5]);
      // Clang's code for x86-64 relies on it that callers extend arguments of 8 and 16 bits, which AArch64's do not.
      const extends_ = !(how.startsWith('clang') && to === 'aarch64');
      const caller = extends_ ? files['caller.c'] : files['caller.c'].replace(/^.*eight\(.*\n/m, '');
      const got = run(to, build(to, { ...files, ...textsOf(made), 'caller.c': caller }));
      expect(`${got.stdout}`).toBe(nativeOutput(caller));
    },
    120_000,
  );

  test('files are translated one by one, with the names of those that are to have entries', async () => {
    const names = [
      'seven',
      'eight',
      'nine',
      'eleven',
      'pointers',
      'recursive',
      'handed_on',
      'changes_arguments',
      'calls_back',
    ];
    const listed = [...names, 'add', 'replaceable', 'hidden', 'allocates', 'two_results', 'narrow'];
    const [first] = await carried(['first'], 'gcc -O2', to, listed);
    const [second] = await carried(['second'], 'gcc -O2', to, listed);
    const made = [must(first, 'the first'), must(second, 'the second')];
    // What `nine` takes does not show in the second file, so native code cannot call what hands its arguments on to it.
    const caller = read('caller.c').replace(/^.*handed_elsewhere\(.*\n/gm, '');
    const got = run(to, build(to, { ...files, ...textsOf(made), 'caller.c': caller }));
    expect(`${got.stdout}`).toBe(nativeOutput(caller));
  }, 120_000);

  test('without entries, what native code cannot call is named', async () => {
    const [first] = await carried(['first'], 'gcc -O2', to, undefined);
    expect(first?.diagnostics.map((d) => [d.severity, d.code])).toEqual([['warning', 'V0243']]);
    // So is what is left of them: a name that was mistyped does not go unseen.
    const [second] = await carried(['second'], 'gcc -O2', to, ['nime']);
    expect(second?.diagnostics).toEqual([]);
    const [again] = await carried(['first'], 'gcc -O2', to, ['seven', 'eigth']);
    expect(again?.diagnostics.map((d) => d.code)).toEqual(['V0243']);
    expect(again?.diagnostics[0]?.message).toMatch(/^native code cannot call (?!.*seven).*eight/);
  });

  test('a function is not named as a register is', async () => {
    const name = to === 'aarch64' ? 'x7' : 'a7';
    const code = `\t.globl ${name}\n\t.type ${name}, @function\n${name}:\n\tmovq 8(%rsp), %rax\n\tret\n`;
    const options = { jobs: 1, progress: () => {}, limits: DEFAULT_LIMITS, prover: { cache: false } };
    const [made] = await translate([{ file: 'f.s', text: code }], {
      ...{
        ...options,
        from: 'x86_64',
        to,
        features: [],
        withStages: false,
        nativeEntries: 'all',
        targetName: () => 'f.t.s',
      },
    } as const);
    expect(made?.diagnostics.map((d) => d.message)).toEqual([
      `${name} can have no entry for native code: its name is that of a register`,
    ]);
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
      'warning V0243: native code cannot call g: it has the arguments elsewhere that x86-64 has on the stack',
    ]);
  });
});
