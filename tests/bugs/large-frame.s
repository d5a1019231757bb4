# SPDX-License-Identifier: MIT
# Addresses in the frame that are further from the stack pointer than an add can say.
	.text
	.type	f, @function
f:
	pushq	%rbp
	movq	%rsp, %rbp
	subq	$70000, %rsp
	movl	%edi, -8272(%rbp)
	leaq	-8272(%rbp), %rax
	movq	%rsp, %rcx
	leaq	69000(%rsp), %rdx
	movl	%edi, (%rcx)
	movl	%edi, (%rdx)
	movl	(%rax), %eax
	addl	69000(%rsp), %eax
	addl	(%rsp), %eax
	leave
	ret
	.size	f, .-f
	.text
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	xorl	%ebx, %ebx
	movl	$7, %edi
	call	f
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movzbl	%bl, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
