// SPDX-License-Identifier: MIT

import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { w, x } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { bytes, f, homeOf, imm8Of, readVector, v, whole } from './vector-operands.ts';

/** Shifts of lanes, and of whole registers by bytes. A count of the lane's width or more shifts everything out. */

const WIDTHS: Readonly<Record<string, number>> = { w: 16, d: 32, q: 64 };

function byConstant(c: Context, { ops: [dst, count], mnemonic }: Parts): void {
  const width = WIDTHS[mnemonic.at(-1) ?? ''] ?? 16;
  const name = v(homeOf(dst), whole(width));
  const by = imm8Of(count);
  if (by === 0) return;
  if (mnemonic.startsWith('psra')) c.op('sshr', name, name, `#${Math.min(by, width)}`);
  else if (by >= width) c.op('movi', v(homeOf(dst), '2d'), '#0');
  else c.op(mnemonic.startsWith('psll') ? 'shl' : 'ushr', name, name, `#${by}`);
}

/**
 * The count is 64 bits wide; AArch64 takes the signed low byte of each lane, so counts are cut off at the width before
 * they are spread over the lanes. Right is the negative direction.
 */
function byRegister(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  c.freeNzcv();
  const width = WIDTHS[mnemonic.at(-1) ?? ''] ?? 16;
  const a = homeOf(dst);
  const [n, most] = [c.temp(), c.constant(width, 32)];
  c.op('fmov', x(n), f(readVector(c, src, 128), 64));
  c.op('cmp', x(n), `#${width}`);
  c.op('csel', w(n), w(n), w(most), 'lo');
  if (!mnemonic.startsWith('psll')) c.op('neg', x(n), x(n));
  const counts = c.vectorTemp();
  c.op('dup', v(counts, whole(width)), width === 64 ? x(n) : w(n));
  const op = mnemonic.startsWith('psra') ? 'sshl' : 'ushl';
  c.op(op, v(a, whole(width)), v(a, whole(width)), v(counts, whole(width)));
}

function byBytes(c: Context, { ops: [dst, count], mnemonic }: Parts): void {
  const a = homeOf(dst);
  const by = imm8Of(count);
  if (by === 0) return;
  if (by >= 16) return c.op('movi', v(a, '2d'), '#0');
  const zero = c.vectorTemp();
  c.op('movi', v(zero, '2d'), '#0');
  if (mnemonic === 'pslldq') c.op('ext', bytes(a), bytes(zero), bytes(a), `#${16 - by}`);
  else c.op('ext', bytes(a), bytes(a), bytes(zero), `#${by}`);
}

const SHIFTS = ['psllw', 'pslld', 'psllq', 'psrlw', 'psrld', 'psrlq', 'psraw', 'psrad'];

export const vectorShiftRules: readonly Rule[] = [
  rule({ name: 'vector_shift_constant', from: SHIFTS, when: (i) => i.form === 'xmm_i', to: byConstant }),
  rule({ name: 'vector_shift_register', from: SHIFTS, when: (i) => i.form !== 'xmm_i', to: byRegister }),
  rule({ name: 'vector_shift_bytes', from: ['pslldq', 'psrldq'], to: byBytes }),
];
