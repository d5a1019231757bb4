# SPDX-License-Identifier: MIT
# All sixteen vector registers are in use as a whole, which is more than RISC-V has room for: in a function that keeps
# something below its stack pointer, in one whose frame varies, and in one that pushes meanwhile.
	.text
	.globl	leaf
	.type	leaf, @function
leaf:
	movq	$3, -8(%rsp)
	movdqu	0(%rdi), %xmm0
	movdqu	16(%rdi), %xmm1
	movdqu	32(%rdi), %xmm2
	movdqu	48(%rdi), %xmm3
	movdqu	64(%rdi), %xmm4
	movdqu	80(%rdi), %xmm5
	movdqu	96(%rdi), %xmm6
	movdqu	112(%rdi), %xmm7
	movdqu	128(%rdi), %xmm8
	movdqu	144(%rdi), %xmm9
	movdqu	160(%rdi), %xmm10
	movdqu	176(%rdi), %xmm11
	movdqu	192(%rdi), %xmm12
	movdqu	208(%rdi), %xmm13
	movdqu	224(%rdi), %xmm14
	movdqu	240(%rdi), %xmm15
.Lleaf:
	paddq	%xmm1, %xmm0
	paddq	%xmm2, %xmm1
	paddq	%xmm3, %xmm2
	paddq	%xmm4, %xmm3
	paddq	%xmm5, %xmm4
	paddq	%xmm6, %xmm5
	paddq	%xmm7, %xmm6
	paddq	%xmm8, %xmm7
	paddq	%xmm9, %xmm8
	paddq	%xmm10, %xmm9
	paddq	%xmm11, %xmm10
	paddq	%xmm12, %xmm11
	paddq	%xmm13, %xmm12
	paddq	%xmm14, %xmm13
	paddq	%xmm15, %xmm14
	paddq	%xmm0, %xmm15
	movq	%xmm0, 256(%rdi)
	subq	$1, -8(%rsp)
	jne	.Lleaf
	movdqu	%xmm0, 0(%rdi)
	movdqu	%xmm1, 16(%rdi)
	movdqu	%xmm2, 32(%rdi)
	movdqu	%xmm3, 48(%rdi)
	movdqu	%xmm4, 64(%rdi)
	movdqu	%xmm5, 80(%rdi)
	movdqu	%xmm6, 96(%rdi)
	movdqu	%xmm7, 112(%rdi)
	movdqu	%xmm8, 128(%rdi)
	movdqu	%xmm9, 144(%rdi)
	movdqu	%xmm10, 160(%rdi)
	movdqu	%xmm11, 176(%rdi)
	movdqu	%xmm12, 192(%rdi)
	movdqu	%xmm13, 208(%rdi)
	movdqu	%xmm14, 224(%rdi)
	movdqu	%xmm15, 240(%rdi)
	movq	-8(%rsp), %rax
	ret
	.size	leaf, .-leaf
	.globl	varies
	.type	varies, @function
varies:
	pushq	%rbp
	movq	%rsp, %rbp
	andl	$-16, %esi
	subq	%rsi, %rsp
	movl	$2, %eax
	jmp	.Lfill
	.p2align	4
.Lfill:
	movq	%rax, (%rsp)
	movdqu	0(%rdi), %xmm0
	movdqu	16(%rdi), %xmm1
	movdqu	32(%rdi), %xmm2
	movdqu	48(%rdi), %xmm3
	movdqu	64(%rdi), %xmm4
	movdqu	80(%rdi), %xmm5
	movdqu	96(%rdi), %xmm6
	movdqu	112(%rdi), %xmm7
	movdqu	128(%rdi), %xmm8
	movdqu	144(%rdi), %xmm9
	movdqu	160(%rdi), %xmm10
	movdqu	176(%rdi), %xmm11
	movdqu	192(%rdi), %xmm12
	movdqu	208(%rdi), %xmm13
	movdqu	224(%rdi), %xmm14
	movdqu	240(%rdi), %xmm15
