// SPDX-License-Identifier: MIT
import { isReg, sameRegister } from '../from-x86_64/operands.ts';
import { partsOf } from '../from-x86_64/rule.ts';
import type { Context } from './context.ts';
import { f, home, x } from './registers.ts';

/** A register with the float in the low 32 bits of a vector register: its home, boxed for good where nobody minds. */
export function single(c: Context, source: string): number {
  const n = home(source);
  if (c.floatState(source) === 'boxed') return n;
  if (!c.mayBox(source)) {
    const t = c.boxedCopies.get(source) ?? boxed(c, n);
    c.boxedCopies.set(source, t);
    return t;
  }
  boxed(c, n, n);
  c.setFloatState(source, 'boxed');
  return n;
}

/** A register with the low 32 bits of register `n` below ones, as single-precision instructions want them. */
export function boxed(c: Context, n: number, into = c.floatTemp()): number {
  c.scoped(() => {
    const t = c.temp();
    c.op('fmv.x.w', x(t), f(n));
    c.op('fmv.w.x', f(into), x(t));
  });
  return into;
}

/** Instructions on lanes, of which the upper 32 bits of a low half may be made of what nobody has kept. */
const LANES = /^p|^shufps|^unpck[lh]ps/;
/** Those whose low half is made of high halves, too. */
const CROSSING = /^psrldq|^pshufd|^shufps|^punpckh(bw|wd|dq)|^unpckhps|^pack|^palignr|^phadd|^phsub|^pshufb/;
const CLEARING = /^pxor|^psub|^pcmpeq|^pcmpgt/;

/** Whether the upper 32 bits that the current instruction gives its destination may come of what is not there. */
export function readsLoose(c: Context): boolean {
  if (c.inst === undefined) return false;
  const { mnemonic, ops } = partsOf(c.inst);
  if (!LANES.test(mnemonic) || (CLEARING.test(mnemonic) && sameRegister(ops[0], ops[1]))) return false;
  return c.inst.def.operands.some(([, kind], k) => {
    const op = c.inst?.ops[k];
    if (op?.kind !== 'reg' || op.reg.class !== 'vec' || kind.access === 'w') return false;
    const source = op.reg.loc;
    return c.floatState(source) === 'boxed' || (CROSSING.test(mnemonic) && !c.earlier.surelyLive(source, 64, 127));
  });
}

/**
 * A result with such upper bits gets the form of a float: nobody surely reads them, but what may be passed on as an
 * argument must be a float or a double.
 */
export function tighten(c: Context): void {
  const dst = c.inst?.ops[0];
  if (!c.upperUnkept || !isReg(dst) || dst.reg.class !== 'vec') return;
  const source = dst.reg.loc;
  if (c.floatState(source) !== 'exact' || c.after.surelyLive(source, 32, 63) || !c.after.live(source, 0, 63)) return;
  boxed(c, home(source), home(source));
  c.setFloatState(source, 'boxed');
}
