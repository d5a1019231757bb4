# Refused: three-operand vectors.
# expect: V0201 line 7
	.text
	.globl	f
	.type	f, @function
f:
	vaddsd	%xmm0, %xmm1, %xmm0
	ret
	.size	f, .-f
