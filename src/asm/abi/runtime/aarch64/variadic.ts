// SPDX-License-Identifier: MIT
import { ABOUT_ERROR, aboutList, ERRORS, LISTS, VARIADIC, type Variadic } from '../names.ts';
import { bridge, type RuntimeFunction } from '../runtime-function.ts';

/**
 * Functions that take variable arguments, or a list of them.
 *
 * x86-64's `va_list` (psABI 3.5.7) is { u32 gp_offset, fp_offset; void *overflow_arg_area, *reg_save_area }, passed by
 * address; the save area holds rdi, rsi, rdx, rcx, r8, r9 (48 bytes), then xmm0 to xmm7 (128 bytes). AArch64's (AAPCS64,
 * appendix B) is { void *__stack, *__gr_top, *__vr_top; int __gr_offs, __vr_offs }: 32 bytes, passed by address, the
 * offsets negative and relative to the ends of two save areas. So the one is the other in different words:
 *
 *     __stack = overflow_arg_area    __gr_top = reg_save_area + 48     __gr_offs = gp_offset - 48
 *                                    __vr_top = reg_save_area + 176    __vr_offs = fp_offset - 176
 *
 * `long double` arguments differ (80 bits against 128); code that makes any is refused elsewhere.
 */

/** Offsets in the frame of a variadic bridge, 224 bytes in all: x29 and x30, the list, the two save areas. */
const [LIST, GENERAL, VECTOR, FRAME] = [16, 48, 96, 224];

/** Saves the argument registers and makes a list at sp + 16 of what follows `fixed` parameters. Changes x16 and x17. */
const makeList = (fixed: number): string => `
  stp x29, x30, [sp, #-${FRAME}]!
  mov x29, sp
  stp x0, x1, [sp, #${GENERAL}]
  stp x2, x3, [sp, #${GENERAL + 16}]
  stp x4, x5, [sp, #${GENERAL + 32}]
  stp q0, q1, [sp, #${VECTOR}]
  stp q2, q3, [sp, #${VECTOR + 32}]
  stp q4, q5, [sp, #${VECTOR + 64}]
  stp q6, q7, [sp, #${VECTOR + 96}]
  add x16, sp, #${FRAME}
  add x17, sp, #${GENERAL + 48}
  stp x16, x17, [sp, #${LIST}]
  mov w17, #${-(6 - fixed) * 8}
  str x16, [sp, #${LIST + 16}]
  mov w16, #-128
  stp w17, w16, [sp, #${LIST + 24}]
`;

const leave = (frame = FRAME): string => `
  ldp x29, x30, [sp], #${frame}
  ret
`;

const variadic = ({ name, withList, fixed }: Variadic): RuntimeFunction =>
  bridge(
    name,
    `Calls \`${withList}\`: x86 passes six integer arguments in registers before the stack, AArch64 eight.`,
    `
  ${makeList(fixed)}
  add x${fixed}, sp, #${LIST}
  bl ${withList}
  ${leave()}
`,
  );

/** `fixed` is the number of the argument that is the list. */
const withList = ({ withList: name, fixed }: Variadic): RuntimeFunction =>
  bridge(
    name,
    "Makes AArch64's `va_list` of x86's.",
    `
  stp x29, x30, [sp, #-48]!
  mov x29, sp
  ldp x16, x17, [x${fixed}, #8]
  str x16, [sp, #16]
  add x16, x17, #48
  add x17, x17, #176
  stp x16, x17, [sp, #24]
  ldp w16, w17, [x${fixed}]
  sub w16, w16, #48
  sub w17, w17, #176
  stp w16, w17, [sp, #40]
  add x${fixed}, sp, #16
  bl ${name}
  ${leave(48)}
`,
  );

/**
 * The message is made first and passed as "%s" (0x7325 in memory). Where there is no memory for it, the format itself is the message.
 */
const errorBridge = (name: string, fixed: number): RuntimeFunction =>
  bridge(
    name,
    ABOUT_ERROR,
    `
  ${makeList(fixed)}
  sub sp, sp, #64
  stp x0, x1, [sp]
  stp x2, x3, [sp, #16]
  mov x1, x${fixed - 1}
  str xzr, [sp, #32]
  add x0, sp, #32
  add x2, x29, #${LIST}
  bl vasprintf
  mov w16, #0x7325
  str x16, [sp, #40]
  ldr x${fixed}, [sp, #32]
  cmp w0, #0
  b.ge @made
  ldr x${fixed}, [x29, #${GENERAL + 8 * (fixed - 1)}]
@made:
  ldp x0, x1, [sp]
  ${fixed === 5 ? 'ldp x2, x3, [sp, #16]' : ''}
  add x${fixed - 1}, sp, #40
  bl ${name}
  ldr x0, [sp, #32]
  bl free
  add sp, sp, #64
  ${leave()}
`,
  );

/**
 * The list of `execl` and its kin lies in memory already once x0 to x5 are saved right below the caller's stack
 * arguments: it is the `argv` of `execv`.
 */
const listing = (name: string, called: string, finish: string): RuntimeFunction =>
  bridge(
    name,
    aboutList(called),
    `
  stp x29, x30, [sp, #-64]!
  mov x29, sp
  stp x0, x1, [sp, #16]
  stp x2, x3, [sp, #32]
  stp x4, x5, [sp, #48]
  add x1, sp, #24
  ${finish}
  bl ${called}
  ${leave(64)}
`,
  );

const withEnvironment = `
  mov x16, x1
@skip:
  ldr x2, [x16], #8
  cbnz x2, @skip
  ldr x2, [x16]
`;

export const variadics: readonly RuntimeFunction[] = [
  ...VARIADIC.map(variadic),
  ...VARIADIC.map(withList),
  ...ERRORS.map(({ name, fixed }) => errorBridge(name, fixed)),
  ...LISTS.map(({ name, called, environment }) => listing(name, called, environment ? withEnvironment : '')),
];
