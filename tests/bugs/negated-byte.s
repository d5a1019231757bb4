# SPDX-License-Identifier: MIT
# Flags of the negation of a byte or a word, where the rest of its register counts too.
	.text
	.globl	byte
	.type	byte, @function
byte:
	movl	%edi, %eax
	negb	%al
	setl	%cl
	movzbl	%cl, %ecx
	leal	(%rax,%rcx,2), %eax
	ret
	.size	byte, .-byte
	.globl	word
	.type	word, @function
word:
	movl	%edi, %eax
	negw	%ax
	setg	%cl
	movzbl	%cl, %ecx
	leal	(%rax,%rcx,2), %eax
	ret
	.size	word, .-word
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	xorl	%ebx, %ebx
	movl	$0x10102, %edi
1:	call	byte
	leal	(%rax,%rbx,2), %ebx
	call	word
	leal	(%rax,%rbx,2), %ebx
	subl	$129, %edi
	jns	1b
	movl	%ebx, %eax
	shrl	$8, %eax
	xorl	%ebx, %eax
	movzbl	%al, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
