# SPDX-License-Identifier: MIT
# A second name for a function, given with .set behind it.
	.text
	.type	f, @function
f:
	leal	4(%rdi), %eax
	ret
	.size	f, .-f
	.globl	g
	.set	g, f
	.text
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	xorl	%ebx, %ebx
	movl	$1, %edi
	call	f
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movl	$2, %edi
	call	g
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movzbl	%bl, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
