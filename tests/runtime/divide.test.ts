// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { contracts } from '../../src/asm/abi/runtime/aarch64/contracts.ts';
import { aarch64Runtime } from '../../src/asm/abi/runtime/aarch64/index.ts';
import { aarch64 } from '../../src/asm/isa/aarch64/index.ts';
import { SymbolicState } from '../../src/asm/isa/state.ts';
import { variable } from '../../src/logic/build.ts';
import { Evaluator } from '../../src/logic/evaluate.ts';
import { Random } from '../oracle/x86-host-values.ts';
import { build, run } from './build.ts';

/** Division of 128 bits by 64: the code and its contract against JavaScript's integers. */

const DIVIDE = `
#include <stdint.h>
#include <stdio.h>
#pragma weak __vouch_sdiv128
#pragma weak __vouch_udiv128
extern void __vouch_sdiv128(void), __vouch_udiv128(void);
extern int enter(const uint64_t *, uint64_t *, void (*)(void));
int main(int argc, char **argv) {
  uint64_t in[3], out[24];
  void (*function)(void) = argv[1][0] == 's' ? __vouch_sdiv128 : __vouch_udiv128;
  while (fread(in, 8, 3, stdin) == 3) {
    if (enter(in, out, function) != 0) return 3;
    fwrite(out, 8, 3, stdout);
  }
}
`;

/** Calls a division and tells whether it leaves alone what it must: every register but x6, x11 to x17 and x30. */
const KEPT = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, ...Array.from({ length: 10 }, (_, i) => 19 + i)];
const ENTER = `
  .globl enter
enter:
  stp x29, x30, [sp, #-128]!
  stp x0, x1, [sp, #16]
  stp x19, x20, [sp, #32]
  stp x21, x22, [sp, #48]
  stp x23, x24, [sp, #64]
  stp x25, x26, [sp, #80]
  stp x27, x28, [sp, #96]
  ldp x11, x12, [x0]
  ldr x13, [x0, #16]
  mov x30, x2
  mov x29, sp
${KEPT.map((r) => `  mov x${r}, #${r + 100}`).join('\n')}
  blr x30
  cmp sp, x29
