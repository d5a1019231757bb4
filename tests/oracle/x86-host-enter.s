# SPDX-License-Identifier: MIT
# Enters a test stub with every register loaded from vouch_in, and leaves it with every register in vouch_out.
# Nothing between the last load and the stub, or between the stub and the first store, changes a flag or a register.
    .text
    .globl vouch_run, vouch_save
vouch_run:
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, own_rsp(%rip)
    cmpl $0, vouch_segments(%rip)
    je 1f
    # arch_prctl: remember this thread's fs base, then set both
    movl $158, %eax
    movl $0x1003, %edi
    leaq vouch_own_fsbase(%rip), %rsi
    syscall
    movl $158, %eax
    movl $0x1001, %edi
    movq vouch_in+144(%rip), %rsi
    syscall
    movl $158, %eax
    movl $0x1002, %edi
    movq vouch_in+136(%rip), %rsi
    syscall
1:
    movdqu vouch_in+160(%rip), %xmm0
    movdqu vouch_in+176(%rip), %xmm1
    movdqu vouch_in+192(%rip), %xmm2
    movdqu vouch_in+208(%rip), %xmm3
    movdqu vouch_in+224(%rip), %xmm4
    movdqu vouch_in+240(%rip), %xmm5
    movdqu vouch_in+256(%rip), %xmm6
    movdqu vouch_in+272(%rip), %xmm7
    movdqu vouch_in+288(%rip), %xmm8
    movdqu vouch_in+304(%rip), %xmm9
    movdqu vouch_in+320(%rip), %xmm10
    movdqu vouch_in+336(%rip), %xmm11
    movdqu vouch_in+352(%rip), %xmm12
    movdqu vouch_in+368(%rip), %xmm13
    movdqu vouch_in+384(%rip), %xmm14
    movdqu vouch_in+400(%rip), %xmm15
    pushq vouch_in+128(%rip)
    popfq
    movq vouch_in+0(%rip), %rax
    movq vouch_in+8(%rip), %rcx
    movq vouch_in+16(%rip), %rdx
    movq vouch_in+24(%rip), %rbx
    movq vouch_in+32(%rip), %rsp
    movq vouch_in+40(%rip), %rbp
    movq vouch_in+48(%rip), %rsi
    movq vouch_in+56(%rip), %rdi
    movq vouch_in+64(%rip), %r8
    movq vouch_in+72(%rip), %r9
    movq vouch_in+80(%rip), %r10
    movq vouch_in+88(%rip), %r11
    movq vouch_in+96(%rip), %r12
    movq vouch_in+104(%rip), %r13
    movq vouch_in+112(%rip), %r14
    movq vouch_in+120(%rip), %r15
    jmp *vouch_entry(%rip)

vouch_save:
    movq %rax, vouch_out+0(%rip)
    movq %rcx, vouch_out+8(%rip)
    movq %rdx, vouch_out+16(%rip)
    movq %rbx, vouch_out+24(%rip)
    movq %rsp, vouch_out+32(%rip)
    movq %rbp, vouch_out+40(%rip)
    movq %rsi, vouch_out+48(%rip)
    movq %rdi, vouch_out+56(%rip)
    movq %r8, vouch_out+64(%rip)
    movq %r9, vouch_out+72(%rip)
    movq %r10, vouch_out+80(%rip)
    movq %r11, vouch_out+88(%rip)
    movq %r12, vouch_out+96(%rip)
    movq %r13, vouch_out+104(%rip)
    movq %r14, vouch_out+112(%rip)
    movq %r15, vouch_out+120(%rip)
    movq own_rsp(%rip), %rsp
    pushfq
    popq vouch_out+128(%rip)
    cld
    movdqu %xmm0, vouch_out+160(%rip)
    movdqu %xmm1, vouch_out+176(%rip)
    movdqu %xmm2, vouch_out+192(%rip)
    movdqu %xmm3, vouch_out+208(%rip)
    movdqu %xmm4, vouch_out+224(%rip)
    movdqu %xmm5, vouch_out+240(%rip)
    movdqu %xmm6, vouch_out+256(%rip)
    movdqu %xmm7, vouch_out+272(%rip)
    movdqu %xmm8, vouch_out+288(%rip)
    movdqu %xmm9, vouch_out+304(%rip)
    movdqu %xmm10, vouch_out+320(%rip)
    movdqu %xmm11, vouch_out+336(%rip)
    movdqu %xmm12, vouch_out+352(%rip)
    movdqu %xmm13, vouch_out+368(%rip)
    movdqu %xmm14, vouch_out+384(%rip)
    movdqu %xmm15, vouch_out+400(%rip)
    cmpl $0, vouch_segments(%rip)
    je 1f
    movl $158, %eax
    movl $0x1002, %edi
    movq vouch_own_fsbase(%rip), %rsi
    syscall
    movl $158, %eax
    movl $0x1001, %edi
    xorl %esi, %esi
    syscall
1:
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    ret

    .globl data
    .set data, 0x10000800

    .bss
    .balign 16
own_rsp:
    .zero 8
    .section .note.GNU-stack,"",@progbits
