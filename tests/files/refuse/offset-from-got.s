# Refused: the large position-independent model.
# expect: V0230 line 7
	.text
	.globl	f
	.type	f, @function
f:
	movabsq	$x@GOTOFF, %rax
	ret
	.size	f, .-f
