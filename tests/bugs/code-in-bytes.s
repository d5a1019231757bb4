# SPDX-License-Identifier: MIT
# Hand-written code spells instructions as bytes where its assembler did not know them, or to have longer ones.
	.text
	.globl	main
	.type	main, @function
main:
	leaq	-16(%rsp), %rsi
	movl	$40, %eax
	.byte	0xf0
	xaddl	%eax, counter(%rip)
	movq	$5, (%rsi)
	# movq 0(%rsi), %rdx with a displacement of four bytes
	.byte	0x48,0x8b,0x96,0x00,0x00,0x00,0x00
	.byte	0x67,0x67
	addl	%edx, %eax
	# movq %rax, %xmm1; movq %xmm1, %rcx
	.byte	102,72,15,110,200
	.byte	102,72,15,126,201
	jmp	.Lover
	.byte	0x06,0x07
.Lover:
	.byte	0x66
	addq	%rcx, %rax
	movq	%rax, %rdi
	leaq	table(%rip), %rcx
	movzbl	1(%rcx), %ecx
	addl	%ecx, %eax
	# rep movsb; xchg %ax, %ax
	xorl	%ecx, %ecx
	.long	0x9066A4F3
	.byte	0xf3,0xc3
	.size	main, .-main
table:
	.byte	0xf3,0xc3
	.data
	.align	4
counter:
	.long	2
