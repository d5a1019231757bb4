# SPDX-License-Identifier: MIT
# A function reads a float and leaves its register alone, where its caller has 64 bits that may be an argument later.
	.text
	.type	product, @function
product:
	movaps	%xmm0, %xmm2
	mulss	%xmm1, %xmm2
	cvttss2si	%xmm2, %eax
	ret
	.size	product, .-product
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	movl	$0x40400000, %eax
	movd	%eax, %xmm0
	movl	$0x40a00000, %ebx
	movq	%rbx, %xmm1
	call	product
	movl	%eax, %ebx
	leaq	.LC0(%rip), %rdi
	movl	%eax, %esi
	xorl	%eax, %eax
	call	consume
	movl	%ebx, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.globl	consume
	.type	consume, @function
consume:
	subq	$8, %rsp
	call	printf@PLT
	addq	$8, %rsp
	ret
	.size	consume, .-consume
	.section	.rodata
.LC0:
	.string	"%d\n"
	.section	.note.GNU-stack,"",@progbits
