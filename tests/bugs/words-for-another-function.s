# SPDX-License-Identifier: MIT
# Two entries of one piece of code save registers, as many as keep the stack aligned and one more, and jump to where these are taken
# off again: the return address was taken for the last of them.
	.text
	.globl	even
	.type	even, @function
even:
	pushq	%rbx
	pushq	%rbp
	leaq	1(%rdi), %rbx
	leaq	2(%rsi), %rbp
	jmp	product
	.size	even, .-even
	.globl	again
	.type	again, @function
again:
	testq	%rdi, %rdi
	je	nothing
	pushq	%rbx
	pushq	%rbp
	leaq	3(%rsi), %rbx
	movq	%rdi, %rbp
	jmp	product
	.size	again, .-again
	.type	product, @function
product:
	movq	%rbx, %rax
	imulq	%rbp, %rax
	popq	%rbp
	popq	%rbx
	ret
	.size	product, .-product
	.type	nothing, @function
nothing:
	movl	$7, %eax
	ret
	.size	nothing, .-nothing
	.globl	odd
	.type	odd, @function
odd:
	pushq	%rbx
	movq	%rdi, %rbx
	jmp	doubled
	.size	odd, .-odd
	.type	doubled, @function
doubled:
	leaq	(%rbx,%rbx), %rax
	popq	%rbx
	ret
	.size	doubled, .-doubled
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	movl	$3, %edi
	movl	$4, %esi
	call	even
	movq	%rax, %rbx
	movl	$2, %edi
	call	again
	addq	%rax, %rbx
	xorl	%edi, %edi
	call	again
	addq	%rax, %rbx
	movl	$5, %edi
	call	odd
	addq	%rbx, %rax
	popq	%rbx
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
