# SPDX-License-Identifier: MIT
# Sixteen vector registers are in use, eight of them as a whole over a change of the stack pointer that the run decides, and
# over the change back.
	.text
	.globl	varies
	.type	varies, @function
varies:
	pushq	%rbp
	movq	%rsp, %rbp
	movdqu	0(%rdi), %xmm0
	movdqu	16(%rdi), %xmm1
	movdqu	32(%rdi), %xmm2
	movdqu	48(%rdi), %xmm3
	movdqu	64(%rdi), %xmm4
	movdqu	80(%rdi), %xmm5
	movdqu	96(%rdi), %xmm6
	movdqu	112(%rdi), %xmm7
	movq	128(%rdi), %xmm8
	movq	136(%rdi), %xmm9
	movq	144(%rdi), %xmm10
	movq	152(%rdi), %xmm11
	movq	160(%rdi), %xmm12
	movq	168(%rdi), %xmm13
	movq	176(%rdi), %xmm14
	movq	184(%rdi), %xmm15
	andl	$-16, %esi
	subq	%rsi, %rsp
	movq	%rsi, (%rsp)
	movl	$3, %eax
.Lnext:
	paddd	%xmm1, %xmm0
	paddd	%xmm2, %xmm1
	paddd	%xmm3, %xmm2
	paddd	%xmm4, %xmm3
	paddd	%xmm5, %xmm4
	paddd	%xmm6, %xmm5
	paddd	%xmm7, %xmm6
	paddd	%xmm0, %xmm7
	paddq	%xmm9, %xmm8
	paddq	%xmm10, %xmm9
	paddq	%xmm11, %xmm10
	paddq	%xmm12, %xmm11
	paddq	%xmm13, %xmm12
	paddq	%xmm14, %xmm13
	paddq	%xmm15, %xmm14
	paddq	%xmm8, %xmm15
	subl	$1, %eax
	jne	.Lnext
	addq	(%rsp), %rsi
	movq	%rbp, %rsp
	jmp	.Lback
	.p2align	4
.Lback:
	movdqu	%xmm0, 0(%rdi)
	movdqu	%xmm1, 16(%rdi)
	movdqu	%xmm2, 32(%rdi)
	movdqu	%xmm3, 48(%rdi)
	movdqu	%xmm4, 64(%rdi)
	movdqu	%xmm5, 80(%rdi)
	movdqu	%xmm6, 96(%rdi)
	movdqu	%xmm7, 112(%rdi)
	movq	%xmm8, 128(%rdi)
	movq	%xmm9, 136(%rdi)
	movq	%xmm10, 144(%rdi)
	movq	%xmm11, 152(%rdi)
	movq	%xmm12, 160(%rdi)
	movq	%xmm13, 168(%rdi)
	movq	%xmm14, 176(%rdi)
	movq	%xmm15, 184(%rdi)
	popq	%rbp
	leal	(%rsi), %eax
	ret
	.size	varies, .-varies
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	leaq	data(%rip), %rbx
	movl	$7, %eax
	xorl	%ecx, %ecx
.Lfill:
	movb	%al, (%rbx,%rcx)
	imull	$13, %eax, %eax
	addl	$5, %eax
	addl	$1, %ecx
	cmpl	$192, %ecx
	jne	.Lfill
	movq	%rbx, %rdi
	movl	$72, %esi
	call	varies
	xorl	%ecx, %ecx
.Lsum:
	movl	%eax, %edx
	shll	$3, %eax
	subl	%edx, %eax
	addb	(%rbx,%rcx), %al
	addl	$1, %ecx
	cmpl	$192, %ecx
	jne	.Lsum
	andl	$127, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.local	data
	.comm	data,192,16
	.section	.note.GNU-stack,"",@progbits
