# SPDX-License-Identifier: MIT
# Between a test and its jump the stack pointer moves by instructions that change no flags: by a constant, by a computed
# amount, and back.
	.text
	.globl	constant
	.type	constant, @function
constant:
	pushq	%rdi
	testq	%rdi, %rdi
	leaq	8(%rsp), %rsp
	je	.Lzero
	setg	%al
	movzbl	%al, %eax
	ret
.Lzero:
	movl	$7, %eax
	ret
	.size	constant, .-constant
	.globl	computed
	.type	computed, @function
computed:
	pushq	%rbp
	movq	%rsp, %rbp
	shlq	$4, %rdi
	cmpq	$32, %rdi
	leaq	-64(%rsp,%rdi), %rsp
	movq	$5, (%rsp)
	movq	(%rsp), %rax
	movq	%rbp, %rsp
	popq	%rbp
	ja	.Labove
	adcl	$10, %eax
.Labove:
	ret
	.size	computed, .-computed
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	xorl	%ebx, %ebx
	xorl	%ebp, %ebp
again:
	leaq	-2(%rbx), %rdi
	call	constant
	imull	$11, %ebp, %ebp
	addl	%eax, %ebp
	movq	%rbx, %rdi
	call	computed
	imull	$11, %ebp, %ebp
	addl	%eax, %ebp
	incl	%ebx
	cmpl	$4, %ebx
	jne	again
	movl	%ebp, %esi
	leaq	format(%rip), %rdi
	xorl	%eax, %eax
	call	printf@PLT
	xorl	%eax, %eax
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret
	.size	main, .-main
	.section	.rodata
format:
	.string	"%08x\n"
	.section	.note.GNU-stack,"",@progbits
