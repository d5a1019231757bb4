// SPDX-License-Identifier: MIT
import { bridge, type RuntimeFunction, runtimeFunction } from '../runtime-function.ts';

/**
 * Functions that are given a function which returns an `int`: the C library relies on the result's being extended, which
 * what x86 leaves in eax is not. So it is given one of ours, which calls the other and extends.
 */

const ABOUT = 'The result of the function that it is given is extended.';

/** Calls what t1 points to. */
const callAndExtend = `
  addi sp, sp, -16
  sd ra, 8(sp)
  jalr t1
  sext.w a0, a0
  ld ra, 8(sp)
  addi sp, sp, 16
  ret
`;

const callers: readonly RuntimeFunction[] = [
  runtimeFunction(
    '__vouch_call_last',
    'Calls the function at a2 with a0 and a1, and extends its result.',
    `
  mv t1, a2
  ${callAndExtend}
`,
  ),
  runtimeFunction(
    '__vouch_call_data',
    'Calls the function at 0(a2) with a0, a1 and what is at 8(a2), and extends its result.',
    `
  ld t1, 0(a2)
  ld a2, 8(a2)
  ${callAndExtend}
`,
  ),
  runtimeFunction(
    '__vouch_call_key',
    'Calls the function at 0(a0) with what is at 8(a0) and a1, and extends its result.',
    `
  ld t1, 0(a0)
  ld a0, 8(a0)
  ${callAndExtend}
`,
  ),
];

/** A frame in which 8(sp) has the function, 16(sp) what goes with it. */
const paired = (name: string, fn: number, beside: number, caller: string, data: number, after = ''): RuntimeFunction =>
  bridge(
    name,
    ABOUT,
    `
  addi sp, sp, -32
  sd ra, 0(sp)
  sd a${fn}, 8(sp)
  sd a${beside}, 16(sp)
  lla a${fn}, ${caller}
  addi a${data}, sp, 8
  call ${name}
  ${after}
  ld ra, 0(sp)
  addi sp, sp, 32
  ret
`,
    [caller],
  );

/** These hand their first argument on to the comparison as its first: it may be something else meanwhile. */
const keyed = (name: string, comparison: number, after = ''): RuntimeFunction =>
  paired(name, comparison, 0, '__vouch_call_key', 0, after);

/** The tree now has the key's stand-in as a key, if it is a new one. */
const realKey = `
  beqz a0, @done
  ld t0, 0(a0)
  addi t1, sp, 8
  bne t0, t1, @done
  ld t0, 16(sp)
  sd t0, 0(a0)
@done:
`;

const searching: readonly RuntimeFunction[] = [
  bridge('qsort', ABOUT, '\nmv a4, a3\nlla a3, __vouch_call_last\ntail qsort_r\n', ['__vouch_call_last']),
  paired('qsort_r', 3, 4, '__vouch_call_data', 4),
  paired('dl_iterate_phdr', 0, 1, '__vouch_call_data', 1),
  keyed('bsearch', 4),
  keyed('lfind', 4),
  keyed('tfind', 2),
  keyed('tdelete', 2),
  keyed('tsearch', 2, realKey),
  bridge(
    'lsearch',
    'Looks with `lfind`, and adds what is not found.',
    `
  addi sp, sp, -48
  sd ra, 0(sp)
  sd a0, 8(sp)
  sd a1, 16(sp)
  sd a2, 24(sp)
  sd a3, 32(sp)
  call __vouch_lfind
  bnez a0, @found
  ld a1, 8(sp)
  ld a0, 16(sp)
  ld t0, 24(sp)
  ld a2, 32(sp)
  ld t1, 0(t0)
  mul t2, t1, a2
  add a0, a0, t2
  addi t1, t1, 1
  sd t1, 0(t0)
  call memcpy
@found:
  ld ra, 0(sp)
  addi sp, sp, 48
  ret
`,
    ['__vouch_lfind'],
  ),
];

/**
 * `scandir(directory, &list, filter, comparison)`, `scandirat` with a descriptor before. Nothing but the list goes through
 * the C library, so the filter and the order are applied to all entries here.
 */
