# expect riscv64: V0227 line 6
# A function that takes a whole vector register and is called through a pointer: on RISC-V nobody passes the higher half then.
	.text
	.type	last, @function
last:
	movdqa	%xmm0, %xmm1
	psrldq	$8, %xmm1
	movq	%xmm1, %rax
	ret
	.size	last, .-last
	.globl	call
	.type	call, @function
call:
	subq	$8, %rsp
	leaq	last(%rip), %rax
	movdqu	(%rdi), %xmm0
	testl	%esi, %esi
	cmovne	%rdx, %rax
	call	*%rax
	addq	$8, %rsp
	ret
	.size	call, .-call
	.section	.note.GNU-stack,"",@progbits
