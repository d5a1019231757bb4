# SPDX-License-Identifier: MIT
# A function that others may replace ends by calling itself, through the PLT, and so does one that is weak.
	.text
	.globl	digits
	.type	digits, @function
digits:
	pushq	%rbx
	movl	%edi, %ebx
	testl	%edi, %edi
	je	.Lnone
	andl	$7, %edi
	addl	$48, %edi
	call	putchar@PLT
	movl	%ebx, %edi
	shrl	$3, %edi
	popq	%rbx
	jmp	digits@PLT
.Lnone:
	popq	%rbx
	jmp	ends@PLT
	.size	digits, .-digits
	.weak	ends
	.type	ends, @function
ends:
	cmpl	$40, %edi
	jg	.Lenough
	leal	7(%rdi,%rdi), %edi
	jmp	ends
.Lenough:
	movl	%edi, %eax
	ret
	.size	ends, .-ends
	.globl	main
	.type	main, @function
main:
	subq	$8, %rsp
	movl	$342391, %edi
	call	digits@PLT
	addq	$8, %rsp
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
