// SPDX-License-Identifier: MIT
import { byName } from '../../../base/by-name.ts';
import { refusedFor } from '../externals-refused.ts';
import { passedAt } from '../own-storage.ts';
import type { AbiPair } from '../pair.ts';
import { riscv64Runtime } from '../runtime/riscv64/index.ts';
import { TRAP, TRAP_ALONE } from '../runtime/runtime-function.ts';
import { riscv64SystemCalls } from '../system-calls.ts';

const numbered = (stem: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `${stem}${from + i}`);

/** Arguments sit where lp64d has them. r10, an argument of nested functions, is not in t1, which far jumps change. */
const general: Record<string, string> = {
  rdi: 'x10',
  rsi: 'x11',
  rdx: 'x12',
  rcx: 'x13',
  r8: 'x14',
  r9: 'x15',
  rax: 'x5',
  r10: 'x7',
  r11: 'x6',
  rbp: 'x8',
  rbx: 'x9',
  r12: 'x18',
  r13: 'x19',
  r14: 'x20',
  r15: 'x21',
};

/** The low halves: xmm0 to xmm7 pass arguments as fa0 to fa7 do, xmm8 to xmm15 are in ft0 to ft7. */
const vector: Record<string, string> = Object.fromEntries(
  Array.from({ length: 16 }, (_, i) => [`xmm${i}`, `f${i < 8 ? i + 10 : i - 8}`]),
);

/** System V AMD64 to the RISC-V calling convention with hardware floating point (lp64d). */
export const x8664ToRiscv64: AbiPair = {
  source: 'x86_64',
  target: 'riscv64',
  homes: { ...general, ...vector },
  // ft8 to ft11, t4, t5, a6 and a7, temporaries all, and for lack of others, memory.
  highHomes: Object.fromEntries(
    [...numbered('f', 28, 31), 'x29', 'x30', 'x16', 'x17', ...Array.from({ length: 8 }, (_, i) => passedAt(i))].map(
      (place, n) => [`xmm${n}`, place],
    ),
  ),
  argumentBits: {
    ...Object.fromEntries(['rdi', 'rsi', 'rdx', 'rcx', 'r8', 'r9', 'r10'].map((r) => [r, 64])),
    // al: how many vector registers a variadic call uses.
    rax: 8,
    ...Object.fromEntries(numbered('xmm', 0, 7).map((x) => [x, 64])),
  },
  stackArguments: ['x16', 'x17'],
  results: { rax: 'x10', rdx: 'x11', xmm0: 'f10', xmm1: 'f11' },
  boxed: numbered('xmm', 0, 7),
  calleeSaved: ['rbx', 'rbp', 'r12', 'r13', 'r14', 'r15'],
  untouched: [
    ...['x3', ...numbered('x', 22, 27)].map((loc) => ({ loc, bits: 64 })),
    ...['f8', 'f9', ...numbered('f', 18, 27)].map((loc) => ({ loc, bits: 64 })),
  ],
  link: 'x1',
  // Calls reach everywhere by themselves; only stubs for functions outside of the program change registers.
  scratch: [],
  traps: byName([TRAP, TRAP_ALONE].map((name) => [name, '#DE'])),
  bridges: riscv64Runtime.bridges,
  refused: refusedFor('riscv64'),
  systemCalls: riscv64SystemCalls,
  // Linux: Documentation/arch/riscv/vector.rst, 3.
  lostInKernel: [...numbered('v', 0, 31), 'vl', 'vtype'],
};
