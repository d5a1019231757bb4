# SPDX-License-Identifier: MIT
# clang writes weak references and aliases behind debug information; what is said of symbols counts wherever it stands.
	.text
	.globl	main
	.type	main, @function
main:
	pushq	%rbx
	movl	$3, %ebx
	.comm	shared, 4, 4
	cmpq	$0, missing@GOTPCREL(%rip)
	je	1f
	call	missing@PLT
1:	call	other@PLT
	addl	%ebx, %eax
	movl	%eax, shared(%rip)
	addl	shared(%rip), %eax
	popq	%rbx
	ret
	.size	main, .-main
	.type	base, @function
base:
	movl	$4, %eax
	ret
	.size	base, .-base
	.section	.debug_info,"",@progbits
.Lbegin:
	.long	.Lend-.Lbegin
.Lend:
	.size	.Lbegin, .-.Lbegin
	.weak	missing
	.globl	other
	.type	other, @function
	.set	other, base
	.section	.note.GNU-stack,"",@progbits
