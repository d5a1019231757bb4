# Lengths of data, before and behind where they are used.
	.text
f:
	mov	$len, %edx
	mov	$late, %edx
	mov	$m3-m2, %edx
	add	$late, %rdx
	mov	$(m3-m2), %edx
	cmp	$late, %rax
	pushq	$late
	mov	$late, %rdx
	movb	$len, %al
	lea	late(%rax), %rcx
	mov	$len2+1, %esi
	.data
msg:	.ascii	"hello", " world\n"
	len = . - msg
	.set	len2, . - msg
m2:	.asciz	"abc"
	.quad	1, f
	.long	2
m3:	.skip	300
	.fill	3, 2, 0
	late = . - m2
	.byte	len, late
	.section .rodata
text:	.byte	1, 2, 3
	.text
	mov	$text_len, %ecx
	.section .rodata
	.equ	text_len, . - text
	.intel_syntax noprefix
	.text
	mov	edx, len
	mov	edx, offset len
	mov	edx, dword ptr last
	mov	edx, offset last
	add	rdx, len
	mov	ecx, offset last+2
	.data
m4:	.ascii	"x"
	last = . - m4
	.text
	mov	edx, last
