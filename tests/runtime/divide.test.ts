// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { SymbolicState } from '../../src/asm/isa/state.ts';
import { Random } from '../../src/base/random.ts';
import { variable } from '../../src/logic/build.ts';
import { Evaluator } from '../../src/logic/evaluate.ts';
import { build, run } from './build.ts';
import { TARGETS } from './targets.ts';

/** Division of 128 bits by 64: the code and its contract against JavaScript's integers. `enter` tells whether what must stay did. */

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
#elif defined __aarch64__
  __asm__ volatile("bl __vouch_trap_divide" : : : "x30", "memory");
#else
  __asm__ volatile("call __vouch_trap_divide" : : : "ra", "memory");
#endif
}
`;

describe.each(TARGETS)('$name', ({ name: machine, isa, runtime, division, contracts, enterDivision }) => {
  test.each(['u', 's'])('__vouch_%sdiv128 divides', (sign) => {
    const name = `__vouch_${sign}div128`;
    const list = cases();
    const input = Buffer.alloc(list.length * 24);
    list.forEach((c, i) => {
      c.forEach((v, j) => {
        input.writeBigUInt64LE(v, i * 24 + j * 8);
      });
    });
    const files = { 'main.c': DIVIDE, 'enter.s': enterDivision, 'runtime.s': runtime.text([name]) };
    const { stdout, status } = run(machine, build(machine, files), [sign], input);
    expect(status).toBe(0);
    expect(stdout.length).toBe(input.length);
    list.forEach((c, i) => {
      const got = [0, 1, 2].map((j) => stdout.readBigUInt64LE(i * 24 + j * 8));
      const want = expected(c, sign === 's');
      if (got.some((g, j) => g !== want[j])) expect(`${c}: ${got}`).toBe(`${c}: ${want}`);
    });
  });

  test.each(['u', 's'])("__vouch_%sdiv128's contract says so", (sign) => {
    const state = new SymbolicState(isa, '');
    contracts.get(`__vouch_${sign}div128`)?.apply(state);
    const { high, low, divisor, quotient, remainder, wrong } = division;
    for (const c of cases().slice(0, 3000)) {
      const values = new Map([high, low, divisor].map((loc, i) => [variable(loc, 64), c[i] ?? 0n]));
      const evaluator = new Evaluator({ values });
      expect([quotient, remainder, wrong].map((loc) => evaluator.value(state.get(loc)))).toEqual(
        expected(c, sign === 's'),
      );
    }
  });

  test('__vouch_trap_divide traps as the CPU does', () => {
    const native = build('x86_64', { 'main.c': TRAP });
    const program = build(machine, { 'main.c': TRAP, 'runtime.s': runtime.text(['__vouch_trap_divide']) });
    for (const how of ['default', 'returns', 'jumps', 'ignored', 'blocked']) {
      const want = run('x86_64', native, [how]);
      const got = run(machine, program, [how]);
      expect([how, got.status, got.signal, `${got.stdout}`]).toEqual([how, want.status, want.signal, `${want.stdout}`]);
    }
  });
});
