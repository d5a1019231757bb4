// SPDX-License-Identifier: MIT
import { testMeanings } from './qemu-report.ts';
import { riscv64Machine } from './rv64-qemu.ts';

testMeanings({
  machine: riscv64Machine,
  title: 'RISC-V 64 meanings against QEMU',
  report: 'rv64-qemu',
  untested: new Map(),
  different: ['rv64.add.rrr.64', 'rv64.sub.rrr.64'],
});
