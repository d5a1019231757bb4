// SPDX-License-Identifier: MIT
import {
  and,
  bv,
  concat,
  eq,
  extract,
  fpRound,
  ite,
  low,
  lshr,
  msb,
  no,
  not,
  sext,
  shl,
  xor,
  zext,
} from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import type { InstDef } from '../../define.ts';
import { inst } from '../../define.ts';
import { set } from '../../effect.ts';
import { join, lanes, split, unsignedMin } from '../../lanes.ts';
import { below, gpr, gprM, imm8, mem, xmm, xmmM, xmmM128 } from '../operands.ts';
import { suffixes } from './sse-float.ts';
import { packedImm, packedUnary, refOf, scalarImm } from './sse-form.ts';
import { imm8Of, laneOf } from './sse-lanes.ts';
import { withLane } from './sse-shuffle.ts';

/** What SSE4.1 added beyond more of the same: widening moves, blends, rounding, single lanes and `ptest`. */

const feature = 'sse4.1';
const option = { feature } as const;

const widenings: InstDef[] = (
  [
    ['bw', 8, 16, 64],
    ['bd', 8, 32, 32],
    ['bq', 8, 64, 16],
    ['wd', 16, 32, 64],
    ['wq', 16, 64, 32],
    ['dq', 32, 64, 64],
  ] as const
).flatMap(([suffix, from, to, size]) =>
  (
    [
      ['pmovsx', sext],
      ['pmovzx', zext],
    ] as const
  ).map(([name, extend]) =>
    inst({
      id: `x64.${name}${suffix}.xmm_xmmm.${size}`,
      syntax: `${name}${suffix} {dst}, {src}`,
      operands: { dst: xmm('w'), src: xmmM(size, 'r') },
      sem: ({ dst, src }) => dst.write(join(split(from, src.value).map((lane) => extend(lane, to)))),
      ref: refOf(name),
      feature,
    }),
  ),
);

const blendByImm = (w: number) => (a: Term, b: Term, imm: number) =>
  join(split(w, a).map((x, i) => ((imm >> i) & 1 ? laneOf(b, w, i) : x)));

/** The mask is xmm0, which assemblers let one write as a third operand. */
const blendByMask = (mnemonic: string, w: number): InstDef =>
  inst({
    id: `x64.${mnemonic}.xmm_xmmm.128`,
    syntax: `${mnemonic} {dst}, {src}`,
    operands: { dst: xmm('rw'), src: xmmM128('r') },
    sem: ({ dst, src }, state) => {
      const mask = state.get('xmm0');
      const [a, b] = [dst.value, src.value];
      return dst.write(join(split(w, a).map((x, i) => ite(msb(laneOf(mask, w, i)), laneOf(b, w, i), x))));
    },
    ref: refOf(mnemonic),
    feature,
  });

const blends: InstDef[] = [
  packedImm('blendps', blendByImm(32), option),
  packedImm('blendpd', blendByImm(64), option),
  packedImm('pblendw', blendByImm(16), option),
  blendByMask('blendvps', 32),
  blendByMask('blendvpd', 64),
  blendByMask('pblendvb', 8),
];

const roundings = ['rne', 'rtn', 'rtp', 'rtz'] as const;
/** Bit 2 asks for the mode in MXCSR, which is nearest even; bit 3 only silences an exception. */
const rounded = (a: Term, imm: number): Term => fpRound(imm & 4 ? 'rne' : (roundings[imm & 3] ?? 'rne'), a);

const rounding: InstDef[] = suffixes.flatMap(([w, ss, ps]) => [
  scalarImm(`round${ss}`, w, (_, b, imm) => rounded(b, imm), option, below(16)),
  inst({
    id: `x64.round${ps}.xmm_xmmm_i.128`,
    syntax: `round${ps} {dst}, {src}, {imm}`,
    operands: { dst: xmm('w'), src: xmmM128('r'), imm: below(16) },
    sem: ({ dst, src, imm }) => dst.write(lanes(w, src.value, (x) => rounded(x, imm8Of(imm)))),
    ref: refOf(`round${ps}`),
    feature,
  }),
]);

