// SPDX-License-Identifier: MIT
import { ABOUT_ERROR, aboutList, ERRORS, LISTS, VARIADIC, type Variadic } from '../names.ts';
import { bridge, type RuntimeFunction } from '../runtime-function.ts';
import { collectorName, collectors } from './format.ts';

/** Functions that take variable arguments, or a list of them; format.ts tells how the lists differ. */

/**
 * Offsets in the frame of a bridge with variable arguments: x86's list, the two save areas, and room for a message. s0
 * points to the frame.
 */
const [LIST, GENERAL, VECTOR, MESSAGE, FRAME] = [16, 48, 96, 224, 240];

const enter = (frame: number): string => `
  addi sp, sp, -${frame}
  sd ra, 0(sp)
  sd s0, 8(sp)
  mv s0, sp
`;

const leave = (frame: number): string => `
  mv sp, s0
  ld ra, 0(sp)
  ld s0, 8(sp)
  addi sp, sp, ${frame}
  ret
`;

const save = (count: number, at: number): string =>
  Array.from({ length: count }, (_, i) => `sd a${i}, ${at + 8 * i}(s0)`).join('\n');

/** Those of 32 bits are extended. */
const restore = (count: number, at: number, narrow: readonly number[]): string =>
  Array.from({ length: count }, (_, i) => `${narrow.includes(i) ? 'lw' : 'ld'} a${i}, ${at + 8 * i}(s0)`).join('\n');

/** Saves the argument registers and makes x86's list of what follows `fixed` parameters. */
const makeList = (fixed: number): string => `
  ${enter(FRAME)}
  ${save(6, GENERAL)}
  ${Array.from({ length: 8 }, (_, i) => `fsd fa${i}, ${VECTOR + 16 * i}(s0)`).join('\n')}
  li t0, ${8 * fixed}
  sw t0, ${LIST}(s0)
  li t0, 48
  sw t0, ${LIST + 4}(s0)
  addi t0, s0, ${FRAME}
  sd t0, ${LIST + 8}(s0)
  addi t0, s0, ${GENERAL}
  sd t0, ${LIST + 16}(s0)
  mv a0, a${fixed - 1}
  addi a1, s0, ${LIST}
`;

const ABOUT_VARIADIC =
  'x86 has six integer arguments and eight others in registers, RISC-V eight of both kinds together.';

const printing = ({ name, withList, fixed, narrow, format, wide }: Variadic): RuntimeFunction =>
  bridge(
    name,
    `Calls \`${withList}\`: ${ABOUT_VARIADIC}`,
    `
  ${makeList(fixed)}
  call ${collectorName(format, wide)}
  mv a${fixed}, a0
  ${restore(fixed, GENERAL, narrow)}
  call ${withList}
  ${leave(FRAME)}
`,
    [collectorName(format, wide)],
  );

/** All that is variable is pointers: saved right below the caller's stack arguments, they are the list. */
const scanning = ({ name, withList, fixed }: Variadic): RuntimeFunction =>
  bridge(
    name,
    `Calls \`${withList}\`: ${ABOUT_VARIADIC}`,
    `
  addi sp, sp, -64
  sd ra, 0(sp)
  ${Array.from({ length: 6 - fixed }, (_, i) => `sd a${fixed + i}, ${16 + 8 * (fixed + i)}(sp)`).join('\n')}
  addi a${fixed}, sp, ${16 + 8 * fixed}
  call ${withList}
  ld ra, 0(sp)
  addi sp, sp, 64
  ret
`,
  );

/** `fixed` is the number of the argument that is the list. */
const withList = ({ withList: name, fixed, narrow, format, wide }: Variadic): RuntimeFunction =>
  bridge(
    name,
    "Makes RISC-V's `va_list` of x86's.",
    `
  ${enter(64)}
  ${save(fixed, 16)}
  mv a0, a${fixed - 1}
  mv a1, a${fixed}
  call ${collectorName(format, wide)}
  mv a${fixed}, a0
  ${restore(fixed, 16, narrow)}
  call ${name}
  ${leave(64)}
`,
    [collectorName(format, wide)],
  );

