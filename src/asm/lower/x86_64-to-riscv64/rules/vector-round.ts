// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import { Crowded } from '../../from-x86_64/context.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { f, floatLoc, LINK, x } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { fromBits, toBits } from './vector-float.ts';
import { imm8Of, readScalar, type Width, writeScalar } from './vector-operands.ts';
import { floatLanes, packedWidth } from './vector-packed.ts';

/** Rounding to integers in the same format is the runtime's: see its round.ts. */

const NUMBER = 17;
const LOST: readonly number[] = [16, NUMBER, LINK];
const LOST_FLOAT = 28;

/** Bit 2 asks for the mode in MXCSR, which is nearest even. */
const MODES = ['near', 'down', 'up', 'zero'] as const;
const modeOf = (imm: number): string => must(imm & 4 ? 'near' : MODES[imm & 3], 'a mode');

/** A floating-point register with the number in `n` rounded. */
function rounded(c: Context, n: number, mode: string, width: Width): number {
  const lost = floatLoc(LOST_FLOAT);
  if ([...c.places.values()].some((p) => p.kind === 'comparison' && (p.left === lost || p.right === lost)))
    throw new Crowded('flags of a float comparison are kept over a rounding');
  c.scopedGeneral(() => {
    for (const t of LOST) c.take(t);
    c.op(toBits(width), x(NUMBER), f(n));
    c.op('call', `__vouch_round_${mode}${width}`);
  });
  for (const t of LOST) c.note(t, undefined);
  const result = c.floatTemp();
  c.op(fromBits(width), f(result), x(NUMBER));
  return result;
}

function roundScalar(c: Context, { ops: [dst, src, imm], width }: Parts): void {
  const w: Width = width === 64 ? 64 : 32;
  writeScalar(c, dst, w, rounded(c, readScalar(c, src, w), modeOf(imm8Of(imm)), w));
}

function roundPacked(c: Context, { ops: [dst, src, imm], mnemonic }: Parts): void {
  const w = packedWidth(mnemonic);
  floatLanes(c, dst, [src], w, ([n = 0]) => rounded(c, n, modeOf(imm8Of(imm)), w));
}

export const vectorRoundRules: readonly Rule[] = [
  rule({ name: 'float_round', from: ['roundss', 'roundsd'], to: roundScalar }),
  rule({ name: 'float_round_packed', from: ['roundps', 'roundpd'], to: roundPacked }),
];
