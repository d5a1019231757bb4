# SPDX-License-Identifier: MIT
# Floats that a local function compares and leaves alone: each question about both takes them in the form of floats, and
# there are few registers for that.
	.text
	.type	order, @function
order:
	comiss	%xmm0, %xmm1
	ja	1f
	ucomiss	%xmm1, %xmm0
	jp	2f
	jne	2f
	movl	$6, %eax
	ret
1:
	movl	$9, %eax
	ret
2:
	movl	$32, %eax
	ret
	.size	order, .-order
	.globl	main
	.type	main, @function
main:
	subq	$8, %rsp
	movss	.Lone(%rip), %xmm0
	movss	.Ltwo(%rip), %xmm1
	call	order
	movl	%eax, %ecx
	movaps	%xmm1, %xmm2
	movaps	%xmm0, %xmm1
	movaps	%xmm2, %xmm0
	call	order
	leal	(%rcx,%rax,2), %ecx
	movaps	%xmm0, %xmm1
	call	order
	leal	(%rax,%rcx,2), %eax
	addq	$8, %rsp
	ret
	.size	main, .-main
	.section	.rodata
	.align	4
.Lone:
	.float	1
.Ltwo:
	.float	2
	.section	.note.GNU-stack,"",@progbits
