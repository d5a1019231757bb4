// SPDX-License-Identifier: MIT
import { aarch64Machine } from './a64-qemu.ts';
import { testMeanings } from './qemu-report.ts';

testMeanings({
  machine: aarch64Machine,
  title: 'AArch64 meanings against QEMU',
  report: 'a64-qemu',
  untested: new Map(),
  different: ['a64.add.vvv.4s', 'a64.sub.vvv.4s'],
});
