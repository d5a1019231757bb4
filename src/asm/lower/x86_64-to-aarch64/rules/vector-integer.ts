// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { type Rule, rule } from '../rule.ts';
import { bytes, homeOf, lane, readVector, v } from './vector-operands.ts';

/** Bitwise operations and integer arithmetic on the lanes of vectors. */

/** AArch64's instruction and the lanes it works on, where there is one that does what x86's does. */
const DIRECT: Readonly<Record<string, readonly [op: string, lanes: string]>> = {
  ...Object.fromEntries(
    (['and', 'or', 'xor'] as const).flatMap((name) => {
      const op = { and: 'and', or: 'orr', xor: 'eor' }[name];
      return [`p${name}`, `${name}ps`, `${name}pd`].map((m) => [m, [op, '16b'] as const]);
    }),
  ),
  paddb: ['add', '16b'],
  paddw: ['add', '8h'],
  paddd: ['add', '4s'],
  paddq: ['add', '2d'],
  psubb: ['sub', '16b'],
  psubw: ['sub', '8h'],
  psubd: ['sub', '4s'],
  psubq: ['sub', '2d'],
  paddsb: ['sqadd', '16b'],
  paddsw: ['sqadd', '8h'],
  psubsb: ['sqsub', '16b'],
  psubsw: ['sqsub', '8h'],
  paddusb: ['uqadd', '16b'],
  paddusw: ['uqadd', '8h'],
  psubusb: ['uqsub', '16b'],
  psubusw: ['uqsub', '8h'],
  pmullw: ['mul', '8h'],
  pmulld: ['mul', '4s'],
  pavgb: ['urhadd', '16b'],
  pavgw: ['urhadd', '8h'],
  pminub: ['umin', '16b'],
  pmaxub: ['umax', '16b'],
  pminsw: ['smin', '8h'],
  pmaxsw: ['smax', '8h'],
  pminsb: ['smin', '16b'],
  pmaxsb: ['smax', '16b'],
  pminuw: ['umin', '8h'],
  pmaxuw: ['umax', '8h'],
  pminsd: ['smin', '4s'],
  pmaxsd: ['smax', '4s'],
  pminud: ['umin', '4s'],
  pmaxud: ['umax', '4s'],
  phaddw: ['addp', '8h'],
  phaddd: ['addp', '4s'],
  pcmpeqb: ['cmeq', '16b'],
  pcmpeqw: ['cmeq', '8h'],
  pcmpeqd: ['cmeq', '4s'],
  pcmpeqq: ['cmeq', '2d'],
  pcmpgtb: ['cmgt', '16b'],
  pcmpgtw: ['cmgt', '8h'],
  pcmpgtd: ['cmgt', '4s'],
  pcmpgtq: ['cmgt', '2d'],
  punpcklbw: ['zip1', '16b'],
  punpcklwd: ['zip1', '8h'],
  punpckldq: ['zip1', '4s'],
  punpcklqdq: ['zip1', '2d'],
  unpcklps: ['zip1', '4s'],
  unpcklpd: ['zip1', '2d'],
  punpckhbw: ['zip2', '16b'],
  punpckhwd: ['zip2', '8h'],
  punpckhdq: ['zip2', '4s'],
  punpckhqdq: ['zip2', '2d'],
  unpckhps: ['zip2', '4s'],
  unpckhpd: ['zip2', '2d'],
};

function direct(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const [op, arrangement] = must(DIRECT[mnemonic], mnemonic);
  const a = homeOf(dst);
  const b = readVector(c, src, 128);
  if (op === 'eor' && a === b) c.op('movi', v(a, '2d'), '#0');
  else if (op === 'cmeq' && a === b) c.op('movi', bytes(a), '#255');
  else c.op(op, v(a, arrangement), v(a, arrangement), v(b, arrangement));
}

