# expect riscv64: V0227 line 6
# A function that takes a whole vector register and whose address others are given: on RISC-V nobody passes the higher half then.
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
	movq	%rax, %rdi
	call	later
	addq	$8, %rsp
	ret
	.size	call, .-call
	.section	.note.GNU-stack,"",@progbits
