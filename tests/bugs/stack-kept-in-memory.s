# SPDX-License-Identifier: MIT
# The stack pointer is kept in memory, as OpenSSL's functions do: where they end, it comes from there, or has not changed.
	.text
	.globl	summed
	.type	summed, @function
summed:
	xorl	%eax, %eax
	cmpq	$0, %rsi
	je	.Lnothing
	pushq	%rbx
	pushq	%rbp
	movq	%rsp, %rbp
	subq	$64, %rsp
	andq	$-64, %rsp
	movq	%rbp, 48(%rsp)
	movq	%rsi, (%rsp)
	leaq	(%rdi), %rbx
1:	addl	(%rbx), %eax
	addq	$4, %rbx
	decq	(%rsp)
	jnz	1b
	movq	48(%rsp), %rcx
	movq	8(%rcx), %rbx
	movq	(%rcx), %rbp
	leaq	16(%rcx), %rsp
.Lnothing:
	ret
	.size	summed, .-summed

	.globl	exchanged
	.type	exchanged, @function
exchanged:
	pushq	%r15
	leaq	-80(%rsp), %r15
	andq	$-64, %r15
	xchgq	%rsp, %r15
	movq	%r15, 16(%rsp)
	movl	%edi, 24(%rsp)
	movl	24(%rsp), %eax
	movq	16(%rsp), %rsi
	movq	(%rsi), %r15
	leaq	8(%rsi), %rsp
	ret
	.size	exchanged, .-exchanged

	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	leaq	numbers(%rip), %rdi
	movl	$3, %esi
	call	summed
	movl	%eax, %ebx
	leaq	numbers(%rip), %rdi
	xorl	%esi, %esi
	call	summed
	addl	%eax, %ebx
	movl	$20, %edi
	call	exchanged
	addl	%ebx, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.section	.rodata
numbers:
	.long	3, 8, 20
	.section	.note.GNU-stack,"",@progbits
