# Branches, loops, flags that live across blocks, selections.
	.text
	.globl	gcd
	.type	gcd, @function
gcd:
	movq	%rdi, %rax
.Lagain:
	testq	%rsi, %rsi
	je	.Ldone
	xorl	%edx, %edx
	divq	%rsi
	movq	%rsi, %rax
	movq	%rdx, %rsi
	jmp	.Lagain
.Ldone:
	ret
	.size	gcd, .-gcd

	.globl	clamp
	.type	clamp, @function
clamp:
	cmpl	%esi, %edi
	movl	%esi, %eax
	cmovge	%edi, %eax
	cmpl	%edx, %eax
	cmovg	%edx, %eax
	testl	%eax, %eax
	setns	%cl
	movzbl	%cl, %ecx
	addl	%ecx, %eax
	ret
	.size	clamp, .-clamp

	.globl	long_add
	.type	long_add, @function
long_add:
	xorl	%eax, %eax
	xorl	%r8d, %r8d
.Llimb:
	movq	(%rsi,%r8,8), %r9
	addq	%rax, %r9
	setc	%al
	addq	(%rdi,%r8,8), %r9
	movq	%r9, (%rdi,%r8,8)
	setc	%r10b
	orb	%r10b, %al
	movzbl	%al, %eax
	incq	%r8
	cmpq	%rdx, %r8
	jb	.Llimb
	ret
	.size	long_add, .-long_add

	.globl	classify
	.type	classify, @function
classify:
	cmpl	$47, %edi
	jbe	.Llow
	cmpl	$57, %edi
	ja	.Lhigh
	leal	-48(%rdi), %eax
	ret
.Lhigh:
	orl	$32, %edi
	leal	-97(%rdi), %eax
	cmpl	$5, %eax
	ja	.Llow
	addl	$10, %eax
	ret
.Llow:
	movl	$-1, %eax
	ret
	.size	classify, .-classify

	.globl	pick
	.type	pick, @function
pick:
	cmpl	$3, %edi
	ja	.Lnone
	movl	%edi, %edi
	leaq	.Ltable(%rip), %rcx
	movslq	(%rcx,%rdi,4), %rax
	addq	%rcx, %rax
	jmp	*%rax
	.section	.rodata
	.align	4
.Ltable:
	.long	.Lone-.Ltable
	.long	.Ltwo-.Ltable
	.long	.Lone-.Ltable
	.long	.Lthree-.Ltable
	.text
.Lone:
	leal	1(%rsi), %eax
	ret
.Ltwo:
	leal	(%rsi,%rsi), %eax
	ret
.Lthree:
	movl	%esi, %eax
	imull	%esi, %eax
	ret
.Lnone:
	xorl	%eax, %eax
	ret
	.size	pick, .-pick
