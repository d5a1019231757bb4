// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { riscv64Runtime } from '../../src/asm/abi/runtime/riscv64/index.ts';
import { build, run } from './build.ts';

/** Rounding on RISC-V, against the processor's own instructions for SSE4.1 and so without our meanings. */

const MODES = ['near', 'down', 'up', 'zero'] as const;

/** Prints what each mode makes of each number; `ROUND64` and `ROUND32` take a mode and the bits. */
const PROGRAM = `
#include <stdint.h>
#include <stdio.h>
static uint64_t seed = 0x9e3779b97f4a7c15u;
static uint64_t random64(void) { return seed = seed * 6364136223846793005u + 1442695040888963407u; }
static uint64_t number(int k, int fraction, int bias) {
  uint64_t x = random64() ^ random64() >> 29;
  int bits = fraction == 52 ? 64 : 32;
  uint64_t sign = x >> 63 << (bits - 1), exponent = 0, mantissa = x & ((1ul << fraction) - 1);
  if (k % 4 == 0) exponent = bias - 3 + k / 4 % (fraction + 8);
  else if (k % 4 == 1) { exponent = bias - 2 + k / 4 % (fraction + 3); mantissa &= -1ul << (k % (fraction + 1)); }
  else if (k % 4 == 2) { exponent = k & 8 ? 2 * bias + 1 : 0; if (k & 16) mantissa &= 1; if (k & 32) mantissa = 0; }
  else exponent = x >> 52 & (2 * bias + 1);
  return sign | exponent << fraction | mantissa;
}
int main(void) {
  for (int k = 0; k < 2000; k++) {
    uint64_t d = number(k, 52, 1023);
    uint32_t f = number(k, 23, 127);
    ALL
  }
}
`;

const DISPLAY = (call64: (m: number) => string, call32: (m: number) => string): string =>
  MODES.map(
    (_, m) => `printf("%d %016lx %016lx %08x %08x\\n", ${m}, d, ${call64(m)}, f, (uint32_t)${call32(m)});`,
  ).join('\n    ');

const TARGET = `
${MODES.flatMap((mode, m) =>
  [32, 64].map(
    (w) => `
static uint64_t round${w}_${m}(uint64_t x) {
  uint64_t r;
  asm volatile("mv a7, %1\\n call __vouch_round_${mode}${w}\\n mv %0, a7" : "=r"(r) : "r"(x) : "a6", "a7", "ft8", "ra");
  return r;
}`,
  ),
).join('')}
`;

const SOURCE = `
${MODES.map(
  (_, m) => `
static unsigned long round64_${m}(unsigned long x) {
  asm("movq %0, %%xmm0\\n roundsd $${m}, %%xmm0, %%xmm0\\n movq %%xmm0, %0" : "+r"(x) :: "xmm0");
  return x;
}
static unsigned round32_${m}(unsigned x) {
  asm("movd %0, %%xmm0\\n roundss $${m}, %%xmm0, %%xmm0\\n movd %%xmm0, %0" : "+r"(x) :: "xmm0");
  return x;
}`,
).join('')}
`;

test('floats are rounded as x86 does', () => {
  const all = DISPLAY(
    (m) => `round64_${m}(d)`,
    (m) => `round32_${m}(f)`,
  );
  const body = PROGRAM.replace('ALL', all);
  const names = MODES.flatMap((mode) => [32, 64].map((w) => `__vouch_round_${mode}${w}`));
  const target = build('riscv64', {
    'main.c': `#include <stdint.h>\n${TARGET}${body}`,
    'runtime.s': riscv64Runtime.text(names),
  });
  const source = build('x86_64', { 'main.c': SOURCE + body });
  const expected = `${run('x86_64', source).stdout}`;
  expect(expected.split('\n').length).toBeGreaterThan(8000);
  expect(`${run('riscv64', target).stdout}`).toBe(expected);
});
