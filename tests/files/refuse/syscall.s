# Refused: numbers of system calls differ.
# expect: V0201 line 7
	.text
	.globl	f
	.type	f, @function
f:
	syscall
	ret
	.size	f, .-f
