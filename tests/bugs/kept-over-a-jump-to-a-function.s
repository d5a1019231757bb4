# SPDX-License-Identifier: MIT
# A register that the platform lets functions change is kept over a call of one that leaves it alone, as does the one that
# this jumps to.
	.text
	.type	inner, @function
inner:
	leal	(%rdi,%rdi,2), %eax
	ret
	.size	inner, .-inner
	.type	outer, @function
outer:
	addl	$1, %edi
	jmp	inner
	.size	outer, .-outer
	.globl	main
	.type	main, @function
main:
	subq	$8, %rsp
	movl	$29, %r11d
	movl	$4, %edi
	call	outer
	addl	%r11d, %eax
	addq	$8, %rsp
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
