# SPDX-License-Identifier: MIT
# Whole vectors are loaded for a call, and nothing else in the function has to do with them.
	.text
	.type	sum, @function
sum:
	subq	$40, %rsp
	movups	%xmm0, (%rsp)
	movups	%xmm1, 16(%rsp)
	movq	(%rsp), %rsi
	addq	8(%rsp), %rsi
	leaq	(%rsi,%rsi,2), %rsi
	addq	16(%rsp), %rsi
	leaq	(%rsi,%rsi,4), %rsi
	addq	24(%rsp), %rsi
	leaq	format(%rip), %rdi
	xorl	%eax, %eax
	call	printf@PLT
	addq	$40, %rsp
	ret
	.size	sum, .-sum

	.globl	main
	.type	main, @function
main:
	subq	$8, %rsp
	movdqa	first(%rip), %xmm0
	movdqa	second(%rip), %xmm1
	call	sum
	xorl	%eax, %eax
	addq	$8, %rsp
	ret
	.size	main, .-main

	.section	.rodata
	.balign	16
first:
	.quad	1, 20
second:
	.quad	300, 4000
format:
	.string	"%ld\n"
	.section	.note.GNU-stack, "", @progbits
