# SPDX-License-Identifier: MIT
# What stands above a float that nobody reads, in the loop and behind a call.
	.text
	.globl	f
	.type	f, @function
f:
	pushq	%rbx
	movl	%edi, %ebx
	movss	one(%rip), %xmm2
	testl	%edi, %edi
	jg	.L1
	call	getpid@PLT
.L1:
	cvtsi2ss %ebx, %xmm2
	movaps	%xmm2, %xmm0
	mulss	%xmm2, %xmm0
	shufps	$0xe0, %xmm0, %xmm0
	movss	%xmm0, a(%rip)
	movaps	%xmm0, %xmm3
	call	getpid@PLT
	decl	%ebx
	jns	.L1
	popq	%rbx
	movss	a(%rip), %xmm0
	ret
	.size	f, .-f
	.globl	main
	.type	main, @function
main:
	subq	$8, %rsp
	movl	$5, %edi
	call	f
	movss	a(%rip), %xmm0
	cvttss2si %xmm0, %eax
	addq	$8, %rsp
	ret
	.size	main, .-main
	.comm	a,16,16
	.section	.rodata
	.balign	4
one:	.float	1.5
	.section	.note.GNU-stack,"",@progbits
