// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { blockAt, functionNamed, programOf } from '../../../tests/support/x86-program.ts';
import { systemV } from '../abi/call-model.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { type StackInfo, stackHeights } from './stack.ts';

function analyse(body: string): StackInfo {
  const program = programOf(`	.globl	f\n	.type f, @function\nf:\n${body}	.size f, .-f\n`);
  return stackHeights(functionNamed(program, 'f'), x86_64, systemV);
}

/** The height before each instruction. */
function heights(body: string): (number | undefined)[] {
  const s = analyse(body);
  return s.code.insts.map((_, i) => s.heightAt(i));
}

test('pushes, pops and a frame', () => {
  const body = '	pushq %rbx\n	subq $32, %rsp\n	call g\n	addq $32, %rsp\n	popq %rbx\n	ret\n';
  expect(heights(body)).toEqual([0, -8, -40, -40, -8, 0]);
  expect(analyse(body)).toMatchObject({ dynamic: false, balanced: true, lowest: -48, redZone: 0 });
});

test('a frame pointer brings the stack pointer back', () => {
  const s = analyse('	pushq %rbp\n	movq %rsp, %rbp\n	subq $48, %rsp\n	call g\n	leave\n	ret\n');
  expect(s.code.insts.map((_, i) => s.heightAt(i))).toEqual([0, -8, -8, -56, -56, 0]);
  expect(s.frameRegistersAt(4)).toEqual(new Map([['rbp', -8]]));
  expect(s.frameRegistersAt(5)).toEqual(new Map());
  expect(s.balanced).toBe(true);
});

test('alloca: dynamic in between, static again from the frame pointer', () => {
  const body = `
	pushq	%rbp
	movq	%rsp, %rbp
	pushq	%rbx
	subq	%rax, %rsp
	movq	%rsp, %rdi
	call	g
	leaq	-8(%rbp), %rsp
	popq	%rbx
	popq	%rbp
	ret
`;
  expect(heights(body)).toEqual([0, -8, -8, -16, undefined, undefined, undefined, -16, -8, 0]);
  expect(analyse(body)).toMatchObject({ dynamic: true, balanced: true });
});

test('aligning the stack makes it dynamic', () => {
  const body = '	pushq %rbp\n	movq %rsp, %rbp\n	andq $-32, %rsp\n	subq $64, %rsp\n	call g\n	leave\n	ret\n';
  expect(heights(body)).toEqual([0, -8, -8, undefined, undefined, undefined, 0]);
});

test('two ways that meet with different heights', () => {
  const s = analyse('	testl %edi, %edi\n	je .L1\n	pushq %rax\n.L1:\n	ret\n');
  expect(s.heightIn(blockAt(s.code, '.L1'))).toBeUndefined();
  expect(s).toMatchObject({ dynamic: true, balanced: false });
});

test('a call behind which the stack pointer would be elsewhere does not return', () => {
  const s = analyse(`
	testl	%edi, %edi
	js	.L9
	subq	$24, %rsp
	testl	%esi, %esi
	jne	.L2
	addq	$24, %rsp
	ret
.L2:
	call	fail
.L9:
	movl	$-1, %eax
	ret
`);
  expect(s.heightIn(blockAt(s.code, '.L9'))).toBe(0);
  expect(s).toMatchObject({ dynamic: false, balanced: true });
  // The program has lost the edge behind the call for this reason.
  const call = s.code.blocks.find((b) => b.flow.kind === 'call');
  expect(call).toMatchObject({ successors: [], neverReturns: 'frame' });
});

test('the red zone', () => {
  expect(analyse('	movl %edi, -4(%rsp)\n	movl -4(%rsp), %eax\n	ret\n').redZone).toBe(4);
  expect(analyse('	movl -120(%rsp,%rdi,4), %eax\n	ret\n').redZone).toBe(120);
  expect(analyse('	leaq -24(%rsp), %rax\n	movq %rdi, (%rax)\n	movq -24(%rsp), %rax\n	ret\n').redZone).toBe(24);
  expect(analyse('	pushq %rbp\n	movq %rsp, %rbp\n	movl %edi, -20(%rbp)\n	popq %rbp\n	ret\n').redZone).toBe(20);
  expect(analyse('	subq $24, %rsp\n	movl %edi, 4(%rsp)\n	addq $24, %rsp\n	ret\n').redZone).toBe(0);
});

test('stack arguments that come in', () => {
  const words = (text: string): number | undefined => analyse(text).incomingWords;
  expect(words('	movl 8(%rsp), %eax\n	ret\n')).toBe(1);
  expect(words('	movl 20(%rsp), %eax\n	ret\n')).toBe(2);
  expect(words('	movups 8(%rsp), %xmm0\n	ret\n')).toBe(2);
  expect(words('	subq $8, %rsp\n	movl 16(%rsp), %eax\n	addq $8, %rsp\n	ret\n')).toBe(1);
  expect(words('	pushq %rbp\n	movq %rsp, %rbp\n	movl 40(%rbp), %eax\n	popq %rbp\n	ret\n')).toBe(4);
  expect(words('	pushq %rbx\n	movl (%rsp), %eax\n	popq %rbx\n	ret\n')).toBe(0);
  expect(words('	leaq 8(%rsp), %rax\n	ret\n')).toBe(undefined);
  expect(words('	movl 8(%rsp,%rdi,8), %eax\n	ret\n')).toBe(undefined);
  const floats = (text: string): boolean => analyse(text).incomingFloats;
  expect(floats('	movsd 8(%rsp), %xmm0\n	ret\n')).toBe(true);
  expect(floats('	addss 8(%rsp), %xmm0\n	ret\n')).toBe(true);
  expect(floats('	cvttsd2si 8(%rsp), %eax\n	ret\n')).toBe(true);
  expect(floats('	cvtsi2sdl 8(%rsp), %xmm0\n	ret\n')).toBe(false);
  expect(floats('	movq 8(%rsp), %xmm0\n	ret\n')).toBe(false);
  expect(floats('	movsd -8(%rsp), %xmm0\n	ret\n')).toBe(false);
});

test('addresses of the frame in registers', () => {
  const s = analyse('	subq $40, %rsp\n	leaq 8(%rsp), %rdi\n	movq %rdi, %rbx\n	call g\n	addq $40, %rsp\n	ret\n');
  expect([...s.pointers]).toEqual([-32]);
  expect(s.frameRegistersAt(3)).toEqual(
    new Map([
      ['rdi', -32],
      ['rbx', -32],
    ]),
  );
  // Only what the callee preserves is known afterwards.
  expect(s.frameRegistersAt(4)).toEqual(new Map([['rbx', -32]]));
});

test('calls with and without an aligned stack', () => {
  const s = analyse('	call g\n	pushq %rbx\n	call h\n	popq %rbx\n	ret\n');
  expect(s.calls).toEqual([
    { inst: 0, target: 'g', height: 0, aligned: false },
    { inst: 2, target: 'h', height: -8, aligned: true },
  ]);
});

test('code that nothing reaches is not reached', () => {
  const s = analyse('	ret\n.L1:\n	pushq %rax\n	jmp .L1\n');
  expect(s.isReached(blockAt(s.code, '.L1'))).toBe(false);
  expect(s.dynamic).toBe(false);
});
