# Refused: the result of long double arithmetic.
# expect: V0201 line 7
	.text
	.globl	f
	.type	f, @function
f:
	fldl	(%rdi)
	ret
	.size	f, .-f
