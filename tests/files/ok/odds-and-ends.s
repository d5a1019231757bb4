# Memory pushed and popped, xlat, sahf and parity.
	.intel_syntax noprefix
	.text
	.globl misc
	.type misc,@function
misc:	# rdi buf rsi n
	push rbp
	mov rbp,rsp
	push rbx
	push 77
	push qword ptr [rdi]
	pop qword ptr [rdi+8]
	pop rax
	lea rbx,[rdi+16]
	mov al,[rsi]
	xlatb
	movzx eax,al
	mov ah,0xd5
	sahf
	adc eax,eax
	setp cl
	setz ch
	sets dl
	movzx ecx,cx
	movzx edx,dl
	add eax,ecx
	add eax,edx
	pop rbx
	leave
	ret
	.size misc,.-misc
	.section .note.GNU-stack,"",@progbits
