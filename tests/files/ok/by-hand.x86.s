# Translated by hand, in another way than the rules would: by-hand.aarch64.s and by-hand.relation.json.
	.text
	.globl	total
	.type	total, @function
total:
	xorl	%eax, %eax
	testq	%rsi, %rsi
	je	.Lout
.Lround:
	movslq	(%rdi), %rdx
	addq	%rdx, %rax
	addq	$4, %rdi
	subq	$1, %rsi
	jne	.Lround
.Lout:
	ret
	.size	total, .-total

	.globl	twice
	.type	twice, @function
twice:
	pushq	%rbx
	movl	%edi, %ebx
	call	ask@PLT
	leal	(%rax,%rbx,2), %eax
	popq	%rbx
	ret
	.size	twice, .-twice

	.globl	sign
	.type	sign, @function
sign:
	movl	%edi, %eax
	sarl	$31, %eax
	xorl	%ecx, %ecx
	testl	%edi, %edi
	setg	%cl
	orl	%ecx, %eax
	ret
	.size	sign, .-sign
