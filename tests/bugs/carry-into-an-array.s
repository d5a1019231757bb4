# SPDX-License-Identifier: MIT
# Sums and differences with carry in an element of an array, behind which the carry or all flags are read: the address
# takes registers as well.
	.text
	.globl	add
	.type	add, @function
add:
	leaq	table(%rip), %rcx
	movl	%edx, %eax
	addb	$-1, %al
	adcl	%edi, 4(%rcx,%rsi,2)
	setb	%al
	movzbl	%al, %eax
	ret
	.size	add, .-add
	.globl	subtract
	.type	subtract, @function
subtract:
	leaq	table(%rip), %rcx
	movl	%edx, %eax
	subb	$1, %al
	sbbl	%edi, 4(%rcx,%rsi,2)
	seto	%al
	sets	%dl
	setc	%cl
	movzbl	%al, %eax
	movzbl	%dl, %edx
	movzbl	%cl, %ecx
	leal	(%rdx,%rax,2), %eax
	leal	(%rcx,%rax,2), %eax
	ret
	.size	subtract, .-subtract
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	xorl	%ebx, %ebx
	xorl	%ebp, %ebp
again:
	imull	$1103515245, %ebx, %edi
	leal	(%rbx,%rbx), %esi
	andl	$6, %esi
	movl	%ebx, %edx
	andl	$1, %edx
	call	add
	imull	$31, %ebp, %ebp
	addl	%eax, %ebp
	imull	$1103515245, %ebx, %edi
	movl	%ebx, %esi
	andl	$4, %esi
	movl	%ebx, %edx
	andl	$1, %edx
	call	subtract
	imull	$31, %ebp, %ebp
	addl	%eax, %ebp
	incl	%ebx
	cmpl	$40, %ebx
	jne	again
	movl	%ebp, %esi
	movl	table+4(%rip), %edx
	movl	table+12(%rip), %ecx
	leaq	format(%rip), %rdi
	xorl	%eax, %eax
	call	printf@PLT
	xorl	%eax, %eax
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret
	.size	main, .-main
	.section	.rodata
format:
	.string	"%08x %08x %08x\n"
	.data
	.balign	4
table:
	.long	1, 2147483647, 3, 4026531840, 5, 6, 7, 8
	.section	.note.GNU-stack,"",@progbits
