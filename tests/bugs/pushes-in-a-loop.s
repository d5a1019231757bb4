# SPDX-License-Identifier: MIT
# As many values on the stack as a run decides: digits that are pushed and popped, and a whole list that is.
	.text
	.globl	digits
	.type	digits, @function
digits:
	pushq	%rbx
	movl	%edi, %eax
	movl	$10, %ebx
	xorl	%ecx, %ecx
1:	xorl	%edx, %edx
	divl	%ebx
	addl	$'0', %edx
	pushq	%rdx
	incl	%ecx
	testl	%eax, %eax
	jnz	1b
2:	popq	%rax
	movb	%al, (%rsi)
	incq	%rsi
	loop	2b
	movb	$0, (%rsi)
	popq	%rbx
	ret
	.size	digits, .-digits
	.globl	show
	.type	show, @function
show:
	pushq	%rbx
	pushq	%r12
	movl	%edi, %ebx
3:	movl	%ebx, %edx
	andl	$1, %edx
	addl	$'0', %edx
	pushq	%rdx
	shrl	%ebx
	jnz	3b
	movq	%rsp, %rbx
	pushq	$'\n'
	movq	%rdi, %r12
4:	popq	%rdi
	movq	%rsp, %rbx
	andq	$-16, %rsp
	call	putchar
	movq	%rbx, %rsp
	shrq	%r12
	jnz	4b
	popq	%rdi
	subq	$8, %rsp
	call	putchar
	addq	$8, %rsp
	popq	%r12
	popq	%rbx
	ret
	.size	show, .-show
	.globl	main
	.type	main, @function
main:
	subq	$24, %rsp
	movl	$4096, %edi
	movq	%rsp, %rsi
	call	digits
	movq	%rsp, %rdi
	call	puts
	movl	$70905, %edi
	movq	%rsp, %rsi
	call	digits
	movq	%rsp, %rdi
	call	puts
	movl	$77, %edi
	call	show
	xorl	%eax, %eax
	addq	$24, %rsp
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
