# Refused: a private field of the C library.
# expect: V0232 line 7
	.text
	.globl	f
	.type	f, @function
f:
	movq	%fs:48, %rax
	ret
	.size	f, .-f
