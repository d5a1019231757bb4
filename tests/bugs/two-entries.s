# A second entry point that jumps into the middle of another function is refused (V0213).
	.text
	.globl	with_carry
	.type	with_carry, @function
with_carry:
	neg	%rcx
	mov	(%rdi), %rax
	jmp	.Lmiddle
	.size	with_carry, .-with_carry
	.globl	add
	.type	add, @function
add:
	clc
	mov	(%rdi), %rax
.Ltop:
	lea	8(%rdi), %rdi
.Lmiddle:
	adc	(%rsi), %rax
	dec	%edx
	jnz	.Ltop
	ret
	.size	add, .-add
	.section .note.GNU-stack,"",@progbits
