# SPDX-License-Identifier: MIT
# gcc -O2 -S calculator.c
	.file	"calculator.c"
	.text
	.p2align 4
	.globl	evaluate
	.type	evaluate, @function
evaluate:
.LFB22:
	.cfi_startproc
	movq	%rdi, %rsi
	subq	$16, %rsp
	.cfi_def_cfa_offset 24
	leaq	.L4(%rip), %rdi
	xorl	%eax, %eax
	.p2align 4,,10
	.p2align 3
.L17:
	cmpl	$11, (%rsi)
	ja	.L2
	movl	(%rsi), %edx
	movslq	(%rdi,%rdx,4), %rdx
	addq	%rdi, %rdx
	jmp	*%rdx
	.section	.rodata
	.align 4
	.align 4
.L4:
	.long	.L15-.L4
	.long	.L14-.L4
	.long	.L13-.L4
	.long	.L12-.L4
	.long	.L11-.L4
	.long	.L10-.L4
	.long	.L9-.L4
	.long	.L8-.L4
	.long	.L7-.L4
	.long	.L6-.L4
	.long	.L5-.L4
	.long	.L3-.L4
	.text
	.p2align 4,,10
	.p2align 3
.L5:
	leal	-1(%rax), %edx
	subl	$2, %eax
	cltq
	movslq	%edx, %rcx
	movq	-120(%rsp,%rcx,8), %rcx
	sarq	%cl, -120(%rsp,%rax,8)
	movl	%edx, %eax
	.p2align 4,,10
	.p2align 3
.L16:
	addq	$16, %rsi
	jmp	.L17
	.p2align 4,,10
	.p2align 3
.L6:
	leal	-1(%rax), %edx
	subl	$2, %eax
	cltq
	movslq	%edx, %rcx
	movq	-120(%rsp,%rcx,8), %rcx
	salq	%cl, -120(%rsp,%rax,8)
	movl	%edx, %eax
	jmp	.L16
	.p2align 4,,10
	.p2align 3
.L7:
	leal	-1(%rax), %ecx
	subl	$2, %eax
	cltq
	movslq	%ecx, %r8
	movq	-120(%rsp,%rax,8), %rdx
	xorq	-120(%rsp,%r8,8), %rdx
	movq	%rdx, -120(%rsp,%rax,8)
	movl	%ecx, %eax
	jmp	.L16
	.p2align 4,,10
	.p2align 3
.L8:
	leal	-1(%rax), %ecx
	subl	$2, %eax
	cltq
	movslq	%ecx, %r8
	movq	-120(%rsp,%rax,8), %rdx
	orq	-120(%rsp,%r8,8), %rdx
	movq	%rdx, -120(%rsp,%rax,8)
	movl	%ecx, %eax
	jmp	.L16
	.p2align 4,,10
	.p2align 3
.L9:
	leal	-1(%rax), %ecx
	subl	$2, %eax
	cltq
	movslq	%ecx, %r8
	movq	-120(%rsp,%rax,8), %rdx
	andq	-120(%rsp,%r8,8), %rdx
	movq	%rdx, -120(%rsp,%rax,8)
	movl	%ecx, %eax
	jmp	.L16
	.p2align 4,,10
	.p2align 3
.L10:
	leal	-1(%rax), %r8d
	subl	$2, %eax
	movslq	%eax, %rcx
	movslq	%r8d, %r10
	movq	-120(%rsp,%rcx,8), %rax
	cqto
	idivq	-120(%rsp,%r10,8)
	movl	%r8d, %eax
	movq	%rdx, -120(%rsp,%rcx,8)
	jmp	.L16
	.p2align 4,,10
	.p2align 3
.L11:
	leal	-1(%rax), %r8d
	subl	$2, %eax
	movslq	%eax, %rcx
	movslq	%r8d, %r9
	movq	-120(%rsp,%rcx,8), %rax
	cqto
	idivq	-120(%rsp,%r9,8)
	movq	%rax, -120(%rsp,%rcx,8)
	movl	%r8d, %eax
	jmp	.L16
	.p2align 4,,10
	.p2align 3
.L12:
	leal	-1(%rax), %ecx
	subl	$2, %eax
	cltq
	movslq	%ecx, %r8
	movq	-120(%rsp,%rax,8), %rdx
	imulq	-120(%rsp,%r8,8), %rdx
	movq	%rdx, -120(%rsp,%rax,8)
	movl	%ecx, %eax
	jmp	.L16
	.p2align 4,,10
	.p2align 3
.L13:
	leal	-1(%rax), %ecx
	subl	$2, %eax
	cltq
	movslq	%ecx, %r8
	movq	-120(%rsp,%rax,8), %rdx
	subq	-120(%rsp,%r8,8), %rdx
	movq	%rdx, -120(%rsp,%rax,8)
	movl	%ecx, %eax
	jmp	.L16
	.p2align 4,,10
	.p2align 3
.L14:
	leal	-1(%rax), %edx
	subl	$2, %eax
	cltq
	movslq	%edx, %rcx
	movq	-120(%rsp,%rcx,8), %rcx
	addq	%rcx, -120(%rsp,%rax,8)
	movl	%edx, %eax
	jmp	.L16
	.p2align 4,,10
	.p2align 3
.L15:
	movq	8(%rsi), %rcx
	movslq	%eax, %rdx
	addl	$1, %eax
	movq	%rcx, -120(%rsp,%rdx,8)
	jmp	.L16
	.p2align 4,,10
	.p2align 3
.L3:
	leal	-1(%rax), %edx
	movslq	%edx, %rdx
	negq	-120(%rsp,%rdx,8)
	jmp	.L16
