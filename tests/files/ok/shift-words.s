# A double shift by cl through an array, with private use of flags.
	.intel_syntax noprefix
	.text
	.globl lshift
	.type lshift,@function
lshift:	# rdi p, rsi n, edx cnt
	mov ecx,edx
	xor eax,eax
1:	mov r8,[rdi]
	mov r9,r8
	shld r9,rax,cl
	mov [rdi],r9
	mov rax,r8
	add rdi,8
	dec rsi
	jnz 1b
	neg ecx
	shr rax,cl
	ret
	.size lshift,.-lshift
	.section .note.GNU-stack,"",@progbits
