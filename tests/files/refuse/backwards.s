# Refused: string instructions that go down.
# expect: V0220 line 7
	.text
	.globl	f
	.type	f, @function
f:
	std
	ret
	.size	f, .-f
