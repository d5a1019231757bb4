// SPDX-License-Identifier: MIT
import { JUMPS } from '../names.ts';
import { type RuntimeFunction, runtimeFunction } from '../runtime-function.ts';

/**
 * `setjmp` and `longjmp` of our own: x86-64's `jmp_buf` has 200 bytes (glibc's bits/types/struct___jmp_buf_tag.h: eight
 * registers, `int __mask_was_saved` at 64, a 128-byte signal mask at 72), AArch64's 312. The kernel's signal mask is only 8
 * bytes, so what AArch64 must keep fits into the x86 buffer:
 *
 *     0 x19 ... 40 x24   48 sp   56 x30   64 mask_was_saved (32 bits)
 *     72 x25 ... 104 x29   112 d8 ... 168 d15   176 signal mask (64 bits)
 *
 * `setjmp` returns to its caller with the caller's stack pointer, as native code does.
 */

const frame = `
  stp x29, x30, [sp, #-160]!
  mov x29, sp
  stp x0, x1, [sp, #16]
`;

export const setjmp: readonly RuntimeFunction[] = [
  runtimeFunction(
    '__vouch_setjmp',
    JUMPS.setjmp.about,
    `
  mov w1, #1
  b __vouch_sigsetjmp
`,
    { standsFor: JUMPS.setjmp.names, needs: ['__vouch_sigsetjmp'] },
  ),
  runtimeFunction(
    '__vouch__setjmp',
    JUMPS._setjmp.about,
    `
  mov w1, #0
  b __vouch_sigsetjmp
`,
    { standsFor: JUMPS._setjmp.names, needs: ['__vouch_sigsetjmp'] },
  ),
  runtimeFunction(
    '__vouch_sigsetjmp',
    JUMPS.sigsetjmp.about,
    // sigprocmask(SIG_BLOCK = 0, NULL, &old) reads the mask; `old` is a sigset_t of 128 bytes of which 8 count.
    `
  stp x19, x20, [x0]
  stp x21, x22, [x0, #16]
  stp x23, x24, [x0, #32]
  mov x16, sp
  stp x16, x30, [x0, #48]
  str w1, [x0, #64]
  stp x25, x26, [x0, #72]
  stp x27, x28, [x0, #88]
  str x29, [x0, #104]
  stp d8, d9, [x0, #112]
  stp d10, d11, [x0, #128]
  stp d12, d13, [x0, #144]
  stp d14, d15, [x0, #160]
  cbnz w1, @mask
  mov w0, #0
  ret
@mask:
  ${frame}
  mov w0, #0
  mov x1, #0
  add x2, sp, #32
  bl sigprocmask
  ldr x1, [sp, #32]
  ldr x0, [sp, #16]
  str x1, [x0, #176]
  mov w0, #0
  ldp x29, x30, [sp], #160
  ret
`,
    { standsFor: JUMPS.sigsetjmp.names },
  ),
  runtimeFunction(
    '__vouch_longjmp',
    JUMPS.longjmp.about,
    // sigprocmask(SIG_SETMASK = 2, &mask, NULL) where a mask was kept.
    `
  ldr w16, [x0, #64]
  cbz w16, @restore
  ${frame}
  ldr x2, [x0, #176]
  stp x2, xzr, [sp, #32]
  stp xzr, xzr, [sp, #48]
  stp xzr, xzr, [sp, #64]
  stp xzr, xzr, [sp, #80]
  stp xzr, xzr, [sp, #96]
  stp xzr, xzr, [sp, #112]
  stp xzr, xzr, [sp, #128]
  stp xzr, xzr, [sp, #144]
  mov w0, #2
  add x1, sp, #32
  mov x2, #0
  bl sigprocmask
  ldp x0, x1, [sp, #16]
@restore:
  ldp x19, x20, [x0]
  ldp x21, x22, [x0, #16]
  ldp x23, x24, [x0, #32]
  ldp x16, x30, [x0, #48]
  ldp x25, x26, [x0, #72]
  ldp x27, x28, [x0, #88]
  ldr x29, [x0, #104]
  ldp d8, d9, [x0, #112]
  ldp d10, d11, [x0, #128]
  ldp d12, d13, [x0, #144]
  ldp d14, d15, [x0, #160]
  mov sp, x16
  cmp w1, #0
  csinc w0, w1, wzr, ne
  ret
`,
    { standsFor: JUMPS.longjmp.names },
  ),
];
