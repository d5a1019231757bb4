// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { must } from '../../../base/assert.ts';
import { Diagnostics } from '../../../base/diagnostic.ts';
import { wasmSolver } from '../../../logic/solvers/wasm.ts';
import { aarch64 } from '../../isa/aarch64/index.ts';
import type { Isa } from '../../isa/isa.ts';
import { x86_64 } from '../../isa/x86_64/index.ts';
import { recoverProgram } from '../../program/recover.ts';
import type { Program } from '../../program/types.ts';
import { prepare } from '../../run/run.ts';
import { readAsm } from '../../text/read.ts';
import { testPrograms } from '../explore.ts';
import type { FunctionReport } from '../explorer.ts';
import { Carver } from './carve.ts';
import { type Carved, carvedFor, carvedKey } from './carved.ts';

function read(file: string, text: string, isa: Isa): Program {
  const diagnostics = new Diagnostics();
  const program = recoverProgram(readAsm({ file, text }, isa, diagnostics), diagnostics);
  expect(diagnostics.list).toEqual([]);
  return program;
}

const lines = (body: string): string =>
  body
    .split(';')
    .map((l) => (l.trim().endsWith(':') ? l.trim() : `\t${l.trim()}`))
    .join('\n');

const define = (name: string, body: string, kind: '@' | '%' = '@'): string =>
  `\t.text\n\t.globl ${name}\n\t.type ${name}, ${kind}function\n${name}:\n${lines(body)}\n\t.size ${name}, .-${name}\n`;

/**
 * Sixteen bytes where `rsi` leads are squared and added up, and the sum is compared with that of "sixteen letters!": too
 * much for any solver to turn round.
 */
const KNOWS_THE_WORD =
  'movl $12345, %eax; movl $16, %ecx; .L1:; movzbl (%rsi), %edx; imulq %rax, %rax; addq %rdx, %rax; addq $1, %rsi; subl $1, %ecx; jne .L1; movabsq $SUM, %rdx; cmpq %rdx, %rax; je .L2; xorl %eax, %eax; ret; .L2:; movl $1, %eax; ret';
const WORD = 'sixteen letters!';
function sum(): string {
  let h = 12345n;
  for (const c of WORD) h = BigInt.asUintN(64, h * h + BigInt(c.charCodeAt(0)));
  return `0x${h.toString(16)}`;
}
const asks = KNOWS_THE_WORD.replace('SUM', sum());

interface Tried {
  readonly without: FunctionReport;
  readonly recorded: FunctionReport;
  readonly calls: readonly Carved[];
}

/** Tests `f` of a file against a target, without runs of the program that it makes with others, and with one. */
async function tried(source: string, others: readonly string[], target: string): Promise<Tried> {
  const [f, ...rest] = [source, ...others].map((text, i) => read(`${i}.s`, text, x86_64));
  const own = must(f, 'a file');
  const other = read('target.s', target, aarch64);
  const diagnostics = new Diagnostics();
  const image = must(prepare([own, ...rest], {}, diagnostics), 'a program');
  const carver = new Carver(image);
  carver.run({ name: 'program', args: [], files: new Map(), stdin: new Uint8Array(0) });
  const solver = wasmSolver();
  const options = { seed: 1, runs: 60, steps: 10_000, solver, only: ['f'] };
  const [without, recorded] = [
    await testPrograms(own, other, options),
    await testPrograms(own, other, { ...options, ...carvedFor('0.s', [carver.carving]) }),
  ];
  await solver.close();
  if (typeof without === 'string' || typeof recorded === 'string') throw new Error('they can be run');
  return {
    without: must(without.functions[0], 'a report'),
    recorded: must(recorded.functions[0], 'a report'),
    calls: carver.carving.calls.get(carvedKey('0.s', 'f')) ?? [],
  };
}

const MAIN = (body: string): string =>
  `${define('main', `pushq %rbx; ${body}; xorl %eax, %eax; popq %rbx; ret`)}\t.section .rodata\nword:\n\t.string "${WORD}"\n`;
