// SPDX-License-Identifier: MIT
// Enters a stub with a whole state loaded, and saves the whole state after it. The state's layout is that of
// struct state in a64-qemu.c: x0 to x30, sp, nzcv, tpidr_el0, the exit taken, padding, v0 to v31.
// x28 holds the state and x27 the stub, so neither can be an operand.

        .section .vouch, "ax"
        .global enter
enter:
        stp     x29, x30, [sp, #-16]!
        stp     x19, x20, [sp, #-16]!
        stp     x21, x22, [sp, #-16]!
        stp     x23, x24, [sp, #-16]!
        stp     x25, x26, [sp, #-16]!
        stp     x27, x28, [sp, #-16]!
        stp     d8, d9, [sp, #-16]!
        stp     d10, d11, [sp, #-16]!
        stp     d12, d13, [sp, #-16]!
        stp     d14, d15, [sp, #-16]!
        mov     x28, x0
        mov     x27, x1
        mrs     x2, tpidr_el0
        adrp    x3, host
        add     x3, x3, :lo12:host
        mov     x4, sp
        stp     x4, x2, [x3]
        msr     fpcr, xzr
        msr     fpsr, xzr
        ldr     x2, [x28, #264]
        msr     tpidr_el0, x2
        ldr     x2, [x28, #256]
        lsl     x2, x2, #28
        msr     nzcv, x2
        ldr     x2, [x28, #248]
        mov     sp, x2
        add     x2, x28, #288
        ldp     q0, q1, [x2]
        ldp     q2, q3, [x2, #32]
        ldp     q4, q5, [x2, #64]
        ldp     q6, q7, [x2, #96]
        ldp     q8, q9, [x2, #128]
        ldp     q10, q11, [x2, #160]
        ldp     q12, q13, [x2, #192]
        ldp     q14, q15, [x2, #224]
        ldp     q16, q17, [x2, #256]
        ldp     q18, q19, [x2, #288]
        ldp     q20, q21, [x2, #320]
        ldp     q22, q23, [x2, #352]
        ldp     q24, q25, [x2, #384]
        ldp     q26, q27, [x2, #416]
        ldp     q28, q29, [x2, #448]
        ldp     q30, q31, [x2, #480]
        ldp     x0, x1, [x28]
        ldp     x2, x3, [x28, #16]
        ldp     x4, x5, [x28, #32]
        ldp     x6, x7, [x28, #48]
        ldp     x8, x9, [x28, #64]
        ldp     x10, x11, [x28, #80]
        ldp     x12, x13, [x28, #96]
        ldp     x14, x15, [x28, #112]
        ldp     x16, x17, [x28, #128]
        ldp     x18, x19, [x28, #144]
        ldp     x20, x21, [x28, #160]
        ldp     x22, x23, [x28, #176]
        ldp     x24, x25, [x28, #192]
        ldr     x26, [x28, #208]
        ldp     x29, x30, [x28, #232]
        br      x27

        .global exit_fall, exit_taken, exit_fault
exit_fall:
        mov     x27, #0
        b       save
exit_taken:
        mov     x27, #1
        b       save
exit_fault:
        mov     x27, #2
save:
        str     x27, [x28, #272]
        stp     x0, x1, [x28]
        stp     x2, x3, [x28, #16]
        stp     x4, x5, [x28, #32]
        stp     x6, x7, [x28, #48]
        stp     x8, x9, [x28, #64]
        stp     x10, x11, [x28, #80]
        stp     x12, x13, [x28, #96]
        stp     x14, x15, [x28, #112]
        stp     x16, x17, [x28, #128]
        stp     x18, x19, [x28, #144]
        stp     x20, x21, [x28, #160]
        stp     x22, x23, [x28, #176]
        stp     x24, x25, [x28, #192]
        str     x26, [x28, #208]
        stp     x29, x30, [x28, #232]
        mov     x2, sp
        str     x2, [x28, #248]
        mrs     x2, nzcv
        lsr     x2, x2, #28
        str     x2, [x28, #256]
        mrs     x2, tpidr_el0
        str     x2, [x28, #264]
        add     x2, x28, #288
        stp     q0, q1, [x2]
        stp     q2, q3, [x2, #32]
        stp     q4, q5, [x2, #64]
        stp     q6, q7, [x2, #96]
        stp     q8, q9, [x2, #128]
        stp     q10, q11, [x2, #160]
        stp     q12, q13, [x2, #192]
        stp     q14, q15, [x2, #224]
        stp     q16, q17, [x2, #256]
        stp     q18, q19, [x2, #288]
        stp     q20, q21, [x2, #320]
        stp     q22, q23, [x2, #352]
        stp     q24, q25, [x2, #384]
        stp     q26, q27, [x2, #416]
        stp     q28, q29, [x2, #448]
        stp     q30, q31, [x2, #480]
        adrp    x3, host
        add     x3, x3, :lo12:host
        ldp     x4, x2, [x3]
        mov     sp, x4
        msr     tpidr_el0, x2
        ldp     d14, d15, [sp], #16
        ldp     d12, d13, [sp], #16
        ldp     d10, d11, [sp], #16
        ldp     d8, d9, [sp], #16
        ldp     x27, x28, [sp], #16
        ldp     x25, x26, [sp], #16
        ldp     x23, x24, [sp], #16
        ldp     x21, x22, [sp], #16
        ldp     x19, x20, [sp], #16
        ldp     x29, x30, [sp], #16
        ret

        .bss
        .balign 16
host:   .skip   16
        .section .note.GNU-stack, "", %progbits
