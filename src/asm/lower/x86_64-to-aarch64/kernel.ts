// SPDX-License-Identifier: MIT
import { OPEN_FLAG_PAIRS } from '../../isa/linux.ts';
import type { Kernel } from '../from-x86_64/system-calls.ts';
import type { Context } from './context.ts';
import { home, x } from './registers.ts';

/** Bits of the two pairs of flags change places, the lower pair by the higher one's distance up. */
function openFlags(c: Context, into: number, from: number): void {
  const { low, high, width } = OPEN_FLAG_PAIRS;
  const t = c.temp();
  c.op('lsr', x(t), x(from), `#${low}`);
  if (into !== from) c.op('mov', x(into), x(from));
  const u = c.temp();
  c.op('lsr', x(u), x(from), `#${high}`);
  c.op('bfi', x(into), x(u), `#${low}`, `#${width}`);
  c.op('bfi', x(into), x(t), `#${high}`, `#${width}`);
}

/** Linux on AArch64: the number in x8, arguments and result from x0 on. */
export const kernel: Kernel<Context> = {
  arguments: [0, 1, 2, 3, 4, 5],
  number: 8,
  result: 0,
  home,
  reserve: () => {},
  temp: (c) => c.temp(),
  move: (c, to, from) => {
    if (to !== from) c.op('mov', x(to), x(from));
  },
  constant: (c, value, into) => {
    c.constant(value, 64, into);
  },
  openFlags,
  enter: (c) => c.op('svc', '#0'),
};
