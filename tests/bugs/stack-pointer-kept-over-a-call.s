# SPDX-License-Identifier: MIT
# The stack pointer is taken back from a register that any call may change, and that the function called leaves alone.
	.text
	.type	leaf, @function
leaf:
	movl	%edi, (%rdx)
	leal	1(%rdi,%rsi), %eax
	ret
	.size	leaf, .-leaf
	.type	f, @function
f:
	pushq	%rbx
	movl	%edi, %ebx
	subq	$24, %rsp
	xorl	%eax, %eax
	testl	%ebx, %ebx
	je	.Lout
	pushq	%rbx
	leaq	8(%rsp), %r9
	leaq	12(%rsp), %rdx
	movl	$3, %esi
	call	leaf
	movq	%r9, %rsp
	testl	%eax, %eax
	je	.Lout
	cmpl	$7, %eax
	je	.Lout
	movl	%eax, %edi
	pushq	%rbx
	leaq	16(%rsp), %rdx
	call	leaf
	popq	%rcx
	addl	4(%rsp), %eax
	addl	8(%rsp), %eax
.Lout:
	addl	%ebx, %eax
	addq	$24, %rsp
	popq	%rbx
	ret
	.size	f, .-f
	.globl	main
	.type	main, @function
main:
	movl	$5, %edi
	jmp	f
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
