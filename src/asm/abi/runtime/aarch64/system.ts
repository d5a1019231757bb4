// SPDX-License-Identifier: MIT
import { ABOUT_OBJECTS, RETURNING_OBJECTS } from '../cplusplus.ts';
import { ABOUT_SEMAPHORES, MAPPINGS, RETURNING_STRUCTURES } from '../names.ts';
import { bridge, type RuntimeFunction } from '../runtime-function.ts';

/** The rest: structures and objects that are returned or passed by value, System V semaphores, memory mapping, locales. */

/**
 * Structures of more than 16 bytes, and objects, are returned through an address that x86 passes in rdi, before the
 * arguments, and repeats in rax; here it is in x8.
 */
const returnsInMemory =
  (about: string) =>
  (name: string): RuntimeFunction =>
    bridge(
      name,
      about,
      `
  stp x29, x30, [sp, #-32]!
  mov x29, sp
  str x0, [sp, #16]
  mov x8, x0
  mov x0, x1
  mov x1, x2
  mov x2, x3
  mov x3, x4
  mov x4, x5
  bl ${name}
  ldr x0, [sp, #16]
  ldp x29, x30, [sp], #32
  ret
`,
    );

/** MAP_32BIT (0x40) exists only on x86; ENOTSUP is 95. */
const mapping = (name: string): RuntimeFunction =>
  bridge(
    name,
    'MAP_32BIT is refused with ENOTSUP: AArch64 would ignore it.',
    `
  tbnz w3, #6, @refused
  b ${name}
@refused:
  stp x29, x30, [sp, #-16]!
  mov x29, sp
  bl __errno_location
  mov w1, #95
  str w1, [x0]
  mov x0, #-1
  ldp x29, x30, [sp], #16
  ret
`,
  );

/**
 * `semctl(id, number, command, union semun)`. bits/types/struct_semid_ds.h: x86-64 has a reserved word behind each of
 * the two times, so sem_perm (48 bytes) and sem_otime at 48 agree, sem_ctime is at 64 against 56, sem_nsems at 80
 * against 64, and the size is 104 against 88. IPC_SET (1) reads such a structure; IPC_STAT (2), SEM_STAT (18) and
 * SEM_STAT_ANY (20) write one.
 */
const semctl = bridge(
  'semctl',
  ABOUT_SEMAPHORES,
  `
  stp x29, x30, [sp, #-128]!
  mov x29, sp
  cmp w2, #1
  b.eq @set
  cmp w2, #2
  b.eq @stat
  cmp w2, #18
  b.eq @stat
  cmp w2, #20
  b.eq @stat
  bl semctl
  b @done
@set:
  ldp x16, x17, [x3]
  stp x16, x17, [sp, #32]
  ldp x16, x17, [x3, #16]
  stp x16, x17, [sp, #48]
  ldp x16, x17, [x3, #32]
  stp x16, x17, [sp, #64]
  stp xzr, xzr, [sp, #80]
  stp xzr, xzr, [sp, #96]
  str xzr, [sp, #112]
  add x3, sp, #32
  bl semctl
  b @done
@stat:
  str x3, [sp, #16]
  add x3, sp, #32
  bl semctl
  tbnz w0, #31, @done
  ldr x3, [sp, #16]
  ldp x16, x17, [sp, #32]
  stp x16, x17, [x3]
  ldp x16, x17, [sp, #48]
  stp x16, x17, [x3, #16]
  ldp x16, x17, [sp, #64]
  stp x16, x17, [x3, #32]
  ldp x16, x17, [sp, #80]
  stp x16, xzr, [x3, #48]
  stp x17, xzr, [x3, #64]
  ldr x16, [sp, #96]
  str x16, [x3, #80]
  stp xzr, xzr, [x3, #88]
@done:
  ldp x29, x30, [sp], #128
  ret
`,
);

/**
 * `struct lconv` has ten pointers and then 14 `char`s, in which CHAR_MAX means that nothing is known: 127 on x86, where
 * `char` is signed, 255 on AArch64.
 */
const localeconv = bridge(
  'localeconv',
  'CHAR_MAX in `struct lconv` is 127 on x86 and 255 on AArch64.',
  `
  stp x29, x30, [sp, #-16]!
  mov x29, sp
  bl localeconv
  mov w3, #127
  mov x1, #80
@next:
  ldrb w2, [x0, x1]
  cmp w2, #255
  csel w2, w3, w2, eq
  strb w2, [x0, x1]
  add x1, x1, #1
  cmp x1, #94
  b.ne @next
  ldp x29, x30, [sp], #16
  ret
`,
);

/** `fopencookie(cookie, mode, functions)`, and `ns_msg_getflag(message, flag)`, which has x86's flag first in registers. */
const ABOUT_STRUCTURE = 'A structure is passed on the stack by x86 and by address on AArch64.';

export const system: readonly RuntimeFunction[] = [
  ...RETURNING_STRUCTURES.map(
    returnsInMemory('The result is a structure, whose address is passed in another register.'),
  ),
  ...RETURNING_OBJECTS.map(returnsInMemory(ABOUT_OBJECTS)),
  bridge('fopencookie', ABOUT_STRUCTURE, '\nmov x2, sp\nb fopencookie\n'),
  bridge('ns_msg_getflag', ABOUT_STRUCTURE, '\nmov x1, x0\nmov x0, sp\nb ns_msg_getflag\n'),
  ...MAPPINGS.map(mapping),
  semctl,
  localeconv,
];
