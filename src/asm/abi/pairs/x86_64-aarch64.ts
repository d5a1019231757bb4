// SPDX-License-Identifier: MIT
import { byName } from '../../../base/by-name.ts';
import { refusedFor } from '../externals-refused.ts';
import type { AbiPair } from '../pair.ts';
import { aarch64Runtime } from '../runtime/aarch64/index.ts';
import { TRAP, TRAP_ALONE } from '../runtime/runtime-function.ts';
import { aarch64SystemCalls } from '../system-calls.ts';

const general: Record<string, string> = {
  rdi: 'x0',
  rsi: 'x1',
  rdx: 'x2',
  rcx: 'x3',
  r8: 'x4',
  r9: 'x5',
  rax: 'x8',
  r10: 'x9',
  r11: 'x10',
  rbx: 'x19',
  rbp: 'x20',
  r12: 'x21',
  r13: 'x22',
  r14: 'x23',
  r15: 'x24',
};

/** xmm0 to xmm7 pass arguments as v0 to v7 do; xmm8 to xmm15 skip v8 to v15, whose low halves a callee preserves. */
const vector: Record<string, string> = Object.fromEntries(
  Array.from({ length: 16 }, (_, i) => [`xmm${i}`, `v${i < 8 ? i : i + 8}`]),
);

/** System V AMD64 to AAPCS64: arguments and results already sit where the target's convention wants them. */
export const x8664ToAarch64: AbiPair = {
  source: 'x86_64',
  target: 'aarch64',
  homes: { ...general, ...vector },
  argumentBits: {
    ...Object.fromEntries(['rdi', 'rsi', 'rdx', 'rcx', 'r8', 'r9', 'r10'].map((r) => [r, 64])),
    // al: how many vector registers a variadic call uses.
    rax: 8,
    ...Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`xmm${i}`, 128])),
  },
  stackArguments: ['x6', 'x7'],
  results: { rax: 'x0', rdx: 'x1', xmm0: 'v0', xmm1: 'v1' },
  calleeSaved: ['rbx', 'rbp', 'r12', 'r13', 'r14', 'r15'],
  untouched: [
    ...['x18', 'x25', 'x26', 'x27', 'x28', 'x29'].map((loc) => ({ loc, bits: 64 })),
    ...Array.from({ length: 8 }, (_, i) => ({ loc: `v${i + 8}`, bits: 64 })),
  ],
  link: 'x30',
  scratch: ['x16', 'x17'],
  traps: byName([TRAP, TRAP_ALONE].map((name) => [name, '#DE'])),
  bridges: aarch64Runtime.bridges,
  refused: refusedFor('aarch64'),
  systemCalls: aarch64SystemCalls,
};
