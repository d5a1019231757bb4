// SPDX-License-Identifier: MIT
import { riscv64 } from '../../src/asm/isa/riscv64/index.ts';
import { riscv64Assembler } from './gnu-assemble.ts';
import { testLibraries } from './libraries-oracle.ts';

testLibraries({
  isa: riscv64,
  assembler: riscv64Assembler,
  tools: 'riscv64-linux-gnu-',
  comment: /\s*#.*/,
  notWhole: /<|^\W|^$/,
  gaps: [
    { pattern: /^(csr\w+|f[rs]csr|f[rs]rm)\b/, reason: 'control and status registers' },
    { pattern: /^fcvt\.[ds]\.\w+\s.*,(rdn|rup|rtz|rmm)$/, reason: 'results in other rounding modes' },
  ],
});
