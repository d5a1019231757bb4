# Refused: the segment of another runtime.
# expect: V0232 line 7
	.text
	.globl	f
	.type	f, @function
f:
	movq	%gs:16, %rax
	ret
	.size	f, .-f
