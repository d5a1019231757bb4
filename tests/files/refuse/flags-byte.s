# Refused: the auxiliary carry.
# expect: V0223 line 7
	.text
	.globl	f
	.type	f, @function
f:
	lahf
	movl	%eax, (%rdi)
	ret
	.size	f, .-f
