// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { aarch64 } from '../../src/asm/isa/aarch64/index.ts';
import type { Isa } from '../../src/asm/isa/isa.ts';
import { riscv64 } from '../../src/asm/isa/riscv64/index.ts';
import { x86_64 } from '../../src/asm/isa/x86_64/index.ts';
import { findRoute } from '../../src/asm/pipeline/route.ts';
import { readProgram } from '../../src/asm/pipeline/session.ts';
import { testFiles } from '../../src/asm/pipeline/side-by-side.ts';
import { must } from '../../src/base/assert.ts';
import { Diagnostics } from '../../src/base/diagnostic.ts';

/** What the source's own text leaves open is no difference between it and a translation; what it says is one. */

const wrap = (body: string, sign = '@'): string =>
  `\t.text\n\t.globl f\n\t.type f, ${sign}function\nf:\n${body}\n\t.size f, .-f\n`;

function translated(source: string, target: Isa): string {
  const route = must(findRoute('x86_64', target.name), 'a route');
  const { program } = readProgram({ file: 'source.s', text: source }, route.source);
  return route.lower(must(program, 'a program'), new Diagnostics(), { definedElsewhere: new Set() }).text;
}

async function difference(source: string, target: string, isa: Isa): Promise<string | undefined> {
  const options = { seed: 1, runs: 300, steps: 5000, keepsResults: true };
  const tests = await testFiles({ file: 's.s', text: source }, { file: 't.s', text: target }, x86_64, isa, options);
  return must(tests.report?.functions[0], 'a report').difference?.what;
}

test('a float for a function outside has ones above it on RISC-V', async () => {
  const source = wrap('\tcvtsi2ssl %edi, %xmm0\n\tjmp outside');
  const found = (body: string): Promise<string | undefined> =>
    difference(source, wrap(`${body}\n\ttail outside`, '%'), riscv64);
  expect(await found('\tfcvt.s.w fa0, a0')).toBeUndefined();
  expect(await found('\tfcvt.s.wu fa0, a0')).toMatch(/^call 1 is outside\(/);
  expect(await found('\tfcvt.d.w fa0, a0')).toMatch(/^call 1 is outside\(/);
});

test.each([aarch64, riscv64])('a list of arguments lies elsewhere on the other machine', async (isa) => {
  const source = `${wrap('\tleaq format(%rip), %rsi\n\tjmp vsprintf')}\t.section .rodata\nformat:\n\t.asciz "a"\n`;
  const target = translated(source, isa);
  expect(await difference(source, target, isa)).toBeUndefined();
  expect(await difference(source, target.replace('"a"', '"b"'), isa)).toMatch(/^byte \d+ of buffer/);
});

/** Code that looks beyond what it was given, a number in its translation, and the same number wrong. */
const BEYOND: readonly (readonly [what: string, source: string, right: RegExp, wrong: string])[] = [
  [
    'a table that is read before its beginning, where another leads to code',
    `${wrap('\tmovl $7, %edx\n\tleaq table(%rip), %rax\n\taddl (%rax,%rdi,4), %edx\n\tmovl %edx, %eax\n\tret\n.L1:\n\tret')}
\t.section .rodata\n\t.align 8\n.Lother:\n\t.long .L1-.Lother, .L1-.Lother, .L1-.Lother, .L1-.Lother\ntable:\n\t.long 1, 2, 3, 4\n`,
    /#7$/m,
    '#8',
  ],
  [
    'data behind which lies what the machine has for a thread',
    `${wrap('\tmovl $7, %edx\n\tmovzbl %dil, %edi\n\tleaq table(%rip), %rax\n\taddq (%rax,%rdi,8), %rdx\n\tmovq %rdx, %rax\n\tret')}
\t.data\n\t.align 8\ntable:\n\t.quad 1, 2, 3, 4\n`,
    /#7$/m,
    '#8',
  ],
  [
    'a place in a table for a jump which the table does not have',
    `${wrap(
      '\tandl $7, %edi\n\tleaq .Lt(%rip), %rax\n\tmovslq (%rax,%rdi,4), %rdx\n\taddq %rax, %rdx\n\tjmp *%rdx\n' +
        '.La:\n\tmovl $7, %eax\n\tret\n.Lb:\n\tmovl $5, %eax\n\tret\n.Lc:\n\tmovl $6, %eax\n\tnop\n\tret\n.Ld:\n\tmovl $9, %eax\n\tret',
    )}
\t.section .rodata\n\t.align 4\n.Lt:\n\t.long .La-.Lt, .Lb-.Lt, .Lc-.Lt, .Ld-.Lt\nmore:\n\t.long .Ld-.Lt, .Lb-.Lt-8, .Lb-.Lt-12, .Ld-.Lt-8\n`,
    /#7$/m,
    '#8',
  ],
];

describe('beyond what is there', () => {
  test.each(BEYOND)('%s', async (_, source, right, wrong) => {
    const target = translated(source, aarch64);
    expect(target).toMatch(right);
    expect(await difference(source, target, aarch64)).toBeUndefined();
    expect(await difference(source, target.replace(right, wrong), aarch64)).toMatch(/^the result is 0x/);
  });
});