/** The complement of the destination and the source. */
function andNot(c: Context, { ops: [dst, src] }: Parts): void {
  const a = homeOf(dst);
  c.op('bic', bytes(a), bytes(readVector(c, src, 128)), bytes(a));
}

/** The products of 16-bit lanes, 32 bits each: those of the lower half, and those of the upper. */
function products(c: Context, op: 'smull' | 'umull', a: number, b: number): [low: number, high: number] {
  const [low, high] = [c.vectorTemp(), c.vectorTemp()];
  c.op(op, v(low, '4s'), v(a, '4h'), v(b, '4h'));
  c.op(`${op}2`, v(high, '4s'), v(a, '8h'), v(b, '8h'));
  return [low, high];
}

function highProduct(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const a = homeOf(dst);
  const b = readVector(c, src, 128);
  const [low, high] = products(c, mnemonic === 'pmulhw' ? 'smull' : 'umull', a, b);
  c.op('uzp2', v(a, '8h'), v(low, '8h'), v(high, '8h'));
}

function sumOfProducts(c: Context, { ops: [dst, src] }: Parts): void {
  const a = homeOf(dst);
  const b = readVector(c, src, 128);
  const [low, high] = products(c, 'smull', a, b);
  c.op('addp', v(a, '4s'), v(low, '4s'), v(high, '4s'));
}

/** The even lanes of 32 bits, multiplied to 64. */
function evenProducts(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const a = homeOf(dst);
  const b = readVector(c, src, 128);
  const left = c.vectorTemp();
  const right = a === b ? left : c.vectorTemp();
  c.op('xtn', v(left, '2s'), v(a, '2d'));
  if (right !== left) c.op('xtn', v(right, '2s'), v(b, '2d'));
  c.op(mnemonic === 'pmuldq' ? 'smull' : 'umull', v(a, '2d'), v(left, '2s'), v(right, '2s'));
}

/** Sums of absolute differences, one for each half: neighbours are added until there are two. */
function sumOfDifferences(c: Context, { ops: [dst, src] }: Parts): void {
  const a = homeOf(dst);
  const b = readVector(c, src, 128);
  c.op('uabd', bytes(a), bytes(a), bytes(b));
  c.op('uaddlp', v(a, '8h'), bytes(a));
  c.op('uaddlp', v(a, '4s'), v(a, '8h'));
  c.op('uaddlp', v(a, '2d'), v(a, '4s'));
}

const PACKING: Readonly<Record<string, readonly [op: string, wide: string, narrow: string, both: string]>> = {
  packsswb: ['sqxtn', '8h', '8b', '16b'],
  packuswb: ['sqxtun', '8h', '8b', '16b'],
  packssdw: ['sqxtn', '4s', '4h', '8h'],
  packusdw: ['sqxtun', '4s', '4h', '8h'],
};

function pack(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const [op, wide, narrow, both] = must(PACKING[mnemonic], mnemonic);
  const a = homeOf(dst);
  const b = readVector(c, src, 128);
  c.op(op, v(a, narrow), v(a, wide));
  if (a === b) c.op('mov', lane(a, 64, 1), lane(a, 64, 0));
  else c.op(`${op}2`, v(a, both), v(b, wide));
}

export const vectorIntegerRules: readonly Rule[] = [
  rule({ name: 'vector_direct', from: Object.keys(DIRECT), to: direct }),
  rule({ name: 'vector_and_not', from: ['pandn', 'andnps', 'andnpd'], to: andNot }),
  rule({ name: 'vector_high_product', from: ['pmulhw', 'pmulhuw'], to: highProduct }),
  rule({ name: 'pmaddwd', from: ['pmaddwd'], to: sumOfProducts }),
  rule({ name: 'pmuludq', from: ['pmuludq', 'pmuldq'], to: evenProducts }),
  rule({ name: 'psadbw', from: ['psadbw'], to: sumOfDifferences }),
  rule({ name: 'vector_pack', from: Object.keys(PACKING), to: pack }),
];
