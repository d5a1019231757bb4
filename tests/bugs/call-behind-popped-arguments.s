# SPDX-License-Identifier: MIT
# Arguments are popped before a call that may have some on the stack too, for all that can be told.
	.text
	.type	eight, @function
eight:
	leal	(%rdi,%r9), %eax
	addl	8(%rsp), %eax
	addl	16(%rsp), %eax
	ret
	.size	eight, .-eight
	.type	plus, @function
plus:
	leal	9(%rdi), %eax
	ret
	.size	plus, .-plus
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	subq	$16, %rsp
	movl	$5, %edi
	movl	$6, %r9d
	pushq	$8
	pushq	$7
	call	eight
	addq	$16, %rsp
	movl	%eax, (%rsp)
	movl	$1, %edi
	call	*pointer(%rip)
	addl	(%rsp), %eax
	addq	$16, %rsp
	popq	%rbx
	ret
	.size	main, .-main
	.section	.data.rel,"aw"
	.align	8
pointer:
	.quad	plus
	.section	.note.GNU-stack,"",@progbits
