# SPDX-License-Identifier: MIT
# Parts of addresses from the global offset table, as clang loads them where it compares addresses.
	.text
	.globl	main
	.type	main, @function
main:
	xorl	%edx, %edx
	movq	v@GOTPCREL(%rip), %rcx
	movq	$-1, %rsi
	movl	v@GOTPCREL(%rip), %esi
	movl	%ecx, %edi
	cmpq	%rdi, %rsi
	jne	1f
	incl	%edx
	cmpl	v@GOTPCREL(%rip), %ecx
	jne	1f
	incl	%edx
	movzbl	v@GOTPCREL(%rip), %eax
	cmpb	%cl, %al
	jne	1f
	incl	%edx
	movswq	v@GOTPCREL(%rip), %rax
	movswq	%cx, %rsi
	cmpq	%rsi, %rax
	jne	1f
	incl	%edx
	movslq	v@GOTPCREL(%rip), %rax
	addl	v@GOTPCREL(%rip), %ecx
	addl	%edi, %edi
	cmpl	%edi, %ecx
	jne	1f
	incl	%edx
	testb	$7, v@GOTPCREL(%rip)
	jne	1f
	addl	$8, %edx
1:	movl	%edx, %eax
	ret
	.size	main, .-main
	.globl	v
	.data
	.balign	8
v:	.quad	0
	.section	.note.GNU-stack,"",@progbits
