# The stack protector and control-flow enforcement.
	.text
	.globl	guarded
	.type	guarded, @function
guarded:
	endbr64
	subq	$40, %rsp
	movq	%fs:40, %rax
	movq	%rax, 24(%rsp)
	xorl	%eax, %eax
	movq	%rsp, %rdi
	call	fill@PLT
	movq	24(%rsp), %rdx
	subq	%fs:40, %rdx
	jne	.L1
	addq	$40, %rsp
	ret
.L1:
	call	__stack_chk_fail@PLT
	.size	guarded, .-guarded
	.section	.note.GNU-stack,"",@progbits
