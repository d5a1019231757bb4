# Loads and stores of all widths, strings, the stack, atomics.
	.text
	.globl	pack
	.type	pack, @function
pack:
	movzbl	(%rdi), %eax
	movsbl	1(%rdi), %ecx
	movzwl	2(%rdi), %edx
	movl	%eax, (%rsi)
	movw	%cx, 4(%rsi)
	movb	%dl, 6(%rsi)
	movq	8(%rdi), %rax
	movq	%rax, 8(%rsi)
	addl	$5, 16(%rsi)
	subq	%rax, 24(%rsi)
	ret
	.size	pack, .-pack

	.globl	length
	.type	length, @function
length:
	movq	%rdi, %rax
.Lnext:
	cmpb	$0, (%rax)
	je	.Lend
	addq	$1, %rax
	jmp	.Lnext
.Lend:
	subq	%rdi, %rax
	ret
	.size	length, .-length

	.globl	clear
	.type	clear, @function
clear:
	movq	%rsi, %rcx
	xorl	%eax, %eax
	rep stosb
	movq	%rdi, %rax
	ret
	.size	clear, .-clear

	.globl	saved
	.type	saved, @function
saved:
	pushq	%rbx
	pushq	%rbp
	subq	$24, %rsp
	movq	%rdi, %rbx
	movq	%rsi, %rbp
	movq	%rdx, 8(%rsp)
	leaq	(%rbx,%rbp), %rax
	addq	8(%rsp), %rax
	addq	$24, %rsp
	popq	%rbp
	popq	%rbx
	ret
	.size	saved, .-saved

	.globl	red_zone
	.type	red_zone, @function
red_zone:
	movq	%rdi, -8(%rsp)
	movl	%esi, -16(%rsp)
	testl	%esi, %esi
	je	.Lzero
	incl	-16(%rsp)
.Lzero:
	movl	-16(%rsp), %eax
	addq	-8(%rsp), %rax
	ret
	.size	red_zone, .-red_zone

	.globl	swap
	.type	swap, @function
swap:
	movl	%esi, %eax
	lock cmpxchgl	%edx, (%rdi)
	sete	%al
	movl	$1, %ecx
	lock xaddl	%ecx, 4(%rdi)
	xchgl	%ecx, 8(%rdi)
	movzbl	%al, %eax
	addl	%ecx, %eax
	ret
	.size	swap, .-swap
