# All models of thread-local storage that have a counterpart.
	.text
	.globl	general
	.type	general, @function
general:
	pushq	%rbx
	movl	%edi, %ebx
	data16	leaq	a@tlsgd(%rip), %rdi
	.value	0x6666
	rex64
	call	__tls_get_addr@PLT
	addl	(%rax), %ebx
	movl	%ebx, %eax
	popq	%rbx
	ret
	.size	general, .-general
	.globl	local
	.type	local, @function
local:
	subq	$8, %rsp
	leaq	b@tlsld(%rip), %rdi
	call	__tls_get_addr@PLT
	movq	b@dtpoff(%rax), %rcx
	testq	%rcx, %rcx
	je	.L1
	leaq	c@dtpoff(%rax), %rdx
	movq	%rcx, 8(%rdx)
.L1:
	movq	c@dtpoff(%rax,%rcx,8), %rax
	addq	$8, %rsp
	ret
	.size	local, .-local
	.globl	initial
	.type	initial, @function
initial:
	movq	a@gottpoff(%rip), %rdx
	xorl	%eax, %eax
.L2:
	addl	%fs:(%rdx), %eax
	decl	%edi
	jg	.L2
	addq	%fs:0, %rdx
	movl	%eax, (%rdx)
	ret
	.size	initial, .-initial
	.globl	exec
	.type	exec, @function
exec:
	movq	%fs:b@tpoff, %rax
	movq	%fs:0, %rdx
	leaq	c@tpoff(%rdx), %rdx
	addq	%rdi, %fs:c@tpoff+8
	addq	8(%rdx), %rax
	ret
	.size	exec, .-exec
	.section	.tdata,"awT",@progbits
	.align 8
	.type	b, @object
	.size	b, 8
b:
	.quad	1
	.section	.tbss,"awT",@nobits
	.align 8
	.type	c, @object
	.size	c, 32
c:
	.zero	32
	.section	.note.GNU-stack,"",@progbits
