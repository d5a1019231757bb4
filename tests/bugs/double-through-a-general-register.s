# SPDX-License-Identifier: MIT
# Doubles that are arguments and results go through a general register, one from block to block. Nobody here calls by name.
	.text
	.globl	pick
	.type	pick, @function
pick:
	movq	%xmm0, %rcx
	testb	$1, %dil
	jne	.Lfirst
	movq	%xmm1, %rcx
	movq	%rcx, %xmm0
	ret
.Lfirst:
	movq	%rcx, %xmm0
	ret
	.size	pick, .-pick
	.globl	main
	.type	main, @function
main:
	subq	$8, %rsp
	movsd	.Lone(%rip), %xmm0
	movsd	.Ltwo(%rip), %xmm1
	movl	$2, %edi
	call	*picker(%rip)
	movsd	.Lone(%rip), %xmm1
	movl	$3, %edi
	call	*picker(%rip)
	mulsd	.Lone(%rip), %xmm0
	cvttsd2si	%xmm0, %eax
	addq	$8, %rsp
	ret
	.size	main, .-main
	.section	.data.rel.local,"aw"
	.align	8
picker:
	.quad	pick
	.section	.rodata
	.align	8
.Lone:
	.quad	0x3ff199999999999a
.Ltwo:
	.quad	0x405ec00000000001
	.section	.note.GNU-stack,"",@progbits
