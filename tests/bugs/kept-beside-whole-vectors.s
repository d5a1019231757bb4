# SPDX-License-Identifier: MIT
# Whole vector registers and the low halves of others are kept over calls of functions that use more vectors.
	.text
	.type	copy, @function
copy:
	movdqu	(%rdi), %xmm0
	movdqu	16(%rdi), %xmm9
	paddd	%xmm0, %xmm9
	movdqu	%xmm0, (%rsi)
	movdqu	%xmm9, 16(%rsi)
	ret
	.size	copy, .-copy
	.type	twice, @function
twice:
	subq	$8, %rsp
	call	copy
	movq	%rsi, %rdi
	call	copy
	addq	$8, %rsp
	ret
	.size	twice, .-twice
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	leaq	data(%rip), %rdi
	leaq	room(%rip), %rsi
	movl	$9, %eax
	cvtsi2sdl	%eax, %xmm8
	movdqu	(%rdi), %xmm1
	movdqu	16(%rdi), %xmm15
	call	twice
	paddd	%xmm15, %xmm1
	movdqu	%xmm1, 32(%rsi)
	cvttsd2si	%xmm8, %eax
	xorl	%ecx, %ecx
.Lnext:
	imull	$5, %eax, %eax
	addl	(%rsi,%rcx,4), %eax
	addl	$1, %ecx
	cmpl	$12, %ecx
	jne	.Lnext
	movl	%eax, %edx
	shrl	$11, %edx
	xorl	%edx, %eax
	andl	$127, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.section	.rodata
	.align	16
data:
	.long	1, -2, 3, 40000, 5, 600, -7, 8
	.local	room
	.comm	room,48,16
	.section	.note.GNU-stack,"",@progbits
