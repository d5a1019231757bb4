# SPDX-License-Identifier: MIT
# A function with a jump table that is called with the stack aligned and not: each translation of it must stay within itself.
	.text
	.type	f, @function
f:
	cmpl	$3, %edi
	ja	.Lother
	movl	%edi, %edi
	leaq	.Ltable(%rip), %rax
	movslq	(%rax,%rdi,4), %rdx
	addq	%rdx, %rax
	jmp	*%rax
.L0:
	movl	$11, %eax
	ret
.L1:
	movl	$22, %eax
	ret
.L2:
	movl	$44, %eax
	ret
.Lother:
	movl	$5, %eax
	ret
	.size	f, .-f
	.type	unaligned, @function
unaligned:
	call	f
	addl	$1, %eax
	ret
	.size	unaligned, .-unaligned
	.text
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	xorl	%ebx, %ebx
	movl	$0, %edi
	call	f
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movl	$1, %edi
	call	f
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movl	$2, %edi
	call	f
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movl	$3, %edi
	call	f
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movl	$9, %edi
	call	f
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movl	$0, %edi
	call	unaligned
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movl	$1, %edi
	call	unaligned
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movl	$2, %edi
	call	unaligned
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movl	$3, %edi
	call	unaligned
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movl	$7, %edi
	call	unaligned
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movzbl	%bl, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.section	.rodata
	.align	4
.Ltable:
	.long	.L0-.Ltable
	.long	.L1-.Ltable
	.long	.L2-.Ltable
	.long	.L1-.Ltable
	.section	.note.GNU-stack,"",@progbits
