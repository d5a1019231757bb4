# SPDX-License-Identifier: MIT
# What a function leaves in a register that is no result is saved by another one, as functions with variable arguments do:
# the first is called through the PLT, and owes it all the same.
	.text
	.globl	g
	.type	g, @function
g:
	leaq	1(%rdi), %rcx
	addq	%rcx, %rcx
	cmpl	$5, %edi
	jg	.L1
	movl	%edi, %eax
	ret
.L1:
	movl	$7, %eax
	ret
	.size	g, .-g
	.type	save, @function
save:
	movq	%rcx, -24(%rsp)
	movq	%rdx, -32(%rsp)
	movl	-32(%rsp), %eax
	addl	%edi, %eax
	ret
	.size	save, .-save
	.globl	main
	.type	main, @function
main:
	subq	$8, %rsp
	call	g@PLT
	movl	%eax, %edi
	movl	$4, %edx
	call	save
	addq	$8, %rsp
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
