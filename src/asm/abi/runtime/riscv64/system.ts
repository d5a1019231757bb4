// SPDX-License-Identifier: MIT
import { ABOUT_OBJECTS, RETURNING_OBJECTS } from '../cplusplus.ts';
import { ABOUT_SEMAPHORES, MAPPINGS, RETURNING_STRUCTURES } from '../names.ts';
import { bridge, type RuntimeFunction } from '../runtime-function.ts';
import { returningShapes } from './cplusplus.ts';
import { extendArguments, extendShape } from './narrow.ts';

/** The rest: structures that are returned or passed by value, System V semaphores, memory mapping, locales. */

/** Structures of more than 16 bytes are returned through an address in rdi on x86, in a0 here; rax repeats it. */
const returnsAddress = (name: string, about: string): RuntimeFunction =>
  bridge(
    name,
    about,
    `
  addi sp, sp, -16
  sd ra, 0(sp)
  sd a0, 8(sp)
  ${extendShape(returningShapes.get(name) ?? '')}
  call ${name}
  ld a0, 8(sp)
  ld ra, 0(sp)
  addi sp, sp, 16
  ret
`,
  );

const structures = [
  ...RETURNING_STRUCTURES.map((name) =>
    returnsAddress(name, 'The result is a structure, whose address x86 returns; RISC-V need not.'),
  ),
  ...RETURNING_OBJECTS.map((name) => returnsAddress(name, ABOUT_OBJECTS)),
];

/** MAP_32BIT (0x40) exists only on x86; ENOTSUP is 95. */
const mappings = MAPPINGS.map((name) =>
  bridge(
    name,
    'MAP_32BIT is refused with ENOTSUP: RISC-V would ignore it.',
    `
  andi t0, a3, 0x40
  bnez t0, @refused
  ${extendArguments([2, 3, 4])}
  tail ${name}
@refused:
  addi sp, sp, -16
  sd ra, 0(sp)
  call __errno_location
  li a1, 95
  sw a1, 0(a0)
  li a0, -1
  ld ra, 0(sp)
  addi sp, sp, 16
  ret
`,
  ),
);

const copy = (from: string, to: string, pairs: readonly (readonly [from: number, to: number])[]): string =>
  pairs.map(([a, b]) => `ld t0, ${a}(${from})\nsd t0, ${b}(${to})`).join('\n');
const PERMISSIONS = [0, 8, 16, 24, 32, 40].map((at) => [at, at] as const);
const at16 = (pairs: readonly (readonly [number, number])[], side: 0 | 1): (readonly [number, number])[] =>
  pairs.map(([a, b]) => (side === 0 ? [a + 16, b] : [a, b + 16]));

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
  addi sp, sp, -112
  sd ra, 0(sp)
  ${extendArguments([0, 1, 2])}
  li t0, 1
  beq a2, t0, @set
  li t0, 2
  beq a2, t0, @stat
  li t0, 18
  beq a2, t0, @stat
  li t0, 20
  beq a2, t0, @stat
  call semctl
  j @done
@set:
  ${copy('a3', 'sp', at16(PERMISSIONS, 1))}
  ${[48, 56, 64, 72, 80].map((at) => `sd zero, ${16 + at}(sp)`).join('\n')}
  addi a3, sp, 16
  call semctl
  j @done
@stat:
  sd a3, 8(sp)
  addi a3, sp, 16
  call semctl
  bltz a0, @done
  ld a3, 8(sp)
  ${copy('sp', 'a3', at16([...PERMISSIONS, [48, 48], [56, 64], [64, 80]], 0))}
  ${[56, 72, 88, 96].map((at) => `sd zero, ${at}(a3)`).join('\n')}
@done:
  ld ra, 0(sp)
  addi sp, sp, 112
  ret
`,
);

/**
 * `struct lconv` has ten pointers and then 14 `char`s, in which CHAR_MAX means that nothing is known: 127 on x86, where
 * `char` is signed, 255 on RISC-V.
 */
const localeconv = bridge(
  'localeconv',
  'CHAR_MAX in `struct lconv` is 127 on x86 and 255 on RISC-V.',
  `
  addi sp, sp, -16
  sd ra, 0(sp)
  call localeconv
  addi a1, a0, 80
  addi a2, a0, 94
  li a3, 255
  li a4, 127
@next:
  lbu t0, 0(a1)
  bne t0, a3, @known
  sb a4, 0(a1)
@known:
  addi a1, a1, 1
  bne a1, a2, @next
  ld ra, 0(sp)
  addi sp, sp, 16
  ret
`,
);

export const system: readonly RuntimeFunction[] = [
  ...structures,
  bridge(
    'ns_msg_getflag',
    'A structure is passed on the stack by x86 and by address on RISC-V.',
    '\nsext.w a1, a0\nmv a0, sp\ntail ns_msg_getflag\n',
  ),
  ...mappings,
  semctl,
  localeconv,
];
