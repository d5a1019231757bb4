// SPDX-License-Identifier: MIT
import { aarch64 } from '../../src/asm/isa/aarch64/index.ts';
import { aarch64Assembler } from './gnu-assemble.ts';
import { testLibraries } from './libraries-oracle.ts';

testLibraries({
  isa: aarch64,
  assembler: aarch64Assembler,
  tools: 'aarch64-linux-gnu-',
  comment: /\s*\/\/.*/,
  notWhole: /^(b|bl|b\.\w+|adrp?|cbn?z|tbn?z)(\s|$)|^\.|^\W|undefined|<.*>$|^ldr\s+\w+,\s*[0-9a-f]+$/,
  gaps: [
    { pattern: /\b[zp]\d+[./]|^(whilelo|cntb|ptrue)\b/, reason: 'the Scalable Vector Extension' },
    { pattern: /^(st2?g|stz2?g|ldg|irg|gmi)\b/, reason: 'the Memory Tagging Extension' },
    { pattern: /\bh\d+\b/, reason: 'half precision' },
    { pattern: /^(mrs|msr|svc|dc|ic)\b/, reason: 'system state beyond nzcv and tpidr_el0' },
  ],
});
