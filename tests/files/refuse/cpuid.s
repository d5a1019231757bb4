# Refused: features of the processor.
# expect: V0201 line 7
	.text
	.globl	f
	.type	f, @function
f:
	cpuid
	ret
	.size	f, .-f
