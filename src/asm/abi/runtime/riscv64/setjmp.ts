// SPDX-License-Identifier: MIT

import { JUMPS } from '../names.ts';
import { type RuntimeFunction, runtimeFunction } from '../runtime-function.ts';

/**
 * `setjmp` and `longjmp` of our own: x86-64's `jmp_buf` has 200 bytes, RISC-V's 344. The stack pointer, the return address,
 * 24 registers that a function preserves and the kernel's signal mask make 27 words, two more than there is room for. So
 * eight of them, which hold addresses and small numbers as a rule, are kept with 48 bits: a group of four takes three
 * words, in which the fourth's parts lie below the others.
 *
 *     0   sp << 16 | s7[0:15]     24  s8 << 16 | s11[0:15]      48 s0 ... 88 s5
 *     8   ra << 16 | s7[16:31]    32  s9 << 16 | s11[16:31]     96 fs0 ... 184 fs11
 *     16  s6 << 16 | s7[32:47]    40  s10 << 16 | s11[32:47]    192 signal mask
 *
 * The stack pointer is a multiple of 16, which leaves bits of the first word free: bit 16 tells that the mask was saved,
 * bit 17 that one of the eight does not fit. Then they stand in memory from `malloc`, whose address is the second word; C
 * does not tell when a buffer is done with, so it is never freed.
 *
 * `setjmp` returns to its caller with the caller's stack pointer, as native code does.
 */

const GROUPS = [
  { at: 0, registers: ['sp', 'ra', 's6', 's7'] },
  { at: 24, registers: ['s8', 's9', 's10', 's11'] },
] as const;
const SHORT = GROUPS.flatMap((g) => g.registers);
const GENERAL = Array.from({ length: 6 }, (_, i) => `s${i}`);
const FLOAT = Array.from({ length: 12 }, (_, i) => `fs${i}`);
const [GENERAL_AT, FLOAT_AT, MASK_AT] = [48, 96, 192];

const each = (op: string, registers: readonly string[], at: number, base: string): string =>
  registers.map((r, i) => `${op} ${r}, ${at + 8 * i}(${base})`).join('\n');

const fits = SHORT.map((r) => `slli t1, ${r}, 16\nsrai t1, t1, 16\nbne t1, ${r}, @large`).join('\n');

/** Expects the bits for the first word in t0. */
const pack = GROUPS.map(({ at, registers: [a, b, c, d] }) =>
  [a, b, c]
    .map(
      (r, i) => `
  slli t1, ${d}, ${48 - 16 * i}
  srli t1, t1, 48
  slli t2, ${r}, 16
  or t1, t1, t2
  ${at + i === 0 ? 'or t1, t1, t0' : ''}
  sd t1, ${at + 8 * i}(a0)`,
    )
    .join('\n'),
).join('\n');

/** Leaves the stack pointer in t0. */
const unpack = GROUPS.map(({ at, registers: [first, b, c, d] }) => {
  const a = first === 'sp' ? 't0' : first;
  return `
  ld ${a}, ${at}(a0)
  ld ${b}, ${at + 8}(a0)
  ld ${c}, ${at + 16}(a0)
  slli t1, ${a}, 48
  srli t1, t1, 48
  slli t2, ${b}, 48
  srli t2, t2, 32
  slli ${d}, ${c}, 48
  srai ${d}, ${d}, 16
  or ${d}, ${d}, t1
  or ${d}, ${d}, t2
  srai ${a}, ${a}, 16
  srai ${b}, ${b}, 16
  srai ${c}, ${c}, 16
`;
}).join('\n');

/** A frame with a `sigset_t` at 32; `rest` stands between its making and its end. */
const framed = (rest: string): string => `
  addi sp, sp, -160
  sd ra, 0(sp)
  sd a0, 8(sp)
  sd a1, 16(sp)
  ${rest}
  ld ra, 0(sp)
  addi sp, sp, 160
`;

export const setjmp: readonly RuntimeFunction[] = [
  runtimeFunction(
    '__vouch_setjmp',
    JUMPS.setjmp.about,
    `
  li a1, 1
  tail __vouch_sigsetjmp
`,
    { standsFor: JUMPS.setjmp.names, needs: ['__vouch_sigsetjmp'] },
  ),
  runtimeFunction(
    '__vouch__setjmp',
    JUMPS._setjmp.about,
    `
  li a1, 0
  tail __vouch_sigsetjmp
`,
    { standsFor: JUMPS._setjmp.names, needs: ['__vouch_sigsetjmp'] },
  ),
  runtimeFunction(
    '__vouch_sigsetjmp',
    JUMPS.sigsetjmp.about,
    // sigprocmask(SIG_BLOCK = 0, NULL, &old) reads the mask; `old` is a sigset_t of 128 bytes of which 8 count.
    `
  ${each('sd', GENERAL, GENERAL_AT, 'a0')}
  ${each('fsd', FLOAT, FLOAT_AT, 'a0')}
  sext.w a1, a1
  snez t0, a1
  slli t0, t0, 16
  ${fits}
  ${pack}
  bnez a1, @mask
  li a0, 0
  ret
@large:
  ${framed(`
  li a0, 64
  call malloc
  beqz a0, @none
  mv t1, a0
  ld a0, 8(sp)
  ld a1, 16(sp)`)}
  ${each('sd', SHORT, 0, 't1')}
  snez t0, a1
  addi t0, t0, 2
  slli t0, t0, 16
  sd t0, 0(a0)
  sd t1, 8(a0)
  bnez a1, @mask
  li a0, 0
  ret
@none:
  call abort
@mask:
  ${framed(`
  li a0, 0
  li a1, 0
  addi a2, sp, 32
  call sigprocmask
  ld a1, 32(sp)
  ld a0, 8(sp)
  sd a1, ${MASK_AT}(a0)
  li a0, 0`)}
  ret
`,
    { standsFor: JUMPS.sigsetjmp.names },
  ),
  runtimeFunction(
    '__vouch_longjmp',
    JUMPS.longjmp.about,
    // sigprocmask(SIG_SETMASK = 2, &mask, NULL) where a mask was kept.
    `
  sext.w a1, a1
  ld t0, 0(a0)
  slli t0, t0, ${63 - 16}
  bgez t0, @restore
  ${framed(`
  ld a2, ${MASK_AT}(a0)
  sd a2, 32(sp)
  ${Array.from({ length: 15 }, (_, i) => `sd zero, ${40 + 8 * i}(sp)`).join('\n')}
  li a0, 2
  addi a1, sp, 32
  li a2, 0
  call sigprocmask
  ld a0, 8(sp)
  ld a1, 16(sp)`)}
@restore:
  ${each('ld', GENERAL, GENERAL_AT, 'a0')}
  ${each('fld', FLOAT, FLOAT_AT, 'a0')}
  ld t0, 0(a0)
  slli t1, t0, ${63 - 17}
  bltz t1, @large
  ${unpack}
  andi t0, t0, -16
  j @jump
@large:
  ld t1, 8(a0)
  ${each('ld', ['t0', ...SHORT.slice(1)], 0, 't1')}
@jump:
  mv sp, t0
  seqz a0, a1
  add a0, a0, a1
  ret
`,
    { standsFor: JUMPS.longjmp.names },
  ),
];
