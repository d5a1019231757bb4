# SPDX-License-Identifier: MIT
# An integer that is shifted in a vector register, of which nobody reads more than 32 bits, and which may be a result.
	.text
	.type	shift, @function
shift:
.L2:
	movl	4(%rdi), %eax
	testl	%eax, %eax
	je	.L1
	movd	(%rdi), %xmm0
	pslld	$3, %xmm0
	movd	%xmm0, (%rdi)
	subl	$1, 4(%rdi)
	jmp	.L2
.L1:
	ret
	.size	shift, .-shift
	.globl	main
	.type	main, @function
main:
	subq	$24, %rsp
	movl	$5, 8(%rsp)
	movl	$1, 12(%rsp)
	leaq	8(%rsp), %rdi
	call	shift
	movl	8(%rsp), %eax
	addq	$24, %rsp
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
