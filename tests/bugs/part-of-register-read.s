# SPDX-License-Identifier: MIT
# One caller of a local function reads a part of what it leaves in rsi; for another one, all of that is left to chance.
	.text
	.type	leave, @function
leave:
	movl	$0x1234, %esi
	ret
	.size	leave, .-leave
	.type	reads, @function
reads:
	call	leave
	andl	$0xff00, %esi
	movl	%esi, %eax
	ret
	.size	reads, .-reads
	.globl	main
	.type	main, @function
main:
	subq	$8, %rsp
	xorl	%edi, %edi
	call	leave
	call	abs@PLT
	call	reads
	shrl	$8, %eax
	addq	$8, %rsp
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
