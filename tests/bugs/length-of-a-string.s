# The length of a text as the difference of two places was taken for the address of something outside.
	.globl	main
	.type	main, @function
	.text
main:
	movl	$total, %eax
	subl	$text_end-text, %eax
	addl	$before, %eax
	ret
	.size	main, .-main
	.section .rodata
text:	.ascii	"as long as this"
text_end:
	.quad	1, 2
	before = text_end - text
	total = . - text
