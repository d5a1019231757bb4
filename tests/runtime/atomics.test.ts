// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { riscv64Runtime } from '../../src/asm/abi/runtime/riscv64/index.ts';
import { build, run } from './build.ts';

/** Atomic operations on bytes and halfwords on RISC-V, against plain C, at each place of a word. */

const OPERATIONS = ['swap', 'add', 'and', 'or', 'xor', 'neg', 'cas'];
const SIZES = [8, 16];

const call = (operation: string, bits: number): string => `
static uint64_t ${operation}${bits}(void *at, uint64_t operand, uint64_t expected) {
  register uint64_t a6 asm("a6") = (uint64_t)at;
  register uint64_t a7 asm("a7") = operand;
  register uint64_t t3 asm("t3") = expected;
  asm volatile("call __vouch_${operation}${bits}" : "+r"(a6), "+r"(a7), "+r"(t3) : : "ra", "t4", "t5", "ft8", "ft9", "memory");
  return a7;
}
static void try_${operation}${bits}(void) {
  for (int k = 0; k < 400; k++) {
    uint64_t words[2] = {next(), next()}, copy[2] = {words[0], words[1]};
    int at = next() % ${128 / bits}, equal = next() % 2;
    uint${bits}_t *p = (uint${bits}_t *)words + at, *q = (uint${bits}_t *)copy + at, old = *q;
    uint64_t operand = next(), expected = next();
    if (equal) expected = (expected & ~(uint64_t)(uint${bits}_t)-1) | old;
    uint64_t got = ${operation}${bits}(p, operand, expected);
    ${
      operation === 'cas'
        ? `if ((uint${bits}_t)expected == old) *q = operand;`
        : operation === 'swap'
          ? '*q = operand;'
          : operation === 'neg'
            ? '*q = -old;'
            : `*q = old ${{ add: '+', and: '&', or: '|', xor: '^' }[operation]} operand;`
    }
    tried++;
    if (got != old || words[0] != copy[0] || words[1] != copy[1]) wrong++;
  }
}`;

const all = OPERATIONS.flatMap((operation) => SIZES.map((bits) => [operation, bits] as const));

const PROGRAM = `
#include <stdint.h>
#include <stdio.h>
static uint64_t seed = 0x9e3779b97f4a7c15u;
static uint64_t next(void) { seed = seed * 6364136223846793005u + 1442695040888963407u; return seed ^ seed >> 29; }
static int wrong, tried;
${all.map(([operation, bits]) => call(operation, bits)).join('\n')}
int main(void) {
  ${all.map(([operation, bits]) => `try_${operation}${bits}();`).join('\n  ')}
  printf("%d of %d wrong\\n", wrong, tried);
}
`;

test('bytes and halfwords change, and nothing beside them', () => {
  const runtime = riscv64Runtime.text(all.map(([operation, bits]) => `__vouch_${operation}${bits}`));
  const program = build('riscv64', { 'main.c': PROGRAM, 'runtime.s': runtime });
  expect(`${run('riscv64', program).stdout}`).toBe('0 of 5600 wrong\n');
});
