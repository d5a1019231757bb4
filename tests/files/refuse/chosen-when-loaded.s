# Refused: a function that is chosen when the program is loaded, which calls within the file would take for the choosing one.
# expect: V0203 line 12
	.text
	.type	choose, @function
choose:
	leaq	one(%rip), %rax
	ret
	.type	one, @function
one:
	movl	$1, %eax
	ret
	.type	chosen, @gnu_indirect_function
	.set	chosen, choose
	.globl	f
	.type	f, @function
f:
	jmp	chosen
