# Every directive that gcc 12 and clang 14 write, and some spellings that people use.
	.file	"directives.c"
	.text
.Ltext0:
	.file 0 "/src" "directives.c"
	.file 1 "directives.c"
	.globl	f, g
	.type	f, @function
	.type	g @function
	.hidden	h
	.internal i
	.protected p
	.weak	w
	.local	l1
	.comm	l1,8,8
	.comm	common,40,32
	.lcomm	lc,4
	.extern	somewhere
	.p2align 4,,10
	.p2align 3
f: g: .LFB0:
	.loc 1 4 28 view -0
	.cfi_startproc
	.cfi_personality 0x9b,DW.ref.pers
	.cfi_lsda 0x1b,.LLSDA0
	pushq	%rbp
	.cfi_def_cfa_offset 16
	.cfi_offset 6, -16
	movq	%rsp, %rbp
	.cfi_def_cfa_register 6
	.cfi_remember_state
	.loc 1 5 3 is_stmt 0 discriminator 2 view .LVU1
	call	somewhere@PLT
	.cfi_escape 0xf,0x3,0x76,0x78,0x6
	popq	%rbp
	.cfi_restore 6
	.cfi_def_cfa 7, 8
	ret
	.cfi_restore_state
	ret
	.cfi_endproc
.LFE0:
	.size	f, .-f
	.size	g, .LFE0-g
h: i: p: w:
	.cfi_startproc simple
	.cfi_signal_frame
	nop
	.cfi_adjust_cfa_offset 8
	.cfi_same_value 3
	.cfi_undefined %rip
	.cfi_rel_offset %rbx, 8
	.cfi_register %rbx, %rcx
	.cfi_val_offset %rbx, 16
	.cfi_endproc
	.set	alias, f
	.equ	answer, 6*7
	.equiv	other, answer+1
	third = other + 1
	fourth == third + 1
	.weakref wr, target
	.symver	g, f_old@VERS_1
	call	wr
	.section	.rodata.str1.1,"aMS",@progbits,1
.LC0:
	.string	"plain"
.LC1:
	.string	"tab\tquote\"back\\newline\nnul\0octal\303\251"
	.asciz	"a,b;c#d/*e*/", "two"
	.ascii	"no end" " joined"
	.ascii	"\x41\x4a\b\f\r"
	.section	.rodata.cst8,"aM",@progbits,8
	.align 8
.LC2:
	.long	0
	.long	1074266112
	.section	.rodata.cst16,"aM",@progbits,16
	.octa	0x0123456789abcdef0123456789abcdef
	.quad	-9223372036854775808, 18446744073709551615
	.section	.rodata
	.balign 4
.L5:
	.long	.L7-.L5
	.long	.L7-.L5+4
	.long	(.L7-.L5)/4, -(.L5-.L7), ~0, 1<<4|2, 'a', 'b', ';', '#
.L7:
	.value	1, 0x2
	.short	-3
	.hword	4
	.2byte	5
	.word	6
	.int	7
	.4byte	8
	.8byte	9
	.byte	1,2 , 3,	4
	.uleb128 624485, .L7-.L5
	.sleb128 -129
	.float	1.5, -2e10
	.single	0.1
	.double	3.14159, 0e0
	.zero	3
	.skip	2, 0xff
	.space	4
	.fill	3, 2, 0x1234
	.fill	2
	.quad	f, g+8, f@GOT
	.long	somewhere@PLT, .-.L5
	.long	f@GOTPCREL+4
	.org	.+16, 1
	.p2align 4, 0x90
	.balignl 8, 0x01020304
	.data
	.align	32
	.type	table, @object
	.size	table, 16
table:
	.quad	.LC0
	.quad	table+8-0
	.bss
	.zero	16
	.section	.tdata,"awT",@progbits
	.type	tv, @object
tv:	.long	5
	.section	.tbss,"awT",@nobits
	.zero	4
	.section	.text.comdat,"axG",@progbits,comdat_f,comdat
	.weak	comdat_f
comdat_f:
	movl	%fs:tv@tpoff, %eax
	movq	tv@gottpoff(%rip), %rax
	ret
	.section	.text.unlikely,"ax",@progbits
	jmp	.Lx
	.text
.Lx:	jmp	1f; 1: jmp 1b
1:	jmp	1b ; jmp 1f
1:
	.subsection 1
	nop
	.previous
	.pushsection .init_array, "aw", @init_array
	.quad	f
	.popsection
	.section	.gcc_except_table,"a",@progbits
.LLSDA0:
	.byte	0xff
	.hidden	DW.ref.pers
	.weak	DW.ref.pers
	.section	.data.rel.local.DW.ref.pers,"awG",@progbits,DW.ref.pers,comdat
DW.ref.pers:
	.quad	pers
	.section	.odd.order,"ao",@progbits,.rodata
	.byte	1
	.section	.retained,"aR",@progbits
	.byte	1
	.section	"quoted name","a"
"a symbol":
	.quad	"a symbol"+1, "a symbol"-.
	.reloc	., R_X86_64_NONE, f
	.text 2
	nop
	.section	.debug_info,"",@progbits
	.long	.Ltext0
	.ident	"GCC: (Debian 12.2.0-14) 12.2.0"
	.section	.note.GNU-stack,"",@progbits
