# SPDX-License-Identifier: MIT
# What a function of the file returns is taken as 64 bits and returned later: it is a double.
	.text
	.globl	number
	.type	number, @function
number:
	subq	$8, %rsp
	xorl	%esi, %esi
	call	strtod@PLT
	addq	$8, %rsp
	ret
	.size	number, .-number
	.globl	chosen
	.type	chosen, @function
chosen:
	pushq	%rbx
	movq	%xmm0, %rbx
	testl	%esi, %esi
	jg	.L2
.L1:
	movq	%rbx, %xmm0
	popq	%rbx
	ret
.L2:
	call	number
	movq	%xmm0, %rbx
	jmp	.L1
	.size	chosen, .-chosen
	.globl	main
	.type	main, @function
main:
	subq	$8, %rsp
	leaq	.LC0(%rip), %rdi
	movl	$1, %esi
	movsd	.LC1(%rip), %xmm0
	call	chosen
	addsd	.LC1(%rip), %xmm0
	cvttsd2si	%xmm0, %eax
	addq	$8, %rsp
	ret
	.size	main, .-main
	.section	.rodata
.LC0:
	.string	"39.5"
	.align 8
.LC1:
	.long	0
	.long	1074003968
	.section	.note.GNU-stack,"",@progbits
