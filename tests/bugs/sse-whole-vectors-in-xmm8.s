# SPDX-License-Identifier: MIT
# Functions of one file hand each other whole vectors in all sixteen registers, and give them back.
	.text
	.type	turn, @function
turn:
	paddq	%xmm0, %xmm8
	pxor	%xmm8, %xmm9
	paddd	%xmm9, %xmm15
	pxor	%xmm10, %xmm14
	paddq	%xmm11, %xmm13
	pxor	%xmm12, %xmm8
	paddb	%xmm8, %xmm0
	psubq	%xmm7, %xmm11
	pxor	%xmm15, %xmm1
	paddw	%xmm2, %xmm3
	pxor	%xmm4, %xmm5
	paddd	%xmm6, %xmm7
	ret
	.size	turn, .-turn
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
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
	call	turn
	decl	%ebx
	jnz	.Lagain
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
	call	printf@PLT
	xorl	%eax, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.section .rodata
format:	.string	"%lx %lx\n"
seed:	.string	"Thirty bytes and one of a seed."
	.section .note.GNU-stack,"",@progbits
