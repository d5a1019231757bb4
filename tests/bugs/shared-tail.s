# SPDX-License-Identifier: MIT
# Two functions share their end, which is entered with rbx pushed and pops it.
	.text
	.globl	one
	.type	one, @function
one:
	push	%rbx
	mov	%rdi, %rbx
	jmp	.Lend
	.size	one, .-one
	.globl	two
	.type	two, @function
two:
	push	%rbx
	lea	1(%rsi), %rbx
.Lend:
	lea	(%rbx,%rbx), %rax
	pop	%rbx
	ret
	.size	two, .-two
	.text
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	xorl	%ebx, %ebx
	movl	$5, %edi
	call	one
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movl	$20, %esi
	call	two
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movzbl	%bl, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
