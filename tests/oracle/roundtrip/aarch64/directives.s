// What differs from x86-64: comments, `.align`, `.word`, `.xword`, relocation modifiers.
	.arch armv8-a
	.file	"directives.c"
	.text
	.align	2
	.p2align 4,,11
	.global	f
	.type	f, %function
f:
.LFB0:
	.cfi_startproc
	stp	x29, x30, [sp, -32]!	// trailing
	.cfi_def_cfa_offset 32
	.cfi_offset 29, -32
	.cfi_offset 30, -24
# a line comment; with a semicolon
	mov	x29, sp ; mov w0, #1	/* block */
	adrp	x0, .LC0
	add	x0, x0, :lo12:.LC0
	adrp	x1, :got:g
	ldr	x1, [x1, #:got_lo12:g]
	bl	g
	.tlsdesccall tv
	blr	x1
	ldp	x29, x30, [sp], 32
	.cfi_restore 30
	.cfi_restore 29
	.cfi_def_cfa_offset 0
	ret
	.cfi_endproc
	.size	f, .-f
1:	b	1b
	b	1f
1:
	.section	.rodata.str1.8,"aMS",@progbits,1
	.align	3
.LC0:
	.string	"a//b#c;d"
	.section	.rodata
	.word	1, .LC0-.
	.xword	f, f+8
	.dword	3
	.hword	5
	.short	6
	.2byte	7
	.4byte	8
	.8byte	9
	.quad	g-0
	.byte	'/', '#', 10
	.section	.tbss,"awT",%nobits
tv:	.zero	8
	.bss
	.align	3
	.space	64
	.comm	c,4,4
	.variant_pcs f
	.section	.note.GNU-stack,"",@progbits