const scanning = (name: string): RuntimeFunction => {
  const first = name.includes('at') ? 1 : 0;
  return bridge(
    name,
    'Takes all entries from the C library and filters and sorts them, with results extended.',
    `
  addi sp, sp, -64
  sd ra, 0(sp)
  ${[0, 1, 2, 3, 4, 5].map((n) => `sd s${n}, ${8 + 8 * n}(sp)`).join('\n')}
  mv s1, a${first + 1}
  mv s2, a${first + 2}
  mv s3, a${first + 3}
  li a${first + 2}, 0
  li a${first + 3}, 0
  ${first === 1 ? 'sext.w a0, a0' : ''}
  call ${name}
  mv s0, a0
  blez a0, @done
  beqz s2, @sort
  ld s4, 0(s1)
  slli s5, s0, 3
  add s5, s5, s4
  li s0, 0
@next:
  ld a0, 0(s4)
  jalr s2
  sext.w a0, a0
  ld t0, 0(s4)
  beqz a0, @drop
  ld t1, 0(s1)
  slli t2, s0, 3
  add t1, t1, t2
  sd t0, 0(t1)
  addi s0, s0, 1
  j @dropped
@drop:
  mv a0, t0
  call free
@dropped:
  addi s4, s4, 8
  bne s4, s5, @next
@sort:
  beqz s3, @done
  ld a0, 0(s1)
  mv a1, s0
  li a2, 8
  mv a3, s3
  call __vouch_qsort
@done:
  mv a0, s0
  ${[0, 1, 2, 3, 4, 5].map((n) => `ld s${n}, ${8 + 8 * n}(sp)`).join('\n')}
  ld ra, 0(sp)
  addi sp, sp, 64
  ret
`,
    ['__vouch_qsort'],
  );
};

/**
 * `fopencookie(cookie, mode, functions)`: the library's cookie is memory of ours with the four functions (reading,
 * writing, seeking and closing) and the program's cookie. Those that return an `int` have it extended.
 */
const cookies: readonly RuntimeFunction[] = [
  runtimeFunction(
    '__vouch_cookie_read',
    "Calls a cookie's function for reading.",
    `\nld t1, 0(a0)\nld a0, 32(a0)\njr t1\n`,
  ),
  runtimeFunction(
    '__vouch_cookie_write',
    "Calls a cookie's function for writing.",
    `\nld t1, 8(a0)\nld a0, 32(a0)\njr t1\n`,
  ),
  runtimeFunction(
    '__vouch_cookie_seek',
    "Calls a cookie's function for seeking and extends its result.",
    `
  ld t1, 16(a0)
  ld a0, 32(a0)
  ${callAndExtend}
`,
  ),
  runtimeFunction(
    '__vouch_cookie_close',
    "Calls a cookie's function for closing, if it has one, extends its result, and frees what `fopencookie` took.",
    `
  addi sp, sp, -32
  sd ra, 0(sp)
  sd a0, 8(sp)
  sd zero, 16(sp)
  ld t1, 24(a0)
  beqz t1, @none
  ld a0, 32(a0)
  jalr t1
  sext.w a0, a0
  sd a0, 16(sp)
@none:
  ld a0, 8(sp)
  call free
  ld a0, 16(sp)
  ld ra, 0(sp)
  addi sp, sp, 32
  ret
`,
  ),
  bridge(
    'fopencookie',
    'The structure of functions is passed on the stack by x86 and by address on RISC-V, and their results are extended.',
    `
  addi sp, sp, -64
  sd ra, 0(sp)
  sd a0, 8(sp)
  sd a1, 16(sp)
  li a0, 40
  call malloc
  beqz a0, @done
  sd a0, 24(sp)
  ${[0, 8, 16, 24].map((at) => `ld t0, ${64 + at}(sp)\nsd t0, ${at}(a0)`).join('\n')}
  ld t0, 8(sp)
  sd t0, 32(a0)
  ${(['read', 'write', 'seek'] as const)
    .map(
      (what, i) => `
  ld t0, ${64 + 8 * i}(sp)
  beqz t0, @no_${what}
  lla t0, __vouch_cookie_${what}
@no_${what}:
  sd t0, ${32 + 8 * i}(sp)`,
    )
    .join('\n')}
  lla t0, __vouch_cookie_close
  sd t0, 56(sp)
  ld a1, 16(sp)
  addi a2, sp, 32
  call fopencookie
  bnez a0, @done
  ld a0, 24(sp)
  call free
  li a0, 0
@done:
  ld ra, 0(sp)
  addi sp, sp, 64
  ret
`,
    ['read', 'write', 'seek', 'close'].map((what) => `__vouch_cookie_${what}`),
  ),
];

export const callbacks: readonly RuntimeFunction[] = [
  ...callers,
  ...searching,
  ...['scandir', 'scandir64', 'scandirat', 'scandirat64'].map(scanning),
  ...cookies,
];
