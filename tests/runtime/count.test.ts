// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { riscv64Runtime } from '../../src/asm/abi/runtime/riscv64/index.ts';
import { build, run } from './build.ts';

/** Counting zeros and ones on RISC-V, against shifting by ones. */

const PROGRAM = `
#include <stdint.h>
#include <stdio.h>
static uint64_t count(int trailing, uint64_t x) {
  uint64_t n;
  if (trailing)
    asm volatile("mv a6, %1\\n call __vouch_ctz64\\n mv %0, a7" : "=r"(n) : "r"(x) : "a6", "a7", "t3", "ra");
  else
    asm volatile("mv a6, %1\\n call __vouch_clz64\\n mv %0, a7" : "=r"(n) : "r"(x) : "a6", "a7", "t3", "ra");
  return n;
}
int main(void) {
  uint64_t x = 0x9e3779b97f4a7c15u;
  int wrong = 0, tried = 0;
  for (int shift = 0; shift <= 64; shift++)
    for (int k = 0; k < 50; k++) {
      x = x * 6364136223846793005u + 1442695040888963407u;
      for (int trailing = 0; trailing < 2; trailing++) {
        uint64_t v = shift == 64 ? 0 : trailing ? x << shift : x >> shift;
        uint64_t n = 0;
        while (n < 64 && !(trailing ? v >> n & 1 : v << n >> 63)) n++;
        tried++;
        if (count(trailing, v) != n) wrong++;
      }
    }
  printf("%d of %d wrong\\n", wrong, tried);
}
`;

const ONES = `
#include <stdint.h>
#include <stdio.h>
int main(void) {
  uint64_t x = 0x9e3779b97f4a7c15u;
  int wrong = 0;
  for (int k = 0; k < 1000; k++) {
    uint64_t v = k < 65 ? k == 64 ? 0 : -1ul >> k : x, n;
    int ones = 0;
    x = x * 6364136223846793005u + 1442695040888963407u;
    for (int i = 0; i < 64; i++) ones += v >> i & 1;
    asm volatile("mv a6, %1\\n call __vouch_popcount64\\n mv %0, a7" : "=r"(n) : "r"(v) : "a6", "a7", "t3", "ra");
    if (n != ones) wrong++;
  }
  printf("%d wrong\\n", wrong);
}
`;

test('ones are counted', () => {
  const program = build('riscv64', { 'main.c': ONES, 'runtime.s': riscv64Runtime.text(['__vouch_popcount64']) });
  expect(`${run('riscv64', program).stdout}`).toBe('0 wrong\n');
});

test('zeros are counted from both ends', () => {
  const runtime = riscv64Runtime.text(['__vouch_clz64', '__vouch_ctz64']);
  const program = build('riscv64', { 'main.c': PROGRAM, 'runtime.s': runtime });
  expect(`${run('riscv64', program).stdout}`).toBe('0 of 6500 wrong\n');
});
