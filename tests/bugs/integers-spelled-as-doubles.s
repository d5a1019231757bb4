# SPDX-License-Identifier: MIT
# pabsd ends as instructions on doubles do: a float that is left in the register before was not expected there.
	.text
	.type	far, @function
far:
	xorl	%eax, %eax
	testl	%esi, %esi
	jle	.Lnone
	pabsd	(%rdi), %xmm2
	movd	%xmm2, %eax
.Lnone:
	ret
	.size	far, .-far
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	movl	$3, %eax
	cvtsi2ssl	%eax, %xmm2
	addss	%xmm2, %xmm2
	leaq	data(%rip), %rdi
	movl	$1, %esi
	call	far
	movl	%eax, %ebx
	leaq	text(%rip), %rdi
	xorl	%eax, %eax
	call	puts@PLT
	movl	%ebx, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.section	.rodata
	.p2align	4
data:
	.long	-42, 7, -9, 3
text:
	.string	"far"
	.section	.note.GNU-stack,"",@progbits
