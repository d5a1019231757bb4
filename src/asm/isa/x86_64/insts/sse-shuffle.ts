// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import { bit, bv, concat, extract, ite, low, lshr, msb, zext } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import type { InstDef } from '../../define.ts';
import { inst } from '../../define.ts';
import { clampSigned, clampSignedToUnsigned, join, split } from '../../lanes.ts';
import { gpr, imm8, mem, xmm, xmmM128 } from '../operands.ts';
import { packed, packedImm, packedUnary, refOf, widening } from './sse-form.ts';
import { imm8Of, interleave, laneOf } from './sse-lanes.ts';

/** Moving lanes about: unpacking, packing, shuffling, inserting and extracting. */

const unpackLow = (w: number) => (a: Term, b: Term) => join(interleave(split(w, low(a, 64)), split(w, low(b, 64))));
const unpackHigh = (w: number) => (a: Term, b: Term) =>
  join(interleave(split(w, extract(a, 127, 64)), split(w, extract(b, 127, 64))));

const unpacking: InstDef[] = (
  [
    ['punpck', 'bw', 8],
    ['punpck', 'wd', 16],
    ['punpck', 'dq', 32],
    ['punpck', 'qdq', 64],
    ['unpck', 'ps', 32],
    ['unpck', 'pd', 64],
  ] as const
).flatMap(([name, suffix, w]) => [
  packed(`${name}l${suffix}`, unpackLow(w)),
  packed(`${name}h${suffix}`, unpackHigh(w)),
]);

/** The destination's lanes, then the source's, each made half as wide by saturation. */
const pack = (w: number, saturate: (a: Term, width: number) => Term) => (a: Term, b: Term) =>
  join([...split(w, a), ...split(w, b)].map((x) => saturate(x, w / 2)));

const packing: InstDef[] = [
  packed('packsswb', pack(16, clampSigned)),
  packed('packssdw', pack(32, clampSigned)),
  packed('packuswb', pack(16, clampSignedToUnsigned)),
  packed('packusdw', pack(32, clampSignedToUnsigned), { feature: 'sse4.1' }),
];

/** The lanes of `from` that the 2-bit fields of `imm` name, lowest first. */
const pick = (from: readonly Term[], imm: number): Term[] =>
  [0, 2, 4, 6].map((shift) => must(from[(imm >> shift) & 3], 'four lanes to pick from'));

/** `op xmm, xmm/m128, imm8`, from the source alone. */
const shuffle = (mnemonic: string, f: (src: Term, imm: number) => Term): InstDef =>
  inst({
    id: `x64.${mnemonic}.xmm_xmmm_i.128`,
    syntax: `${mnemonic} {dst}, {src}, {imm}`,
    operands: { dst: xmm('w'), src: xmmM128('r'), imm: imm8() },
    sem: ({ dst, src, imm }) => dst.write(f(src.value, imm8Of(imm))),
    ref: refOf(mnemonic),
  });

const shuffling: InstDef[] = [
  shuffle('pshufd', (src, imm) => join(pick(split(32, src), imm))),
  shuffle('pshuflw', (src, imm) => concat(extract(src, 127, 64), join(pick(split(16, low(src, 64)), imm)))),
  shuffle('pshufhw', (src, imm) => concat(join(pick(split(16, extract(src, 127, 64)), imm)), low(src, 64))),
  packedImm('shufps', (a, b, imm) =>
    join([...pick(split(32, a), imm).slice(0, 2), ...pick(split(32, b), imm).slice(2)]),
  ),
  packedImm('shufpd', (a, b, imm) => join([laneOf(a, 64, imm & 1), laneOf(b, 64, (imm >> 1) & 1)])),
];

/** `value` with `lane` at `index`. */
export function withLane(value: Term, index: number, lane: Term): Term {
  return join(split(lane.width, value).map((old, i) => (i === index ? lane : old)));
}

const insertion: InstDef[] = [
  inst({
    id: 'x64.pinsrw.xmm_r_i.16',
    syntax: 'pinsrw {dst}, {src}, {imm}',
    operands: { dst: xmm('rw'), src: gpr(32, 'r'), imm: imm8() },
    sem: ({ dst, src, imm }) => dst.write(withLane(dst.value, imm8Of(imm) & 7, low(src.value, 16))),
    ref: refOf('pinsrw'),
  }),
  inst({
    id: 'x64.pinsrw.xmm_m_i.16',
    syntax: 'pinsrw {dst}, {src}, {imm}',
    operands: { dst: xmm('rw'), src: mem(16, 'r'), imm: imm8() },
    sem: ({ dst, src, imm }) => dst.write(withLane(dst.value, imm8Of(imm) & 7, src.value)),
    ref: refOf('pinsrw'),
  }),
  ...([32, 64] as const).map((w) =>
    inst({
      id: `x64.pextrw.r_xmm_i.${w}`,
      syntax: 'pextrw {dst}, {src}, {imm}',
      operands: { dst: gpr(w, 'w'), src: xmm('r'), imm: imm8() },
      sem: ({ dst, src, imm }) => dst.write(zext(laneOf(src.value, 16, imm8Of(imm) & 7), w)),
      ref: refOf('pextrw'),
    }),
  ),
];

const sse3 = { feature: 'sse3' } as const;
const ssse3 = { feature: 'ssse3' } as const;

const everySecond = (first: 0 | 1) => (b: Term) =>
  join([first, first, first + 2, first + 2].map((i) => laneOf(b, 32, i)));

const laterShuffles: InstDef[] = [
  widening('movddup', (b) => concat(b, b), sse3),
  packedUnary('movsldup', everySecond(0), sse3),
  packedUnary('movshdup', everySecond(1), sse3),
  inst({
    id: 'x64.lddqu.xmm_m.128',
    syntax: 'lddqu {dst}, {src}',
    operands: { dst: xmm('w'), src: mem(128, 'r') },
    sem: ({ dst, src }) => dst.write(src.value),
    ref: refOf('lddqu'),
    ...sse3,
  }),
  packed(
    'pshufb',
    (a, b) =>
      join(
        split(8, b).map((index) => {
          const place = zext(concat(extract(index, 2, 0), bv(3, 0)), 64);
          const from = (half: Term): Term => low(lshr(half, place), 8);
          const [lower, upper] = [extract(a, 63, 0), extract(a, 127, 64)];
          return ite(msb(index), bv(8, 0), ite(bit(index, 3), from(upper), from(lower)));
        }),
      ),
    ssse3,
  ),
  packedImm('palignr', (a, b, imm) => low(lshr(concat(a, b), bv(256, 8 * Math.min(imm, 32))), 128), ssse3),
];

export const sseShuffleForms: readonly InstDef[] = [
  ...unpacking,
  ...packing,
  ...shuffling,
  ...insertion,
  ...laterShuffles,
];
