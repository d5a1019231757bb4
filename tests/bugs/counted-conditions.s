# SPDX-License-Identifier: MIT
# Loops that end by their count or by a comparison, and a jump out of a function when the count is zero.
	.text
	.globl	find
	.type	find, @function
find:
	movl	%esi, %eax
	movq	%rdx, %rcx
	jrcxz	nothing
	decq	%rdi
1:	incq	%rdi
	cmpb	%al, (%rdi)
	loopne	1b
	jne	nothing
	movq	%rdx, %rax
	subq	%rcx, %rax
	ret
	.size	find, .-find
	.globl	nothing
	.type	nothing, @function
nothing:
	xorl	%eax, %eax
	ret
	.size	nothing, .-nothing
	.globl	skip
	.type	skip, @function
skip:
	movl	%edx, %ecx
	leaq	-1(%rdi), %rdi
2:	addq	$1, %rdi
	cmpb	%sil, (%rdi)
	loope	2b
	movl	%ecx, %eax
	ret
	.size	skip, .-skip
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	leaq	text(%rip), %rdi
	movl	$'c', %esi
	movl	$6, %edx
	call	find
	movl	%eax, %ebx
	leaq	text(%rip), %rdi
	movl	$'z', %esi
	movl	$6, %edx
	call	find
	leal	(%rax,%rbx,4), %ebx
	leaq	text(%rip), %rdi
	xorl	%edx, %edx
	call	find
	leal	(%rax,%rbx,4), %ebx
	leaq	text(%rip), %rdi
	movl	$'a', %esi
	movl	$6, %edx
	call	skip
	addl	%ebx, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.section	.rodata
text:	.ascii	"aaabcd"
	.section	.note.GNU-stack,"",@progbits
