# SPDX-License-Identifier: MIT
# The carry of a sum or difference of bytes, where it must be in one place on several ways and the other bytes count.
	.text
	.globl	digit
	.type	digit, @function
digit:
	movl	%edi, %eax
	subb	$'0', %al
	jc	1f
	cmpb	$10, %al
	cmc
1:	sbbl	%edx, %edx
	addl	%edx, %eax
	ret
	.size	digit, .-digit
	.globl	sum
	.type	sum, @function
sum:
	movl	%edi, %eax
	addb	$200, %al
	jc	1f
	cmpb	$230, %al
	cmc
1:	sbbl	%edx, %edx
	addl	%edx, %eax
	ret
	.size	sum, .-sum
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	xorl	%ebx, %ebx
	movl	$0x1fd, %edi
1:	call	digit
	leal	(%rax,%rbx,2), %ebx
	call	sum
	leal	(%rax,%rbx,2), %ebx
	subl	$23, %edi
	jns	1b
	movl	%ebx, %eax
	shrl	$8, %eax
	xorl	%ebx, %eax
	movzbl	%al, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
