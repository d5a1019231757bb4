# Sixteen bytes exchanged at once, absolute addresses, and trailing zeros as compilers write them.
	.text
	.globl	swap16
	.type	swap16, @function
swap16:
	pushq	%rbx
	movq	%rsi, %rax
	movq	%rcx, %rbx
	movq	%r8, %rcx
	lock cmpxchg16b	(%rdi)
	sete	%al
	popq	%rbx
	movzbl	%al, %eax
	ret
	.size	swap16, .-swap16
	.globl	zeros
	.type	zeros, @function
zeros:
	xorl	%eax, %eax
	rep bsfl	%edi, %eax
	ret
	.size	zeros, .-zeros
	.globl	far
	.type	far, @function
far:
	movabsl	word+4, %eax
	addl	$1, %eax
	movabsl	%eax, word
	ret
	.size	far, .-far
	.comm	word,8,8
	.section	.note.GNU-stack,"",@progbits

# RISC-V has too few registers for this.
# expect riscv64: V0220 line 10
