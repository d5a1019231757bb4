# SPDX-License-Identifier: MIT
# Code that nothing leads to, behind a jump through a pointer out of the function.
	.text
	.type	f, @function
f:
	movslq	%edi, %rax
	leaq	table(%rip), %rcx
	movq	(%rcx,%rax,8), %rax
	jmp	*%rax
	movl	$1, %eax
	ret
.Lunused:
	call	f
	ret
	.size	f, .-f
	.type	one, @function
one:
	leal	4(%rdi), %eax
	ret
	.size	one, .-one
	.type	two, @function
two:
	leal	9(%rdi), %eax
	ret
	.size	two, .-two
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	xorl	%edi, %edi
	call	f
	movl	%eax, %ebx
	movl	$1, %edi
	call	f
	leal	(%rax,%rbx,2), %eax
	popq	%rbx
	ret
	.size	main, .-main
	.section	.data.rel.ro,"aw"
	.align	8
table:
	.quad	one, two
	.section	.note.GNU-stack,"",@progbits
