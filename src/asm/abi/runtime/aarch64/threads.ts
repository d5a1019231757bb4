// SPDX-License-Identifier: MIT
import { bridge, type RuntimeFunction } from '../runtime-function.ts';

/**
 * Threads. Some opaque types are larger on AArch64 (bits/pthreadtypes-arch.h), though all that is in use lies at the same
 * places within x86's size (bits/struct_mutex.h, and pthread_attr_t's and the attributes' internal structures). Only the
 * functions that make such an object write all of it: they get room of AArch64's size, and x86's part is copied.
 */

/** `argument` is the number of the argument that points to the new object. */
const made = (name: string, argument: number, type: string, x86: number, aarch64: number): RuntimeFunction => {
  const frame = 32 + Math.ceil(aarch64 / 16) * 16;
  const copy: string[] = [];
  let at = 0;
  for (; at + 8 <= x86; at += 8) copy.push(`ldr x16, [sp, #${32 + at}]`, `str x16, [x1, #${at}]`);
  if (at < x86) copy.push(`ldr w16, [sp, #${32 + at}]`, `str w16, [x1, #${at}]`);
  return bridge(
    name,
    `\`${type}\` has ${x86} bytes on x86, ${aarch64} on AArch64, and all of them are written.`,
    `
  stp x29, x30, [sp, #-${frame}]!
  mov x29, sp
  str x${argument}, [sp, #16]
  add x${argument}, sp, #32
  bl ${name}
  cbnz w0, @done
  ldr x1, [sp, #16]
  ${copy.join('\n')}
@done:
  ldp x29, x30, [sp], #${frame}
  ret
`,
  );
};

export const threads: readonly RuntimeFunction[] = [
  made('pthread_mutex_init', 0, 'pthread_mutex_t', 40, 48),
  made('mtx_init', 0, 'mtx_t', 40, 48),
  made('pthread_mutexattr_init', 0, 'pthread_mutexattr_t', 4, 8),
  made('pthread_condattr_init', 0, 'pthread_condattr_t', 4, 8),
  made('pthread_barrierattr_init', 0, 'pthread_barrierattr_t', 4, 8),
  made('pthread_attr_init', 0, 'pthread_attr_t', 56, 64),
  made('pthread_getattr_np', 1, 'pthread_attr_t', 56, 64),
  made('pthread_getattr_default_np', 0, 'pthread_attr_t', 56, 64),
  bridge(
    'pthread_attr_setstacksize',
    'PTHREAD_STACK_MIN is 16384 on x86 and 131072 on AArch64: sizes between are raised.',
    `
  mov x16, #16384
  cmp x1, x16
  b.lo @call
  mov x16, #131072
  cmp x1, x16
  csel x1, x1, x16, hi
@call:
  b pthread_attr_setstacksize
`,
  ),
];
