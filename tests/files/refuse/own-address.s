# Refused: an address that is given by its distance from an instruction.
# expect: V0234 line 8
	.text
	.globl	f
	.type	f, @function
f:
	movl	$1, %eax
	leaq	8(%rip), %rdx
	ret
	.size	f, .-f
