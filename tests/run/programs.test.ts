// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { hasCompiler, hasProgram } from '../../scripts/corpora.ts';
import { type Outcome, run, runOrFail, withFolder } from '../../scripts/process.ts';
import { linkNative, missingTools } from '../../scripts/translation.ts';
import { aarch64 } from '../../src/asm/isa/aarch64/index.ts';
import type { Isa } from '../../src/asm/isa/isa.ts';
import { riscv64 } from '../../src/asm/isa/riscv64/index.ts';
import { x86_64 } from '../../src/asm/isa/x86_64/index.ts';
import { findRoute } from '../../src/asm/pipeline/route.ts';
import { readProgram } from '../../src/asm/pipeline/session.ts';
import { must } from '../../src/base/assert.ts';
import { Diagnostics } from '../../src/base/diagnostic.ts';
import { type EmbeddedRun, runTexts } from './embedded.ts';

/** The programs of `tests/programs` do on the machine within vouch what they do on the processor. */

const folder = join(dirname(fileURLToPath(import.meta.url)), '../programs');
const sources = readdirSync(folder).filter((f) => f.endsWith('.c'));
const missing = await missingTools();

/** What needs more of the world than the machine has, with what that is. */
const BEYOND: ReadonlyMap<string, string> = new Map([
  ['atomics.c', 'threads'],
  ['tls.c', 'threads'],
  ['files.c', 'pipes and other processes'],
  ['signals.c', 'signals from outside'],
]);

/** What needs the deep stack of a thread of its own. */
const DEEP: ReadonlySet<string> = new Set(['recursion.c']);
const vouch = join(folder, '../../vouch');

const compared = sources.filter((s) => !BEYOND.has(s));

const WAYS: readonly { readonly isa: Isa; readonly cc: string; readonly flags: readonly string[] }[] = [
  { isa: x86_64, cc: 'gcc', flags: ['-O0'] },
  { isa: x86_64, cc: 'gcc', flags: ['-O2'] },
  { isa: x86_64, cc: 'gcc', flags: ['-O3', '-fPIE'] },
  { isa: x86_64, cc: 'clang', flags: ['-O2', '-fno-addrsig'] },
];

async function bothOf(source: string, way: (typeof WAYS)[number]): Promise<readonly [Outcome, EmbeddedRun]> {
  return withFolder(async (at) => {
    const assembly = join(at, 'program.s');
    await runOrFail([way.cc, '-S', '-w', ...way.flags, join(folder, source), '-o', assembly]);
    const native = join(at, 'native');
    await linkNative([assembly], native, ['m', 'pthread']);
    const expected = await run([native], { cwd: at, name: 'program', seconds: 20 });
    if (!DEEP.has(source)) return [expected, runTexts([readFileSync(assembly, 'utf8')], way.isa)];
    const deep = await run([vouch, 'run', assembly], { cwd: at, name: 'program', seconds: 60 });
    const out = deep.stdout.toString('latin1');
    return [expected, { out, err: deep.stderr.toString(), status: Number(deep.status), diagnostics: [], executed: 0 }];
  });
}

test('there are programs', () => expect(compared.length).toBeGreaterThan(20));

describe.skipIf(missing.length > 0).each(WAYS)('$cc $flags', (way) => {
  test.each(compared)('%s', { timeout: 120_000 }, async (source) => {
    if (way.cc === 'clang' && !(await hasCompiler('clang'))) return;
    const [expected, got] = await bothOf(source, way);
    expect(got.diagnostics).toEqual([]);
    expect(got.out).toBe(expected.stdout.toString('latin1'));
    expect(got.status).toBe(expected.status);
  });
});

/** What other compilers make of them, and what the rules make of them, runs on the same machine. */
describe.skipIf(missing.length > 0).each([
  [aarch64, 'aarch64-linux-gnu-gcc'],
  [riscv64, 'riscv64-linux-gnu-gcc'],
] as const)('for $name', (isa, cc) => {
  const portable = compared.filter((s) => !/sse|vectors|recursion/.test(s));
  test.each(portable)('%s', { timeout: 120_000 }, async (source) => {
    if (!(await hasProgram([cc, '--version']))) return;
    await withFolder(async (at) => {
      const [assembly, program] = [join(at, 'program.s'), join(at, 'program')];
      await runOrFail([cc, '-S', '-w', '-O2', join(folder, source), '-o', assembly]);
      await runOrFail([cc, '-static', assembly, '-o', program, '-lm']);
      const expected = await run([`qemu-${isa.name}`, program], { cwd: at, name: 'program', seconds: 60 });
      const got = runTexts([readFileSync(assembly, 'utf8')], isa);
      expect(got.diagnostics).toEqual([]);
      expect(got.out).toBe(expected.stdout.toString('latin1'));
      expect(got.status).toBe(expected.status);
    });
  });
});

/** What jumps from one frame to another does so in translations too, whose buffers are not those of their platform. */
test.skipIf(missing.length > 0).each(['aarch64', 'riscv64'] as const)(
  'setjmp.c translated for %s',
  { timeout: 120_000 },
  async (to) => {
    const route = must(findRoute('x86_64', to), 'a route');
    await withFolder(async (at) => {
      const [assembly, native] = [join(at, 'program.s'), join(at, 'native')];
      await runOrFail(['gcc', '-S', '-w', '-O2', join(folder, 'setjmp.c'), '-o', assembly]);
      await linkNative([assembly], native, ['m']);
      const expected = await run([native], { cwd: at, name: 'program', seconds: 20 });
      const source = readProgram({ file: assembly, text: readFileSync(assembly, 'utf8') }, route.source).program;
      const { text } = route.lower(must(source, 'a program'), new Diagnostics(), { definedElsewhere: new Set() });
      const got = runTexts([text], route.target);
      expect(got.diagnostics).toEqual([]);
      expect(got.out).toBe(expected.stdout.toString('latin1'));
      expect(got.status).toBe(expected.status);
    });
  },
);

/** Either before it runs, since functions are missing, or where one is called that can do nothing. */
test.each([...BEYOND])('%s is refused for want of %s', { timeout: 60_000 }, async (source) => {
  if (missing.length > 0) return;
  const text = await withFolder(async (at) => {
    const assembly = join(at, 'program.s');
    await runOrFail(['gcc', '-S', '-w', '-O2', join(folder, source), '-o', assembly]);
    return readFileSync(assembly, 'utf8');
  });
  const [found, ...more] = runTexts([text], x86_64).diagnostics;
  expect(more).toEqual([]);
  expect(`${found?.code}: ${found?.message}`).toMatch(
    /^V0601: unknown externals: |^V0617: .* which the machine does not have$/,
  );
});
