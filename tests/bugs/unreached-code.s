# SPDX-License-Identifier: MIT
# Code that control never reaches, behind a call that never returns.
	.text
	.type	die, @function
die:
	subq	$8, %rsp
	call	exit@PLT
	.size	die, .-die
	.type	f, @function
f:
	pushq	%rbp
	movq	%rsp, %rbp
	subq	$32, %rsp
	movl	%edi, -4(%rbp)
	cmpl	$5, %edi
	jne	.Lfine
	call	die
	jmp	.Ldone
.Lfine:
	addl	$3, -4(%rbp)
.Ldone:
	movl	-4(%rbp), %eax
	leave
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
	.section	.note.GNU-stack,"",@progbits
