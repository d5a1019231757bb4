# Every odd way of writing RISC-V that GNU as knows.
	.file "spellings.c"
	.option nopic
	.option push
	.option norvc
	.attribute arch, "rv64gc"
	.attribute unaligned_access, 0
	.attribute stack_align, 16
	.text
	.align 1
	.globl f1
	.type f1, @function
f1:
	ADD	a0,a1 , x12	# numbers of registers
	addi x2, x2, -16 ; sd ra, 8 ( sp )
	li t0, 0xffffffffffffffff; li t1, -2048
	lui a5, %hi(table+8)
	ld a4, %lo(table+8)(a5)
	ld a4, %lo( table + 8 ) (a5)
	lw a0, table
	sw a0, table+4, t0
	flw fa0, table, t1
	fsd f10, table, t1
	la a0, table
	lla a1, table+8
	lui a5, %tprel_hi(counter)
	add a5, a5, tp, %tprel_add(counter)
	lw a5, %tprel_lo(counter)(a5)
	la.tls.ie a5, counter
	call f1
	call a0@plt
	call t0, f1
	jal f1
	jal t0, f1
1:	lr.w a5, (a0)
	sc.w.rl a6, a5, 0(a0)
	bnez a6, 1b
	beqz a5, 2f
	fence iorw,ow; amoadd.w.aqrl zero, a5, (a0)
2:	fcvt.w.d a0, fa0, rtz
	jr t1
	jr 4(t1)
	jalr ra, 8(t1)
	jalr t1
	.option pop
	tail f1@plt
	ret
	.size f1, .-f1
	.section .rodata
	.align 3
.LC0:
	.half 1, 2
	.word .LC0-f1
	.dword table
	.string "text # not a comment"
	.section .tbss,"awT",@nobits
counter:
	.zero 4
	.bss
	.type table, @object
	.size table, 16
table:
	.zero 16
	.ident "hand-written"
	.section .note.GNU-stack,"",@progbits
