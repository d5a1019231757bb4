# SPDX-License-Identifier: MIT
# Sixteen whole vectors are kept where the stack pointer has been moved by a computed amount on one of two ways.
	.text
	.globl	main
	.type	main, @function
main:
	pushq	%rbp
	movq	%rsp, %rbp
	pushq	%rbx
	subq	$8, %rsp
	movl	$3, %ebx
	movdqu	seed(%rip), %xmm0
	movdqa	%xmm0, %xmm1
	movdqu	seed+1(%rip), %xmm2
	movdqu	seed+2(%rip), %xmm3
	movdqu	seed+3(%rip), %xmm4
	movdqu	seed+4(%rip), %xmm5
	movdqu	seed+5(%rip), %xmm6
	movdqu	seed+6(%rip), %xmm7
	movdqu	seed+7(%rip), %xmm8
	movdqu	seed+8(%rip), %xmm9
	movdqu	seed+9(%rip), %xmm10
	movdqu	seed+10(%rip), %xmm11
	movdqu	seed+11(%rip), %xmm12
	movdqu	seed+12(%rip), %xmm13
	movdqu	seed+13(%rip), %xmm14
	movdqu	seed+14(%rip), %xmm15
.Lagain:
	paddq	%xmm0, %xmm8
	pxor	%xmm8, %xmm9
	paddd	%xmm9, %xmm15
	pxor	%xmm10, %xmm14
	paddq	%xmm11, %xmm13
	pxor	%xmm12, %xmm8
	paddb	%xmm8, %xmm0
	psubq	%xmm7, %xmm11
	pxor	%xmm15, %xmm1
	testl	$1, %ebx
	jz	.Leven
	movl	%ebx, %eax
	shlq	$5, %rax
	subq	%rax, %rsp
	movdqu	%xmm13, (%rsp)
.Leven:
	paddw	%xmm2, %xmm3
	pxor	%xmm4, %xmm5
	paddd	%xmm6, %xmm7
	pxor	%xmm1, %xmm4
	paddq	%xmm5, %xmm2
	pxor	%xmm7, %xmm6
	decl	%ebx
	jnz	.Lagain
	paddq	(%rsp), %xmm0
	paddq	%xmm1, %xmm0
	paddq	%xmm3, %xmm0
	pxor	%xmm5, %xmm0
	paddq	%xmm7, %xmm0
	pxor	%xmm8, %xmm0
	paddq	%xmm9, %xmm0
	pxor	%xmm11, %xmm0
	paddq	%xmm13, %xmm0
	pxor	%xmm14, %xmm0
	paddq	%xmm15, %xmm0
	movhlps	%xmm0, %xmm1
	movq	%xmm0, %rdx
	movq	%xmm1, %rsi
	leaq	format(%rip), %rdi
	xorl	%eax, %eax
	leaq	-16(%rbp), %rsp
	call	printf@PLT
	xorl	%eax, %eax
	movq	-8(%rbp), %rbx
	leave
	ret
	.size	main, .-main
	.section .rodata
format:	.string	"%lx %lx\n"
seed:	.string	"Thirty bytes and one of a seed."
	.section .note.GNU-stack,"",@progbits
