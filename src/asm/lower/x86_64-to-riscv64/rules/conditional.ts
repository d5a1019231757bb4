// SPDX-License-Identifier: MIT
import type { Reg } from '../../../isa/operand.ts';
import { Refusal } from '../../from-x86_64/context.ts';
import { CONDITIONS } from '../../from-x86_64/flags.ts';
import { isReg, sameRegister } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import { branch, inverse, question, truth } from '../conditions.ts';
import type { Context } from '../context.ts';
import { home } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { zeroed } from '../shape.ts';
import { destination, read } from '../values.ts';

/** Instructions that look at a condition: `setcc` and `cmovcc`. */

/** Nobody reads what is written, so that even the flags that decide about it may be lost. */
const isDead = (c: Context, { loc, lo, width }: Reg): boolean =>
  !c.after.live(loc, lo, width === 32 ? 63 : lo + width - 1);

function setByte(c: Context, i: Parts): void {
  const dst = i.ops[0];
  if (isReg(dst) && isDead(c, dst.reg)) return;
  const q = question(c, i.mnemonic.slice(3));
  const d = destination(c, dst, 8, false);
  truth(c, q, d.into);
  d.write(d.into, zeroed(1));
}

/** A move that is jumped over where the condition does not hold. */
function conditionalMove(c: Context, i: Parts): void {
  const { width } = i;
  const [dst, src] = i.ops;
  if (!isReg(dst)) throw new Refusal('V0221', 'this operand cannot be written');
  if (isDead(c, dst.reg)) return;
  const n = read(c, src, width);
  const h = home(dst.reg.loc);
  if (sameRegister(dst, src)) {
    // The flags do not matter, and may be lost.
    if (width === 32) c.writeRegister(dst.reg, h);
    return;
  }
  const q = question(c, i.mnemonic.slice(4));
  const [before, moved] = [c.shape(h), c.shape(n)];
  const skip = c.freshLabel('skip');
  branch(c, inverse(q), skip);
  if (width === 16) {
    c.writeRegister(dst.reg, n);
    c.label(skip);
    c.note(h, undefined);
    return;
  }
  c.move(h, n);
  c.label(skip);
  const same = before !== undefined && before.bits === moved?.bits && before.signed === moved.signed;
  c.note(h, same ? before : undefined);
  // Whether it moves or not, a 32-bit register loses its upper half.
  if (width === 32) c.writeRegister(dst.reg, h);
}

export const conditionalRules: readonly Rule[] = [
  rule({ name: 'setcc', from: CONDITIONS.map((cc) => `set${cc}`), to: setByte }),
  rule({ name: 'cmovcc', from: CONDITIONS.map((cc) => `cmov${cc}`), to: conditionalMove }),
];
