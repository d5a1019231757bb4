# Floats and vectors.
	.text
	.globl	dot
	.type	dot, @function
dot:
	pxor	%xmm0, %xmm0
	xorl	%eax, %eax
.Lterm:
	cmpq	%rdx, %rax
	jge	.Lsum
	movsd	(%rdi,%rax,8), %xmm1
	mulsd	(%rsi,%rax,8), %xmm1
	addsd	%xmm1, %xmm0
	addq	$1, %rax
	jmp	.Lterm
.Lsum:
	ret
	.size	dot, .-dot

	.globl	larger
	.type	larger, @function
larger:
	ucomisd	%xmm1, %xmm0
	ja	.Lfirst
	movapd	%xmm1, %xmm0
.Lfirst:
	ret
	.size	larger, .-larger

	.globl	lanes
	.type	lanes, @function
lanes:
	movdqu	(%rdi), %xmm0
	movdqu	(%rsi), %xmm1
	paddd	%xmm1, %xmm0
	pxor	%xmm2, %xmm2
	pcmpgtd	%xmm0, %xmm2
	pand	%xmm2, %xmm1
	psubw	%xmm1, %xmm0
	movups	%xmm0, (%rdi)
	ret
	.size	lanes, .-lanes

	.globl	mixed
	.type	mixed, @function
mixed:
	cvtsi2sdl	%edi, %xmm1
	sqrtsd	%xmm1, %xmm1
	subsd	%xmm0, %xmm1
	cvttsd2sil	%xmm1, %eax
	movd	%eax, %xmm0
	movq	%xmm1, %rdx
	shrq	$63, %rdx
	addl	%edx, %eax
	ret
	.size	mixed, .-mixed
