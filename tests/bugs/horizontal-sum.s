# SPDX-License-Identifier: MIT
# The high half of xmm2 is read where only the lowest lane of the result counts: nobody has put anything there.
	.text
	.globl	sum
	.type	sum, @function
sum:
	movdqu	(%rdi), %xmm0
	movdqa	%xmm0, %xmm1
	psrldq	$8, %xmm1
	paddd	%xmm1, %xmm0
	movdqa	%xmm0, %xmm2
	psrldq	$4, %xmm2
	paddd	%xmm2, %xmm0
	jmp	.Ldone
.Ldone:
	movd	%xmm0, %eax
	ret
	.size	sum, .-sum
	.globl	main
	.type	main, @function
main:
	subq	$8, %rsp
	leaq	data(%rip), %rdi
	call	sum
	addq	$8, %rsp
	ret
	.size	main, .-main
	.section	.rodata
	.p2align	4
data:
	.long	3, 5, 11, 23
	.section	.note.GNU-stack,"",@progbits
