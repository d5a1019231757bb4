# Refused: string instructions are left to go downwards.
# expect: V0220 line 8
	.text
	.globl	f
	.type	f, @function
f:
	std
	ret
	.size	f, .-f
