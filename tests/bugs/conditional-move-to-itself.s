# SPDX-License-Identifier: MIT
# Conditional moves of a register to itself, which read no flag, and 32-bit ones clear the upper half all the same.
	.text
	.globl	main
	.type	main, @function
main:
	movq	$-1, %rax
	movq	$-3, %rcx
	movl	$5, %edx
	testq	%rdi, %rdi
	cmoveq	%rax, %rax
	testq	%rdx, %rdx
	cmovel	%ecx, %ecx
	cmovew	%dx, %dx
	je	1f
1:	subq	%rcx, %rax
	bswapq	%rax
	addl	%edx, %eax
	movzbl	%al, %eax
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
