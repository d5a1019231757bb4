# Sums of many words: the carry lives over dec, lea and loop, across blocks.
	.intel_syntax noprefix
	.text
	.globl mpadd
	.type mpadd,@function
mpadd:
	xor eax,eax
	test rcx,rcx
	jz 2f
	clc
1:	mov rax,[rsi]
	adc rax,[rdx]
	mov [rdi],rax
	lea rsi,[rsi+8]
	lea rdx,[rdx+8]
	lea rdi,[rdi+8]
	dec rcx
	jnz 1b
	setc al
	movzx eax,al
2:	ret
	.size mpadd,.-mpadd
	.globl mpsub
	.type mpsub,@function
mpsub:
	xor r8d,r8d
	neg r8
	jrcxz 2f
1:	mov rax,[rsi+r8*8]
	sbb rax,[rdx+r8*8]
	mov [rdi+r8*8],rax
	inc r8
	loop 1b
2:	sbb eax,eax
	ret
	.size mpsub,.-mpsub
	.globl rcls
	.type rcls,@function
rcls:	# rdi p rsi n
	clc
1:	rcl qword ptr [rdi],1
	lea rdi,[rdi+8]
	dec rsi
	jnz 1b
	sbb rax,rax
	ret
	.size rcls,.-rcls
	.section .note.GNU-stack,"",@progbits
