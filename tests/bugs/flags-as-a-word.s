# All flags at once: stored by pushf and lahf, changed as a word, and loaded by popf and sahf.
	.globl	main
	.type	main, @function
	.text
main:
	pushq	%rbx
	pushq	%r12
	subq	$8, %rsp
	movl	$1, %ebx
	xorl	%r12d, %r12d
1:	movl	%ebx, %edi
	leal	0x7ffffef0(%rbx), %esi
	call	added
	addl	%eax, %r12d
	rorl	$3, %r12d
	movl	%ebx, %edi
	call	subtracted
	addl	%eax, %r12d
	rorl	$3, %r12d
	movl	%ebx, %edi
	leal	13(%rbx), %esi
	call	inverted
	addl	%eax, %r12d
	rorl	$3, %r12d
	movl	%ebx, %edi
	call	loaded
	addl	%eax, %r12d
	rorl	$3, %r12d
	movl	%ebx, %edi
	call	negated
	addl	%eax, %r12d
	rorl	$3, %r12d
	incl	%ebx
	cmpl	$600, %ebx
	jne	1b
	movl	%r12d, %eax
	shrl	$16, %eax
	xorl	%r12d, %eax
	movl	%eax, %ecx
	shrl	$8, %ecx
	xorl	%ecx, %eax
	addq	$8, %rsp
	popq	%r12
	popq	%rbx
	ret
	.size	main, .-main

	.type	added, @function
added:	addl	%esi, %edi
	pushfq
	popq	%rax
	ret
	.size	added, .-added

	.type	subtracted, @function
subtracted:
	movl	%edi, %eax
	subb	$9, %al
	lahf
	ret
	.size	subtracted, .-subtracted

	.type	inverted, @function
inverted:
	testl	%edi, %esi
	pushf
	xorq	$0x8d5, (%rsp)
	popf
	setc	%al
	seto	%ah
	setp	%cl
	movzwl	%ax, %eax
	movzbl	%cl, %ecx
	leal	(%rcx,%rax,4), %eax
	ret
	.size	inverted, .-inverted

	.type	loaded, @function
loaded:	movl	%edi, %eax
	movb	%al, %ah
	sahf
	lahf
	movzwl	%ax, %eax
	adcl	$0, %eax
	ret
	.size	loaded, .-loaded

	.type	negated, @function
negated:
	movl	%edi, %eax
	negw	%ax
	lahf
	movzwl	%ax, %edx
	incb	%al
	lahf
	addl	%edx, %eax
	ret
	.size	negated, .-negated
	.section .note.GNU-stack,"",@progbits
