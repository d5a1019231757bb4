// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { blockAt, functionNamed, programOf } from '../../../tests/support/x86-program.ts';
import { must } from '../../base/assert.ts';
import { certainCallModel, countingVectors, defaultCallModel } from '../abi/call-model.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { chunksOf, describeSet } from './chunks.ts';
import type { CallModel } from './conventions.ts';
import { summariseProgram } from './summary.ts';

const chunks = chunksOf(x86_64);

function summarise(text: string) {
  const program = programOf(text);
  const summary = summariseProgram(program, defaultCallModel(x86_64));
  const of = (name: string) => must(summary.functions[program.functionOf.get(name) ?? -1], `no function ${name}`);
  return {
    clobbers: (name: string) => describeSet(of(name).clobbers, chunks),
    uses: (name: string) => describeSet(of(name).uses, chunks),
    extra: (name: string) => describeSet(of(name).extraResults, chunks),
    callees: (name: string) => of(name).callees.map((g) => program.functions[g]?.name),
    liveAt: (name: string, label: string) =>
      describeSet(of(name).liveness.liveIn(blockAt(functionNamed(program, name), label)), chunks),
  };
}

// gcc -fipa-ra keeps a value in r8 across the call because it knows that leaf leaves r8 alone.
const KEPT = `
	.type	leaf, @function
leaf:
	leal	(%rdi,%rdi), %eax
	ret
	.size	leaf, .-leaf
	.globl	f
	.type	f, @function
f:
	movl	%esi, %r8d
	call	leaf
.Lback:
	addl	%r8d, %eax
	jmp	.Lout
.Lout:
	ret
	.size	f, .-f
	.section	.rodata
	.long	.Lback-.Lout
`;

test('a register that the callee leaves alone lives across the call', () => {
  const s = summarise(KEPT);
  expect(s.clobbers('leaf')).toEqual(['rax']);
  expect(s.uses('leaf')).toContain('rdi:0-31');
  expect(s.liveAt('f', '.Lback')).toContain('r8:0-31');
  expect(s.uses('f')).toContain('rsi:0-31');
  expect(s.uses('f')).not.toContain('r8:0-31');
  expect(s.uses('f')).not.toContain('rcx');
  expect(s.callees('f')).toEqual(['leaf']);
});

test('a weak callee, or one through the PLT, may be another function', () => {
  for (const change of [
    (t: string) => t.replace('.type	leaf', '.weak	leaf\n	.type	leaf'),
    (t: string) => t.replace('.type	leaf', '.globl	leaf\n	.type	leaf').replace('call	leaf', 'call	leaf@PLT'),
  ]) {
    const s = summarise(change(KEPT));
    expect(s.callees('f')).toEqual([]);
    expect(s.uses('f')).toEqual(expect.arrayContaining(['rcx', 'xmm7']));
  }
});

test('what callees change counts, through recursion and tail calls', () => {
  const s = summarise(`
	.type	a, @function
a:
	movl	$1, %ecx
	call	b
	ret
	.size	a, .-a
	.type	b, @function
b:
	testl	%edi, %edi
	je	c
	subl	$1, %edi
	call	a
	ret
	.size	b, .-b
	.type	c, @function
c:
	movl	$2, %r9d
	ret
	.size	c, .-c
`);
  for (const name of ['a', 'b']) {
    expect(s.clobbers(name)).toEqual(expect.arrayContaining(['rcx', 'rdi', 'r9', 'zf']));
    expect(s.clobbers(name)).not.toContain('r8');
    expect(s.clobbers(name)).not.toContain('rsp');
  }
  expect(s.clobbers('c')).toEqual(['r9']);
});

test('hand-written code may return in any register, and in flags', () => {
  const s = summarise(`
	.globl	f
f:
	call	helper
	jc	.L1
	movq	%r10, %rax
	ret
.L1:
	xorl	%eax, %eax
	ret
helper:
	movq	(%rdi), %r10
	addq	%rsi, %r10
	ret
`);
  expect(s.extra('helper')).toEqual(['r10', 'cf']);
  expect(s.uses('helper')).toEqual(expect.arrayContaining(['rsi', 'rdi']));
});

test('calls of unknown code may change all but what is preserved', () => {
  const s = summarise('	.globl f\nf:\n	call *%rdi\n	ret\n');
  const clobbers = s.clobbers('f');
  expect(clobbers).toEqual(expect.arrayContaining(['rax', 'r11', 'xmm15', 'zf']));
  for (const kept of ['rbx', 'rbp', 'r12', 'r15', 'rsp', 'df', 'fsbase']) expect(clobbers).not.toContain(kept);
});

// What gcc makes of a function with variable arguments, and calls of it.
const COUNTED = `
	.type	warn, @function
warn:
	testb	%al, %al
	je	.Lnone
	movaps	%xmm0, 80(%rsp)
	movaps	%xmm1, 96(%rsp)
.Lnone:
	movhps	%xmm2, 112(%rsp)
	ret
	.size	warn, .-warn
	.globl	none
	.type	none, @function
none:
	xorps	%xmm1, %xmm1
	xorl	%eax, %eax
	call	warn
	ret
	.size	none, .-none
	.globl	one
	.type	one, @function
one:
	movapd	%xmm3, %xmm0
	movl	$1, %eax
	call	warn
	ret
	.size	one, .-one
	.globl	jumps
	.type	jumps, @function
jumps:
	movl	$1, %eax
	jmp	warn
	.size	jumps, .-jumps
`;

test('vectors are passed to a function that counts them where the calling block has put them', () => {
  const program = programOf(COUNTED);
  const highs = (model: CallModel, name: string): string[] => {
    const own = summariseProgram(program, model).functions[program.functionOf.get(name) ?? -1];
    return describeSet(must(own, name).uses, chunks).filter((part) => part.endsWith('64-127') || /^xmm\d$/.test(part));
  };
  const counting = countingVectors(x86_64, certainCallModel(x86_64));
  expect(highs(counting, 'warn')).toEqual(['xmm0', 'xmm1', 'xmm2:64-127']);
  expect(highs(counting, 'none')).toEqual(['xmm2:64-127']);
  expect(highs(counting, 'one')).toEqual(['xmm2:64-127', 'xmm3']);
  expect(highs(counting, 'jumps')).toEqual(['xmm2:64-127']);
  expect(highs(certainCallModel(x86_64), 'jumps')).toEqual(['xmm0', 'xmm1', 'xmm2:64-127']);
});
