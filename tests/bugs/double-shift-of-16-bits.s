# SPDX-License-Identifier: MIT
# A double shift of 16 bits by the count in cl was refused. The count may be 16, and the flags be read.
	.text
	.globl	main
	.type	main, @function
main:
	xorl	%eax, %eax
	movl	$16, %ecx
	movl	$0x9a5b1234, %esi
	movl	$0x77c6, %r9d
.Lnext:
	movl	%esi, %edx
	shldw	%cl, %r9w, %dx
	adcl	%edx, %eax
	rorl	$3, %eax
	movw	%si, word(%rip)
	shrdw	%cl, %r9w, word(%rip)
	sets	%dl
	setp	%dh
	adcw	word(%rip), %ax
	addl	%edx, %eax
	roll	$7, %eax
	decl	%ecx
	jns	.Lnext
	movl	%eax, %edx
	shrl	$16, %edx
	xorl	%edx, %eax
	xorb	%ah, %al
	movzbl	%al, %eax
	ret
	.size	main, .-main
	.bss
word:	.zero	2
	.section	.note.GNU-stack,"",@progbits
