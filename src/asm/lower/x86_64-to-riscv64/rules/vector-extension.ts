// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import { type Operand, regOp } from '../../../isa/operand.ts';
import { reg } from '../../../isa/x86_64/registers.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { bitsOf } from '../halves.ts';
import { x } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { read } from '../values.ts';
import { BOTH, takeApart, takeHigh, takeLow, useElements, useHalf, v, whole } from '../vectors.ts';
import { half } from './vector-lanes.ts';
import { imm8Of, readHalves, wanted } from './vector-operands.ts';

/** Integer instructions on lanes for machines with V; those on lanes of 64 bits are as short without it. */

const WIDTHS: Readonly<Record<string, number>> = { b: 8, w: 16, d: 32 };
const widthOf = (letter: string | undefined): number => must(WIDTHS[letter ?? ''], 'a width');

/** Computes in `into` from vector registers, with elements of the width that the instruction has. */
type Body = (c: Context, into: number, sources: readonly number[], width: number) => void;

/** What is done lane by lane: each half of the result comes of the same halves of the sources. */
function lanewise(body: Body, widthFor = (mnemonic: string): number => widthOf(mnemonic.at(-1)), unary = false) {
  return (c: Context, { ops: [dst, src], mnemonic }: Parts): void => {
    const which = wanted(c, dst);
    if (!which.low && !which.high) return;
    const sources = (unary ? [src] : [dst, src]).map((op) => whole(c, op, which));
    const width = widthFor(mnemonic);
    useElements(c, width);
    const into = c.vectorTemp();
    body(c, into, sources, width);
    takeApart(c, dst, into, which);
  };
}

const simple =
  (op: string): Body =>
  (c, into, [a = 0, b = 0]) =>
    c.op(`${op}.vv`, v(into), v(a), v(b));

const SIMPLE: readonly (readonly [op: string, mnemonics: readonly string[]])[] = [
  ['vadd', ['paddb', 'paddw', 'paddd']],
  ['vsub', ['psubb', 'psubw', 'psubd']],
  ['vsadd', ['paddsb', 'paddsw']],
  ['vssub', ['psubsb', 'psubsw']],
  ['vsaddu', ['paddusb', 'paddusw']],
  ['vssubu', ['psubusb', 'psubusw']],
  ['vmul', ['pmullw', 'pmulld']],
  ['vmulh', ['pmulhw']],
  ['vmulhu', ['pmulhuw']],
  ['vminu', ['pminub', 'pminuw', 'pminud']],
  ['vmaxu', ['pmaxub', 'pmaxuw', 'pmaxud']],
  ['vmin', ['pminsb', 'pminsw', 'pminsd']],
  ['vmax', ['pmaxsb', 'pmaxsw', 'pmaxsd']],
];

/** All ones where a lane is not zero: its least is 1 then, which is negated. */
function onesWhereSet(c: Context, into: number, from: number): void {
  c.scoped(() => {
    c.op('vminu.vx', v(into), v(from), x(c.constant(1)));
    c.op('vrsub.vi', v(into), v(into), 0);
  });
}

const equal: Body = (c, into, [a = 0, b = 0]) => {
  c.op('vxor.vv', v(into), v(a), v(b));
  c.scoped(() => c.op('vminu.vx', v(into), v(into), x(c.constant(1))));
  c.op('vadd.vi', v(into), v(into), -1);
};

/** Where the lesser of both is not the first. */
const greater: Body = (c, into, [a = 0, b = 0]) => {
  c.op('vmin.vv', v(into), v(a), v(b));
  c.op('vxor.vv', v(into), v(into), v(a));
  onesWhereSet(c, into, into);
};

/** Half of the sum, rounded up: what both have, and half of what one has. */
const average: Body = (c, into, [a = 0, b = 0]) => {
  const t = c.vectorTemp();
  c.op('vxor.vv', v(t), v(a), v(b));
  c.op('vsrl.vi', v(t), v(t), 1);
  c.op('vor.vv', v(into), v(a), v(b));
  c.op('vsub.vv', v(into), v(into), v(t));
};

/** Negates the lanes of `from` where those of `mask` are all ones; where they are zero they stay. */
function negateWhere(c: Context, into: number, from: number, mask: number): void {
  c.op('vxor.vv', v(into), v(from), v(mask));
  c.op('vsub.vv', v(into), v(into), v(mask));
}

const absolute: Body = (c, into, [a = 0], width) => {
  const sign = c.vectorTemp();
  c.op('vsra.vi', v(sign), v(a), width - 1);
  negateWhere(c, into, a, sign);
};

