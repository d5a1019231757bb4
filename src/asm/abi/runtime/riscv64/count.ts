// SPDX-License-Identifier: MIT
import { type RuntimeFunction, runtimeFunction } from '../runtime-function.ts';

/**
 * Counting zeros from one end of a6 into a7, which the base instruction set cannot: 64 for zero. Changes a6 and t3 and, by
 * being called, ra. The contracts in contracts.ts say the same as terms.
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

export const count: readonly RuntimeFunction[] = [
  counting('__vouch_clz64', 'Counts the zeros above the highest one of a6 into a7.', 'srli', 'slli'),
  counting('__vouch_ctz64', 'Counts the zeros below the lowest one of a6 into a7.', 'slli', 'srli'),
];
