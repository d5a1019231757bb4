// SPDX-License-Identifier: MIT
import { bv, fpCompare, fpConvert, fpFromInt, fpToInt, ite, mask, zext } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import type { InstDef } from '../../define.ts';
import { inst } from '../../define.ts';
import { join, lanes, split } from '../../lanes.ts';
import { gpr, gprM, xmm } from '../operands.ts';
import { suffixes } from './sse-float.ts';
import { packedUnary, refOf, scalarSource, widening } from './sse-form.ts';
import { mergeLow } from './sse-lanes.ts';

/** Conversions between floats and integers, and between formats. The rounding mode is nearest even. */

/** The bit pattern of `value` as a float of `width` bits. */
function floatBits(width: number, value: number): Term {
  const view = new DataView(new ArrayBuffer(8));
  if (width === 64) {
    view.setFloat64(0, value);
    return bv(64, view.getBigUint64(0));
  }
  view.setFloat32(0, value);
  return bv(32, view.getUint32(0));
}

/**
 * To a signed integer; NaNs and what does not fit give the most negative integer ("integer indefinite"), which is also
 * what saturation gives below the range, so only the upper limit is tested.
 */
function toInteger(mode: 'rne' | 'rtz', a: Term, width: 32 | 64): Term {
  // From 2^(width-1) - 1/2 on, a double rounds to an even number that does not fit; the other formats have no such
  // fractions at that size.
  const limit = mode === 'rne' && a.width === 64 && width === 32 ? 2 ** 31 - 0.5 : 2 ** (width - 1);
  const fits = fpCompare('fp.lt', a, floatBits(a.width, limit));
  return ite(fits, fpToInt(true, mode, a, width), bv(width, mask(width) ^ mask(width - 1)));
}

const modes = [
  ['cvt', 'rne'],
  ['cvtt', 'rtz'],
] as const;
const integerWidths = [32, 64] as const;
const attSuffix = { 32: 'l', 64: 'q' } as const;

const scalarConversions: InstDef[] = suffixes.flatMap(([w, ss]) =>
  integerWidths.flatMap((n) => [
    inst({
      id: `x64.cvtsi2${ss}.xmm_rm${n}.${w}`,
      // Without a suffix and with memory, GNU as takes 32 bits.
      syntax: `${n === 64 ? '~' : ''}cvtsi2${ss}|cvtsi2${ss}${attSuffix[n]} {dst}, {src}`,
      operands: { dst: xmm('rw'), src: gprM(n, 'r') },
      sem: ({ dst, src }) => dst.write(mergeLow(dst.value, fpFromInt(true, src.value, w))),
      ref: refOf(`cvtsi2${ss}`),
    }),
    ...modes.map(([prefix, mode]) =>
      inst({
        id: `x64.${prefix}${ss}2si.r_xmmm${w}.${n}`,
        syntax: `${prefix}${ss}2si {dst}, {src}`,
        aliases: [`${prefix}${ss}2si${attSuffix[n]}`],
        operands: { dst: gpr(n, 'w'), src: scalarSource(w) },
        sem: ({ dst, src }) => dst.write(toInteger(mode, src.value, n)),
        ref: refOf(`${prefix}${ss}2si`),
      }),
    ),
  ]),
);

const formats: InstDef[] = suffixes.map(([w, ss]) => {
  const other = w === 32 ? 64 : 32;
  const mnemonic = `cvt${ss}2${w === 32 ? 'sd' : 'ss'}`;
  return inst({
    id: `x64.${mnemonic}.xmm_xmmm${w}.${other}`,
    syntax: `${mnemonic} {dst}, {src}`,
    operands: { dst: xmm('rw'), src: scalarSource(w) },
    sem: ({ dst, src }) => dst.write(mergeLow(dst.value, fpConvert(src.value, other))),
    ref: refOf(mnemonic),
  });
});

/** Two results of 32 bits in the low half, zeros above. */
const narrowed = (f: (a: Term) => Term) => (a: Term) => zext(join(split(64, a).map(f)), 128);
const widened = (f: (a: Term) => Term) => (a: Term) => join(split(32, a).map(f));

const packedConversions: InstDef[] = [
  widening(
    'cvtps2pd',
    widened((a) => fpConvert(a, 64)),
  ),
  widening(
    'cvtdq2pd',
    widened((a) => fpFromInt(true, a, 64)),
  ),
  packedUnary(
    'cvtpd2ps',
    narrowed((a) => fpConvert(a, 32)),
  ),
  packedUnary('cvtdq2ps', (b) => lanes(32, b, (a) => fpFromInt(true, a, 32))),
  ...modes.flatMap(([prefix, mode]) => [
    packedUnary(
      `${prefix}pd2dq`,
      narrowed((a) => toInteger(mode, a, 32)),
    ),
    packedUnary(`${prefix}ps2dq`, (b) => lanes(32, b, (a) => toInteger(mode, a, 32))),
  ]),
];

export const sseConvertForms: readonly InstDef[] = [...scalarConversions, ...formats, ...packedConversions];