/** The first source with the second's sign, or zero where that is zero. */
const applySign: Body = (c, into, [a = 0, b = 0], width) => {
  const sign = c.vectorTemp();
  c.op('vsra.vi', v(sign), v(b), width - 1);
  negateWhere(c, into, a, sign);
  onesWhereSet(c, sign, b);
  c.op('vand.vv', v(into), v(into), v(sign));
};

/** The lower half of each lane as a whole one. */
function lowerHalves(c: Context, from: number, width: number): number {
  const t = c.vectorTemp();
  c.op('vsll.vi', v(t), v(from), width / 2);
  c.op('vsra.vi', v(t), v(t), width / 2);
  return t;
}

function upperHalves(c: Context, from: number, width: number): number {
  const t = c.vectorTemp();
  c.op('vsra.vi', v(t), v(from), width / 2);
  return t;
}

/** Pairs of products of halves of lanes, added. */
const sumOfProducts: Body = (c, into, [a = 0, b = 0], width) => {
  const t = c.vectorTemp();
  c.op('vmul.vv', v(into), v(lowerHalves(c, a, width)), v(lowerHalves(c, b, width)));
  c.op('vmul.vv', v(t), v(upperHalves(c, a, width)), v(upperHalves(c, b, width)));
  c.op('vadd.vv', v(into), v(into), v(t));
};

/** Lanes of both in turn, from the low or the high halves: one's as wide lanes, and the other's above them. */
function unpack(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const which = wanted(c, dst);
  if (!which.low && !which.high) return;
  const width = widthOf(mnemonic.at(-2));
  const high = mnemonic.startsWith('punpckh');
  const [a, b] = [dst, src].map((op) => whole(c, op, { low: !high, high }));
  useElements(c, 2 * width);
  const [into, above] = [c.vectorTemp(), c.vectorTemp()];
  c.op('vzext.vf2', v(into), v(a ?? 0));
  c.op('vzext.vf2', v(above), v(b ?? 0));
  c.op('vsll.vi', v(above), v(above), width);
  c.op('vor.vv', v(into), v(into), v(above));
  takeApart(c, dst, into, which);
}

/** Lanes of half the width, of the destination and then of the source, each bounded. */
function pack(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const which = wanted(c, dst);
  const from = mnemonic.endsWith('dw') ? 32 : 16;
  const unsigned = mnemonic.includes('us');
  const halves = [which.low, which.high].map((needed, k) => {
    if (!needed) return undefined;
    let n = whole(c, k === 0 ? dst : src, BOTH);
    if (unsigned) {
      useElements(c, from);
      const positive = c.vectorTemp();
      c.op('vmax.vx', v(positive), v(n), 'zero');
      n = positive;
    }
    const into = c.vectorTemp();
    useHalf(c, from / 2);
    c.op(unsigned ? 'vnclipu.wi' : 'vnclip.wi', v(into), v(n), 0);
    return into;
  });
  const [low, high] = halves;
  if (low !== undefined) takeLow(c, dst, low);
  if (high !== undefined) takeHigh(c, dst, high);
}

/** Bytes of the destination by the source's indices; zero where these are negative. */
function shuffleBytes(c: Context, { ops: [dst, src] }: Parts): void {
  const which = wanted(c, dst);
  if (!which.low && !which.high) return;
  const table = whole(c, dst, BOTH);
  const indices = whole(c, src, which);
  useElements(c, 8);
  const [t, into] = [c.vectorTemp(), c.vectorTemp()];
  // No more than every machine has: there may be more bytes in a register.
  c.op('vand.vi', v(t), v(indices), 15);
  c.op('vrgather.vv', v(into), v(table), v(t));
  c.op('vsra.vi', v(t), v(indices), 7);
  c.op('vxor.vi', v(t), v(t), -1);
  c.op('vand.vv', v(into), v(into), v(t));
  takeApart(c, dst, into, which);
}

/** The source's lanes where the sign of xmm0's is set. */
function blend(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const which = wanted(c, dst);
  if (!which.low && !which.high) return;
  const width = mnemonic === 'pblendvb' ? 8 : 32;
  const [a = 0, b = 0, m = 0] = [dst, src, regOp(reg('xmm0'))].map((op: Operand | undefined) => whole(c, op, which));
  useElements(c, width);
  const [sign, into] = [c.vectorTemp(), c.vectorTemp()];
  c.op('vsra.vi', v(sign), v(m), width - 1);
  c.op('vxor.vv', v(into), v(a), v(b));
  c.op('vand.vv', v(into), v(into), v(sign));
  c.op('vxor.vv', v(into), v(into), v(a));
  takeApart(c, dst, into, which);
}

