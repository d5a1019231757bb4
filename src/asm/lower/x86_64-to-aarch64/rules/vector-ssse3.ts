// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { x } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { bytes, homeOf, imm8Of, lane, moveVector, readVector, v } from './vector-operands.ts';

/** The integer instructions that SSSE3 added, signs, rounded and mixed products, sums of neighbours, byte shuffles; the least word; products without carries. */

const LANES: Readonly<Record<string, string>> = { b: '16b', w: '8h', d: '4s' };
const lanesOf = (mnemonic: string): string => must(LANES[mnemonic.at(-1) ?? ''], mnemonic);

function absolute(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const lanes = lanesOf(mnemonic);
  c.op('abs', v(homeOf(dst), lanes), v(readVector(c, src, 128), lanes));
}

/** The destination, negated where the source is negative and 0 where it is 0. */
function applySign(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const lanes = lanesOf(mnemonic);
  const a = homeOf(dst);
  const b = readVector(c, src, 128);
  const [negative, kept, chosen] = [c.vectorTemp(), c.vectorTemp(), c.vectorTemp()];
  c.op('cmeq', v(kept, lanes), v(b, lanes), '#0');
  c.op('bic', bytes(kept), bytes(a), bytes(kept));
  c.op('neg', v(negative, lanes), v(a, lanes));
  c.op('cmlt', v(chosen, lanes), v(b, lanes), '#0');
  c.op('bsl', bytes(chosen), bytes(negative), bytes(kept));
  moveVector(c, a, chosen);
}

/** The upper halves of the doubled products, rounded. */
function roundedProduct(c: Context, { ops: [dst, src] }: Parts): void {
  const a = homeOf(dst);
  const b = readVector(c, src, 128);
  const [low, high] = [c.vectorTemp(), c.vectorTemp()];
  c.op('smull', v(low, '4s'), v(a, '4h'), v(b, '4h'));
  c.op('smull2', v(high, '4s'), v(a, '8h'), v(b, '8h'));
  const half = c.vectorTemp();
  c.op('movi', v(half, '4s'), '#64', 'lsl #8');
  c.op('add', v(low, '4s'), v(low, '4s'), v(half, '4s'));
  c.op('add', v(high, '4s'), v(high, '4s'), v(half, '4s'));
  c.op('shrn', v(a, '4h'), v(low, '4s'), '#15');
  c.op('shrn2', v(a, '8h'), v(high, '4s'), '#15');
}

/** Unsigned bytes times signed ones, neighbours added with saturation. */
function mixedProducts(c: Context, { ops: [dst, src] }: Parts): void {
  const a = homeOf(dst);
  const b = readVector(c, src, 128);
  const sums = (['', '2'] as const).map((half) => {
    const narrow = half === '' ? '8b' : '16b';
    const [x, y, product] = [c.vectorTemp(), c.vectorTemp(), c.vectorTemp()];
    c.op(`uxtl${half}`, v(x, '8h'), v(a, narrow));
    c.op(`sxtl${half}`, v(y, '8h'), v(b, narrow));
    c.op('smull', v(product, '4s'), v(x, '4h'), v(y, '4h'));
    c.op('smull2', v(x, '4s'), v(x, '8h'), v(y, '8h'));
    c.op('addp', v(x, '4s'), v(product, '4s'), v(x, '4s'));
    return x;
  });
  c.op('sqxtn', v(a, '4h'), v(must(sums[0], 'a half'), '4s'));
  c.op('sqxtn2', v(a, '8h'), v(must(sums[1], 'a half'), '4s'));
}

const NEIGHBOURS: Readonly<Record<string, readonly [op: string, lanes: string]>> = {
  phsubw: ['sub', '8h'],
  phsubd: ['sub', '4s'],
  phaddsw: ['sqadd', '8h'],
  phsubsw: ['sqsub', '8h'],
};

function neighbours(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const [op, lanes] = must(NEIGHBOURS[mnemonic], mnemonic);
  const a = homeOf(dst);
  const b = readVector(c, src, 128);
  const [even, odd] = [c.vectorTemp(), c.vectorTemp()];
  c.op('uzp1', v(even, lanes), v(a, lanes), v(b, lanes));
  c.op('uzp2', v(odd, lanes), v(a, lanes), v(b, lanes));
  c.op(op, v(a, lanes), v(even, lanes), v(odd, lanes));
}

