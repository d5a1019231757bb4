# SPDX-License-Identifier: MIT
# A local function that writes a part of a register leaves the rest of it to its caller.
	.text
	.type	low, @function
low:
	movb	(%rdi), %cl
	andl	$-57, %ecx
	ret
	.size	low, .-low
	.globl	main
	.type	main, @function
main:
	subq	$8, %rsp
	leaq	number(%rip), %rdi
	movl	$0x12345678, %ecx
	call	low
	movl	%ecx, %eax
	shrl	$8, %eax
	addq	$8, %rsp
	ret
	.size	main, .-main
	.section	.rodata
number:
	.byte	0xff
	.section	.note.GNU-stack,"",@progbits