${KEPT.map((r) => `  mov x16, #${r + 100}\n  ccmp x${r}, x16, #0, eq`).join('\n')}
  cset w0, ne
  ldr x1, [sp, #24]
  stp x14, x15, [x1]
  str x6, [x1, #16]
  ldp x19, x20, [sp, #32]
  ldp x21, x22, [sp, #48]
  ldp x23, x24, [sp, #64]
  ldp x25, x26, [sp, #80]
  ldp x27, x28, [sp, #96]
  ldp x29, x30, [sp], #128
  ret
`;

const ONES = (1n << 64n) - 1n;
const CORNERS = [
  0n,
  1n,
  2n,
  3n,
  0xffffffffn,
  1n << 32n,
  (1n << 32n) + 1n,
  1n << 63n,
  (1n << 63n) - 1n,
  ONES,
  ONES - 1n,
];

type Case = readonly [high: bigint, low: bigint, divisor: bigint];

function cases(): Case[] {
  const list: Case[] = [];
  for (const h of CORNERS) for (const l of CORNERS) for (const d of CORNERS) list.push([h, l, d]);
  const random = new Random(7);
  const any = (): bigint => {
    let v = 0n;
    for (let i = 0; i < 64; i += 16) v = (v << 16n) | BigInt(random.below(65536));
    // Of all sizes, and with long runs of ones and zeros, where quotient digits are guessed wrong.
    v >>= BigInt(random.below(64));
    return random.chance(0.3) ? v ^ ONES : v;
  };
  for (let i = 0; i < 20_000; i++) {
    const d = any();
    list.push([d === 0n || random.chance(0.2) ? any() : any() % d, any(), d]);
    // Quotients next to the largest that fits.
    const q = (1n << BigInt(63 + random.below(2))) - BigInt(random.below(3));
    const product = BigInt.asUintN(
      128,
      BigInt.asIntN(64, d) * (random.chance(0.5) ? q : -q) + BigInt(random.below(5)) - 2n,
    );
    list.push([product >> 64n, product & ONES, d]);
  }
  return list;
}

function expected([high, low, divisor]: Case, signed: boolean): [bigint, bigint, bigint] {
  const unsigned = (high << 64n) | low;
  if (divisor === 0n) return [signed && high >> 63n === 1n ? 1n : ONES, low, 1n];
  const a = signed ? BigInt.asIntN(128, unsigned) : unsigned;
  const d = signed ? BigInt.asIntN(64, divisor) : divisor;
  const q = a / d;
  const fits = q === (signed ? BigInt.asIntN(64, q) : BigInt.asUintN(64, q));
  return [BigInt.asUintN(64, q), BigInt.asUintN(64, a % d), fits ? 0n : 1n];
}

for (const sign of ['u', 's'] as const) {
  const name = `__vouch_${sign}div128`;

  test(`${name} divides`, () => {
    const list = cases();
    const input = Buffer.alloc(list.length * 24);
    list.forEach((c, i) => {
      c.forEach((v, j) => {
        input.writeBigUInt64LE(v, i * 24 + j * 8);
      });
    });
    const program = build('aarch64', { 'main.c': DIVIDE, 'enter.s': ENTER, 'runtime.s': aarch64Runtime.text([name]) });
    const { stdout, status } = run('aarch64', program, [sign], input);
    expect(status).toBe(0);
    expect(stdout.length).toBe(input.length);
    list.forEach((c, i) => {
      const got = [0, 1, 2].map((j) => stdout.readBigUInt64LE(i * 24 + j * 8));
      const want = expected(c, sign === 's');
      if (got.some((g, j) => g !== want[j])) expect(`${c}: ${got}`).toBe(`${c}: ${want}`);
    });
  });

  test(`${name}'s contract says so`, () => {
    const contract = contracts.get(name);
    const state = new SymbolicState(aarch64, '');
    contract?.apply(state);
    for (const c of cases().slice(0, 3000)) {
      const values = new Map(['x11', 'x12', 'x13'].map((loc, i) => [variable(loc, 64), c[i] ?? 0n]));
      const evaluator = new Evaluator({ values });
      expect(['x14', 'x15', 'x6'].map((loc) => evaluator.value(state.get(loc)))).toEqual(expected(c, sign === 's'));
    }
  });
}

const TRAP = `
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
static int count;
static sigjmp_buf back;
static void handler(int s) { if (++count == 3) siglongjmp(back, 1); }
static void gone(int s) { siglongjmp(back, 1); }
int main(int argc, char **argv) {
  sigset_t set;
  switch (argv[1][0]) {
    case 'r': signal(SIGFPE, handler); break;
    case 'j': signal(SIGFPE, gone); break;
    case 'i': signal(SIGFPE, SIG_IGN); break;
    case 'b': sigemptyset(&set); sigaddset(&set, SIGFPE); sigprocmask(SIG_BLOCK, &set, 0); break;
  }
  if (sigsetjmp(back, 1)) { printf("back after %d\\n", count); return 7; }
  volatile int zero = 0;
#ifdef __x86_64__
  __asm__ volatile("xorl %%edx, %%edx; divl %0" : : "r"(zero) : "rax", "rdx");
#else
  __asm__ volatile("bl __vouch_trap_divide" : : : "x30", "memory");
#endif
}
`;

test('__vouch_trap_divide traps as the CPU does', () => {
  const native = build('x86_64', { 'main.c': TRAP });
  const program = build('aarch64', { 'main.c': TRAP, 'runtime.s': aarch64Runtime.text(['__vouch_trap_divide']) });
  for (const how of ['default', 'returns', 'jumps', 'ignored', 'blocked']) {
    const want = run('x86_64', native, [how]);
    const got = run('aarch64', program, [how]);
    expect([how, got.status, got.signal, `${got.stdout}`]).toEqual([how, want.status, want.signal, `${want.stdout}`]);
  }
});
