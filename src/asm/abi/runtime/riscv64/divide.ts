// SPDX-License-Identifier: MIT
import { type RuntimeFunction, runtimeFunction, TRAP, TRAP_ALONE } from '../runtime-function.ts';

/**
 * Division of 128 bits by 64, which RISC-V lacks, and the trap of a division that cannot be done.
 *
 * In: a6 high, a7 low half of the dividend, t3 divisor. Out: t4 low half of the quotient, t5 remainder, t6 whether the
 * quotient does not fit 64 bits or the divisor is zero. Changes these six registers and, by being called, ra; nothing
 * else, and no memory. The contracts in contracts.ts say the same as terms, for all inputs, those that do not fit
 * included.
 *
 * Where the dividend is a 64-bit number extended, which is the rule, the machine's own division does it. Else the method is
 * Knuth's (The Art of Computer Programming 2, 4.3.1, algorithm D) with digits of 32 bits. t6 carries what must be
 * remembered: bits 0-5 how far the divisor is shifted, bit 6 that the first digit is done, bit 7 that the quotient is too
 * large, bits 8 and 9 the signs of quotient and remainder.
 */

/** Shifts the divisor until its highest bit is set, by halving steps, and counts in t6. */
const normalise = [32, 16, 8, 4, 2, 1]
  .map(
    (step) => `
  srli t5, t3, ${64 - step}
  bnez t5, @shifted${step}
  slli t3, t3, ${step}
  addi t6, t6, ${step}
@shifted${step}:`,
  )
  .join('\n');

/**
 * The unsigned division. Expects t3 != 0, a6 < t3 and the flags of t6 in place; leaves the quotient in t4. Each digit is
 * guessed from the divisor's upper half; then a6 holds the guess's remainder with the dividend's next digit below it, and
 * what the divisor's lower half takes off must not be more.
 */
const core = `
  ${normalise}
  srli t5, a7, 1
  not t4, t6
  srl t5, t5, t4
  sll a6, a6, t6
  or a6, a6, t5
  sll a7, a7, t6
@digit:
  srli t5, t3, 32
  divu t4, a6, t5
  remu a6, a6, t5
  slli a6, a6, 32
  srli t5, a7, 32
  or a6, a6, t5
@check:
  srli t5, t4, 32
  bnez t5, @less
  slli t5, t3, 32
  srli t5, t5, 32
  mul t5, t4, t5
  bgeu a6, t5, @found
@less:
  addi t4, t4, -1
  srli t5, t3, 32
  slli t5, t5, 32
  add a6, a6, t5
  bgeu a6, t5, @check
@found:
  slli t5, t3, 32
  srli t5, t5, 32
  mul t5, t4, t5
  sub a6, a6, t5
  slli a7, a7, 32
  or a7, a7, t4
  andi t5, t6, 64
  xori t6, t6, 64
  beqz t5, @digit
  mv t4, a7
  srl t5, a6, t6
`;

/** Leaves the high half's remainder in a6: what it is divided by more only makes the quotient too large. */
const reduceHigh = `
  sltu t5, a6, t3
  xori t5, t5, 1
  slli t5, t5, 7
  or t6, t6, t5
  remu a6, a6, t3
`;

export const divide: readonly RuntimeFunction[] = [
  runtimeFunction(
    '__vouch_udiv128',
    'Divides the unsigned a6:a7 by t3.',
    `
  beqz t3, @zero
  li t6, 0
  bnez a6, @wide
  divu t4, a7, t3
  remu t5, a7, t3
  ret
@wide:
  ${reduceHigh}
  ${core}
  srli t6, t6, 7
  ret
@zero:
  li t4, -1
  mv t5, a7
  li t6, 1
  ret
`,
  ),
  runtimeFunction(
    '__vouch_sdiv128',
    'Divides the signed a6:a7 by t3, rounding towards zero.',
    `
  beqz t3, @zero
  srai t5, a7, 63
  bne t5, a6, @wide
  li t5, -1
  beq t3, t5, @wide
  div t4, a7, t3
  rem t5, a7, t3
  li t6, 0
  ret
@wide:
  srli t6, a6, 63
  srli t5, t3, 63
  xor t5, t5, t6
  slli t6, t6, 9
  slli t5, t5, 8
  or t6, t6, t5
  bgez a6, @dividend
  snez t5, a7
  neg a7, a7
  neg a6, a6
  sub a6, a6, t5
@dividend:
  bgez t3, @divisor
  neg t3, t3
@divisor:
  ${reduceHigh}
  ${core}
  andi a6, t6, 512
  beqz a6, @remainder
  neg t5, t5
@remainder:
  andi a6, t6, 256
  beqz a6, @positive
  neg t4, t4
  sgtz a6, t4
  j @fits
@positive:
  srli a6, t4, 63
@fits:
  srli t6, t6, 7
  andi t6, t6, 1
  or t6, t6, a6
  ret
@zero:
  srai t4, a6, 63
  not t4, t4
  ori t4, t4, 1
  mv t5, a7
  li t6, 1
  ret
`,
  ),
  runtimeFunction(
    TRAP,
    'Raises SIGFPE, as x86 does on a division by zero or an overflow, and never returns.',
    // SIGFPE is 8. A handler that returns is entered again, since the CPU would run the division again. Where the signal
    // is ignored Linux kills the process after a fault: struct sigaction has its handler at 0, SIG_IGN is 1, SIG_DFL 0,
    // and 152 bytes. A blocked SIGFPE is unblocked (SIG_UNBLOCK is 1, sigset_t has 128 bytes, bit 7 of the first).
    `
  addi sp, sp, -160
@again:
  li a0, 8
  call raise
  li a0, 8
  li a1, 0
  mv a2, sp
  call sigaction
  ld a0, 0(sp)
  li a1, 1
  bne a0, a1, @unblock
  li a0, 8
  li a1, 0
  call signal
@unblock:
  li a0, 128
  sd a0, 0(sp)
  ${Array.from({ length: 15 }, (_, i) => `sd zero, ${8 + 8 * i}(sp)`).join('\n')}
  li a0, 1
  mv a1, sp
  li a2, 0
  call sigprocmask
  j @again
`,
  ),
  runtimeFunction(
    TRAP_ALONE,
    'Ends the program with SIGFPE, where there is no C library, and never returns.',
    // getpid, kill; rt_sigaction with nothing but SIG_DFL, rt_sigprocmask with SIG_UNBLOCK, and again: nothing that the
    // program can do keeps a fault from ending it. SIGFPE is 8; sets of signals have 8 bytes for the kernel.
    `
  addi sp, sp, -48
@again:
  li a7, 172
  ecall
  li a1, 8
  li a7, 129
  ecall
  sd zero, 0(sp)
  sd zero, 8(sp)
  sd zero, 16(sp)
  li a0, 8
  mv a1, sp
  li a2, 0
  li a3, 8
  li a7, 134
  ecall
  li a0, 128
  sd a0, 0(sp)
  li a0, 1
  mv a1, sp
  li a2, 0
  li a3, 8
  li a7, 135
  ecall
  j @again
`,
  ),
];
