// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { functionNamed, programOf } from '../../../tests/support/x86-program.ts';

/** Why each call of `f` is taken not to return. */
function reasons(text: string): (string | undefined)[] {
  const calls = functionNamed(programOf(text), 'f').blocks.filter((b) => b.flow.kind === 'call');
  return calls.map((b) => b.neverReturns);
}

test('functions that the convention names', () => {
  expect(reasons('	.globl f\nf:\n	call g\n	call abort@PLT\n	ret\n')).toEqual([undefined, 'named']);
});

test('functions of the file without a way back, and those that only call such', () => {
  const text = `
	.globl	f
f:
	call	loop
	call	die
	call	both
	ret
loop:
	jmp	loop
die:
	call	loop
	ret
both:
	testl	%edi, %edi
	je	loop
	ret
`;
  expect(reasons(text)).toEqual(['function', 'function', undefined]);
});

test('mutual recursion without end', () => {
  expect(reasons('	.globl f\nf:\n	call a\n	ret\na:\n	call b\n	ret\nb:\n	call a\n	ret\n')).toEqual(['function']);
});

test('a weak function may be replaced by one that returns', () => {
  expect(reasons('	.globl f\nf:\n	call w\n	ret\n	.weak w\nw:\n	ud2\n')).toEqual([undefined]);
});

test('calls behind which a flag is read that no callee gives back', () => {
  const text = `
	.globl	f
f:
	call	g@PLT
	je	.L1
	call	h@PLT
	cmpl	$1, %eax
	je	.L1
	call	*%rbx
	movl	%eax, %ecx
	shll	%cl, %edx
	jc	.L1
	ret
.L1:
	call	carry
	jc	.L1
	ret
	.type	carry, @function
carry:
	stc
	ret
`;
  expect(reasons(text)).toEqual(['flags', undefined, 'flags', undefined]);
});