/**
 * The message is made first and passed as "%s" (0x7325 in memory). Where there is no memory for it, the format itself is
 * the message. Of the parameters all but pointers (a2 is one in `error_at_line`) are of 32 bits.
 */
const errorBridge = (name: string, fixed: number): RuntimeFunction =>
  bridge(
    name,
    ABOUT_ERROR,
    `
  ${makeList(fixed)}
  call ${collectorName('printf', false)}
  mv a2, a0
  ld a1, ${GENERAL + 8 * (fixed - 1)}(s0)
  addi a0, s0, ${MESSAGE}
  sd zero, ${MESSAGE}(s0)
  call vasprintf
  ld a${fixed}, ${MESSAGE}(s0)
  bgez a0, @made
  sd zero, ${MESSAGE}(s0)
  ld a${fixed}, ${GENERAL + 8 * (fixed - 1)}(s0)
@made:
  li t0, 0x7325
  sd t0, ${MESSAGE + 8}(s0)
  ${restore(fixed - 1, GENERAL, [0, 1, 3])}
  addi a${fixed - 1}, s0, ${MESSAGE + 8}
  call ${name}
  ld a0, ${MESSAGE}(s0)
  call free
  ${leave(FRAME)}
`,
    [collectorName('printf', false)],
  );

/**
 * The list of `execl` and its kin lies in memory already once a0 to a5 are saved right below the caller's stack
 * arguments: it is the `argv` of `execv`.
 */
const listing = (name: string, called: string, environment: boolean): RuntimeFunction =>
  bridge(
    name,
    aboutList(called),
    `
  addi sp, sp, -64
  sd ra, 0(sp)
  ${Array.from({ length: 5 }, (_, i) => `sd a${i + 1}, ${24 + 8 * i}(sp)`).join('\n')}
  addi a1, sp, 24
  ${environment ? 'mv t0, a1\n@skip:\nld a2, 0(t0)\naddi t0, t0, 8\nbnez a2, @skip\nld a2, 0(t0)' : ''}
  call ${called}
  ld ra, 0(sp)
  addi sp, sp, 64
  ret
`,
  );

/**
 * `strfmon(buffer, size, format, ...)` takes only doubles and has no counterpart that takes a list. They are copied
 * from the registers and the stack to where RISC-V looks for them, as many as the format has percent signs.
 */
const money = (name: string, fixed: number): RuntimeFunction => {
  const inRegisters = 8 - fixed;
  return bridge(
    name,
    'Floating-point numbers among variable arguments travel in integer registers on RISC-V.',
    `
  addi sp, sp, -80
  sd ra, 0(sp)
  sd s0, 8(sp)
  ${Array.from({ length: 8 }, (_, i) => `fsd fa${i}, ${16 + 8 * i}(sp)`).join('\n')}
  mv s0, sp
  li t0, 0
  mv t1, a${fixed - 1}
@count:
  lbu t2, 0(t1)
  addi t1, t1, 1
  addi t3, t2, -37
  seqz t3, t3
  add t0, t0, t3
  bnez t2, @count
  addi t0, t0, -${inRegisters}
  blez t0, @registers
  addi t1, t0, 1
  andi t1, t1, -2
  slli t1, t1, 3
  sub sp, sp, t1
  mv t1, sp
  addi t2, s0, ${16 + 8 * inRegisters}
@copy:
  ld t3, 0(t2)
  sd t3, 0(t1)
  addi t1, t1, 8
  addi t2, t2, 8
  addi t0, t0, -1
  bnez t0, @copy
@registers:
  ${Array.from({ length: inRegisters }, (_, i) => `ld a${fixed + i}, ${16 + 8 * i}(s0)`).join('\n')}
  call ${name}
  ${leave(80)}
`,
  );
};

export const variadics: readonly RuntimeFunction[] = [
  ...collectors,
  ...VARIADIC.map((v) => (v.format === 'printf' ? printing(v) : scanning(v))),
  ...VARIADIC.map(withList),
  ...ERRORS.map(({ name, fixed }) => errorBridge(name, fixed)),
  ...LISTS.map(({ name, called, environment }) => listing(name, called, environment)),
  money('strfmon', 3),
  money('strfmon_l', 4),
];
