# Refused: a return that has been made a jump, as compilers do where processors must not guess where jumps go.
# expect: V0220 line 18
	.text
	.globl	through
	.type	through, @function
through:
	movq	%rdi, %r11
	jmp	thunk
	.size	through, .-through
	.type	thunk, @function
thunk:
	call	.Lsecond
.Lfirst:
	pause
	jmp	.Lfirst
.Lsecond:
	movq	%r11, (%rsp)
	ret
	.size	thunk, .-thunk
