# SPDX-License-Identifier: MIT
# gcc -O2 -S checksum.c
	.file	"checksum.c"
	.text
	.p2align 4
	.globl	sum128
	.type	sum128, @function
sum128:
.LFB11:
	.cfi_startproc
	testq	%rsi, %rsi
	je	.L4
	salq	$4, %rsi
	xorl	%eax, %eax
	xorl	%edx, %edx
	leaq	(%rdi,%rsi), %rcx
	.p2align 4,,10
	.p2align 3
.L3:
	movq	(%rdi), %r8
	movq	8(%rdi), %r9
	addq	%r8, %rax
	adcq	%r9, %rdx
	addq	$16, %rdi
	cmpq	%rdi, %rcx
	jne	.L3
	ret
	.p2align 4,,10
	.p2align 3
.L4:
	xorl	%eax, %eax
	xorl	%edx, %edx
	ret
	.cfi_endproc
.LFE11:
	.size	sum128, .-sum128
	.p2align 4
	.globl	fold
	.type	fold, @function
fold:
.LFB12:
	.cfi_startproc
	testq	%rsi, %rsi
	je	.L12
	leaq	(%rdi,%rsi,8), %rdx
	xorl	%eax, %eax
	.p2align 4,,10
	.p2align 3
.L11:
	addq	(%rdi), %rax
	adcq	$0, %rax
	addq	$8, %rdi
	cmpq	%rdx, %rdi
	jne	.L11
	ret
	.p2align 4,,10
	.p2align 3
.L12:
	xorl	%eax, %eax
	ret
	.cfi_endproc
.LFE12:
	.size	fold, .-fold
	.p2align 4
	.globl	checksum
	.type	checksum, @function
checksum:
.LFB13:
	.cfi_startproc
	call	fold
	movq	%rax, %rdx
	shrq	$32, %rdx
	addl	%eax, %edx
	adcl	$0, %edx
	movl	%edx, %eax
	movzwl	%dx, %edx
	shrl	$16, %eax
	addl	%eax, %edx
	movl	%edx, %eax
	shrl	$16, %eax
	addl	%edx, %eax
	notl	%eax
	ret
	.cfi_endproc
.LFE13:
	.size	checksum, .-checksum
	.section	.rodata.str1.1,"aMS",@progbits,1
.LC0:
	.string	"%016llx%016llx %04x\n"
	.section	.text.startup,"ax",@progbits
	.p2align 4
	.globl	main
	.type	main, @function
main:
.LFB14:
	.cfi_startproc
	subq	$520, %rsp
	.cfi_def_cfa_offset 528
	movabsq	$88172645463325252, %rax
	movq	%rsp, %r10
	leaq	512(%rsp), %rsi
	movq	%r10, %rcx
	.p2align 4,,10
	.p2align 3
.L18:
	movq	%rax, %rdx
	addq	$8, %rcx
	salq	$13, %rdx
	xorq	%rdx, %rax
	movq	%rax, %rdx
	shrq	$7, %rdx
	xorq	%rax, %rdx
	movq	%rdx, %rax
	salq	$17, %rax
	xorq	%rdx, %rax
	movq	%rax, -8(%rcx)
	cmpq	%rsi, %rcx
	jne	.L18
	movq	%r10, %rdi
	movl	$32, %esi
	call	sum128
	movq	%r10, %rdi
	movl	$64, %esi
	movq	%rdx, %r8
	movq	%rax, %r9
	call	checksum
	movq	%r9, %rdx
	movq	%r8, %rsi
	leaq	.LC0(%rip), %rdi
	movzwl	%ax, %ecx
	xorl	%eax, %eax
	call	printf@PLT
	xorl	%eax, %eax
	addq	$520, %rsp
	.cfi_def_cfa_offset 8
	ret
	.cfi_endproc
.LFE14:
	.size	main, .-main
	.ident	"GCC: (Debian 12.2.0-14+deb12u1) 12.2.0"
	.section	.note.GNU-stack,"",@progbits
