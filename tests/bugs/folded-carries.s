# SPDX-License-Identifier: MIT
# Words of a number times 38 are added to the lower ones, and what goes out at the top, times 38 again. RISC-V has no
# carries: each is a comparison there.
	.text
	.globl	fold
	.type	fold, @function
fold:
	movl	$38, %r8d
	movq	32(%rdi), %rax
	mulq	%r8
	movq	%rax, %r9
	movq	%rdx, %r10
	movq	40(%rdi), %rax
	mulq	%r8
	addq	%rax, %r10
	adcq	$0, %rdx
	movq	%rdx, %r11
	movq	48(%rdi), %rax
	mulq	%r8
	addq	%rax, %r11
	adcq	$0, %rdx
	addq	(%rdi), %r9
	adcq	8(%rdi), %r10
	adcq	16(%rdi), %r11
	adcq	24(%rdi), %rdx
	sbbq	%rax, %rax
	andq	%r8, %rax
	addq	%rax, %r9
	adcq	$0, %r10
	adcq	$0, %r11
	adcq	$0, %rdx
	movq	%r9, (%rsi)
	movq	%r10, 8(%rsi)
	movq	%r11, 16(%rsi)
	movq	%rdx, 24(%rsi)
	ret
	.size	fold, .-fold
	.globl	main
	.type	main, @function
main:
	subq	$40, %rsp
	leaq	table(%rip), %rdi
	movq	%rsp, %rsi
	call	fold
	movq	(%rsp), %rax
	xorq	8(%rsp), %rax
	xorq	16(%rsp), %rax
	xorq	24(%rsp), %rax
	movq	%rax, %rdx
	shrq	$32, %rdx
	xorl	%edx, %eax
	movl	%eax, %edx
	shrl	$16, %edx
	xorl	%edx, %eax
	movzbl	%al, %eax
	addq	$40, %rsp
	ret
	.size	main, .-main
	.data
	.align 8
table:
	.quad	0xfffffffffffffff0, 0xffffffffffffffff, 0x123456789abcdef0, 0xfffffffffffffff1
	.quad	0x8000000000000007, 0xfedcba9876543210, 0xffffffffffffffff, 0x0f1e2d3c4b5a6978
	.section	.note.GNU-stack,"",@progbits
