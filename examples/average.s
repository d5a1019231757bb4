# SPDX-License-Identifier: MIT
# unsigned long average(unsigned long a, unsigned long b): half of the sum, which may have 65 bits.
	.text
	.globl	average
	.type	average, @function
average:
	movq	%rdi, %rax
	addq	%rsi, %rax
	rcrq	%rax
	ret
	.size	average, .-average
	.section	.note.GNU-stack,"",@progbits
