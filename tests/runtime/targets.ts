// SPDX-License-Identifier: MIT
import type { RuntimeContract } from '../../src/asm/abi/contract.ts';
import {
  contracts as aarch64Contracts,
  divisionRegisters as aarch64Division,
} from '../../src/asm/abi/runtime/aarch64/contracts.ts';
import { aarch64Runtime } from '../../src/asm/abi/runtime/aarch64/index.ts';
import type { DivisionRegisters } from '../../src/asm/abi/runtime/division.ts';
import type { RuntimeLibrary } from '../../src/asm/abi/runtime/library.ts';
import {
  contracts as riscv64Contracts,
  divisionRegisters as riscv64Division,
} from '../../src/asm/abi/runtime/riscv64/contracts.ts';
import { riscv64Runtime } from '../../src/asm/abi/runtime/riscv64/index.ts';
import { aarch64 } from '../../src/asm/isa/aarch64/index.ts';
import type { Isa } from '../../src/asm/isa/isa.ts';
import { riscv64 } from '../../src/asm/isa/riscv64/index.ts';
import type { TargetName } from './build.ts';

/** What differs between the targets when their runtimes are tested. */
export interface Target {
  readonly name: TargetName;
  readonly isa: Isa;
  readonly runtime: RuntimeLibrary;
  /** A jump to a function that does not come back, as an instruction. */
  readonly tail: string;
  /** A line of `__vouch_setjmp` and something else in its place. */
  readonly change: readonly [from: string, to: string];
  /** Runtime functions that the text of the runtime names. */
  readonly called: RegExp;
  readonly division: DivisionRegisters;
  readonly contracts: ReadonlyMap<string, RuntimeContract>;
  /** Assembly of `enter(given, results, function)`: see divide.test.ts. */
  readonly enterDivision: string;
  /** Assembly of `enter(function, general, vector, count, stack)`: see variadic.test.ts. */
  readonly enterCall: string;
}

/** Registers that a division must leave alone, with numbers that tell them apart. */
const numbered = (stem: string, ...ranges: readonly (readonly [from: number, to: number])[]): string[] =>
  ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => `${stem}${from + i}`));

const KEPT_A64 = numbered('x', [0, 5], [7, 10], [19, 28]);
const KEPT_RISCV = [...numbered('a', [0, 5]), ...numbered('t', [0, 2]), ...numbered('s', [0, 11])];

const aarch64Target: Target = {
  name: 'aarch64',
  isa: aarch64,
  runtime: aarch64Runtime,
  tail: 'b',
  change: ['mov\tw1, #1', 'mov\tw1, #77'],
  called: /\tbl?\t(__vouch_\w+)/g,
  division: aarch64Division,
  contracts: aarch64Contracts,
  enterDivision: `
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
${KEPT_A64.map((r, i) => `  mov ${r}, #${i + 100}`).join('\n')}
  blr x30
  cmp sp, x29
${KEPT_A64.map((r, i) => `  mov x16, #${i + 100}\n  ccmp ${r}, x16, #0, eq`).join('\n')}
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
`,
  enterCall: `
  .globl enter
enter:
  stp x29, x30, [sp, #-32]!
  mov x29, sp
  add x9, x3, #1
  bic x9, x9, #1
  sub sp, sp, x9, lsl #3
  mov x9, #0
1: cmp x9, x3
  b.ge 2f
  ldr x10, [x4, x9, lsl #3]
  str x10, [sp, x9, lsl #3]
  add x9, x9, #1
  b 1b
2: mov x16, x0
  ldp d0, d1, [x2]
  ldp d2, d3, [x2, #16]
  ldp d4, d5, [x2, #32]
  ldp d6, d7, [x2, #48]
  mov x9, x1
  ldp x0, x1, [x9]
  ldp x2, x3, [x9, #16]
  ldp x4, x5, [x9, #32]
  mov x6, #0x666
  mov x7, #0x777
  mov x8, #8
  blr x16
  mov sp, x29
  ldp x29, x30, [sp], #32
  ret
`,
};

const S = numbered('s', [0, 11]);
const each = (op: string, registers: readonly string[], at: number): string =>
  registers.map((r, i) => `  ${op} ${r}, ${at + 8 * i}(sp)`).join('\n');

const riscv64Target: Target = {
  name: 'riscv64',
  isa: riscv64,
  runtime: riscv64Runtime,
  tail: 'tail',
  change: ['li\ta1, 1', 'li\ta1, 77'],
  called: /\t(?:call|tail|j|lla\t\w+,)[\t ](__vouch_\w+)/g,
  division: riscv64Division,
  contracts: riscv64Contracts,
  enterDivision: `
  .globl enter
enter:
  addi sp, sp, -128
${each('sd', ['ra', 'a1', ...S], 0)}
  ld a6, 0(a0)
  ld a7, 8(a0)
  ld t3, 16(a0)
  mv ra, a2
  fmv.d.x ft0, sp
${KEPT_RISCV.map((r, i) => `  li ${r}, ${i + 100}`).join('\n')}
  jalr ra
  fmv.x.d ra, ft0
  bne ra, sp, 1f
${KEPT_RISCV.map((r, i) => `  li ra, ${i + 100}\n  bne ra, ${r}, 1f`).join('\n')}
  li a0, 0
  j 2f
1: li a0, 1
2:${each('ld', ['ra', 'a1', ...S], 0)}
  sd t4, 0(a1)
  sd t5, 8(a1)
  sd t6, 16(a1)
  addi sp, sp, 128
  ret
`,
  enterCall: `
  .globl enter
enter:
  addi sp, sp, -16
  sd ra, 0(sp)
  sd s0, 8(sp)
  mv s0, sp
  addi t1, a3, 1
  andi t1, t1, -2
  slli t1, t1, 3
  sub sp, sp, t1
  mv t1, sp
1: beqz a3, 2f
  ld t2, 0(a4)
  sd t2, 0(t1)
  addi t1, t1, 8
  addi a4, a4, 8
  addi a3, a3, -1
  j 1b
2: mv t3, a0
${numbered('fa', [0, 7])
  .map((r, i) => `  fld ${r}, ${8 * i}(a2)`)
  .join('\n')}
  mv t1, a1
${numbered('a', [0, 5])
  .map((r, i) => `  ld ${r}, ${8 * i}(t1)`)
  .join('\n')}
  li a6, 0x666
  li a7, 0x777
  li t0, 8
  jalr t3
  mv sp, s0
  ld ra, 0(sp)
  ld s0, 8(sp)
  addi sp, sp, 16
  ret
`,
};

export const TARGETS: readonly Target[] = [aarch64Target, riscv64Target];
