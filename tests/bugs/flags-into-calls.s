# SPDX-License-Identifier: MIT
# Functions that take their argument in a flag, and answer in one.
	.text
	.type	digit, @function
digit:
	subb	$'0', %al
	jc	1f
	cmpb	$10, %al
	cmc
1:	ret
	.size	digit, .-digit
	.type	count, @function
count:
	adcl	$0, %r8d
	leal	1(%rcx), %ecx
	ret
	.size	count, .-count
	.globl	main
	.type	main, @function
main:
	pushq	%rdx
	leaq	text(%rip), %rsi
	xorl	%r8d, %r8d
	xorl	%ecx, %ecx
	xorl	%edx, %edx
2:	lodsb
	testb	%al, %al
	je	3f
	call	digit
	call	count
	jmp	2b
3:	leal	(%r8,%rcx,8), %eax
	popq	%rdx
	ret
	.size	main, .-main
	.section	.rodata
text:	.asciz	"a1b22/:c9"
	.section	.note.GNU-stack,"",@progbits