.L2:
	subl	$1, %eax
	cltq
	movq	-120(%rsp,%rax,8), %rax
	addq	$16, %rsp
	.cfi_def_cfa_offset 8
	ret
	.cfi_endproc
.LFE22:
	.size	evaluate, .-evaluate
	.p2align 4
	.globl	operator
	.type	operator, @function
operator:
.LFB23:
	.cfi_startproc
	cmpb	$94, %dil
	jg	.L22
	xorl	%eax, %eax
	cmpb	$36, %dil
	jle	.L21
	subl	$37, %edi
	cmpb	$57, %dil
	ja	.L24
	leaq	.L26(%rip), %rdx
	movzbl	%dil, %edi
	movslq	(%rdx,%rdi,4), %rax
	addq	%rdx, %rax
	jmp	*%rax
	.section	.rodata
	.align 4
	.align 4
.L26:
	.long	.L33-.L26
	.long	.L32-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L31-.L26
	.long	.L30-.L26
	.long	.L24-.L26
	.long	.L35-.L26
	.long	.L24-.L26
	.long	.L29-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L28-.L26
	.long	.L24-.L26
	.long	.L27-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L24-.L26
	.long	.L25-.L26
	.text
	.p2align 4,,10
	.p2align 3
.L24:
	xorl	%eax, %eax
	ret
	.p2align 4,,10
	.p2align 3
.L35:
	movl	$2, %eax
.L21:
	ret
	.p2align 4,,10
	.p2align 3
.L22:
	movl	$7, %eax
	cmpb	$124, %dil
	je	.L21
	cmpb	$126, %dil
	movl	$0, %edx
	movl	$11, %eax
	cmovne	%edx, %eax
	ret
	.p2align 4,,10
	.p2align 3
.L25:
	movl	$8, %eax
	ret
	.p2align 4,,10
	.p2align 3
.L33:
	movl	$5, %eax
	ret
	.p2align 4,,10
	.p2align 3
.L32:
	movl	$6, %eax
	ret
	.p2align 4,,10
	.p2align 3
.L31:
	movl	$3, %eax
	ret
	.p2align 4,,10
	.p2align 3
.L29:
	movl	$4, %eax
	ret
	.p2align 4,,10
	.p2align 3
.L28:
	movl	$9, %eax
	ret
	.p2align 4,,10
	.p2align 3
.L27:
	movl	$10, %eax
	ret
	.p2align 4,,10
	.p2align 3
.L30:
	movl	$1, %eax
	ret
	.cfi_endproc
.LFE23:
	.size	operator, .-operator
	.section	.rodata.str1.1,"aMS",@progbits,1
.LC0:
	.string	"%ld\n"
	.section	.text.startup,"ax",@progbits
	.p2align 4
	.globl	main
	.type	main, @function
main:
.LFB24:
	.cfi_startproc
	pushq	%r14
	.cfi_def_cfa_offset 16
	.cfi_offset 14, -16
	pushq	%r13
	.cfi_def_cfa_offset 24
	.cfi_offset 13, -24
	pushq	%r12
	.cfi_def_cfa_offset 32
	.cfi_offset 12, -32
	pushq	%rbp
	.cfi_def_cfa_offset 40
	.cfi_offset 6, -40
	pushq	%rbx
	.cfi_def_cfa_offset 48
	.cfi_offset 3, -48
	subq	$1024, %rsp
	.cfi_def_cfa_offset 1072
	cmpl	$1, %edi
	jle	.L45
	movq	%rsp, %r12
	movl	%edi, %r13d
	movq	%rsi, %r14
	movl	$1, %ebx
	movq	%r12, %rbp
	jmp	.L43
	.p2align 4,,10
	.p2align 3
.L53:
	movl	$0, 0(%rbp)
.L41:
	xorl	%edx, %edx
	xorl	%esi, %esi
	movq	%rcx, %rdi
	call	strtol@PLT
.L42:
	movq	%rax, 8(%rbp)
	leal	1(%rbx), %eax
	leaq	1(%rbx), %rdx
	addq	$16, %rbp
	cmpl	%r13d, %eax
	jge	.L48
	cmpl	$62, %ebx
	jg	.L48
	movq	%rdx, %rbx
.L43:
	movq	(%r14,%rbx,8), %rcx
	cmpb	$0, 1(%rcx)
	jne	.L53
	movsbl	(%rcx), %edi
	call	operator
	movl	%eax, %edx
	movl	%eax, 0(%rbp)
	xorl	%eax, %eax
	testl	%edx, %edx
	jne	.L42
	jmp	.L41
	.p2align 4,,10
	.p2align 3
.L48:
	movslq	%ebx, %rbx
	movq	%r12, %rdi
	salq	$4, %rbx
	movl	$12, (%rsp,%rbx)
	call	evaluate
	movq	%rax, %rsi
.L39:
	leaq	.LC0(%rip), %rdi
	xorl	%eax, %eax
	call	printf@PLT
	addq	$1024, %rsp
	.cfi_remember_state
	.cfi_def_cfa_offset 48
	xorl	%eax, %eax
	popq	%rbx
	.cfi_def_cfa_offset 40
	popq	%rbp
	.cfi_def_cfa_offset 32
	popq	%r12
	.cfi_def_cfa_offset 24
	popq	%r13
	.cfi_def_cfa_offset 16
	popq	%r14
	.cfi_def_cfa_offset 8
	ret
.L45:
	.cfi_restore_state
	xorl	%esi, %esi
	jmp	.L39
	.cfi_endproc
.LFE24:
	.size	main, .-main
	.ident	"GCC: (Debian 12.2.0-14+deb12u1) 12.2.0"
	.section	.note.GNU-stack,"",@progbits
