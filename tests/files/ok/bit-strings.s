# Bits of memory chosen by registers, with and without lock; scans of 16 bits.
	.intel_syntax noprefix
	.text
	.globl bitops
	.type bitops,@function
bitops:	# rdi mem, rsi idx, rdx &out
	bts [rdi],rsi
	setc al
	btc [rdi],esi
	setc ah
	btr qword ptr [rdi],5
	setc byte ptr [rdx]
	bt [rdi],rsi
	jc 1f
	add ah,2
1:	lock bts [rdi],rsi
	adc al,7
	lock btr dword ptr [rdi+4],3
	sbb ah,0
	bsf cx,si
	jz 2f
	mov [rdx+1],cl
2:	bsr cx,si
	mov [rdx+2],cl
	movzx eax,ax
	ret
	.size bitops,.-bitops
	.section .note.GNU-stack,"",@progbits
