# SPDX-License-Identifier: MIT
# Of a place that is never reached, compilers leave a label without code.
	.text
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	movl	$7, %edi
	call	f
	popq	%rbx
	ret
	.size	main, .-main
	.type	f, @function
f:
	pushq	%rbx
	movl	%edi, %ebx
	cmpl	$4, %edi
	jle	.Lnever
	leal	(%rbx,%rbx,2), %eax
	popq	%rbx
	ret
	.size	f, .-f
	.section	.text.unlikely,"ax",@progbits
	.type	f.cold, @function
f.cold:
.Lnever:
	.size	f.cold, .-f.cold
	.section	.note.GNU-stack,"",@progbits
