# Calls: outside, within the file, through pointers, in the tail.
	.text
	.type	helper, @function
helper:
	leaq	(%rdi,%rdi,2), %rax
	ret
	.size	helper, .-helper

	.globl	caller
	.type	caller, @function
caller:
	pushq	%rbx
	movq	%rsi, %rbx
	call	helper
	addq	%rax, %rbx
	movq	%rbx, %rdi
	call	outside@PLT
	addq	%rbx, %rax
	popq	%rbx
	ret
	.size	caller, .-caller

	.globl	through
	.type	through, @function
through:
	subq	$8, %rsp
	movq	%rdi, %rax
	movq	%rsi, %rdi
	call	*%rax
	notq	%rax
	addq	$8, %rsp
	ret
	.size	through, .-through

	.globl	last
	.type	last, @function
last:
	addq	$1, %rdi
	movl	$9, %esi
	jmp	outside@PLT
	.size	last, .-last

	.globl	factorial
	.type	factorial, @function
factorial:
	pushq	%rbx
	movl	%edi, %ebx
	movl	$1, %eax
	cmpl	$1, %edi
	jbe	.Lbase
	leal	-1(%rdi), %edi
	call	factorial
	imull	%ebx, %eax
.Lbase:
	popq	%rbx
	ret
	.size	factorial, .-factorial

	.globl	counter
	.type	counter, @function
counter:
	movl	total(%rip), %eax
	addl	%edi, %eax
	movl	%eax, total(%rip)
	ret
	.size	counter, .-counter
	.local	total
	.comm	total,4,4
