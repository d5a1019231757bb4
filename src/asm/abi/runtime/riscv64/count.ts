// SPDX-License-Identifier: MIT
import { type RuntimeFunction, runtimeFunction } from '../runtime-function.ts';

/**
 * Counting zeros from one end of a6 into a7, which the base instruction set cannot: 64 for zero. Or all ones of a6. Changes
 * a6 and t3 and, by being called, ra. The contracts in contracts.ts say the same as terms.
 */

const counting = (name: string, about: string, away: string, back: string): RuntimeFunction =>
  runtimeFunction(
    name,
    about,
    `
  li a7, 64
  beqz a6, @done
  li a7, 0
  ${[32, 16, 8, 4, 2, 1]
    .map(
      (step) => `
  ${away} t3, a6, ${64 - step}
  bnez t3, @next${step}
  ${back} a6, a6, ${step}
  addi a7, a7, ${step}
@next${step}:`,
    )
    .join('\n')}
@done:
  ret
`,
  );

/** Sums of pairs of bits, then of neighbouring pairs, of halves of bytes; the product adds up all bytes in the highest. */
const ones = runtimeFunction(
  '__vouch_popcount64',
  'Counts the ones of a6 into a7.',
  `
  li t3, 0x5555555555555555
  srli a7, a6, 1
  and a7, a7, t3
  sub a6, a6, a7
  li t3, 0x3333333333333333
  and a7, a6, t3
  srli a6, a6, 2
  and a6, a6, t3
  add a6, a6, a7
  srli a7, a6, 4
  add a6, a6, a7
  li t3, 0x0f0f0f0f0f0f0f0f
  and a6, a6, t3
  li t3, 0x0101010101010101
  mul a7, a6, t3
  srli a7, a7, 56
  ret
`,
);

export const count: readonly RuntimeFunction[] = [
  counting('__vouch_clz64', 'Counts the zeros above the highest one of a6 into a7.', 'srli', 'slli'),
  counting('__vouch_ctz64', 'Counts the zeros below the lowest one of a6 into a7.', 'slli', 'srli'),
  ones,
];
