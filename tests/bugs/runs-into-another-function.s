# SPDX-License-Identifier: MIT
# A conditional jump out of a function, behind which control runs into another one.
	.text
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	xorl	%eax, %eax
	movl	$1, %edi
	call	first
	movl	%eax, %ebx
	xorl	%edi, %edi
	call	first
	addl	%ebx, %eax
	call	second
	popq	%rbx
	ret
	.type	first, @function
first:
	testl	%edi, %edi
	jne	second
.Lboth:
	movl	$10, %eax
	ret
	.type	second, @function
second:
	addl	$3, %eax
	cmpl	$100, %eax
	ja	.Lboth
	ret
	.section	.note.GNU-stack,"",@progbits