const singleLanes: InstDef[] = [
  inst({
    id: 'x64.pinsrb.xmm_r_i.8',
    syntax: 'pinsrb {dst}, {src}, {imm}',
    operands: { dst: xmm('rw'), src: gpr(32, 'r'), imm: imm8() },
    sem: ({ dst, src, imm }) => dst.write(withLane(dst.value, imm8Of(imm) & 15, low(src.value, 8))),
    ref: refOf('pinsrb'),
    feature,
  }),
  inst({
    id: 'x64.pinsrb.xmm_m_i.8',
    syntax: 'pinsrb {dst}, {src}, {imm}',
    operands: { dst: xmm('rw'), src: mem(8, 'r'), imm: imm8() },
    sem: ({ dst, src, imm }) => dst.write(withLane(dst.value, imm8Of(imm) & 15, src.value)),
    ref: refOf('pinsrb'),
    feature,
  }),
  inst({
    id: 'x64.pextrb.r_xmm_i.32',
    syntax: 'pextrb {dst}, {src}, {imm}',
    operands: { dst: gpr(32, 'w'), src: xmm('r'), imm: imm8() },
    sem: ({ dst, src, imm }) => dst.write(zext(laneOf(src.value, 8, imm8Of(imm) & 15), 32)),
    ref: refOf('pextrb'),
    feature,
  }),
  ...([8, 16] as const).map((w) => {
    const mnemonic = w === 8 ? 'pextrb' : 'pextrw';
    return inst({
      id: `x64.${mnemonic}.m_xmm_i.${w}`,
      syntax: `${mnemonic} {dst}, {src}, {imm}`,
      operands: { dst: mem(w, 'w'), src: xmm('r'), imm: imm8() },
      sem: ({ dst, src, imm }) => dst.write(laneOf(src.value, w, imm8Of(imm) & (128 / w - 1))),
      ref: refOf(mnemonic),
      feature,
    });
  }),
  ...([32, 64] as const).flatMap((w) => {
    const letter = w === 32 ? 'd' : 'q';
    return [
      inst({
        id: `x64.pinsr${letter}.xmm_rm_i.${w}`,
        syntax: `pinsr${letter} {dst}, {src}, {imm}`,
        operands: { dst: xmm('rw'), src: gprM(w, 'r'), imm: imm8() },
        sem: ({ dst, src, imm }) => dst.write(withLane(dst.value, imm8Of(imm) & (128 / w - 1), src.value)),
        ref: refOf(`pinsr${letter}`),
        feature,
      }),
      inst({
        id: `x64.pextr${letter}.rm_xmm_i.${w}`,
        syntax: `pextr${letter} {dst}, {src}, {imm}`,
        operands: { dst: gprM(w, 'w'), src: xmm('r'), imm: imm8() },
        sem: ({ dst, src, imm }) => dst.write(laneOf(src.value, w, imm8Of(imm) & (128 / w - 1))),
        ref: refOf(`pextr${letter}`),
        feature,
      }),
    ];
  }),
  inst({
    id: 'x64.extractps.rm_xmm_i.32',
    syntax: 'extractps {dst}, {src}, {imm}',
    operands: { dst: gprM(32, 'w'), src: xmm('r'), imm: imm8() },
    sem: ({ dst, src, imm }) => dst.write(laneOf(src.value, 32, imm8Of(imm) & 3)),
    ref: refOf('extractps'),
    feature,
  }),
  inst({
    id: 'x64.insertps.xmm_xmm_i.32',
    syntax: 'insertps {dst}, {src}, {imm}',
    operands: { dst: xmm('rw'), src: xmm('r'), imm: imm8() },
    sem: ({ dst, src, imm }) => {
      const n = imm8Of(imm);
      return dst.write(insertFloat(dst.value, laneOf(src.value, 32, n >> 6), n));
    },
    ref: refOf('insertps'),
    feature,
  }),
  inst({
    id: 'x64.insertps.xmm_m_i.32',
    syntax: 'insertps {dst}, {src}, {imm}',
    operands: { dst: xmm('rw'), src: mem(32, 'r'), imm: imm8() },
    sem: ({ dst, src, imm }) => dst.write(insertFloat(dst.value, src.value, imm8Of(imm))),
    ref: refOf('insertps'),
    feature,
  }),
];

/** Bits 5 and 4 of `imm` say where `lane` goes, bits 3 to 0 which lanes become zero afterwards. */
function insertFloat(old: Term, lane: Term, imm: number): Term {
  const put = split(32, withLane(old, (imm >> 4) & 3, lane));
  return join(put.map((x, i) => ((imm >> i) & 1 ? bv(32, 0) : x)));
}

/** The least of eight words, and above it which of them it is: the first, where several are. */
function leastWord(src: Term): Term {
  const keys = split(16, src).map((word, i) => concat(word, bv(16, i)));
  const [lower, upper] = [keys.slice(0, 4), keys.slice(4)];
  const least = lower.map((key, i) => unsignedMin(key, upper[i] ?? key)).reduce(unsignedMin);
  return zext(concat(low(least, 16), extract(least, 31, 16)), 128);
}

/** The product of two halves without carries: bits 0 and 4 of `imm` choose them. */
function carrylessProduct(a: Term, b: Term, imm: number): Term {
  const left = laneOf(a, 64, imm & 1);
  const right = laneOf(b, 64, (imm >> 4) & 1);
  let [lower, upper] = [bv(64, 0), bv(64, 0)];
  for (let i = 0; i < 64; i++) {
    const part = and(sext(extract(right, i, i), 64), left);
    lower = xor(lower, shl(part, bv(64, i)));
    if (i > 0) upper = xor(upper, lshr(part, bv(64, 64 - i)));
  }
  return concat(upper, lower);
}

const others: InstDef[] = [
  packedImm('pclmulqdq', carrylessProduct, { feature: 'pclmulqdq' }),
  packedUnary('phminposuw', leastWord, option),
  inst({
    id: 'x64.ptest.xmm_xmmm.128',
    syntax: 'ptest {dst}, {src}',
    operands: { dst: xmm('r'), src: xmmM128('r') },
    sem: ({ dst, src }) => {
      const [a, b] = [dst.value, src.value];
      const zero = bv(128, 0);
      return [
        set('zf', eq(and(b, a), zero)),
        set('cf', eq(and(b, not(a)), zero)),
        ...['of', 'af', 'pf', 'sf'].map((flag) => set(flag, no())),
      ];
    },
    ref: refOf('ptest'),
    feature,
  }),
  inst({
    id: 'x64.movntdqa.xmm_m.128',
    syntax: 'movntdqa {dst}, {src}',
    operands: { dst: xmm('w'), src: mem(128, 'r') },
    sem: ({ dst, src }) => dst.write(src.value),
    ref: refOf('movntdqa'),
    feature,
  }),
];

export const sseLaterForms: readonly InstDef[] = [...widenings, ...blends, ...rounding, ...singleLanes, ...others];
