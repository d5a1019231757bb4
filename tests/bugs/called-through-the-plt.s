# SPDX-License-Identifier: MIT
# A function that others may replace is called through the PLT, and hands on what its caller has in rax on one way.
	.text
	.globl	visit
	.type	visit, @function
visit:
	subq	$8, %rsp
	cmpl	$2, %edi
	jle	.Lsmall
	addl	$48, %edi
	call	putchar@PLT
.Lsmall:
	addq	$8, %rsp
	ret
	.size	visit, .-visit
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	xorl	%ebx, %ebx
	jmp	.Lloop
.Lnext:
	movb	$0, %al
.Lloop:
	movl	%ebx, %edi
	call	visit@PLT
	incl	%ebx
	cmpl	$6, %ebx
	jne	.Lnext
	movl	%ebx, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
