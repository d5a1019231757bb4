# adcx and adox side by side, mulx and a row of products.
	.intel_syntax noprefix
	.text
	.globl adxmul
	.type adxmul,@function
adxmul:	# rdi dst[5], rsi src[4], rdx m
	xor eax,eax
	mulx r9,rax,[rsi]
	mulx r10,r8,[rsi+8]
	adox r9,r8
	adcx rax,[rdi]
	mov [rdi],rax
	adcx r9,[rdi+8]
	mov [rdi+8],r9
	mulx r11,r8,[rsi+16]
	adox r10,r8
	adcx r10,[rdi+16]
	mov [rdi+16],r10
	mulx rax,r8,[rsi+24]
	adox r11,r8
	adcx r11,[rdi+24]
	mov [rdi+24],r11
	mov r8d,0
	adox rax,r8
	adcx rax,r8
	ret
	.size adxmul,.-adxmul
	.globl addmul1
	.type addmul1,@function
addmul1:	# rdi dst, rsi src, rdx n, rcx m
	push rbx
	mov r9,rdx
	mov rbx,rcx
	xor r8d,r8d
1:	mov rax,[rsi]
	mul rbx
	add rax,r8
	adc rdx,0
	add [rdi],rax
	adc rdx,0
	mov r8,rdx
	add rsi,8
	add rdi,8
	sub r9,1
	jne 1b
	mov rax,r8
	pop rbx
	ret
	.size addmul1,.-addmul1
	.section .note.GNU-stack,"",@progbits
