# Halves of stack slots pushed and popped.
	.text
	.globl	push16
	.type	push16,@function
push16:
	pushw	%si
	pushw	%di
	movl	(%rsp),%eax
	popw	%cx
	popw	%dx
	addl	%edx,%eax
	ret
	.size push16,.-push16
	.section .note.GNU-stack,"",@progbits
