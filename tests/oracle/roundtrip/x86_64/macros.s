# What GNU as expands while it reads: macros, repetitions, conditions and names of numbers.
	.text
	SIZE = 24
	.equ	STEP, SIZE/3
	.set	n, 0
	.set	below, -8
	.macro	load reg, at=0, from:req, rest:vararg
	movq	\at(\from), \reg
	.ascii	"\reg|\at|\from|\rest"
	.endm
	load	%rax, from=%rdi
	load	%rax 8 %rsi
	LOAD	%rcx, , %rsi, x, y , z
	load	from=%rdi, at=8+SIZE , reg=%rdx
	.macro	show a, b c
	.ascii	"[\a|\b|\c]"
	.endm
	show	1, 2, 3
	show	1 2	3
	show	a + b, c
	show	"x y", (1 + 2), -4(%rax)
	show	4 (%rax), 'a'
	show	a -1
	.macro	counted name
\name\()_entry: .long \@ # a comment
	.endm
first:	counted	one
	counted	two; nop; counted three
	.macro	many first, rest:vararg
	.long	\first
	.ifnb	\rest
	many	\rest
	.endif
	.endm
	many	1, 2, 3, 4
	.rept	3
	addl	$n*2, n(%rdi,%rcx,4)
	addl	below(%rdi), %eax
	.set	n, n+1
	.set	below, below-8
	.endr
	.irp	r, %rax, %rbx %rcx,%rdx
	pushq	\r
	.irp	k, 1, 2
	addq	$\k, \r
	.endr
	.endr
	.irpc	c, 01234
	.byte	\c, 'c
	.endr
	.irp	none
	.ascii	"{\none}"
	.endr
	subq	$SIZE, %rsp
	leaq	-SIZE+below(%rsp), %rax
	movl	$(SIZE-below)*2, %eax
	movl	$SIZE - below, %eax
	movl	$later, %eax
	later = 77
	.macro	early x
	.if	\x > 3
	.byte	\x
	.exitm
	.endif
	.if	\x == 1
	.byte	101
	.elseif	\x == 2
	.byte	102
	.else
	.byte	103
	.endif
	.byte	200
	.endm
	early	1
	early	2
	early	3
	early	4
	.ifdef	SIZE
	.byte	1
	.else
	.byte	2
	.bad	directive
	.endif
	.ifndef	first
	.if	unknown
	.error	"never read"
	.endif
	.endif
	.ifc	a b, a b
	.byte	3
	.endif
	.ifnc	a, b
	.byte	4
	.endif
	.ifeqs	"a", "a"
	.byte	5
	.endif
	.ifeq	SIZE-24
	.byte	6
	.endif
	.iflt	below
	.byte	7
	.endif
	.purgem	show
	.macro	show a
	.byte	\a
	.endm
	show	9
	.macro	outer name, value
	.macro	\name x
	.long	\value + \x
	.endm
	.endm
	outer	inner, 5
	inner	6
	.skip	SIZE
	.fill	STEP, 2, n
	.string	"SIZE n below"	# SIZE
	/* SIZE
	   .macro */
	.intel_syntax noprefix
	.macro	rotate reg, by
	rol	\reg, \by
	.endm
	rotate	eax, STEP
	mov	rax, [rdi+below]
	mov	rax, [rdi+rcx*4-below]
	mov	eax, SIZE
	mov	dword ptr [rsi+SIZE], below
	add	rax, SIZE*2+1
	mov	rax, [rdi+(18-6)/6]
	mov	rax, [rdi+rcx*2+1<<4]
	mov	eax, SIZE*2/3
	mov	eax, SIZE%7+1