const ALWAYS_0 = define('f', 'mov w0, #0; ret', '%');
const found = /the result is 0x1 in the source and 0x0/;

test('a structure in the heap that leads to constants of another file', async () => {
  const main = MAIN(
    'movl $24, %edi; call malloc@PLT; leaq word(%rip), %rcx; movq %rcx, 8(%rax); movq %rax, %rdi; call f',
  );
  const { without, recorded, calls } = await tried(define('f', `movq 8(%rdi), %rsi; ${asks}`), [main], ALWAYS_0);
  expect([without.difference, without.branches - without.taken]).toEqual([undefined, 1]);
  expect(recorded.difference?.what).toMatch(found);
  expect(calls.length).toBe(1);
});

test('what a function of another file has written before it came back', async () => {
  const main = MAIN('subq $16, %rsp; movq %rsp, %rdi; movq $0, (%rsp); call f; addq $16, %rsp');
  const get = define(
    'get',
    'pushq %rbx; movq %rdi, %rbx; movl $32, %edi; call malloc@PLT; movq %rax, (%rbx); movabsq $0x206e656574786973, %rcx; movq %rcx, (%rax); movabsq $0x217372657474656c, %rcx; movq %rcx, 8(%rax); movl $7, %eax; popq %rbx; ret',
  );
  const { without, recorded, calls } = await tried(
    define('f', `pushq %rbx; movq %rdi, %rbx; call get; movq (%rbx), %rsi; popq %rbx; ${asks}`),
    [main, get],
    define(
      'f',
      'stp x29, x30, [sp, #-32]!; str x19, [sp, #16]; bl get; ldr x19, [sp, #16]; ldp x29, x30, [sp], #32; mov w0, #0; ret',
      '%',
    ),
  );
  expect(without.difference).toBe(undefined);
  expect(recorded.difference?.what).toMatch(found);
  expect(calls[0]?.answers).toEqual([7n]);
});

test('data of the file as calls before have left them, and a function that is called through a pointer', async () => {
  const f = `${define('f', `movq kept(%rip), %rsi; testq %rsi, %rsi; je .L3; pushq %rsi; call *%rdi; popq %rsi; ${asks}; .L3:; movq 8(%rdi), %rsi; movq %rsi, kept(%rip); xorl %eax, %eax; ret`)}\t.local kept\n\t.bss\n\t.align 8\nkept:\n\t.zero 8\n`;
  const main = `${MAIN('leaq record(%rip), %rdi; call f; leaq nothing(%rip), %rdi; call f')}\t.data\n\t.align 8\nrecord:\n\t.quad 0\n\t.quad word\n${define('nothing', 'ret')}`;
  const target = `${define('f', 'adrp x9, kept; ldr x10, [x9, #:lo12:kept]; cbz x10, .L3; stp x29, x30, [sp, #-16]!; blr x0; ldp x29, x30, [sp], #16; mov w0, #0; ret; .L3:; ldr x10, [x0, #8]; str x10, [x9, #:lo12:kept]; mov w0, #0; ret', '%')}\t.local kept\n\t.bss\n\t.align 3\nkept:\n\t.zero 8\n`;
  const { without, recorded, calls } = await tried(f, [main], target);
  expect(without.difference).toBe(undefined);
  expect(recorded.difference?.what).toMatch(found);
  expect(calls.length).toBe(2);
});

test('tables that other files define are there', async () => {
  const f = define('f', 'movq table@GOTPCREL(%rip), %rax; movl 4(%rax), %eax; ret');
  const main = `${MAIN('call f')}\t.globl table\ntable:\n\t.long 1\n\t.long 42\n`;
  const { without, recorded } = await tried(f, [main], ALWAYS_0);
  expect(without.difference).toBe(undefined);
  expect(recorded.difference?.what).toMatch(/the result is 0x2a in the source and 0x0/);
});
