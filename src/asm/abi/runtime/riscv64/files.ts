// SPDX-License-Identifier: MIT
import { ABOUT_EPOLL, ABOUT_EPOLL_WAIT, ABOUT_STAT, EPOLL_WAITS, NODES, STATS } from '../names.ts';
import { bridge, type RuntimeFunction, runtimeFunction } from '../runtime-function.ts';
import { extendArguments } from './narrow.ts';

/** Files: `struct stat` and events of `epoll`, whose layouts differ. */

/** Copies eight bytes at each pair of offsets, from a2 to a1, through t1. */
const copy = (pairs: readonly (readonly [from: number, to: number])[]): string =>
  pairs.map(([from, to]) => `ld t1, ${from}(a2)\nsd t1, ${to}(a1)`).join('\n');

/**
 * glibc's bits/struct_stat.h for both machines:
 *
 *                x86-64                       RISC-V
 *       0  st_dev, st_ino (64)           0  st_dev, st_ino (64)
 *      16  st_nlink (64)                16  st_mode, st_nlink, st_uid, st_gid (32 each)
 *      24  st_mode, st_uid, st_gid,     32  st_rdev (64), padding (64)
 *          padding (32 each)            48  st_size (64)
 *      40  st_rdev, st_size,            56  st_blksize, padding (32 each)
 *          st_blksize, st_blocks (64)   64  st_blocks (64)
 *      72  st_atim, st_mtim, st_ctim    72  st_atim, st_mtim, st_ctim
 *     120  three reserved words        120  one reserved word
 */
const copyStat = runtimeFunction(
  '__vouch_copy_stat',
  "Writes x86's `struct stat` to a1 from RISC-V's at a2; changes t1 only.",
  `
  ${copy([[0, 0], [8, 8], [32, 40], [48, 48], [64, 64], ...[72, 80, 88, 96, 104, 112].map((at) => [at, at] as const)])}
  lwu t1, 20(a2)
  sd t1, 16(a1)
  lw t1, 16(a2)
  sw t1, 24(a1)
  lw t1, 24(a2)
  sw t1, 28(a1)
  lwu t1, 28(a2)
  sd t1, 32(a1)
  lw t1, 56(a2)
  sd t1, 56(a1)
  sd zero, 120(a1)
  sd zero, 128(a1)
  sd zero, 136(a1)
  ret
`,
);

/** Drops the first argument, the version of the layout that `__xstat` and its kin take. */
const dropVersion = (rest: number): string => Array.from({ length: rest }, (_, i) => `mv a${i}, a${i + 1}`).join('\n');

const stats = STATS.map(({ name, called, afterVersion, buffer, narrow }) =>
  bridge(
    name,
    ABOUT_STAT,
    `
  addi sp, sp, -144
  sd ra, 0(sp)
  ${dropVersion(afterVersion)}
  ${extendArguments(narrow)}
  sd a${buffer}, 8(sp)
  addi a${buffer}, sp, 16
  call ${called}
  bnez a0, @done
  ld a1, 8(sp)
  addi a2, sp, 16
  call __vouch_copy_stat
@done:
  ld ra, 0(sp)
  addi sp, sp, 144
  ret
`,
    ['__vouch_copy_stat'],
  ),
);

const nodes = NODES.map(({ name, called, about }) => {
  const address = called === 'mknodat' ? 3 : 2;
  const narrow = called === 'mknodat' ? [0, 2] : [1];
  return bridge(
    name,
    about,
    `
  ${dropVersion(address)}
  ${extendArguments(narrow)}
  ld a${address}, 0(a${address + 1})
  tail ${called}
`,
  );
});

/**
 * x86-64 packs `struct epoll_event` (sys/epoll.h): 12 bytes, `data` at 4. RISC-V: 16 bytes, `data` at 8. At most 4096
 * events are fetched at a time, for which there is room on the stack; `epoll_wait` may return fewer than asked for.
 */
const waits = EPOLL_WAITS.map((name) =>
  bridge(
    name,
    ABOUT_EPOLL_WAIT,
    `
  addi sp, sp, -32
  sd ra, 0(sp)
  sd s0, 8(sp)
  sd a1, 16(sp)
  mv s0, sp
  ${extendArguments(name === 'epoll_pwait2' ? [0, 2] : [0, 2, 3])}
  li t0, 4096
  ble a2, t0, @few
  mv a2, t0
@few:
  blez a2, @call
  slli t0, a2, 4
  sub sp, sp, t0
@call:
  mv a1, sp
  call ${name}
  blez a0, @done
  ld a1, 16(s0)
  mv a2, sp
  slli a3, a0, 4
  add a3, a3, sp
@next:
  lw t0, 0(a2)
  lw t1, 8(a2)
  lw t2, 12(a2)
  sw t0, 0(a1)
  sw t1, 4(a1)
  sw t2, 8(a1)
  addi a2, a2, 16
  addi a1, a1, 12
  bne a2, a3, @next
@done:
  mv sp, s0
  ld ra, 0(sp)
  ld s0, 8(sp)
  addi sp, sp, 32
  ret
`,
  ),
);

const control = bridge(
  'epoll_ctl',
  ABOUT_EPOLL,
  `
  addi sp, sp, -32
  sd ra, 0(sp)
  ${extendArguments([0, 1, 2])}
  beqz a3, @call
  lw t0, 0(a3)
  lw t1, 4(a3)
  lw t2, 8(a3)
  sd t0, 16(sp)
  sw t1, 24(sp)
  sw t2, 28(sp)
  addi a3, sp, 16
@call:
  call epoll_ctl
  ld ra, 0(sp)
  addi sp, sp, 32
  ret
`,
);

export const files: readonly RuntimeFunction[] = [copyStat, ...stats, ...nodes, control, ...waits];
