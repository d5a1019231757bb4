# SPDX-License-Identifier: MIT
# gcc -O2 -S words.c
	.file	"words.c"
	.text
	.p2align 4
	.type	by_count, @function
by_count:
.LFB22:
	.cfi_startproc
	movl	24(%rsi), %eax
	cmpl	%eax, 24(%rdi)
	jne	.L6
	jmp	strcmp@PLT
	.p2align 4,,10
	.p2align 3
.L6:
	sbbl	%eax, %eax
	andl	$2, %eax
	subl	$1, %eax
	ret
	.cfi_endproc
.LFE22:
	.size	by_count, .-by_count
	.p2align 4
	.type	find, @function
find:
.LFB23:
	.cfi_startproc
	pushq	%r15
	.cfi_def_cfa_offset 16
	.cfi_offset 15, -16
	pushq	%r14
	.cfi_def_cfa_offset 24
	.cfi_offset 14, -24
	pushq	%r13
	.cfi_def_cfa_offset 32
	.cfi_offset 13, -32
	pushq	%r12
	.cfi_def_cfa_offset 40
	.cfi_offset 12, -40
	pushq	%rbp
	.cfi_def_cfa_offset 48
	.cfi_offset 6, -48
	pushq	%rbx
	.cfi_def_cfa_offset 56
	.cfi_offset 3, -56
	movq	%rdx, %rbx
	subq	$24, %rsp
	.cfi_def_cfa_offset 80
	movl	(%rsi), %r14d
	movq	%rdi, (%rsp)
	movq	%rsi, 8(%rsp)
	movslq	%r14d, %r15
	testl	%r14d, %r14d
	jle	.L9
	movslq	%r14d, %r15
	movq	(%rsp), %rcx
	leaq	0(,%r15,8), %rax
	subq	%r15, %rax
	movq	%rcx, %r13
	leaq	(%rcx,%rax,4), %r12
	jmp	.L11
	.p2align 4,,10
	.p2align 3
.L19:
	addq	$28, %r13
	cmpq	%r12, %r13
	je	.L9
.L11:
	movq	%rbx, %rsi
	movq	%r13, %rdi
	movq	%r13, %rbp
	call	strcmp@PLT
	testl	%eax, %eax
	jne	.L19
.L8:
	addq	$24, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 56
	movq	%rbp, %rax
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%rbp
	.cfi_def_cfa_offset 40
	popq	%r12
	.cfi_def_cfa_offset 32
	popq	%r13
	.cfi_def_cfa_offset 24
	popq	%r14
	.cfi_def_cfa_offset 16
	popq	%r15
	.cfi_def_cfa_offset 8
	ret
	.p2align 4,,10
	.p2align 3
.L9:
	.cfi_restore_state
	movq	8(%rsp), %rax
	addl	$1, %r14d
	movq	(%rsp), %rdx
	movq	%rbx, %rsi
	movl	%r14d, (%rax)
	leaq	0(,%r15,8), %rax
	subq	%r15, %rax
	leaq	(%rdx,%rax,4), %rbp
	movl	$23, %edx
	movq	%rbp, %rdi
	call	strncpy@PLT
	movl	$0, 24(%rbp)
	jmp	.L8
	.cfi_endproc
.LFE23:
	.size	find, .-find
	.section	.rodata.str1.1,"aMS",@progbits,1
.LC1:
	.string	"%u %s\n"
.LC2:
	.string	"%.3f letters on average\n"
	.section	.text.startup,"ax",@progbits
	.p2align 4
	.globl	main
	.type	main, @function