.Lvaries:
	paddq	%xmm1, %xmm0
	paddq	%xmm2, %xmm1
	paddq	%xmm3, %xmm2
	paddq	%xmm4, %xmm3
	paddq	%xmm5, %xmm4
	paddq	%xmm6, %xmm5
	paddq	%xmm7, %xmm6
	paddq	%xmm8, %xmm7
	paddq	%xmm9, %xmm8
	paddq	%xmm10, %xmm9
	paddq	%xmm11, %xmm10
	paddq	%xmm12, %xmm11
	paddq	%xmm13, %xmm12
	paddq	%xmm14, %xmm13
	paddq	%xmm15, %xmm14
	paddq	%xmm0, %xmm15
	movhps	%xmm9, 264(%rdi)
	subq	$1, (%rsp)
	jne	.Lvaries
	movdqu	%xmm0, 0(%rdi)
	movdqu	%xmm1, 16(%rdi)
	movdqu	%xmm2, 32(%rdi)
	movdqu	%xmm3, 48(%rdi)
	movdqu	%xmm4, 64(%rdi)
	movdqu	%xmm5, 80(%rdi)
	movdqu	%xmm6, 96(%rdi)
	movdqu	%xmm7, 112(%rdi)
	movdqu	%xmm8, 128(%rdi)
	movdqu	%xmm9, 144(%rdi)
	movdqu	%xmm10, 160(%rdi)
	movdqu	%xmm11, 176(%rdi)
	movdqu	%xmm12, 192(%rdi)
	movdqu	%xmm13, 208(%rdi)
	movdqu	%xmm14, 224(%rdi)
	movdqu	%xmm15, 240(%rdi)
	leave
	ret
	.size	varies, .-varies
	.globl	pushes
	.type	pushes, @function
pushes:
	movl	$2, %eax
	movdqu	0(%rdi), %xmm0
	movdqu	16(%rdi), %xmm1
	movdqu	32(%rdi), %xmm2
	movdqu	48(%rdi), %xmm3
	movdqu	64(%rdi), %xmm4
	movdqu	80(%rdi), %xmm5
	movdqu	96(%rdi), %xmm6
	movdqu	112(%rdi), %xmm7
	movdqu	128(%rdi), %xmm8
	movdqu	144(%rdi), %xmm9
	movdqu	160(%rdi), %xmm10
	movdqu	176(%rdi), %xmm11
	movdqu	192(%rdi), %xmm12
	movdqu	208(%rdi), %xmm13
	movdqu	224(%rdi), %xmm14
	movdqu	240(%rdi), %xmm15
.Lpushes:
	paddq	%xmm1, %xmm0
	paddq	%xmm2, %xmm1
	paddq	%xmm3, %xmm2
	paddq	%xmm4, %xmm3
	paddq	%xmm5, %xmm4
	paddq	%xmm6, %xmm5
	paddq	%xmm7, %xmm6
	paddq	%xmm8, %xmm7
	paddq	%xmm9, %xmm8
	paddq	%xmm10, %xmm9
	paddq	%xmm11, %xmm10
	paddq	%xmm12, %xmm11
	paddq	%xmm13, %xmm12
	paddq	%xmm14, %xmm13
	paddq	%xmm15, %xmm14
	paddq	%xmm0, %xmm15
	pushq	%rax
	paddq	%xmm3, %xmm4
	popq	%rax
	subl	$1, %eax
	jne	.Lpushes
	movdqu	%xmm0, 0(%rdi)
	movdqu	%xmm1, 16(%rdi)
	movdqu	%xmm2, 32(%rdi)
	movdqu	%xmm3, 48(%rdi)
	movdqu	%xmm4, 64(%rdi)
	movdqu	%xmm5, 80(%rdi)
	movdqu	%xmm6, 96(%rdi)
	movdqu	%xmm7, 112(%rdi)
	movdqu	%xmm8, 128(%rdi)
	movdqu	%xmm9, 144(%rdi)
	movdqu	%xmm10, 160(%rdi)
	movdqu	%xmm11, 176(%rdi)
	movdqu	%xmm12, 192(%rdi)
	movdqu	%xmm13, 208(%rdi)
	movdqu	%xmm14, 224(%rdi)
	movdqu	%xmm15, 240(%rdi)
	ret
	.size	pushes, .-pushes
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	leaq	data(%rip), %rbx
	movl	$7, %eax
	xorl	%ecx, %ecx
.Lnext:
	movb	%al, (%rbx,%rcx)
	imull	$13, %eax, %eax
	addl	$5, %eax
	addl	$1, %ecx
	cmpl	$256, %ecx
	jne	.Lnext
	movq	%rbx, %rdi
	call	leaf
	movq	%rbx, %rdi
	movl	$64, %esi
	call	varies
	movq	%rbx, %rdi
	call	pushes
	xorl	%eax, %eax
	xorl	%ecx, %ecx
.Lsum:
	movl	%eax, %edx
	shll	$3, %eax
	subl	%edx, %eax
	addb	(%rbx,%rcx), %al
	addl	$1, %ecx
	cmpl	$272, %ecx
	jne	.Lsum
	movzbl	%al, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.local	data
	.comm	data,272,16
	.section	.note.GNU-stack,"",@progbits
