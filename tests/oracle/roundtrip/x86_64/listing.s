# What only people see, other names of directives, and what LLVM writes about files.
	.nolist
	.list
	.title	"a title"
	.sbttl	"another"
	.psize	60, 80
	.eject
	.allow_index_reg
	.sse_check none
	.operand_check none
	.file	0 "/folder" "file.c" md5 0x0123456789abcdef0123456789abcdef
	.file	1 "folder" "other.c" md5 0x0123456789abcdef0123456789abcdef
	.text
f:
	.loc	1 2 3 prologue_end is_stmt 0 discriminator 2
	.rep 3
	incl	%eax
	.endr
	.irep r, %ecx, %edx
	incl	\r
	.endr
	ret
	.if 0
	.error	"never"
	.err
	.endif
	.data
	.dc	7
	.dc.b	1, 2
	.dc.w	3
	.dc.l	4, 5
	.dc.a	f
	.dc.s	1.5
	.dc.d	2.5
	.slong	-4
	.string8 "abc"
