# SPDX-License-Identifier: MIT
# A carry that was put into a register is added together with another one, and what that carries is read: as in the
# reduction of long numbers modulo a prime.
	.text
	.globl	reduce
	.type	reduce, @function
reduce:
	movq	(%rdi), %rax
	movq	8(%rdi), %rcx
	movq	16(%rdi), %rdx
	xorl	%r10d, %r10d
	addq	%rsi, %rcx
	adcq	%rdx, %rcx
	setc	%r10b
	adcq	$0, %rdx
	adcq	%r10, %rcx
	adcq	$0, %rax
	movq	%rax, (%rdi)
	movq	%rcx, 8(%rdi)
	movq	%rdx, 16(%rdi)
	ret
	.size	reduce, .-reduce
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	leaq	number(%rip), %rbx
	movq	%rbx, %rdi
	movq	$-1, %rsi
	call	reduce
	movq	%rbx, %rdi
	movq	$2, %rsi
	call	reduce
	movq	%rbx, %rdi
	movq	8(%rbx), %rsi
	notq	%rsi
	call	reduce
	movq	(%rbx), %rsi
	movq	8(%rbx), %rdx
	movq	16(%rbx), %rcx
	leaq	format(%rip), %rdi
	xorl	%eax, %eax
	call	printf@PLT
	xorl	%eax, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.section	.rodata
format:
	.string	"%lx %lx %lx\n"
	.data
	.balign	8
number:
	.quad	-2, -1, -1
	.section	.note.GNU-stack,"",@progbits