/** A lane with bit 7 set becomes 0, as one of 16 or more does on AArch64. */
function shuffleBytes(c: Context, { ops: [dst, src] }: Parts): void {
  const a = homeOf(dst);
  const b = readVector(c, src, 128);
  const lanes = c.vectorTemp();
  c.op('movi', bytes(lanes), '#143');
  c.op('and', bytes(lanes), bytes(lanes), bytes(b));
  c.op('tbl', bytes(a), `{${bytes(a)}}`, bytes(lanes));
}

/** Bytes from the source and the destination behind it. */
function align(c: Context, { ops: [dst, src, imm] }: Parts): void {
  const a = homeOf(dst);
  const by = imm8Of(imm);
  if (by >= 32) return c.op('movi', v(a, '2d'), '#0');
  if (by > 16) {
    const zero = c.vectorTemp();
    c.op('movi', v(zero, '2d'), '#0');
    return c.op('ext', bytes(a), bytes(a), bytes(zero), `#${by - 16}`);
  }
  if (by === 16) return;
  const b = readVector(c, src, 128);
  if (by === 0) moveVector(c, a, b);
  else c.op('ext', bytes(a), bytes(b), bytes(a), `#${by}`);
}

/** The least word and its place. Each word gets its place behind it, so that the least of these is the first of the least. */
function leastWord(c: Context, { ops: [dst, src] }: Parts): void {
  const b = readVector(c, src, 128);
  const [places, lower, upper] = [c.vectorTemp(), c.vectorTemp(), c.vectorTemp()];
  const t = c.temp();
  c.constant(0x0003_0002_0001_0000n, 64, t);
  c.op('fmov', `d${places}`, x(t));
  c.constant(0x0007_0006_0005_0004n, 64, t);
  c.op('mov', `v${places}.d[1]`, x(t));
  c.op('zip1', v(lower, '8h'), v(places, '8h'), v(b, '8h'));
  c.op('zip2', v(upper, '8h'), v(places, '8h'), v(b, '8h'));
  c.op('umin', v(lower, '4s'), v(lower, '4s'), v(upper, '4s'));
  c.op('uminv', `s${lower}`, v(lower, '4s'));
  c.op('rev32', v(homeOf(dst), '4h'), v(lower, '4h'));
}

/** The product of two halves without carries, bit by bit. */
function carrylessProduct(c: Context, { ops: [dst, src, imm] }: Parts): void {
  const which = imm8Of(imm);
  const a = homeOf(dst);
  const [left, right, lower, upper, part] = [c.temp(), c.temp(), c.temp(), c.temp(), c.temp()];
  c.op('umov', x(right), lane(readVector(c, src, 128), 64, (which >> 4) & 1));
  c.op('umov', x(left), lane(a, 64, which & 1));
  for (let i = 0; i < 64; i++) {
    c.op('sbfx', x(part), x(right), `#${i}`, '#1');
    c.op('and', x(i === 0 ? lower : part), x(part), x(left));
    if (i === 0) continue;
    c.op('eor', x(lower), x(lower), x(part), `lsl #${i}`);
    if (i === 1) c.op('lsr', x(upper), x(part), '#63');
    else c.op('eor', x(upper), x(upper), x(part), `lsr #${64 - i}`);
  }
  c.op('fmov', `d${a}`, x(lower));
  c.op('mov', lane(a, 64, 1), x(upper));
}

export const vectorSsse3Rules: readonly Rule[] = [
  rule({ name: 'pabs', from: ['pabsb', 'pabsw', 'pabsd'], to: absolute }),
  rule({ name: 'psign', from: ['psignb', 'psignw', 'psignd'], to: applySign }),
  rule({ name: 'pmulhrsw', from: ['pmulhrsw'], to: roundedProduct }),
  rule({ name: 'pmaddubsw', from: ['pmaddubsw'], to: mixedProducts }),
  rule({ name: 'vector_neighbours', from: Object.keys(NEIGHBOURS), to: neighbours }),
  rule({ name: 'pclmulqdq', from: ['pclmulqdq'], to: carrylessProduct }),
  rule({ name: 'phminposuw', from: ['phminposuw'], to: leastWord }),
  rule({ name: 'pshufb', from: ['pshufb'], to: shuffleBytes }),
  rule({ name: 'palignr', from: ['palignr'], to: align }),
];