/** Lanes of the low end, each extended to a wider one. */
function widen(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const which = wanted(c, dst);
  if (!which.low && !which.high) return;
  const [from, to] = [widthOf(mnemonic.at(-2)), WIDTHS[mnemonic.at(-1) ?? ''] ?? 64];
  const part = to / from;
  let n: number;
  if (src?.kind === 'mem' && part > 2) {
    // A narrower operand in memory is read as it is wide.
    useElements(c, 64);
    n = c.vectorTemp();
    c.scoped(() => c.op('vmv.v.x', v(n), x(read(c, src, 128 / part, 'any'))));
  } else n = whole(c, src, { low: true, high: false });
  useElements(c, to);
  const into = c.vectorTemp();
  c.op(`v${mnemonic.startsWith('pmovsx') ? 's' : 'z'}ext.vf${part}`, v(into), v(n));
  takeApart(c, dst, into, which);
}

/** A count of the lane's width or more shifts everything out. */
function shift(c: Context, { ops: [dst, count], mnemonic, form }: Parts): void {
  const which = wanted(c, dst);
  if (!which.low && !which.high) return;
  const width = widthOf(mnemonic.at(-1));
  const kind = mnemonic.slice(1, 4);
  const into = c.vectorTemp();
  if (form === 'xmm_i') {
    const by = Math.min(imm8Of(count), kind === 'sra' ? width - 1 : width);
    if (by === 0) return;
    const n = whole(c, dst, which);
    useElements(c, width);
    if (by === width) c.op('vmv.v.i', v(into), 0);
    else c.op(`v${kind}.vi`, v(into), v(n), by);
    return takeApart(c, dst, into, which);
  }
  const by = c.temp();
  c.scoped(() => bitsOf(c, half(readHalves(c, count, { low: true, high: false }), 0), by));
  const n = whole(c, dst, which);
  useElements(c, width);
  c.scoped(() => {
    const fits = c.temp();
    c.op('sltiu', x(fits), x(by), width);
    if (kind === 'sra') {
      c.op('addi', x(fits), x(fits), -1);
      c.op('or', x(by), x(by), x(fits));
      c.op('vsra.vx', v(into), v(n), x(by));
      return;
    }
    c.op('neg', x(fits), x(fits));
    c.op(`v${kind}.vx`, v(into), v(n), x(by));
    c.op('vand.vx', v(into), v(into), x(fits));
  });
  takeApart(c, dst, into, which);
}

const withV = (name: string, from: readonly string[], to: Rule['to']): Rule =>
  rule({ name: `${name}_v`, from, to, priority: 1, when: (_, c) => c.has('v') });

const families = (stem: string, letters: string): string[] => [...letters].map((l) => stem + l);

export const vectorExtensionRules: readonly Rule[] = [
  ...SIMPLE.map(([op, from]) => withV(op, from, lanewise(simple(op)))),
  withV('vector_equal', families('pcmpeq', 'bwd'), lanewise(equal)),
  withV('vector_greater', families('pcmpgt', 'bwd'), lanewise(greater)),
  withV('vector_average', families('pavg', 'bw'), lanewise(average)),
  withV('pabs', families('pabs', 'bwd'), lanewise(absolute, undefined, true)),
  withV('psign', families('psign', 'bw'), lanewise(applySign)),
  withV(
    'pmaddwd',
    ['pmaddwd'],
    lanewise(sumOfProducts, () => 32),
  ),
  withV('vector_unpack', ['punpcklbw', 'punpcklwd', 'punpckhbw', 'punpckhwd'], unpack),
  withV('vector_pack', ['packsswb', 'packuswb', 'packssdw', 'packusdw'], pack),
  withV('pshufb', ['pshufb'], shuffleBytes),
  withV('vector_blend_mask', ['pblendvb', 'blendvps'], blend),
  withV(
    'vector_widen',
    ['bw', 'bd', 'bq', 'wd', 'wq', 'dq'].flatMap((w) => [`pmovsx${w}`, `pmovzx${w}`]),
    widen,
  ),
  withV(
    'vector_shift',
    ['psll', 'psrl', 'psra'].flatMap((s) => families(s, 'wd')),
    shift,
  ),
];