main:
.LFB25:
	.cfi_startproc
	pushq	%r15
	.cfi_def_cfa_offset 16
	.cfi_offset 15, -16
	pushq	%r14
	.cfi_def_cfa_offset 24
	.cfi_offset 14, -24
	movq	%rsi, %r14
	movl	$28, %esi
	pushq	%r13
	.cfi_def_cfa_offset 32
	.cfi_offset 13, -32
	pushq	%r12
	.cfi_def_cfa_offset 40
	.cfi_offset 12, -40
	pushq	%rbp
	.cfi_def_cfa_offset 48
	.cfi_offset 6, -48
	movl	%edi, %ebp
	movl	$64, %edi
	pushq	%rbx
	.cfi_def_cfa_offset 56
	.cfi_offset 3, -56
	subq	$40, %rsp
	.cfi_def_cfa_offset 96
	call	calloc@PLT
	movl	$0, 28(%rsp)
	movq	%rax, %r13
	cmpl	$1, %ebp
	jle	.L21
	movl	$2, %ebx
	leaq	28(%rsp), %r15
	.p2align 4,,10
	.p2align 3
.L22:
	movq	-8(%r14,%rbx,8), %rdx
	movq	%r15, %rsi
	movq	%r13, %rdi
	call	find
	movl	28(%rsp), %r12d
	addl	$1, 24(%rax)
	cmpl	%ebx, %ebp
	setg	%dl
	cmpl	$63, %r12d
	setle	%al
	addq	$1, %rbx
	testb	%al, %dl
	jne	.L22
	movslq	%r12d, %rbp
	leaq	by_count(%rip), %rcx
	movl	$28, %edx
	movq	%r13, %rdi
	movq	%rbp, %rsi
	call	qsort@PLT
	testl	%r12d, %r12d
	jle	.L23
	leaq	0(,%rbp,8), %rax
	movq	%r13, %rbx
	leaq	.LC1(%rip), %r15
	subq	%rbp, %rax
	movq	%r13, %rbp
	leaq	0(%r13,%rax,4), %r14
	.p2align 4,,10
	.p2align 3
.L24:
	movl	24(%rbp), %esi
	movq	%rbp, %rdx
	movq	%r15, %rdi
	xorl	%eax, %eax
	addq	$28, %rbp
	call	printf@PLT
	cmpq	%rbp, %r14
	jne	.L24
	pxor	%xmm3, %xmm3
	movapd	%xmm3, %xmm0
	.p2align 4,,10
	.p2align 3
.L27:
	movq	%rbx, %rdi
	movsd	%xmm3, 8(%rsp)
	addq	$28, %rbx
	movsd	%xmm0, (%rsp)
	call	strlen@PLT
	movl	-4(%rbx), %edx
	pxor	%xmm2, %xmm2
	pxor	%xmm1, %xmm1
	cvtsi2sdq	%rax, %xmm1
	movsd	(%rsp), %xmm0
	movsd	8(%rsp), %xmm3
	cvtsi2sdq	%rdx, %xmm2
	mulsd	%xmm2, %xmm1
	addsd	%xmm2, %xmm3
	addsd	%xmm1, %xmm0
	cmpq	%rbx, %r14
	jne	.L27
	pxor	%xmm1, %xmm1
	comisd	%xmm1, %xmm3
	jbe	.L23
	divsd	%xmm3, %xmm0
.L28:
	leaq	.LC2(%rip), %rdi
	movl	$1, %eax
	call	printf@PLT
	movq	%r13, %rdi
	call	free@PLT
	addq	$40, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 56
	movl	%r12d, %eax
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%rbp
	.cfi_def_cfa_offset 40
	popq	%r12
	.cfi_def_cfa_offset 32
	popq	%r13
	.cfi_def_cfa_offset 24
	popq	%r14
	.cfi_def_cfa_offset 16
	popq	%r15
	.cfi_def_cfa_offset 8
	ret
.L21:
	.cfi_restore_state
	leaq	by_count(%rip), %rcx
	xorl	%esi, %esi
	movq	%rax, %rdi
	xorl	%r12d, %r12d
	movl	$28, %edx
	call	qsort@PLT
.L23:
	pxor	%xmm0, %xmm0
	jmp	.L28
	.cfi_endproc
.LFE25:
	.size	main, .-main
	.ident	"GCC: (Debian 12.2.0-14+deb12u1) 12.2.0"
	.section	.note.GNU-stack,"",@progbits
