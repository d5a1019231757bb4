# SPDX-License-Identifier: MIT
# The offset of a thread-local variable as an immediate operand, and as what lea computes.
	.text
	.type	f, @function
f:
	movq	%fs:0, %rax
	addq	$variable@tpoff, %rax
	addl	%edi, (%rax)
	movq	$variable@tpoff+4, %rcx
	movl	%fs:(%rcx), %eax
	addl	%fs:variable@tpoff, %eax
	leaq	variable@tpoff, %rdx
	leaq	variable@tpoff+4(,%rdi,4), %rcx
	addl	%fs:0(%rdx), %eax
	addl	%fs:-4(%rcx), %eax
	ret
	.size	f, .-f
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
	call	f
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movzbl	%bl, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.section	.tdata,"awT",@progbits
	.align	4
variable:
	.long	40
	.long	2, 5
	.section	.note.GNU-stack,"",@progbits
