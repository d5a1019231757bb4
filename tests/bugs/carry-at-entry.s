# SPDX-License-Identifier: MIT
# A shared end that reads the carry flag.
	.text
	.globl	sum
	.type	sum, @function
sum:
	mov	%rdi, %rax
	add	%rsi, %rax
	jmp	.Lend
	.size	sum, .-sum
	.globl	difference
	.type	difference, @function
difference:
	mov	%rdi, %rax
	sub	%rsi, %rax
.Lend:
	rcr	%rax
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
	shrq	$58, %rax
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
