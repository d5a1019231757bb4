# SPDX-License-Identifier: MIT
# A second entry point that jumps into the middle of another function.
	.text
	.globl	with_carry
	.type	with_carry, @function
with_carry:
	neg	%rcx
	mov	(%rdi), %rax
	jmp	.Lmiddle
	.size	with_carry, .-with_carry
	.globl	add
	.type	add, @function
add:
	clc
	mov	(%rdi), %rax
.Ltop:
	lea	8(%rdi), %rdi
.Lmiddle:
	adc	(%rsi), %rax
	dec	%edx
	jnz	.Ltop
	ret
	.size	add, .-add
	.text
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	xorl	%ebx, %ebx
	leaq	numbers(%rip), %rdi
	leaq	numbers+8(%rip), %rsi
	movl	$1, %ecx
	movl	$3, %edx
	call	with_carry
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	leaq	numbers(%rip), %rdi
	leaq	numbers+8(%rip), %rsi
	xorl	%ecx, %ecx
	movl	$2, %edx
	call	with_carry
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	leaq	numbers(%rip), %rdi
	leaq	numbers+8(%rip), %rsi
	movl	$3, %edx
	call	add
	leal	(%rbx,%rbx,2), %ebx
	addl	%eax, %ebx
	movzbl	%bl, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.section	.rodata
	.align	8
numbers:
	.quad	-2, 3, 7, 11
	.section	.note.GNU-stack,"",@progbits
