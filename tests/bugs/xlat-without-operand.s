# SPDX-License-Identifier: MIT
# Intel syntax has xlat for xlatb too: it was unknown there.
	.intel_syntax noprefix
	.text
	.globl	main
	.type	main, @function
main:
	push	rbx
	lea	rbx, table[rip]
	mov	eax, 0x102
	xlat
	xlatb
	xlat	byte ptr [rbx]
	movzx	eax, al
	pop	rbx
	ret
	.size	main, .-main
	.section	.rodata
table:	.byte	1, 4, 3, 2, 0
	.section	.note.GNU-stack,"",@progbits
