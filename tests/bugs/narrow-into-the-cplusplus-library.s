# SPDX-License-Identifier: MIT
# with: library stdc++ m
# The C++ library's functions, too, want narrow arguments extended on RISC-V.
	.text
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	leaq	init(%rip), %rdi
	call	_ZNSt8ios_base4InitC1Ev@PLT
	movq	_ZSt4cout@GOTPCREL(%rip), %rbx
	movl	number(%rip), %esi
	movq	%rbx, %rdi
	call	_ZNSolsEi@PLT
	movswl	small(%rip), %esi
	movq	%rbx, %rdi
	call	_ZNSolsEs@PLT
	movsbl	letter(%rip), %esi
	movq	%rbx, %rdi
	call	_ZStlsISt11char_traitsIcEERSt13basic_ostreamIcT_ES5_c@PLT
	movq	ratio(%rip), %xmm0
	movq	%rbx, %rdi
	call	_ZNSolsEf@PLT
	movl	number(%rip), %esi
	addl	$6, %esi
	movq	%rbx, %rdi
	call	_ZNSolsEb@PLT
	leaq	init(%rip), %rdi
	call	_ZNSt8ios_base4InitD1Ev@PLT
	xorl	%eax, %eax
	popq	%rbx
	ret
	.size	main, .-main
	.data
	.align	8
ratio:
	.float	-1.25, 3
number:
	.long	-5
small:
	.value	-7
letter:
	.byte	-28
	.local	init
	.comm	init,1,1
	.section	.note.GNU-stack,"",@progbits
