# SPDX-License-Identifier: MIT
# A division whose trap stands last in the translated function: nothing runs from there into the next one.
	.text
	.type	tens, @function
tens:
	movl	%edi, %eax
	xorl	%edx, %edx
	divl	%esi
	ret
	.size	tens, .-tens
	.type	other, @function
other:
	xorl	%ecx, %ecx
	xorps	%xmm2, %xmm2
	ret
	.size	other, .-other
	.globl	main
	.type	main, @function
main:
	subq	$8, %rsp
	movl	$125, %edi
	movl	$10, %esi
	movl	$3, %ecx
	call	tens
	addl	%ecx, %eax
	addl	%edx, %eax
	movl	%eax, %r8d
	call	other
	movl	%r8d, %eax
	addq	$8, %rsp
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
