// SPDX-License-Identifier: MIT
import { join } from 'node:path';
import { riscv64 } from '../../src/asm/isa/riscv64/index.ts';
import { printOperand } from '../../src/asm/isa/riscv64/print.ts';
import { riscv64Assembler } from './gnu-assemble.ts';
import { testCompilerOutput, testSyntax } from './syntax-oracle.ts';

testSyntax({
  isa: riscv64,
  assembler: riscv64Assembler,
  printOperand,
  stricter: [],
  atLeast: { accepted: 3000, aliases: 50, outside: 100 },
});

testCompilerOutput({
  isa: riscv64,
  assembler: riscv64Assembler,
  compiler: 'riscv64-linux-gnu-gcc',
  comment: /#.*/,
  source: join(import.meta.dirname, 'syntax.c'),
  atLeast: 300,
  flags: [
    ['-O0'],
    ['-O2'],
    ['-Os'],
    ['-O2', '-fPIC', '-ftls-model=initial-exec'],
    ['-O2', '-fno-pic', '-fno-pie'],
    ['-O2', '-fno-pic', '-fno-pie', '-mcmodel=medany'],
    ['-O3', '-fno-math-errno', '-ffp-contract=fast', '-march=rv64gc_zba_zbb_zbs'],
  ],
});
