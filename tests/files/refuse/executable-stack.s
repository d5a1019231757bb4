# Refused: code that the program writes on its stack.
# expect: V0203 line 9
	.text
	.globl	f
	.type	f, @function
f:
	ret
	.size	f, .-f
	.section	.note.GNU-stack,"x",@progbits
