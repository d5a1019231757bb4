# SPDX-License-Identifier: MIT
# The carry is read on both ways of a branch, of which one leads into another function.
	.text
	.globl	sum
	.type	sum, @function
sum:
	movq	%rdi, %rax
	addq	%rsi, %rax
	jz	.Lzero
	adcq	$3, %rax
	ret
	.size	sum, .-sum
	.globl	difference
	.type	difference, @function
difference:
	movq	%rdi, %rax
	subq	%rsi, %rax
	js	.Lzero
	incq	%rax
	ret
.Lzero:
	sbbq	$9, %rax
	ret
	.size	difference, .-difference
	.text
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	xorl	%ebx, %ebx
	movq	$-3, %rdi
	movq	$16, %rsi
	call	sum
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movq	$3, %rdi
	movq	$16, %rsi
	call	difference
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movq	$16, %rdi
	movq	$6, %rsi
	call	difference
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movq	$30, %rdi
	movq	$10, %rsi
	call	sum
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movzbl	%bl, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
