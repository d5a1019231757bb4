// SPDX-License-Identifier: MIT

import { isReg } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { home, r, w } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { read } from '../values.ts';
import { bytes, f, homeOf, lane, readVector, scalarTarget, v, writeScalar } from './vector-operands.ts';

/** Conversions between floats and integers, and between formats. */

/** The bit pattern of `value` as a float of `width` bits. */
function floatBits(width: number, value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  if (width === 64) {
    view.setFloat64(0, value);
    return view.getBigUint64(0);
  }
  view.setFloat32(0, value);
  return BigInt(view.getUint32(0));
}

/** AArch64's conversion, by x86's prefix. */
const conversion = (mnemonic: string): string => (mnemonic.startsWith('cvtt') ? 'fcvtzs' : 'fcvtns');

/** The least float that is too large for `width` bits. */
function limitOf(mnemonic: string, from: number, width: number): bigint {
  // From 2^31 - 1/2 on, a double rounds to an even number that does not fit.
  const nearest = !mnemonic.startsWith('cvtt') && from === 64 && width === 32;
  return floatBits(from, nearest ? 2 ** 31 - 0.5 : 2 ** (width - 1));
}

/**
 * Puts the integer for float `from` into general register `into`. Both machines saturate below the range; above it,
 * and for NaNs, x86 gives the least integer. `least` and `limit` hold that integer and the least float that is too
 * large. Changes NZCV.
 */
function toInteger(
  c: Context,
  op: string,
  into: number,
  from: string,
  least: string,
  limit: string,
  width: number,
): void {
  c.op('fcmp', from, limit);
  c.op(op, r(into, width), from);
  c.op('csel', r(into, width), r(into, width), least, 'mi');
}

/** The constants of `toInteger`. */
function limits(c: Context, mnemonic: string, from: number, width: number): { least: string; limit: string } {
  const limit = c.vectorTemp();
  const t = c.constant(limitOf(mnemonic, from, width), from);
  c.op('fmov', f(limit, from), r(t, from));
  c.constant(1n << BigInt(width - 1), width, t);
  return { least: r(t, width), limit: f(limit, from) };
}

function floatToInteger(c: Context, { ops: [dst, src], mnemonic, width }: Parts): void {
  if (!isReg(dst)) return;
  c.freeNzcv();
  const from = mnemonic.includes('sd2') ? 64 : 32;
  const n = readVector(c, src, from);
  const { least, limit } = limits(c, mnemonic, from, width);
  toInteger(c, conversion(mnemonic), home(dst.reg.loc), f(n, from), least, limit, width);
}

function integerToFloat(c: Context, { ops: [dst, src], form, width }: Parts): void {
  const from = form.endsWith('64') ? 64 : 32;
  const n = read(c, src, from);
  const result = scalarTarget(c, dst, width);
  c.op('scvtf', f(result, width), r(n, from));
  writeScalar(c, dst, width, result);
}

function betweenFormats(c: Context, { ops: [dst, src], width }: Parts): void {
  const from = 96 - width;
  const n = readVector(c, src, from);
  const result = scalarTarget(c, dst, width);
  c.op('fcvt', f(result, width), f(n, from));
  writeScalar(c, dst, width, result);
}

function widen(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const to = homeOf(dst);
  const n = readVector(c, src, 64);
  if (mnemonic === 'cvtps2pd') return c.op('fcvtl', v(to, '2d'), v(n, '2s'));
  c.op('sxtl', v(to, '2d'), v(n, '2s'));
  c.op('scvtf', v(to, '2d'), v(to, '2d'));
}

function packedFloats(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const to = homeOf(dst);
  const n = readVector(c, src, 128);
  if (mnemonic === 'cvtpd2ps') c.op('fcvtn', v(to, '2s'), v(n, '2d'));
  else c.op('scvtf', v(to, '4s'), v(n, '4s'));
}

/** Four lanes: where the float is less than 2^31 what AArch64 gives, and elsewhere the least integer. */
function singlesToIntegers(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const n = readVector(c, src, 128);
  const [fits, least] = [c.vectorTemp(), c.vectorTemp()];
  // 2^31 is 0x4f000000.
  c.op('movi', v(fits, '4s'), '#79', 'lsl #24');
  c.op('fcmgt', v(fits, '4s'), v(fits, '4s'), v(n, '4s'));
  c.op('movi', v(least, '4s'), '#128', 'lsl #24');
  const to = homeOf(dst);
  c.op(conversion(mnemonic), v(to, '4s'), v(n, '4s'));
  c.op('bif', bytes(to), bytes(least), bytes(fits));
}

/** Two lanes, one after the other; the upper half becomes zero. */
function doublesToIntegers(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  c.freeNzcv();
  const n = readVector(c, src, 128);
  const { least, limit } = limits(c, mnemonic, 64, 32);
  const [low, high] = [c.temp(), c.temp()];
  const second = c.vectorTemp();
  c.op('mov', f(second, 64), lane(n, 64, 1));
  toInteger(c, conversion(mnemonic), low, f(n, 64), least, limit, 32);
  toInteger(c, conversion(mnemonic), high, f(second, 64), least, limit, 32);
  const to = homeOf(dst);
  c.op('fmov', f(to, 32), w(low));
  c.op('mov', lane(to, 32, 1), w(high));
}

export const vectorConvertRules: readonly Rule[] = [
  rule({
    name: 'float_to_integer',
    from: ['ss', 'sd'].flatMap((s) => [`cvt${s}2si`, `cvtt${s}2si`]),
    to: floatToInteger,
  }),
  rule({ name: 'integer_to_float', from: ['cvtsi2ss', 'cvtsi2sd'], to: integerToFloat }),
  rule({ name: 'float_format', from: ['cvtss2sd', 'cvtsd2ss'], to: betweenFormats }),
  rule({ name: 'float_widen_packed', from: ['cvtps2pd', 'cvtdq2pd'], to: widen }),
  rule({ name: 'float_convert_packed', from: ['cvtpd2ps', 'cvtdq2ps'], to: packedFloats }),
  rule({ name: 'float_to_integer_singles', from: ['cvtps2dq', 'cvttps2dq'], to: singlesToIntegers }),
  rule({ name: 'float_to_integer_doubles', from: ['cvtpd2dq', 'cvttpd2dq'], to: doublesToIntegers }),
];
