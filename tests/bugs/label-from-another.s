# SPDX-License-Identifier: MIT
# A function is told by another one at which of its labels to go on.
	.text
	.type	choose, @function
choose:
	leaq	.Lodd(%rip), %rax
	testl	$1, %edi
	jne	1f
	leaq	.Leven(%rip), %rax
1:	ret
	.size	choose, .-choose
	.globl	step
	.type	step, @function
step:
	pushq	%rbx
	movl	%edi, %ebx
	call	choose
	jmp	*%rax
.Lodd:	leal	1(%rbx,%rbx,2), %eax
	popq	%rbx
	ret
.Leven:	movl	%ebx, %eax
	shrl	%eax
	popq	%rbx
	ret
	.size	step, .-step
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	xorl	%ebx, %ebx
	movl	$27, %edi
2:	incl	%ebx
	call	step
	movl	%eax, %edi
	cmpl	$1, %eax
	jne	2b
	movl	%ebx, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
