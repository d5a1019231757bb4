# SPDX-License-Identifier: MIT
# A double that a loop keeps, and that is loaded behind the loop in the text: what the blocks above are told of the
# register has to come from below.
	.text
	.globl	main
	.type	main, @function
main:
	cmpl	$100, %edi
	jl	.Lfirst
	xorl	%eax, %eax
	ret
.Lbody:
	movapd	%xmm4, %xmm0
	movl	$3, %eax
.Linner:
	addsd	%xmm4, %xmm0
	subl	$1, %eax
	jne	.Linner
	cvttsd2si	%xmm0, %edx
	addl	%edx, %ecx
.Lnext:
	addl	$1, %esi
	cmpl	$5, %esi
	jg	.Ldone
.Ltest:
	testl	$1, %esi
	je	.Lbody
	jmp	.Lnext
.Lfirst:
	xorl	%ecx, %ecx
	movl	$1, %esi
	movsd	.Lconstant(%rip), %xmm4
	jmp	.Ltest
.Ldone:
	movl	%ecx, %eax
	ret
	.size	main, .-main
	.section	.rodata
	.align 8
.Lconstant:
	.double	2.5
	.section	.note.GNU-stack,"",@progbits
