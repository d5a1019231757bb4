# SPDX-License-Identifier: MIT
# Three-operand multiplication of 16 bits by a negative constant.
	.text
	.type	f, @function
f:
	imulw	$-555, %di, %ax
	imulw	$-3, %ax
	movzwl	%ax, %eax
	ret
	.size	f, .-f
	.text
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	xorl	%ebx, %ebx
	movl	$1, %edi
	call	f
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movl	$21, %edi
	call	f
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movzbl	%bl, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
