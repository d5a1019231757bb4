# SPDX-License-Identifier: MIT
# A function goes on within another one that has a jump table, in front of its jump and of all that it goes to: it was refused.
	.text
	.globl	plus
	.type	plus, @function
plus:
	leal	(%rdi,%rsi), %eax
	jmp	.Lstart
	.size	plus, .-plus
	.globl	first
	.type	first, @function
first:
	movl	%edi, %eax
.Lstart:
	andl	$3, %esi
.Lagain:
	leaq	.Ltable(%rip), %rcx
	movslq	(%rcx,%rsi,4), %rdx
	addq	%rcx, %rdx
	jmp	*%rdx
.Lnone:	ret
.Lone:	incl	%eax
	ret
.Ltwo:	leal	(%rax,%rax,4), %eax
	decl	%esi
	jmp	.Lagain
.Lthree:
	negl	%eax
	subl	$3, %esi
	jmp	.Lagain
	.size	first, .-first
	.section	.rodata
	.align	4
.Ltable:
	.long	.Lnone-.Ltable, .Lone-.Ltable, .Ltwo-.Ltable, .Lthree-.Ltable
	.text
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	movl	$7, %ebx
	movl	$1, %ebp
1:	movl	%ebp, %edi
	movl	%ebx, %esi
	call	plus
	movl	%eax, %r12d
	movl	%ebp, %edi
	movl	%ebx, %esi
	call	first
	leal	(%rax,%r12,2), %ebp
	decl	%ebx
	jns	1b
	movzbl	%bpl, %eax
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
