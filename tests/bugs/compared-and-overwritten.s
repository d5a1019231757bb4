# SPDX-License-Identifier: MIT
# A float is overwritten between two branches on its comparison.
	.text
	.globl	main
	.type	main, @function
main:
	xorl	%ecx, %ecx
	leaq	numbers(%rip), %rdx
	xorl	%eax, %eax
.Lnext:
	addl	%eax, %eax
	pxor	%xmm0, %xmm0
	ucomiss	(%rdx,%rcx,4), %xmm0
	jp	.Lother
	movss	numbers+8(%rip), %xmm0
	jne	.Lother
	cvttss2si	%xmm0, %esi
	addl	%esi, %eax
.Lother:
	addl	$1, %ecx
	cmpl	$5, %ecx
	jne	.Lnext
	ret
	.size	main, .-main
	.section	.rodata
	.align	4
numbers:
	.float	0.0, 1.0, 3.0, -0.0
	.long	0x7fc00000
	.section	.note.GNU-stack,"",@progbits
