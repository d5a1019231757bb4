# SPDX-License-Identifier: MIT
# Instructions that leave a result register as it was make no result of it: the functions were refuted, where nobody
# in the file calls them.
	.text
	.globl	moved
	.type	moved, @function
moved:
	movaps	%xmm0, %xmm0
	ret
	.size	moved, .-moved
	.globl	masked
	.type	masked, @function
masked:
	pand	%xmm0, %xmm0
	ret
	.size	masked, .-masked
	.globl	general
	.type	general, @function
general:
	movq	%rax, %rax
	ret
	.size	general, .-general
	.globl	main
	.type	main, @function
main:
	movl	$7, %eax
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
