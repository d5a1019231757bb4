// SPDX-License-Identifier: MIT
import { join } from 'node:path';
import { aarch64 } from '../../src/asm/isa/aarch64/index.ts';
import { printOperand } from '../../src/asm/isa/aarch64/print.ts';
import { reg } from '../../src/asm/isa/aarch64/registers.ts';
import type { InstDef } from '../../src/asm/isa/define.ts';
import type { Operand } from '../../src/asm/isa/operand.ts';
import { aarch64Assembler } from './gnu-assemble.ts';
import { testCompilerOutput, testSyntax } from './syntax-oracle.ts';

/** `casp` wants consecutive registers, which rotating through the examples never finds. */
function paired(def: InstDef, ops: readonly Operand[]): readonly Operand[] {
  if (!/^a64\.casp/.test(def.id)) return ops;
  return ops.map((o, i) => {
    const before = ops[i - 1];
    if (i % 2 === 0 || before?.kind !== 'reg') return o;
    const next = `${before.reg.name.charAt(0)}${Number(before.reg.name.slice(1)) + 1}`;
    return { kind: 'reg', reg: reg(next) };
  });
}

testSyntax({
  isa: aarch64,
  assembler: aarch64Assembler,
  printOperand,
  adjust: paired,
  // The manual exempts the zero register and the stack pointer, which share a number; this warning does not.
  unjustified: /^st.?xr.? wzr, .*\[sp\]$/,
  stricter: [
    {
      pattern: /^(movi|mvni|orr|bic) v\d+\.(4h|8h|2s|4s), #-1/,
      reason: 'GNU as cuts a negative number to 8 bits here, which is not the number that was written',
    },
  ],
  // System registers that are not modelled are refused, not wrong.
  refused: /^(mrs|msr)/,
  atLeast: { accepted: 10_000, aliases: 50, outside: 1000 },
});

testCompilerOutput({
  isa: aarch64,
  assembler: aarch64Assembler,
  compiler: 'aarch64-linux-gnu-gcc',
  comment: /\/\/.*/,
  source: join(import.meta.dirname, 'syntax.c'),
  atLeast: 300,
  flags: [
    ['-O0'],
    ['-O2'],
    ['-O2', '-fPIC'],
    ['-O3', '-march=armv8-a+lse+crc'],
    ['-Os', '-mno-outline-atomics', '-mbranch-protection=standard'],
    ['-O2', '-mcmodel=large', '-fno-pic', '-fno-pie'],
    ['-O2', '-fPIC', '-mtls-dialect=desc', '-fno-strict-aliasing'],
  ],
});
