// SPDX-License-Identifier: MIT
import { ashr, bv, ite, low, lshr, shl, ult } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import type { InstDef } from '../../define.ts';
import { inst } from '../../define.ts';
import { lanes } from '../../lanes.ts';
import { imm8, xmm } from '../operands.ts';
import { packed, refOf } from './sse-form.ts';
import { imm8Of } from './sse-lanes.ts';

/** Shifts of lanes. A count of the lane's width or more shifts everything out; nothing is masked. */

type Shift = (a: Term, count: Term) => Term;

/** `count` is 64 bits wide: reduced to the lane's width without losing that it is too large. */
function byRegister(shift: Shift, a: Term, count: Term): Term {
  const w = a.width;
  if (w === 64) return shift(a, count);
  return shift(a, ite(ult(count, bv(64, w)), low(count, w), bv(w, w)));
}

function shifts(name: string, widths: readonly (readonly [number, string])[], shift: Shift): InstDef[] {
  return widths.flatMap(([w, letter]) => {
    const mnemonic = name + letter;
    return [
      packed(mnemonic, (a, b) => lanes(w, a, (lane) => byRegister(shift, lane, low(b, 64)))),
      inst({
        id: `x64.${mnemonic}.xmm_i.128`,
        syntax: `${mnemonic} {dst}, {count}`,
        operands: { dst: xmm('rw'), count: imm8() },
        sem: ({ dst, count }) => {
          const by = bv(w, Math.min(imm8Of(count), w));
          return dst.write(lanes(w, dst.value, (lane) => shift(lane, by)));
        },
        ref: refOf(mnemonic),
      }),
    ];
  });
}

/** Shifts of the whole register by bytes. */
const byBytes = (mnemonic: string, shift: Shift): InstDef =>
  inst({
    id: `x64.${mnemonic}.xmm_i.128`,
    syntax: `${mnemonic} {dst}, {count}`,
    operands: { dst: xmm('rw'), count: imm8() },
    sem: ({ dst, count }) => dst.write(shift(dst.value, bv(128, 8 * Math.min(imm8Of(count), 16)))),
    ref: refOf(mnemonic),
  });

const W = [16, 'w'] as const;
const D = [32, 'd'] as const;
const Q = [64, 'q'] as const;

export const sseShiftForms: readonly InstDef[] = [
  ...shifts('psll', [W, D, Q], shl),
  ...shifts('psrl', [W, D, Q], lshr),
  ...shifts('psra', [W, D], ashr),
  byBytes('pslldq', shl),
  byBytes('psrldq', lshr),
];
