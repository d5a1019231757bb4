# SPDX-License-Identifier: MIT
# A loop begins at the instruction whose address the one before it takes, by a distance of 0.
	.text
	.globl	main
	.type	main, @function
main:
	movl	$3, %ecx
	xorl	%eax, %eax
	leaq	0(%rip), %rdx
	addl	%ecx, %eax
	decl	%ecx
	jz	.Lout
	jmp	*%rdx
.Lout:	ret
	.size	main, .-main
	.section .note.GNU-stack,"",@progbits
