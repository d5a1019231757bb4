# Refused: the auxiliary carry of a shift, which nobody knows.
# expect: V0223 line 9
	.text
	.globl	f
	.type	f, @function
f:
	movl	%esi, %eax
	shll	$3, %eax
	lahf
	movl	%eax, (%rdi)
	ret
	.size	f, .-f
