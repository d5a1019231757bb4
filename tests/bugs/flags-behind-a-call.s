# SPDX-License-Identifier: MIT
# A call that never returns stands before code that others reach with flags set.
	.text
	.type	f, @function
f:
	subq	$8, %rsp
	cmpl	$9, %edi
	jne	.Lgo
	movl	$77, %edi
	call	leave_now@PLT
.Lgo:
	jg	.Lgreater
	leal	2(%rdi), %eax
	addq	$8, %rsp
	ret
.Lgreater:
	movl	$31, %eax
	addq	$8, %rsp
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
	movl	$20, %edi
	call	f
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movzbl	%bl, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.text
	.globl	leave_now
	.type	leave_now, @function
	.weak	leave_now
leave_now:
	subq	$8, %rsp
	call	exit@PLT
	.size	leave_now, .-leave_now
	.section	.note.GNU-stack,"",@progbits
