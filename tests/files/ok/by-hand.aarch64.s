	.text
	.globl	total
	.type	total, %function
	.p2align	2
total:
	sub	sp, sp, #16
	str	x30, [sp, #8]
.Ltotal_0:
	mov	x8, xzr
	cbz	x1, .Lout
.Lround:
	ldrsw	x2, [x0], #4
	add	x8, x8, x2
	subs	x1, x1, #1
	b.ne	.Lround
.Lout:
	ldr	x30, [sp, #8]
	mov	x0, x8
	mov	x1, x2
	add	sp, sp, #16
	ret
	.size	total, .-total

	.globl	twice
	.type	twice, %function
	.p2align	2
twice:
	sub	sp, sp, #16
	str	x30, [sp, #8]
.Ltwice_0:
	str	x19, [sp]
	mov	w19, w0
	bl	ask
	mov	x8, x0
	mov	x2, x1
.Ltwice_1:
	add	w8, w8, w19, lsl #1
	ldp	x19, x30, [sp], #16
	mov	x0, x8
	mov	x1, x2
	ret
	.size	twice, .-twice

	.globl	sign
	.type	sign, %function
	.p2align	2
sign:
	sub	sp, sp, #16
	str	x30, [sp, #8]
.Lsign_0:
	cmp	w0, #0
	cset	w3, gt
	csinv	w8, w3, wzr, ge
	mov	x0, x8
	mov	x1, x2
	ldr	x30, [sp, #8]
	add	sp, sp, #16
	ret
	.size	sign, .-sign
