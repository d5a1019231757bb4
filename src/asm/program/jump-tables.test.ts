// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { functionNamed, programOf } from '../../../tests/support/x86-program.ts';

/** The targets of each indirect jump of `f`, in order. */
function targets(text: string): (readonly string[])[] {
  const code = functionNamed(programOf(text), 'f');
  return code.blocks.filter((b) => b.flow.kind === 'indirect').map((b) => [...b.indirectTargets].sort());
}

const LABELS = '.L3:\n	ret\n.L4:\n	ret\n.L5:\n	ret\n';

test('a table of differences, as gcc writes it for position-independent code', () => {
  const text = `
	.text
	.globl	f
f:
	leaq	.L6(%rip), %rdx
	movslq	(%rdx,%rdi,4), %rax
	addq	%rdx, %rax
	notrack jmp	*%rax
	.section	.rodata
	.align 4
.L6:
	.long	.L3-.L6
	.long	.L4-.L6
	.long	.L3-.L6
	.text
${LABELS}`;
  expect(targets(text)).toEqual([['.L3', '.L4']]);
});

test('a table of addresses in the operand', () => {
  const text = `	.globl	f\nf:\n	jmp	*.L6(,%rdi,8)\n	.section	.rodata\n.L6:\n	.quad	.L3\n	.quad	.L5\n	.text\n${LABELS}`;
  expect(targets(text)).toEqual([['.L3', '.L5']]);
});

test('a label that differences are taken from is a target too', () => {
  const text = `
	.globl	f
f:
	leaq	.LA(%rip), %rdx
	leaq	.L3(%rip), %rcx
	movslq	(%rdx,%rdi,4), %rax
	addq	%rcx, %rax
	jmp	*%rax
${LABELS}
	.section	.rodata
.LA:
	.long	0
	.long	.L4-.L3
	.long	.L5-.L3
`;
  expect(targets(text)).toEqual([['.L3', '.L4', '.L5']]);
});

test('a table that only data mention, beside one that the function does', () => {
  const text = `
	.globl	f
f:
	movq	where(%rip), %rax
	testl	%esi, %esi
	je	.L2
	leaq	.LA(%rip), %rax
.L2:
	jmp	*(%rax,%rdi,8)
${LABELS}
	.data
where:
	.quad	.LB
.LA:
	.quad	.L3
.LB:
	.quad	.L4
	.quad	.L5
`;
  expect(targets(text)).toEqual([['.L3', '.L4', '.L5']]);
});

test('two tables: each jump has its own', () => {
  const text = `
	.globl	f
f:
	leaq	.LA(%rip), %rbx
	leaq	.LB(%rip), %rbp
	testl	%esi, %esi
	je	.L2
	jmp	*(%rbx,%rdi,8)
.L2:
	jmp	*(%rbp,%rdi,8)
${LABELS}
	.section	.data.rel.ro.local,"aw"
.LA:
	.quad	.L3
	.quad	.L4
.LB:
	.quad	.L5
`;
  expect(targets(text)).toEqual([['.L3', '.L4'], ['.L5']]);
});

test('a table address that is kept on the stack across a call', () => {
  const text = `
	.globl	f
f:
	subq	$24, %rsp
	leaq	.LA(%rip), %rax
	movq	%rax, 8(%rsp)
	call	g
	movq	8(%rsp), %rcx
	movslq	(%rcx,%rax,4), %rax
	addq	%rcx, %rax
	jmp	*%rax
${LABELS}
	.section	.rodata
.LA:
	.long	.L3-.LA
	.long	.L5-.LA
`;
  expect(targets(text)).toEqual([['.L3', '.L5']]);
});

test('a second switch that is only reached through the first', () => {
  const text = `
	.globl	f
f:
	jmp	*.LA(,%rdi,8)
.L1:
	leaq	.LB(%rip), %rdx
	jmp	*(%rdx,%rsi,8)
${LABELS}
	.section	.rodata
.LA:
	.quad	.L1
	.quad	.L3
.LB:
	.quad	.L4
	.quad	.L5
`;
  expect(targets(text)).toEqual([
    ['.L1', '.L3'],
    ['.L4', '.L5'],
  ]);
});

test('a computed goto through a variable', () => {
  const text = `
	.globl	f
f:
	leaq	.L3(%rip), %rax
	testl	%edi, %edi
	leaq	.L4(%rip), %rdx
	cmove	%rdx, %rax
	movq	%rax, -8(%rsp)
	movq	-8(%rsp), %rax
	jmp	*%rax
${LABELS}`;
  expect(targets(text)).toEqual([['.L3', '.L4']]);
});

test('labels in a table that the function does not mention', () => {
  const text = `
	.globl	f
f:
	movq	pointer(%rip), %rdx
	jmp	*(%rdx,%rdi,8)
${LABELS}
	.section	.data.rel.local,"aw"
pointer:
	.quad	table
table:
	.quad	.L3
	.quad	.L4
`;
  expect(targets(text)).toEqual([['.L3', '.L4']]);
});

test('a jump through a function pointer leaves the function, even next to a switch', () => {
  const text = `
	.globl	f
f:
	testq	%rsi, %rsi
	je	.L2
	movq	(%rdi), %rax
	jmp	*24(%rax)
.L2:
	leaq	.LA(%rip), %rdx
	movslq	(%rdx,%rdi,4), %rax
	addq	%rdx, %rax
	jmp	*%rax
${LABELS}
	.section	.rodata
.LA:
	.long	.L3-.LA
`;
  expect(targets(text)).toEqual([[], ['.L3']]);
});

test('a table of functions, the own one among them, has no labels of the function', () => {
  const text = `
	.globl	f
	.globl	g
f:
	leaq	table(%rip), %rax
	jmp	*(%rax,%rdi,8)
g:
	ret
	.section	.rodata
table:
	.quad	f
	.quad	g
`;
  expect(targets(text)).toEqual([[]]);
});

test('differences from a label in the code, scaled to instructions', () => {
  const text = `
	.globl	f
f:
	leaq	.LA(%rip), %rcx
	movzbl	(%rcx,%rdi), %eax
	leaq	.Lbase(%rip), %rdx
	leaq	(%rdx,%rax,4), %rax
	jmp	*%rax
.Lbase:
${LABELS}
	.section	.rodata
.LA:
	.byte	(.L3-.Lbase)/4
	.byte	(.Lbase-.Lbase)/4
	.byte	(.L5 - .Lbase)>>2
`;
  expect(targets(text)).toEqual([['.L3', '.L5', '.Lbase']]);
});

const RETURNED = `	.globl	f
f:
	testq	%rdi, %rdi
	je	.L6
	jmp	*(%rdi)
.L6:
	leaq	.LT(%rip), %rax
`;
const TABLE = '	.section	.rodata\n.LT:\n	.quad	.L3\n	.quad	.L5\n	.text\n';

test('a table whose address the function returns may come back as an argument', () => {
  expect(targets(`${RETURNED}	ret\n${LABELS}${TABLE}`)).toEqual([['.L3', '.L5']]);
});

test('a table whose address is used up before the function returns does not', () => {
  expect(targets(`${RETURNED}	movl	$1, %eax\n	jmp	.L3\n${LABELS}${TABLE}`)).toEqual([[]]);
});
