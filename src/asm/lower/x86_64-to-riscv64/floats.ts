// SPDX-License-Identifier: MIT
import type { Context } from './context.ts';
import { f, home, x } from './registers.ts';

/** A register with the float in the low 32 bits of a vector register: its home, boxed for good where nobody minds. */
export function single(c: Context, source: string): number {
  const n = home(source);
  if (c.floatState(source) === 'boxed') return n;
  if (c.after.surelyLive(source, 32, 63)) return boxed(c, n);
  boxed(c, n, n);
  c.setFloatState(source, 'boxed');
  return n;
}

/** A register with the low 32 bits of register `n` below ones, as single-precision instructions want them. */
function boxed(c: Context, n: number, into = c.floatTemp()): number {
  c.scoped(() => {
    const t = c.temp();
    c.op('fmv.x.w', x(t), f(n));
    c.op('fmv.w.x', f(into), x(t));
  });
  return into;
}
