# SPDX-License-Identifier: MIT
# What a function leaves alone on its way through another one that is exported.
	.text
	.globl	inner
	.type	inner, @function
inner:
	movl	$3, %eax
	ret
	.size	inner, .-inner
	.globl	outer
	.type	outer, @function
outer:
	pushq	%rbx
	call	inner
	addl	%eax, %eax
	popq	%rbx
	ret
	.size	outer, .-outer
	.globl	main
	.type	main, @function
main:
	subq	$8, %rsp
	movl	$5, %edi
	movl	$7, %esi
	call	outer
	addl	%edi, %eax
	addl	%esi, %eax
	addq	$8, %rsp
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
