# SPDX-License-Identifier: MIT
# The carry of a shift of a byte or a word by the count in cl, which the manual leaves undefined for large counts.
	.text
	.globl	left
	.type	left, @function
left:
	movl	%esi, %ecx
	movl	%edi, %eax
	shlb	%cl, %al
	adcb	$0, %al
	movzbl	%al, %eax
	ret
	.size	left, .-left
	.globl	right
	.type	right, @function
right:
	movl	%esi, %ecx
	movl	%edi, %eax
	shrw	%cl, %ax
	sbbl	%edx, %edx
	movzwl	%ax, %eax
	subl	%edx, %eax
	ret
	.size	right, .-right
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	xorl	%ebx, %ebx
	movl	$0x9ac5, %ebp
1:	movl	$7, %r12d
2:	movl	%ebp, %edi
	movl	%r12d, %esi
	call	left
	leal	(%rax,%rbx,2), %ebx
	movl	%ebp, %edi
	leal	1(%r12), %esi
	call	right
	leal	(%rax,%rbx,2), %ebx
	decl	%r12d
	jns	2b
	subl	$1237, %ebp
	jns	1b
	movl	%ebx, %eax
	shrl	$8, %eax
	xorl	%ebx, %eax
	movzbl	%al, %eax
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
