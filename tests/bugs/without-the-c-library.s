# A program that begins at _start and speaks to the kernel alone: it writes to a file what it was given, reads it back
# and counts its letters in decimal. Registers, the red zone and the arguments of calls outlive system calls.
	.intel_syntax noprefix
	.globl	_start
	.section .rodata
name:	.asciz	"/tmp/vouch-without-the-c-library"
text:	.ascii	"the quick brown fox jumps over the lazy dog\n"
colon:	.ascii	": "
newline: .ascii	"\n"
	.data
counts:	.fill	26, 4, 0
	.text
_start:
	mov	r12, [rsp]
	mov	r15d, 0x1234567
	# open for writing, creating and truncating: O_NOFOLLOW differs on AArch64.
	mov	eax, 2
	lea	rdi, name[rip]
	mov	esi, 0x20241
	mov	edx, 0x180
	syscall
	mov	ebx, eax
	test	eax, eax
	js	fail
	mov	edi, ebx
	lea	rsi, text[rip]
	mov	edx, 44
	mov	eax, 1
	syscall
	cmp	rax, rdx
	jne	fail
	mov	eax, 3
	syscall
	# open for reading by openat, with flags that only the run tells.
	lea	eax, [r12-1]
	shl	eax, 17
	mov	edx, eax
	mov	edi, -100
	lea	rsi, name[rip]
	xor	r10d, r10d
	mov	eax, 257
	syscall
	test	eax, eax
	js	fail
	mov	ebx, eax
	# memory for what is read
	xor	edi, edi
	mov	esi, 4096
	mov	edx, 3
	mov	r10d, 0x22
	or	r8, -1
	xor	r9d, r9d
	mov	eax, 9
	syscall
	cmp	rax, -4096
	ja	fail
	mov	r13, rax
	mov	edi, ebx
	mov	rsi, r13
	mov	edx, 4096
	xor	eax, eax
	syscall
	mov	r14, rax
	mov	eax, 87
	lea	rdi, name[rip]
	syscall
	test	rax, rax
	jnz	fail
	lea	rdx, counts[rip]
	xor	ecx, ecx
.count:	cmp	rcx, r14
	jae	.show
	movzx	eax, byte ptr [r13+rcx]
	inc	rcx
	sub	eax, 'a'
	cmp	eax, 26
	jae	.count
	inc	dword ptr [rdx+rax*4]
	jmp	.count
.show:	xor	ebx, ebx
.letter:
	call	show_letter
	inc	ebx
	cmp	ebx, 26
	jb	.letter
	# a pipe to nowhere: an error has the same number everywhere
	push	39
	pop	rax
	syscall
	test	eax, eax
	jle	fail
	mov	eax, 0
	mov	edi, 77
	mov	rsi, r13
	mov	edx, 1
	syscall
	cmp	rax, -9
	jne	fail
	cmp	r15d, 0x1234567
	jne	fail
	mov	edi, r14d
	mov	eax, 231
	syscall
fail:	mov	edi, 99
	mov	eax, 60
	syscall

# Writes the letter of number ebx and how often it was there; the line is put together in the red zone.
show_letter:
	lea	rdx, counts[rip]
	mov	eax, [rdx+rbx*4]
	lea	rdi, [rsp-1]
	mov	byte ptr [rdi], 10
.digit:	xor	edx, edx
	mov	ecx, 10
	div	ecx
	add	edx, '0'
	dec	rdi
	mov	[rdi], dl
	test	eax, eax
	jnz	.digit
	dec	rdi
	mov	byte ptr [rdi], ' '
	dec	rdi
	lea	eax, [rbx+'a']
	mov	[rdi], al
	mov	rsi, rdi
	mov	rdx, rsp
	sub	rdx, rsi
	mov	edi, 1
	mov	eax, 1
	syscall
	ret
