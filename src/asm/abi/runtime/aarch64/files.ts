// SPDX-License-Identifier: MIT
import { ABOUT_EPOLL, ABOUT_EPOLL_WAIT, ABOUT_STAT, EPOLL_WAITS, NODES, STATS } from '../names.ts';
import { bridge, type RuntimeFunction, runtimeFunction } from '../runtime-function.ts';

/** Files: `struct stat`, the flags of `open`, and events of `epoll`, whose layouts or bits differ. */

/**
 * glibc's bits/struct_stat.h for both machines:
 *
 *                x86-64                       AArch64
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
  "Writes x86's `struct stat` to x1 from AArch64's at x2; changes x16 and x17 only.",
  `
  ldp x16, x17, [x2]
  stp x16, x17, [x1]
  ldp w16, w17, [x2, #16]
  str x17, [x1, #16]
  str w16, [x1, #24]
  ldp w16, w17, [x2, #24]
  stp w16, w17, [x1, #28]
  str wzr, [x1, #36]
  ldr x16, [x2, #32]
  ldr x17, [x2, #48]
  stp x16, x17, [x1, #40]
  ldrsw x16, [x2, #56]
  ldr x17, [x2, #64]
  stp x16, x17, [x1, #56]
  ldp x16, x17, [x2, #72]
  stp x16, x17, [x1, #72]
  ldp x16, x17, [x2, #88]
  stp x16, x17, [x1, #88]
  ldp x16, x17, [x2, #104]
  stp x16, x17, [x1, #104]
  stp xzr, xzr, [x1, #120]
  str xzr, [x1, #136]
  ret
`,
);

/** `buffer` is the number of the argument that takes the result, after `prepare`. */
const statBridge = (name: string, called: string, buffer: number, prepare: string): RuntimeFunction =>
  bridge(
    name,
    ABOUT_STAT,
    `
  stp x29, x30, [sp, #-160]!
  mov x29, sp
  ${prepare}
  str x${buffer}, [sp, #16]
  add x${buffer}, sp, #32
  bl ${called}
  cbnz w0, @done
  ldr x1, [sp, #16]
  add x2, sp, #32
  bl __vouch_copy_stat
@done:
  ldp x29, x30, [sp], #160
  ret
`,
    ['__vouch_copy_stat'],
  );

/** Drops the first argument, the version of the layout that `__xstat` and its kin take. */
const dropVersion = (rest: number): string => Array.from({ length: rest }, (_, i) => `mov x${i}, x${i + 1}`).join('\n');

const stats = STATS.map(({ name, called, buffer, afterVersion }) =>
  statBridge(name, called, buffer, dropVersion(afterVersion)),
);

const nodes = NODES.map(({ name, called, about }) => {
  const address = called === 'mknodat' ? 3 : 2;
  return bridge(name, about, `\n${dropVersion(address)}\nldr x${address}, [x${address + 1}]\nb ${called}\n`);
});

/**
 * asm-generic/fcntl.h against arch/arm64/include/uapi/asm/fcntl.h:
 * O_DIRECT, O_LARGEFILE, O_DIRECTORY, O_NOFOLLOW are bits 14, 15, 16, 17 on x86-64 and 16, 17, 14, 15 on AArch64.
 * Exchanging the two pairs goes either way. Changes x16 and x17.
 */
const exchangeFlags = (n: number): string => `
  and w16, w${n}, #0xc000
  and w17, w${n}, #0x30000
  and w${n}, w${n}, #0xfffc3fff
  orr w${n}, w${n}, w16, lsl #2
  orr w${n}, w${n}, w17, lsr #2
`;

const flagged = (name: string, argument: number): RuntimeFunction =>
  bridge(
    name,
    'O_DIRECT, O_LARGEFILE, O_DIRECTORY and O_NOFOLLOW are other bits.',
    `
  ${exchangeFlags(argument)}
  b ${name}
`,
  );

/** F_GETFL is 3, F_SETFL is 4 on both machines. */
const control = (name: string): RuntimeFunction =>
  bridge(
    name,
    'F_GETFL and F_SETFL speak of the flags of `open`, of which some are other bits.',
    `
  cmp w1, #4
  b.eq @set
  cmp w1, #3
  b.eq @get
  b ${name}
@set:
  ${exchangeFlags(2)}
  b ${name}
@get:
  stp x29, x30, [sp, #-16]!
  mov x29, sp
  bl ${name}
  tbnz w0, #31, @failed
  ${exchangeFlags(0)}
@failed:
  ldp x29, x30, [sp], #16
  ret
`,
  );

const opens: readonly RuntimeFunction[] = [
  ...['', '64'].flatMap((size) => [
    flagged(`open${size}`, 1),
    flagged(`openat${size}`, 2),
    flagged(`__open${size}_2`, 1),
    flagged(`__openat${size}_2`, 2),
    control(`fcntl${size}`),
  ]),
  flagged('shm_open', 1),
  flagged('pipe2', 1),
  flagged('open_by_handle_at', 2),
  flagged('posix_spawn_file_actions_addopen', 3),
  flagged('fanotify_init', 1),
];

/**
 * x86-64 packs `struct epoll_event` (sys/epoll.h): 12 bytes, `data` at 4. AArch64: 16 bytes, `data` at 8. At most
 * 4096 events are fetched at a time, for which there is room on the stack; `epoll_wait` may return fewer than asked for.
 */
const epollWait = (name: string): RuntimeFunction =>
  bridge(
    name,
    ABOUT_EPOLL_WAIT,
    `
  stp x29, x30, [sp, #-32]!
  mov x29, sp
  str x1, [sp, #16]
  mov w16, #4096
  cmp w2, w16
  csel w2, w2, w16, lt
  cmp w2, #0
  csel w16, w2, wzr, gt
  sub sp, sp, x16, lsl #4
  mov x1, sp
  bl ${name}
  ldr x1, [x29, #16]
  mov x2, sp
  mov w3, #0
@next:
  cmp w3, w0
  b.ge @done
  ldr w16, [x2], #8
  ldr x17, [x2], #8
  str w16, [x1], #4
  str x17, [x1], #8
  add w3, w3, #1
  b @next
@done:
  mov sp, x29
  ldp x29, x30, [sp], #32
  ret
`,
  );

const epoll: readonly RuntimeFunction[] = [
  bridge(
    'epoll_ctl',
    ABOUT_EPOLL,
    `
  stp x29, x30, [sp, #-32]!
  mov x29, sp
  cbz x3, @call
  ldr w16, [x3]
  ldur x17, [x3, #4]
  str x16, [sp, #16]
  str x17, [sp, #24]
  add x3, sp, #16
@call:
  bl epoll_ctl
  ldp x29, x30, [sp], #32
  ret
`,
  ),
  ...EPOLL_WAITS.map(epollWait),
];

export const files: readonly RuntimeFunction[] = [copyStat, ...stats, ...nodes, ...opens, ...epoll];
