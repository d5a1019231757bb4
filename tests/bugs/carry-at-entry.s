# A shared end that reads the carry flag: right when run, not proved, since an entry relation cannot speak of flags.
	.text
	.globl	sum
	.type	sum, @function
sum:
	mov	%rdi, %rax
	add	%rsi, %rax
	jmp	.Lend
	.size	sum, .-sum
	.globl	difference
	.type	difference, @function
difference:
	mov	%rdi, %rax
	sub	%rsi, %rax
.Lend:
	rcr	%rax
	ret
	.size	difference, .-difference
	.section .note.GNU-stack,"",@progbits
