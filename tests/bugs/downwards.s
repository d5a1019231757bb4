# SPDX-License-Identifier: MIT
# String instructions that go downwards: memory that is moved up, the last of a letter, and one step at a time.
	.text
	.globl	move
	.type	move, @function
move:
	movq	%rdx, %rcx
	cmpq	%rsi, %rdi
	jbe	1f
	leaq	-1(%rdi,%rdx), %rdi
	leaq	-1(%rsi,%rdx), %rsi
	std
	rep movsb
1:	cld
	rep movsb
	ret
	.size	move, .-move
	.globl	last
	.type	last, @function
last:
	movq	%rdx, %rcx
	movl	%esi, %eax
	leaq	-1(%rdi,%rdx), %rdi
	std
	repne scasb
	cld
	movl	$-1, %eax
	cmove	%ecx, %eax
	ret
	.size	last, .-last
	.globl	shift
	.type	shift, @function
shift:
	leaq	8(%rdi), %rsi
	leaq	12(%rdi), %rdi
	std
	movl	$3, %ecx
2:	lodsl
	addl	$1, %eax
	stosl
	decl	%ecx
	jne	2b
	cld
	ret
	.size	shift, .-shift
	.globl	main
	.type	main, @function
main:
	subq	$40, %rsp
	movabsq	$0x6867666564636261, %rax
	movq	%rax, (%rsp)
	movq	$0, 8(%rsp)
	leaq	2(%rsp), %rdi
	movq	%rsp, %rsi
	movl	$8, %edx
	call	move
	movq	%rsp, %rdi
	call	puts
	leaq	1(%rsp), %rdi
	leaq	3(%rsp), %rsi
	movl	$8, %edx
	call	move
	movq	%rsp, %rdi
	call	shift
	movq	%rsp, %rdi
	call	puts
	movq	%rsp, %rdi
	movl	$'b', %esi
	movl	$10, %edx
	call	last
	addq	$40, %rsp
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
