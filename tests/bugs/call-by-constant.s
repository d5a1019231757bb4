# SPDX-License-Identifier: MIT
# Calls through a register that holds a function's address: what the function leaves alone stays in its registers.
	.text
	.type	f, @function
f:
	leal	4(%rdi), %eax
	ret
	.size	f, .-f
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	movl	$7, %esi
	movl	$5, %edi
	movabsq	$f, %rax
	call	*%rax
	leal	(%rax,%rsi), %ebx
	movl	%eax, %edi
	movabsq	$f, %rcx
	movq	%rcx, %rdx
	call	*%rdx
	addl	%eax, %ebx
	addl	%esi, %ebx
	movq	stdout@GOTPCREL(%rip), %rdi
	movq	(%rdi), %rdi
	movabsq	$fflush, %rax
	call	*%rax
	addl	%ebx, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.section	.note.GNU-stack,"",@progbits
