# Addresses taken from the global offset table straight into vector registers.
	.text
	.globl	hooks
	.type	hooks, @function
hooks:
	movq	malloc@GOTPCREL(%rip), %xmm0
	movhps	free@GOTPCREL(%rip), %xmm0
	movups	%xmm0, (%rdi)
	movq	%xmm0, %rax
	ret
	.size	hooks, .-hooks
	.section	.note.GNU-stack,"",@progbits
