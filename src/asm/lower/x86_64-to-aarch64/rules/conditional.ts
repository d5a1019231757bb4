// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import type { Reg } from '../../../isa/operand.ts';
import { Refusal } from '../../from-x86_64/context.ts';
import { CONDITIONS, conditionFlags } from '../../from-x86_64/flags.ts';
import { isReg, sameRegister } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { type Condition, conditionOf, invertCode } from '../flags.ts';
import { home, r, w } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { destination, read } from '../values.ts';

/** Instructions that look at a condition: `setcc`, `cmovcc`, and what branches share with them. */

/** The AArch64 question for x86's condition `cc` at this place. */
export function question(c: Context, cc: string): Condition {
  for (const flag of must(conditionFlags[cc], `condition ${cc}`))
    if (!c.places.has(flag))
      throw new Refusal('V0223', `the ${flag} flag that this condition reads is not available here`);
  return conditionOf(cc, c.places, c.compared);
}

/** The condition as 0 or 1 in register `t`, changing no condition code. */
export function conditionValue(c: Context, cc: string, t = c.temp()): number {
  const q = question(c, cc);
  switch (q.kind) {
    case 'constant':
      c.op('mov', w(t), q.value ? '#1' : '#0');
      return t;
    case 'any':
      c.op('cset', w(t), must(q.codes[0], 'code'));
      for (const code of q.codes.slice(1)) c.op('csinc', w(t), w(t), 'wzr', invertCode(code));
      return t;
    case 'all':
      c.op('cset', w(t), must(q.codes[0], 'code'));
      for (const code of q.codes.slice(1)) c.op('csel', w(t), w(t), 'wzr', code);
      return t;
    case 'computed':
      return computed(c, cc, t);
  }
}

/** A condition put together from single flags. */
function computed(c: Context, cc: string, t: number): number {
  const value = (flag: string): number => c.flagValue(must(c.places.get(flag), `flag ${flag}`));
  const inverted = ['ae', 'ne', 'a', 'ge', 'g', 'no', 'ns', 'np'].includes(cc);
  const flags = must(conditionFlags[cc], `condition ${cc}`);
  if (flags.length === 1) c.op('mov', w(t), w(value(must(flags[0], 'flag'))));
  else if (cc === 'be' || cc === 'a') c.op('orr', w(t), w(value('cf')), w(value('zf')));
  else {
    c.op('eor', w(t), w(value('sf')), w(value('of')));
    if (cc === 'le' || cc === 'g') c.op('orr', w(t), w(t), w(value('zf')));
  }
  if (inverted) c.op('eor', w(t), w(t), '#1');
  return t;
}

/** Nobody reads what is written, so that even the flags that decide about it may be lost. */
const isDead = (c: Context, { loc, lo, width }: Reg): boolean =>
  !c.after.live(loc, lo, width === 32 ? 63 : lo + width - 1);

function setByte(c: Context, i: Parts): void {
  const cc = i.mnemonic.slice(3);
  const dst = i.ops[0];
  if (isReg(dst) && isDead(c, dst.reg)) return;
  const d = destination(c, dst, 8, false);
  conditionValue(c, cc, d.into);
  d.write();
}

function conditionalMove(c: Context, i: Parts): void {
  const cc = i.mnemonic.slice(4);
  const { width } = i;
  const [dst, src] = i.ops;
  if (!isReg(dst)) throw new Refusal('V0221', 'this operand cannot be written');
  if (isDead(c, dst.reg)) return;
  const n = read(c, src, width);
  const h = home(dst.reg.loc);
  if (sameRegister(dst, src)) {
    // The flags do not matter, and may be lost.
    if (width === 32) c.op('mov', w(h), w(h));
    return;
  }
  const narrow = width < 32;
  const into = narrow ? c.temp() : h;
  const q = question(c, cc);
  switch (q.kind) {
    case 'constant':
      c.op('mov', r(into, width), r(q.value ? n : h, width));
      break;
    case 'any': {
      let otherwise = h;
      for (const code of q.codes) {
        c.op('csel', r(into, width), r(n, width), r(otherwise, width), code);
        otherwise = into;
        // Once the home is overwritten with the source, choosing it again changes nothing.
      }
      break;
    }
    case 'all': {
      const t = q.codes.length > 1 ? c.temp() : into;
      q.codes.forEach((code, k) => {
        const last = k === q.codes.length - 1;
        c.op('csel', r(last ? into : t, width), r(k === 0 ? n : t, width), r(h, width), code);
      });
      break;
    }
    case 'computed': {
      const t = conditionValue(c, cc);
      c.freeNzcv();
      c.op('tst', w(t), '#1');
      c.op('csel', r(into, width), r(n, width), r(h, width), 'ne');
    }
  }
  if (narrow) c.writeRegister(dst.reg, into);
}

export const conditionalRules: readonly Rule[] = [
  rule({ name: 'setcc', from: CONDITIONS.map((cc) => `set${cc}`), to: setByte }),
  rule({ name: 'cmovcc', from: CONDITIONS.map((cc) => `cmov${cc}`), to: conditionalMove }),
];
