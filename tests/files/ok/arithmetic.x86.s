# Integer arithmetic: sums, products, quotients, bits, at several widths.
	.text
	.globl	mix
	.type	mix, @function
mix:
	movl	%edi, %eax
	imull	%esi, %eax
	leal	7(%rax,%rdx,4), %eax
	xorl	%edi, %eax
	rorl	$5, %eax
	movzbl	%al, %ecx
	shrl	$8, %eax
	subl	%ecx, %eax
	cltq
	ret
	.size	mix, .-mix

	.globl	wide
	.type	wide, @function
wide:
	movq	%rdx, %rcx
	movq	%rdi, %rax
	mulq	%rsi
	addq	%rcx, %rax
	adcq	$0, %rdx
	ret
	.size	wide, .-wide

	.globl	ratio
	.type	ratio, @function
ratio:
	movl	%edi, %eax
	xorl	%edx, %edx
	divl	%esi
	addl	%edx, %eax
	ret
	.size	ratio, .-ratio

	.globl	narrow
	.type	narrow, @function
narrow:
	movb	%sil, %dil
	addb	$3, %dil
	movsbl	%dil, %eax
	movswl	%dx, %edx
	notl	%edx
	sarl	$3, %edx
	andl	%edx, %eax
	negl	%eax
	ret
	.size	narrow, .-narrow

	.globl	shifts
	.type	shifts, @function
shifts:
	movq	%rsi, %rcx
	movq	%rdi, %rax
	salq	%cl, %rax
	shrq	%cl, %rdi
	orq	%rdi, %rax
	bswap	%rax
	btq	$9, %rax
	sbbq	%rdx, %rdx
	xorq	%rdx, %rax
	ret
	.size	shifts, .-shifts
