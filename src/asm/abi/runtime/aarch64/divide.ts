// SPDX-License-Identifier: MIT
import { type RuntimeFunction, runtimeFunction, TRAP, TRAP_ALONE } from '../runtime-function.ts';

/**
 * Division of 128 bits by 64, which AArch64 lacks, and the trap of a division that cannot be done.
 *
 * In: x11 high, x12 low half of the dividend, x13 divisor. Out: x14 low half of the quotient, x15 remainder, x6 whether
 * the quotient does not fit 64 bits or the divisor is zero. Changes x11 to x17, NZCV and, by being called, x30; nothing
 * else, and no memory. The contracts in contracts.ts say the same as terms, for all inputs, those that do not fit
 * included.
 *
 * Where the dividend is a 64-bit number extended, which is the rule, the machine's own division does it. Else the method is
 * Knuth's (The Art of Computer Programming 2, 4.3.1, algorithm D) with digits of 32 bits. x6 carries what
 * must be remembered: bits 0-5 how far the divisor is shifted, bit 8 that the quotient is too large, bits 9 and 10 the
 * signs of quotient and remainder.
 */

/** One digit of the quotient into x14: (x11, next digit) / x13, with x16 the divisor's upper half. */
const digit = (label: string, next: string): string => `
  udiv x14, x11, x16
  msub x15, x14, x16, x11
@${label}_check:
  lsr x17, x14, #32
  cbnz x17, @${label}_less
  umull x17, w14, w13
  subs x17, x17, x15, lsl #32
  b.lo @${label}_found
  cmp x17, ${next}
  b.ls @${label}_found
@${label}_less:
  sub x14, x14, #1
  add x15, x15, x16
  lsr x17, x15, #32
  cbz x17, @${label}_check
@${label}_found:
`;

/** The unsigned division. Expects x13 != 0, x11 < x13 and the flags of x6 in place. */
const core = `
  clz x14, x13
  orr x6, x6, x14
  lsl x13, x13, x6
  lsl x11, x11, x6
  mvn x14, x6
  lsr x15, x12, #1
  lsr x15, x15, x14
  orr x11, x11, x15
  lsl x12, x12, x6
  lsr x16, x13, #32
  ${digit('high', 'x12, lsr #32')}
  extr x11, x11, x12, #32
  msub x11, x14, x13, x11
  bfi x12, x14, #32, #32
  ${digit('low', 'w12, uxtw')}
  lsl x11, x11, #32
  bfxil x11, x12, #0, #32
  msub x15, x14, x13, x11
  lsr x15, x15, x6
  bfxil x12, x14, #0, #32
  mov x14, x12
`;

/** Leaves the high half's remainder in x11: what it is divided by more only makes the quotient too large. */
const reduceHigh = `
  udiv x14, x11, x13
  msub x11, x14, x13, x11
  cmp x14, #0
  cset w16, ne
  orr x6, x6, x16, lsl #8
`;

export const divide: readonly RuntimeFunction[] = [
  runtimeFunction(
    '__vouch_udiv128',
    'Divides the unsigned x11:x12 by x13.',
    `
  cbz x13, @zero
  mov x6, #0
  cbnz x11, @wide
  udiv x14, x12, x13
  msub x15, x14, x13, x12
  ret
@wide:
  ${reduceHigh}
  ${core}
  ubfx x6, x6, #8, #1
  ret
@zero:
  mov x14, #-1
  mov x15, x12
  mov x6, #1
  ret
`,
  ),
  runtimeFunction(
    '__vouch_sdiv128',
    'Divides the signed x11:x12 by x13, rounding towards zero.',
    `
  cbz x13, @zero
  cmp x11, x12, asr #63
  b.ne @wide
  cmn x13, #1
  b.eq @wide
  sdiv x14, x12, x13
  msub x15, x14, x13, x12
  mov x6, #0
  ret
@wide:
  lsr x6, x11, #63
  lsr x16, x13, #63
  eor x16, x16, x6
  lsl x6, x6, #10
  orr x6, x6, x16, lsl #9
  tbz x11, #63, @dividend
  negs x12, x12
  ngc x11, x11
@dividend:
  tbz x13, #63, @divisor
  neg x13, x13
@divisor:
  ${reduceHigh}
  ${core}
  tbz x6, #10, @remainder
  neg x15, x15
@remainder:
  tbz x6, #9, @positive
  neg x14, x14
  cmp x14, #0
  cset w16, gt
  b @fits
@positive:
  lsr x16, x14, #63
@fits:
  ubfx x6, x6, #8, #1
  orr x6, x6, x16
  ret
@zero:
  asr x14, x11, #63
  mvn x14, x14
  orr x14, x14, #1
  mov x15, x12
  mov x6, #1
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
  sub x9, sp, #160
  and sp, x9, #-16
@again:
  mov w0, #8
  bl raise
  mov w0, #8
  mov x1, #0
  mov x2, sp
  bl sigaction
  ldr x0, [sp]
  cmp x0, #1
  b.ne @unblock
  mov w0, #8
  mov x1, #0
  bl signal
@unblock:
  stp xzr, xzr, [sp]
  stp xzr, xzr, [sp, #16]
  stp xzr, xzr, [sp, #32]
  stp xzr, xzr, [sp, #48]
  stp xzr, xzr, [sp, #64]
  stp xzr, xzr, [sp, #80]
  stp xzr, xzr, [sp, #96]
  stp xzr, xzr, [sp, #112]
  mov w0, #128
  str w0, [sp]
  mov w0, #1
  mov x1, sp
  mov x2, #0
  bl sigprocmask
  b @again
`,
  ),
  runtimeFunction(
    TRAP_ALONE,
    'Ends the program with SIGFPE, where there is no C library, and never returns.',
    // getpid, kill; rt_sigaction with nothing but SIG_DFL, rt_sigprocmask with SIG_UNBLOCK, and again: nothing that the
    // program can do keeps a fault from ending it. SIGFPE is 8; sets of signals have 8 bytes for the kernel.
    `
  sub x9, sp, #48
  and sp, x9, #-16
@again:
  mov x8, #172
  svc #0
  mov x1, #8
  mov x8, #129
  svc #0
  stp xzr, xzr, [sp]
  stp xzr, xzr, [sp, #16]
  mov x0, #8
  mov x1, sp
  mov x2, #0
  mov x3, #8
  mov x8, #134
  svc #0
  mov x0, #128
  str x0, [sp]
  mov x0, #1
  mov x1, sp
  mov x2, #0
  mov x3, #8
  mov x8, #135
  svc #0
  b @again
`,
  ),
];
