// SPDX-License-Identifier: MIT
import { InternalError } from '../../../base/assert.ts';
import type { Kernel } from '../from-x86_64/system-calls.ts';
import type { Context } from './context.ts';
import { home } from './registers.ts';

const NUMBER = 17;
const RESULT = 10;

/** Linux on RISC-V: the number in a7, arguments and result from a0 on. */
export const kernel: Kernel<Context> = {
  arguments: [10, 11, 12, 13, 14, 15],
  number: NUMBER,
  result: RESULT,
  home,
  reserve: (c) => {
    c.take(NUMBER);
  },
  temp: (c) => c.temp(),
  move: (c, to, from) => c.move(to, from),
  constant: (c, value, into) => {
    c.constant(value, into);
  },
  openFlags: () => {
    throw new InternalError('RISC-V has the flags of open where x86 has them');
  },
  enter: (c) => {
    c.op('ecall');
    c.note(RESULT, undefined);
  },
};
