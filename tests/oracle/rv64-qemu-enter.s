# SPDX-License-Identifier: MIT
# Enters a stub with a whole state loaded, and saves the whole state after it. The state's layout is that of
# struct state in qemu-stubs.c: words by the registers' numbers, vl and vtype in words 32 and 33, the exit taken in word 34,
# f0 to f31 in the vectors and v0 to v31 behind them.
# x28 holds the state and x27 the stub, so neither can be an operand.

        .option norvc
        .option norelax
        .option arch, +v
        .altmacro
        .macro  word instruction, from, to
        .set    i, \from
        .rept   \to - \from + 1
        one     \instruction, x, %i, 8 * i
        .set    i, i + 1
        .endr
        .endm
        .macro  floats instruction, at, step
        .set    i, 0
        .rept   32
        float   \instruction, %i, \at + \step * i
        .set    i, i + 1
        .endr
        .endm
        .macro  vectors instruction
        addi    t0, x28, 800
        .set    i, 0
        .rept   32
        vector  \instruction, %i
        addi    t0, t0, 16
        .set    i, i + 1
        .endr
        .endm
        .macro  vector instruction, number
        \instruction v\number, (t0)
        .endm
        .macro  one instruction, letter, number, offset
        \instruction x\number, \offset(x28)
        .endm
        .macro  float instruction, number, offset
        \instruction f\number, \offset(x28)
        .endm

        .section .vouch, "ax"
        .global enter
enter:
        addi    sp, sp, -240
        sd      ra, 0(sp)
        sd      gp, 8(sp)
        sd      tp, 16(sp)
        sd      s0, 24(sp)
        sd      s1, 32(sp)
        sd      s2, 40(sp)
        sd      s3, 48(sp)
        sd      s4, 56(sp)
        sd      s5, 64(sp)
        sd      s6, 72(sp)
        sd      s7, 80(sp)
        sd      s8, 88(sp)
        sd      s9, 96(sp)
        sd      s10, 104(sp)
        sd      s11, 112(sp)
        fsd     fs0, 120(sp)
        fsd     fs1, 128(sp)
        fsd     fs2, 136(sp)
        fsd     fs3, 144(sp)
        fsd     fs4, 152(sp)
        fsd     fs5, 160(sp)
        fsd     fs6, 168(sp)
        fsd     fs7, 176(sp)
        fsd     fs8, 184(sp)
        fsd     fs9, 192(sp)
        fsd     fs10, 200(sp)
        fsd     fs11, 208(sp)
        mv      x28, a0
        mv      x27, a1
        lla     t0, host
        sd      sp, 0(t0)
        fscsr   zero
        vectors vl1re8.v
        ld      t0, 256(x28)
        ld      t1, 264(x28)
        vsetvl  zero, t0, t1
        floats  fld, 288, 16
        word    ld, 1, 26
        word    ld, 29, 31
        jr      x27

        .global exit_fall, exit_taken, exit_fault
exit_fall:
        li      x27, 0
        j       save
exit_taken:
        li      x27, 1
        j       save
exit_fault:
        li      x27, 2
save:
        sd      x27, 272(x28)
        word    sd, 1, 26
        word    sd, 29, 31
        floats  fsd, 288, 16
        vectors vs1r.v
        csrr    t0, vl
        csrr    t1, vtype
        sd      t0, 256(x28)
        sd      t1, 264(x28)
        lla     t0, host
        ld      sp, 0(t0)
        ld      ra, 0(sp)
        ld      gp, 8(sp)
        ld      tp, 16(sp)
        ld      s0, 24(sp)
        ld      s1, 32(sp)
        ld      s2, 40(sp)
        ld      s3, 48(sp)
        ld      s4, 56(sp)
        ld      s5, 64(sp)
        ld      s6, 72(sp)
        ld      s7, 80(sp)
        ld      s8, 88(sp)
        ld      s9, 96(sp)
        ld      s10, 104(sp)
        ld      s11, 112(sp)
        fld     fs0, 120(sp)
        fld     fs1, 128(sp)
        fld     fs2, 136(sp)
        fld     fs3, 144(sp)
        fld     fs4, 152(sp)
        fld     fs5, 160(sp)
        fld     fs6, 168(sp)
        fld     fs7, 176(sp)
        fld     fs8, 184(sp)
        fld     fs9, 192(sp)
        fld     fs10, 200(sp)
        fld     fs11, 208(sp)
        addi    sp, sp, 240
        ret

        .bss
        .balign 16
host:   .skip   16
        .section .note.GNU-stack, "", %progbits
