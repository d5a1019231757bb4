# Two functions share their end, which is entered with rbx pushed and pops it: right when run, not proved, since the
# jump there changes how the two stack pointers lie to each other.
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
	.section .note.GNU-stack,"",@progbits
