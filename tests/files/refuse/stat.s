# Refused: a system call whose structure differs, and ones that are not known here.
# expect: V0242 line 10
# expect: V0242 line 12
# expect: V0242 line 17
	.text
	.globl	f
	.type	f, @function
f:
	movl	$4, %eax
	syscall
	movl	%ecx, %eax
	syscall
	movl	$9, %eax
	movl	$3, %edx
	movl	%esi, %r10d
	xorl	%r9d, %r9d
	syscall
	ret
	.size	f, .-f
