// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { aarch64Runtime } from '../../src/asm/abi/runtime/aarch64/index.ts';
import { aarch64 } from '../../src/asm/isa/aarch64/index.ts';
import { recoverProgram } from '../../src/asm/program/recover.ts';
import { readAsm } from '../../src/asm/text/read.ts';
import { Diagnostics } from '../../src/base/diagnostic.ts';
import { build, run } from './build.ts';

/** The runtime as text: it is part of the output, so it must be read back, linked more than once, and taken off. */

const ALL = [...aarch64Runtime.functions.keys()].sort();

test('the runtime reads without diagnostics, each function as one', () => {
  const diagnostics = new Diagnostics();
  const ast = readAsm({ file: 'runtime.s', text: aarch64Runtime.text(ALL) }, aarch64, diagnostics);
  const program = recoverProgram(ast, diagnostics);
  expect(diagnostics.list).toEqual([]);
  expect(program.functions.map((f) => f.name).sort()).toEqual(ALL);
  for (const name of ALL) expect(program.symbols.get(name)).toMatchObject({ binding: 'weak', visibility: 'hidden' });
});

test('what a runtime function needs of the runtime comes with it', () => {
  for (const f of aarch64Runtime.functions.values()) {
    const named = f.lines.flatMap((line) => [...line.matchAll(/\tbl?\t(__vouch_\w+)/g)].map((m) => m[1]));
    expect([f.name, [...new Set(named)].sort()]).toEqual([f.name, [...f.needs].sort()]);
  }
  expect(aarch64Runtime.closure(['__vouch_setjmp']).map((f) => f.name)).toEqual([
    '__vouch_setjmp',
    '__vouch_sigsetjmp',
  ]);
});

test('several files may bring the same functions', () => {
  const caller = (name: string): string =>
    `.globl ${name}\n${name}:\n\tb __vouch_printf\n${aarch64Runtime.text(ALL.filter((n) => !n.includes('isoc23')))}`;
  const program = build('aarch64', {
    'main.c': 'extern int a(const char *, ...), b(const char *, ...); int main() { a("one\\n"); b("two\\n"); }',
    'a.s': caller('a'),
    'b.s': caller('b'),
  });
  expect(`${run('aarch64', program).stdout}`).toBe('one\ntwo\n');
  const symbols = spawnSync('aarch64-linux-gnu-nm', [program], { encoding: 'utf8' }).stdout;
  expect(symbols.match(/ __vouch_printf$/gm)).toHaveLength(1);
});

test('the runtime is taken off the end of a file, and nothing else', () => {
  const own = '\t.text\nf:\n\tbl\t__vouch_printf\n\tret\n';
  const runtime = aarch64Runtime.text(['__vouch_printf', '__vouch_setjmp', '__vouch_udiv128']);
  expect(aarch64Runtime.without(own + runtime)).toBe(own);
  expect(aarch64Runtime.without(own)).toBe(own);
  expect(aarch64Runtime.without(runtime)).toBe('');
  // Changed, it is part of the program.
  const changed = own + runtime.replace('mov\tw0, #0', 'mov\tw0, #1');
  expect(changed).not.toBe(own + runtime);
  expect(aarch64Runtime.without(changed)).toContain('mov\tw0, #1');
  expect(aarch64Runtime.without(`${own}${runtime}\tnop\n`)).toBe(`${own}${runtime}\tnop\n`);
});
