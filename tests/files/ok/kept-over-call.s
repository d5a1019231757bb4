# The caller knows that the callee leaves rdx and rsi alone, and keeps values there.
	.text
	.globl	twice
	.type	twice, @function
twice:
	leal	(%rdi,%rdi), %eax
	ret
	.size	twice, .-twice
	.globl	f
	.type	f, @function
f:
	movl	%esi, %edx
	call	twice
	addl	%edx, %eax
	movl	%eax, %edi
	call	twice
	imull	%esi, %eax
	subl	%edx, %eax
	ret
	.size	f, .-f
	.section	.note.GNU-stack,"",@progbits
