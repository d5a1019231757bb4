# SPDX-License-Identifier: MIT
# Two functions share an ending that leaves the result alone, and only code elsewhere looks at that.
	.text
	.globl	first
	.type	first, @function
first:
	pushq	%rbx
	movq	%rdi, %rbx
	leaq	(%rdi,%rsi,2), %rax
	testq	%rsi, %rsi
	js	.Lend
	addq	%rbx, %rax
	jmp	.Lend
	.size	first, .-first
	.globl	second
	.type	second, @function
second:
	pushq	%rbx
	movq	%rsi, %rbx
	movq	%rdi, %rax
	imulq	%rbx, %rax
.Lend:
	popq	%rbx
	ret
	.size	second, .-second
	.globl	main
	.type	main, @function
main:
	subq	$8, %rsp
	movl	$5, %edi
	movl	$7, %esi
	call	*functions+8(%rip)
	movq	%rax, %rdi
	movl	$3, %esi
	call	*functions(%rip)
	movq	%rax, %rsi
	leaq	format(%rip), %rdi
	xorl	%eax, %eax
	call	printf@PLT
	xorl	%eax, %eax
	addq	$8, %rsp
	ret
	.size	main, .-main
	.section .rodata
format:	.string	"%ld\n"
	.data
	.align 8
functions:	.quad	first, second
	.section .note.GNU-stack,"",@progbits
