// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import { isReg } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { address, loadVector, storeGeneral } from '../memory.ts';
import { home, r } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { read } from '../values.ts';
import { bytes, homeOf, imm8Of, lane, readVector, v, whole } from './vector-operands.ts';

/** Single lanes to and from elsewhere, widened lanes, copied lanes, and choices between lanes by a mask. */

const WIDTHS: Readonly<Record<string, number>> = { b: 8, w: 16, d: 32, q: 64, s: 32 };
const laneWidth = (mnemonic: string): number => must(WIDTHS[mnemonic.at(-1) ?? ''], mnemonic);

function insert(c: Context, { ops: [dst, src, imm], mnemonic }: Parts): void {
  const width = laneWidth(mnemonic);
  const to = lane(homeOf(dst), width, imm8Of(imm) & (128 / width - 1));
  if (src?.kind === 'mem') {
    const t = c.vectorTemp();
    loadVector(c, t, address(c, src, width / 8), width / 8);
    c.op('mov', to, lane(t, width, 0));
  } else c.op('mov', to, r(read(c, src, Math.max(width, 32)), width === 64 ? 64 : 32));
}

function extract(c: Context, { ops: [dst, src, imm], mnemonic }: Parts): void {
  const width = laneWidth(mnemonic);
  const from = lane(homeOf(src), width, imm8Of(imm) & (128 / width - 1));
  const to = isReg(dst) ? home(dst.reg.loc) : c.temp();
  c.op('umov', r(to, width === 64 ? 64 : 32), from);
  if (dst?.kind === 'mem') storeGeneral(c, to, address(c, dst, width / 8), width / 8);
}

/** Bits 5 and 4 of the immediate say where the lane goes, 7 and 6 where it is, and 3 to 0 which become 0 afterwards. */
function insertFloat(c: Context, { ops: [dst, src, imm] }: Parts): void {
  const by = imm8Of(imm);
  const a = homeOf(dst);
  const b = readVector(c, src, 32);
  c.op('mov', lane(a, 32, (by >> 4) & 3), lane(b, 32, src?.kind === 'mem' ? 0 : by >> 6));
  for (let i = 0; i < 4; i++) if ((by >> i) & 1) c.op('mov', lane(a, 32, i), 'wzr');
}

/** `pmovsxbd` and the like: each step doubles the width. */
function widen(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const [from, to] = [must(WIDTHS[mnemonic.at(-2) ?? ''], mnemonic), laneWidth(mnemonic)];
  const op = mnemonic.includes('sx') ? 'sxtl' : 'uxtl';
  const a = homeOf(dst);
  let last = readVector(c, src, 128 / (to / from));
  for (let width = from; width < to; width *= 2) {
    c.op(op, v(a, whole(2 * width)), v(last, `${64 / width}${whole(width).replace(/\d/g, '')}`));
    last = a;
  }
}

function duplicate(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const a = homeOf(dst);
  if (mnemonic === 'movddup') return c.op('dup', v(a, '2d'), lane(readVector(c, src, 64), 64, 0));
  const b = readVector(c, src, 128);
  c.op(mnemonic === 'movsldup' ? 'trn1' : 'trn2', v(a, '4s'), v(b, '4s'), v(b, '4s'));
}

const MASKED: Readonly<Record<string, string>> = { blendvps: '4s', blendvpd: '2d', pblendvb: '16b' };

/** The source where xmm0 is negative. */
function chooseByMask(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const lanes = must(MASKED[mnemonic], mnemonic);
  const a = homeOf(dst);
  const b = readVector(c, src, 128);
  const mask = c.vectorTemp();
  c.op('cmlt', v(mask, lanes), v(home('xmm0'), lanes), '#0');
  c.op('bit', bytes(a), bytes(b), bytes(mask));
}

export const vectorLaneRules: readonly Rule[] = [
  rule({ name: 'vector_insert', from: ['pinsrb', 'pinsrw', 'pinsrd', 'pinsrq'], to: insert }),
  rule({ name: 'vector_extract', from: ['pextrb', 'pextrw', 'pextrd', 'pextrq', 'extractps'], to: extract }),
  rule({ name: 'insertps', from: ['insertps'], to: insertFloat }),
  rule({
    name: 'vector_widen',
    from: ['bw', 'bd', 'bq', 'wd', 'wq', 'dq'].flatMap((s) => [`pmovsx${s}`, `pmovzx${s}`]),
    to: widen,
  }),
  rule({ name: 'vector_duplicate', from: ['movddup', 'movsldup', 'movshdup'], to: duplicate }),
  rule({ name: 'vector_choose_by_mask', from: Object.keys(MASKED), to: chooseByMask }),
];
