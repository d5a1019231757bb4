// SPDX-License-Identifier: MIT
import { isReg } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { f, x } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { signed } from '../shape.ts';
import { destination, read } from '../values.ts';
import { letter, readScalar, scalarTarget, type Width, writeScalar } from './vector-operands.ts';

/** Conversions between floats and integers, and between formats. */

/** The bit pattern of `value` as a float of `width` bits. */
function floatBits(width: Width, value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  if (width === 64) {
    view.setFloat64(0, value);
    return view.getBigInt64(0);
  }
  view.setFloat32(0, value);
  return BigInt(view.getInt32(0));
}

/** The least float that is too large for `width` bits. */
function limitOf(mnemonic: string, from: Width, width: number): bigint {
  // From 2^31 - 1/2 on, a double rounds to an even number that does not fit.
  const nearest = !mnemonic.startsWith('cvtt') && from === 64 && width === 32;
  return floatBits(from, nearest ? 2 ** 31 - 0.5 : 2 ** (width - 1));
}

/**
 * Puts the integer for float `n` into general register `into`. Both machines saturate below the range; above it, and
 * for NaNs, x86 gives the least integer.
 */
export function toInteger(c: Context, mnemonic: string, into: number, n: number, from: Width, width: Width): void {
  c.scoped(() => {
    const t = c.constant(limitOf(mnemonic, from, width));
    const limit = c.floatTemp();
    c.op(from === 64 ? 'fmv.d.x' : 'fmv.w.x', f(limit), x(t));
    c.op(`flt.${letter(from)}`, x(t), f(n), f(limit));
    const mode = mnemonic.startsWith('cvtt') ? 'rtz' : 'rne';
    c.op(`fcvt.${width === 64 ? 'l' : 'w'}.${letter(from)}`, x(into), f(n), mode);
    const fits = c.freshLabel('fits');
    c.op('bnez', x(t), fits);
    c.op('li', x(into), (-(1n << BigInt(width - 1))).toString());
    c.label(fits);
  });
}

function floatToInteger(c: Context, { ops: [dst, src], mnemonic, width }: Parts): void {
  if (!isReg(dst)) return;
  const from: Width = mnemonic.includes('sd2') ? 64 : 32;
  const n = readScalar(c, src, from);
  const d = destination(c, dst, width, false);
  toInteger(c, mnemonic, d.into, n, from, width === 64 ? 64 : 32);
  d.write(d.into, width === 64 ? undefined : signed(32));
}

function integerToFloat(c: Context, { ops: [dst, src], form, width }: Parts): void {
  const w: Width = width === 64 ? 64 : 32;
  const from = form.endsWith('64') ? 64 : 32;
  const n = read(c, src, from);
  const result = scalarTarget(c, dst, w);
  c.op(`fcvt.${letter(w)}.${from === 64 ? 'l' : 'w'}`, f(result), x(n));
  writeScalar(c, dst, w, result);
}

/**
 * A NaN keeps its sign and the upper part of its payload on x86, while RISC-V gives the canonical one: it is put together
 * out of line.
 */
function betweenFormats(c: Context, { ops: [dst, src], width }: Parts): void {
  const w: Width = width === 64 ? 64 : 32;
  const from: Width = w === 64 ? 32 : 64;
  const n = readScalar(c, src, from);
  const target = scalarTarget(c, dst, w);
  const result = target === n ? c.floatTemp() : target;
  convertFormat(c, result, n, from);
  writeScalar(c, dst, w, result);
}

/** The float of `from` bits in register `n` in the other format. */
export function convertFormat(c: Context, into: number, n: number, from: Width): void {
  const w: Width = from === 64 ? 32 : 64;
  const result = into === n ? c.floatTemp() : into;
  const back = c.freshLabel('number');
  const t = c.temp();
  const stub = c.stub('nan', () => {
    c.scoped(() => {
      const [u, v] = [c.temp(), c.temp()];
      c.op(from === 64 ? 'fmv.x.d' : 'fmv.x.w', x(t), f(n));
      // The sign, and below it a payload without what does not fit.
      c.op('srai', x(u), x(t), 63);
      if (w === 32) {
        c.op('slli', x(t), x(t), 12);
        c.op('srli', x(t), x(t), 41);
        c.op('slli', x(u), x(u), 31);
        c.op('li', x(v), 0x7fc00000);
      } else {
        c.op('slli', x(t), x(t), 41);
        c.op('srli', x(t), x(t), 12);
        c.op('slli', x(u), x(u), 63);
        c.op('li', x(v), (0x7ff8n << 48n).toString());
      }
      c.op('or', x(t), x(t), x(u));
      c.op('or', x(t), x(t), x(v));
      c.op(w === 64 ? 'fmv.d.x' : 'fmv.w.x', f(result), x(t));
      c.op('j', back);
    });
  });
  c.op(`feq.${letter(from)}`, x(t), f(n), f(n));
  c.op(`fcvt.${letter(w)}.${letter(from)}`, f(result), f(n));
  c.op('beqz', x(t), stub);
  c.label(back);
  if (result !== into) c.op('fmv.d', f(into), f(result));
}

export const vectorConvertRules: readonly Rule[] = [
  rule({
    name: 'float_to_integer',
    from: ['ss', 'sd'].flatMap((s) => [`cvt${s}2si`, `cvtt${s}2si`]),
    to: floatToInteger,
  }),
  rule({ name: 'integer_to_float', from: ['cvtsi2ss', 'cvtsi2sd'], to: integerToFloat }),
  rule({ name: 'float_format', from: ['cvtss2sd', 'cvtsd2ss'], to: betweenFormats }),
];
