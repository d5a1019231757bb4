# Refused: MMX state.
# expect: V0201 line 7
	.text
	.globl	f
	.type	f, @function
f:
	emms
	ret
	.size	f, .-f
