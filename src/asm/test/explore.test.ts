// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { must } from '../../base/assert.ts';
import { Diagnostics } from '../../base/diagnostic.ts';
import { wasmSolver } from '../../logic/solvers/wasm.ts';
import { aarch64 } from '../isa/aarch64/index.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { recoverProgram } from '../program/recover.ts';
import type { Program } from '../program/types.ts';
import { readAsm } from '../text/read.ts';
import { testPrograms } from './explore.ts';
import type { FunctionReport } from './explorer.ts';

const wrap = (body: string, kind: string): string =>
  `\t.text\n\t.globl f\n\t.type f, ${kind}function\nf:\n${body
    .split(';')
    .map((l) => (l.trim().endsWith(':') ? l.trim() : `\t${l.trim()}`))
    .join('\n')}\n\t.size f, .-f\n`;

function read(text: string, isa: typeof x86_64): Program {
  const diagnostics = new Diagnostics();
  const program = recoverProgram(readAsm({ file: 'f.s', text }, isa, diagnostics), diagnostics);
  expect(diagnostics.list).toEqual([]);
  return program;
}

/** What tests of two functions come to. */
async function tested(source: string, target: string, runs = 60): Promise<FunctionReport> {
  const solver = wasmSolver();
  const programs = [read(wrap(source, '@'), x86_64), read(wrap(target, '%'), aarch64)] as const;
  const report = await testPrograms(...programs, { seed: 1, runs, steps: 10_000, solver });
  await solver.close();
  if (typeof report === 'string') throw new Error(report);
  return must(report.functions[0], 'a report');
}

/** A source whose every way is taken, with a target that is wrong only at its end. */
async function finds(source: string, target: string, what: RegExp): Promise<void> {
  expect((await tested(source, target)).difference?.what).toMatch(what);
}

test('a number that chance does not meet', async () => {
  await finds(
    'movabsq $0x123456789abcdef, %rax; cmpq %rax, %rdi; je .L1; xorl %eax, %eax; ret; .L1:; movl $1, %eax; ret',
    'mov w0, #0; ret',
    /the result is 0x1 in the source and 0x0/,
  );
});

test('a structure behind a structure, and a word deep in it', async () => {
  await finds(
    'movq 24(%rdi), %rax; movq 4096(%rax), %rax; cmpl $77, 8(%rax); je .L1; xorl %eax, %eax; ret; .L1:; movl $1, %eax; ret',
    'mov w0, #0; ret',
    /the result is 0x1 in the source and 0x0/,
  );
});

test('what a function outside comes to, and what it writes', async () => {
  await finds(
    'subq $24, %rsp; leaq 8(%rsp), %rdi; call g; cmpl $5, %eax; jne .L1; cmpl $9, 8(%rsp); jne .L1; addq $24, %rsp; movl $1, %eax; ret; .L1:; addq $24, %rsp; xorl %eax, %eax; ret',
    'sub sp, sp, #32; str x30, [sp, #24]; add x0, sp, #8; bl g; ldr x30, [sp, #24]; add sp, sp, #32; mov w0, #0; ret',
    /the result is 0x1 in the source and 0x0/,
  );
});

test('the arguments of a function outside', async () => {
  await finds('addl $1, %edi; movl %edi, %esi; jmp g', 'add w1, w0, #2; add w0, w0, #1; b g', /call 1 is g\(/);
});

test('a way that nothing can take is proved so, and no other', async () => {
  const r = await tested(
    'movl %edi, %eax; andl $3, %eax; cmpl $3, %eax; ja .L1; testl %edi, %edi; js .L2; ret; .L1:; movl $9, %eax; ret; .L2:; movl $7, %eax; ret',
    'and w8, w0, #3; cmp w0, #0; mov w9, #7; csel w0, w9, w8, lt; ret',
  );
  expect([r.difference, r.branches, r.taken, r.unreachable]).toEqual([undefined, 4, 3, 1]);
});

test('so is one that depends on constants that come round a loop', async () => {
  const r = await tested(
    'movl $7, %ecx; movl $3, %edx; xorl %eax, %eax; .L1:; testl %esi, %esi; je .L9; subl $1, %esi; addl $1, %eax; cmpl %ecx, %eax; jl .L1; cmpl %edx, %eax; jl .L8; xorl %eax, %eax; testl %edi, %esi; je .L1; movl $138, %ecx; movl $4, %edx; jmp .L1; .L8:; movl $99, %eax; .L9:; ret',
    'mov w9, #7; mov w8, #0; .L1:; cbz w1, .L9; sub w1, w1, #1; add w8, w8, #1; cmp w8, w9; b.lt .L1; mov w8, #0; tst w1, w0; b.eq .L1; mov w9, #138; b .L1; .L9:; mov w0, w8; ret',
  );
  expect([r.difference, r.branches, r.taken, r.unreachable]).toEqual([undefined, 8, 7, 1]);
});

test('and one that a loop would have to turn more often for than it ever does', async () => {
  const r = await tested(
    'cmpq $46, %rsi; jbe .L9; .L1:; testb $7, %dil; je .L9; addq $1, %rdi; subq $1, %rsi; jne .L1; movl $1, %eax; ret; .L9:; xorl %eax, %eax; ret',
    'mov w0, #0; ret',
  );
  expect([r.difference, r.branches, r.taken, r.unreachable]).toEqual([undefined, 6, 5, 1]);
});
