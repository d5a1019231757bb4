/* Both syntaxes in one file, and every kind of
   comment and separator. */ nop
	.text; nop ; nop
# 12 "file.c" 1
#APP
/ a line comment of its own
a: b:	nop	# trailing
	movl /* inside */ $1, /* a statement */ %eax
	lock; incl (%rdi)
	rep
	movsb
	.intel_syntax noprefix
	mov	eax, DWORD PTR [rdi+rcx*4+8]
	mov	rax, QWORD PTR foo@GOTPCREL[rip]	# trailing
	.att_syntax prefix
	movl	8(%rdi,%rcx,4), %eax
	.intel_syntax noprefix
	ret
	.att_syntax
	ret
