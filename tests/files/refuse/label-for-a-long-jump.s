# Refused: a label that only `__builtin_longjmp` goes to.
# expect: V0218 line 18
	.text
	.globl	f
	.type	f, @function
f:
	pushq	%rbp
	movq	%rsp, %rbp
	leaq	.Lback(%rip), %rax
	movq	%rbp, buffer(%rip)
	movq	%rax, 8+buffer(%rip)
	movq	%rsp, 16+buffer(%rip)
	call	g
	xorl	%eax, %eax
	popq	%rbp
	ret
.Lback:
	movl	$1, %eax
	popq	%rbp
	ret
	.local	buffer
	.comm	buffer, 40, 16
