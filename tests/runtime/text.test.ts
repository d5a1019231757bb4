// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { recoverProgram } from '../../src/asm/program/recover.ts';
import { readAsm } from '../../src/asm/text/read.ts';
import { Diagnostics } from '../../src/base/diagnostic.ts';
import { build, run } from './build.ts';
import { TARGETS } from './targets.ts';

/** The runtime as text: it is part of the output, so it must be read back, linked more than once, and taken off. */

describe.each(TARGETS)('$name', ({ name: machine, isa, runtime, called, tail, change }) => {
  const ALL = [...runtime.functions.keys()].sort();

  test('the runtime reads without diagnostics, each function as one', () => {
    const diagnostics = new Diagnostics();
    const ast = readAsm({ file: 'runtime.s', text: runtime.text(ALL) }, isa, diagnostics);
    const program = recoverProgram(ast, diagnostics);
    expect(diagnostics.list).toEqual([]);
    expect(program.functions.map((f) => f.name).sort()).toEqual(ALL);
    for (const name of ALL) expect(program.symbols.get(name)).toMatchObject({ binding: 'weak', visibility: 'hidden' });
  });

  test('what a runtime function needs of the runtime comes with it', () => {
    for (const f of runtime.functions.values()) {
      const named = f.lines.flatMap((line) => [...line.matchAll(called)].map((m) => m[1]));
      expect([f.name, [...new Set(named)].sort()]).toEqual([f.name, [...f.needs].sort()]);
    }
    expect(runtime.closure(['__vouch_setjmp']).map((f) => f.name)).toEqual(['__vouch_setjmp', '__vouch_sigsetjmp']);
  });

  test('several files may bring the same functions', () => {
    const caller = (name: string): string => `.globl ${name}\n${name}:\n\t${tail} __vouch_printf\n${runtime.text(ALL)}`;
    const files = {
      'main.c': 'extern int a(const char *, ...), b(const char *, ...); int main() { a("one\\n"); b("two\\n"); }',
      'a.s': caller('a'),
      'b.s': caller('b'),
    };
    // Bridges of what the library lacks are dropped, since nobody calls them.
    const program = build(machine, files, ['-Wl,--gc-sections']);
    expect(`${run(machine, program).stdout}`).toBe('one\ntwo\n');
    const symbols = spawnSync(`${machine}-linux-gnu-nm`, [program], { encoding: 'utf8' }).stdout;
    expect(symbols.match(/ __vouch_printf$/gm)).toHaveLength(1);
  });

  test('the runtime is taken off the end of a file, and nothing else', () => {
    const own = `\t.text\nf:\n\t${tail}\t__vouch_printf\n`;
    const functions = runtime.text(['__vouch_printf', '__vouch_setjmp', '__vouch_udiv128']);
    expect(runtime.without(own + functions)).toBe(own);
    expect(runtime.without(own)).toBe(own);
    expect(runtime.without(functions)).toBe('');
    // Names of C++ may be long.
    expect(runtime.without(own + runtime.text(ALL))).toBe(own);
    // Changed, it is part of the program.
    const changed = own + functions.replace(...change);
    expect(changed).not.toBe(own + functions);
    expect(runtime.without(changed)).toContain(change[1]);
    expect(runtime.without(`${own}${functions}\tnop\n`)).toBe(`${own}${functions}\tnop\n`);
  });
});
