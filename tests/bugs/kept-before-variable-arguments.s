# SPDX-License-Identifier: MIT
# Numbers in all sixteen vector registers are kept over a call, and later a function with variable arguments is called,
# which would save eight registers as a whole if it were passed any.
	.text
	.type	add, @function
add:
	leal	(%rdi,%rsi), %eax
	ret
	.size	add, .-add
	.type	warn, @function
warn:
	subq	$216, %rsp
	movq	%rdi, %r10
	leaq	32(%rsp), %rdx
	movq	%rsi, 40(%rsp)
	testb	%al, %al
	je	.Lnone
	movaps	%xmm0, 80(%rsp)
	movaps	%xmm1, 96(%rsp)
	movaps	%xmm2, 112(%rsp)
	movaps	%xmm3, 128(%rsp)
	movaps	%xmm4, 144(%rsp)
	movaps	%xmm5, 160(%rsp)
	movaps	%xmm6, 176(%rsp)
	movaps	%xmm7, 192(%rsp)
.Lnone:
	leaq	224(%rsp), %rax
	movl	$8, 8(%rsp)
	movq	%rax, 16(%rsp)
	movl	$48, 12(%rsp)
	movq	%rdx, 24(%rsp)
	leaq	8(%rsp), %rsi
	movq	%r10, %rdi
	call	vprintf@PLT
	addq	$216, %rsp
	ret
	.size	warn, .-warn
	.type	sum, @function
sum:
	pushq	%rbx
	cvtsi2sdl	%edi, %xmm0
	movapd	%xmm0, %xmm1
	addsd	%xmm0, %xmm1
	movapd	%xmm1, %xmm2
	addsd	%xmm0, %xmm2
	movapd	%xmm2, %xmm3
	addsd	%xmm0, %xmm3
	movapd	%xmm3, %xmm4
	addsd	%xmm0, %xmm4
	movapd	%xmm4, %xmm5
	addsd	%xmm0, %xmm5
	movapd	%xmm5, %xmm6
	addsd	%xmm0, %xmm6
	movapd	%xmm6, %xmm7
	addsd	%xmm0, %xmm7
	movapd	%xmm7, %xmm8
	addsd	%xmm0, %xmm8
	movapd	%xmm8, %xmm9
	addsd	%xmm0, %xmm9
	movapd	%xmm9, %xmm10
	addsd	%xmm0, %xmm10
	movapd	%xmm10, %xmm11
	addsd	%xmm0, %xmm11
	movapd	%xmm11, %xmm12
	addsd	%xmm0, %xmm12
	movapd	%xmm12, %xmm13
	addsd	%xmm0, %xmm13
	movapd	%xmm13, %xmm14
	addsd	%xmm0, %xmm14
	movapd	%xmm14, %xmm15
	addsd	%xmm0, %xmm15
	movl	$5, %esi
	call	add
	movl	%eax, %ebx
	mulsd	%xmm15, %xmm14
	mulsd	%xmm13, %xmm12
	mulsd	%xmm11, %xmm10
	mulsd	%xmm9, %xmm8
	mulsd	%xmm7, %xmm6
	mulsd	%xmm5, %xmm4
	mulsd	%xmm3, %xmm2
	mulsd	%xmm1, %xmm0
	addsd	%xmm14, %xmm12
	subsd	%xmm10, %xmm12
	addsd	%xmm8, %xmm12
	subsd	%xmm6, %xmm12
	addsd	%xmm4, %xmm12
	subsd	%xmm2, %xmm12
	addsd	%xmm0, %xmm12
	cvttsd2si	%xmm12, %esi
	addl	%ebx, %esi
	leaq	.Lformat(%rip), %rdi
	xorl	%eax, %eax
	call	warn
	leaq	.Lnumber(%rip), %rdi
	movsd	.Lhalf(%rip), %xmm0
	movl	$1, %eax
	call	warn
	popq	%rbx
	ret
	.size	sum, .-sum
	.globl	main
	.type	main, @function
main:
	subq	$8, %rsp
	movl	$3, %edi
	call	sum
	movl	$11, %edi
	call	sum
	xorl	%eax, %eax
	addq	$8, %rsp
	ret
	.size	main, .-main
	.section	.rodata
.Lformat:
	.string	"sum %d\n"
.Lnumber:
	.string	"done\n"
	.align	8
.Lhalf:
	.double	0.5
	.section	.note.GNU-stack,"",@progbits
