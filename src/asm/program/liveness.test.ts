// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { blockAt, functionNamed, programOf } from '../../../tests/support/x86-program.ts';
import { systemV } from '../abi/call-model.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { chunksOf, describeSet } from './chunks.ts';
import { conventionModel } from './conventions.ts';
import { type Liveness, liveness } from './liveness.ts';

const chunks = chunksOf(x86_64);
const quiet = new Set(['rsp', ...systemV.calleeSaved]);

/** Without the stack pointer and what every function preserves. */
const show = (set: Int32Array): string[] => describeSet(set, chunks).filter((n) => !quiet.has(n));

function analyse(body: string): Liveness {
  const code = functionNamed(programOf(`	.globl	f\nf:\n${body}`), 'f');
  return liveness(code, x86_64, conventionModel(x86_64, systemV));
}

function liveAt(l: Liveness, label: string): string[] {
  return show(l.liveIn(blockAt(l.code, label)));
}

test('at a return: what is preserved, and the results that the function may have set', () => {
  const preserved = ['rbx', 'rsp', 'rbp', 'r12', 'r13', 'r14', 'r15'];
  expect(describeSet(analyse('	ret\n').liveIn(0), chunks)).toEqual(preserved);
  const l = analyse('	testl %edi, %edi\n	je .L1\n	movl %esi, %edx\n.L1:\n	movl %edi, %eax\n	ret\n');
  expect(liveAt(l, '.L1')).toEqual(['rdx', 'rdi:0-31']);
  expect(show(l.liveOut(blockAt(l.code, '.L1')))).toEqual(['rax', 'rdx']);
});

test('a second result may be left where it came as an argument, beside a first one', () => {
  expect(show(analyse('	movl $1, %eax\n	ret\n').liveIn(0))).toEqual(['rdx']);
  expect(show(analyse('	movl $1, %ecx\n	ret\n').liveIn(0))).toEqual([]);
});

test('only the low byte of an argument', () => {
  expect(show(analyse('	movzbl %dil, %eax\n	ret\n').liveIn(0))).toEqual(['rdx', 'rdi:0-7']);
});

test('a value that nothing needs makes nothing live', () => {
  const l = analyse('	movq %rdi, %rcx\n	addq %rsi, %rcx\n	imulq %rcx, %rcx\n	xorl %eax, %eax\n	ret\n');
  expect(show(l.liveIn(0))).toEqual(['rdx']);
});

test('not even round a loop', () => {
  const l = analyse('	xorl %eax, %eax\n.L1:\n	addl %esi, %ecx\n	decl %edi\n	jne .L1\n	ret\n');
  expect(show(l.liveIn(0))).toEqual(['rdx', 'rdi:0-31']);
});

test('flags live across blocks and round loops', () => {
  const l = analyse(`
	xorl	%eax, %eax
	clc
.L1:
	movq	(%rsi), %rcx
	adcq	%rcx, (%rdi)
	leaq	8(%rsi), %rsi
	leaq	8(%rdi), %rdi
	decl	%edx
	jne	.L1
	setc	%al
	ret
`);
  expect(liveAt(l, '.L1')).toEqual(['rax:8-63', 'rdx:0-31', 'rsi', 'rdi', 'cf']);
  // `dec` leaves the carry alone and sets the zero flag before anybody looks at it.
  expect(show(l.liveIn(0))).toEqual(['rdx:0-31', 'rsi', 'rdi']);
});

test('the upper half of a vector register', () => {
  const l = analyse('	movsd %xmm1, %xmm0\n	ret\n');
  expect(show(l.liveIn(0))).toEqual(['xmm0:64-127', 'xmm1:0-63']);
});

test('a call of unknown code reads all that may be an argument and leaves only results', () => {
  const l = analyse('	subq $8, %rsp\n	movl $1, %edi\n	call g\n	addl %ebx, %eax\n	addq $8, %rsp\n	ret\n');
  expect(describeSet(l.liveIn(1), chunks)).toContain('rax:0-31');
  const before = show(l.liveIn(0));
  expect(before).toContain('rax:0-7');
  expect(before).toContain('rsi');
  expect(before).toContain('xmm7');
  expect(before).not.toContain('rdi');
  expect(before).not.toContain('r11');
  expect(before).not.toContain('xmm8');
});

test('behind a call that does not return nothing is live', () => {
  const l = analyse('	testl %edi, %edi\n	je .L1\n	xorl %eax, %eax\n	ret\n.L1:\n	subq $8, %rsp\n	call abort\n');
  expect(describeSet(l.liveOut(blockAt(l.code, '.L1')), chunks)).toEqual([]);
});

test('a jump out of the function passes arguments on', () => {
  const live = show(analyse('	xorl %edi, %edi\n	jmp g\n').liveIn(0));
  expect(live).toEqual(expect.arrayContaining(['rsi', 'rdx', 'rcx', 'r8', 'r9', 'xmm0', 'xmm7']));
  expect(live).not.toContain('rdi');
});

test('replay tells what is live behind each instruction', () => {
  const l = analyse('	movl %edi, %eax\n	addl %esi, %eax\n	movl $0, %edi\n	ret\n');
  const seen: [number, string[]][] = [];
  l.replay(0, (i, live) => seen.push([i, show(live)]));
  expect(seen).toEqual([
    [3, ['rax', 'rdx']],
    [2, ['rax', 'rdx']],
    [1, ['rax', 'rdx']],
    [0, ['rax:0-31', 'rdx', 'rsi:0-31']],
  ]);
});
