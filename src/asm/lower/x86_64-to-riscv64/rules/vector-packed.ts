// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import type { Operand } from '../../../isa/operand.ts';
import { sameRegister } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context, HalfPlace } from '../context.ts';
import { bitsOf, floatOf } from '../halves.ts';
import { f, x, ZERO } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { convertFormat, toInteger } from './vector-convert.ts';
import { correctNaN, OPERATIONS, PREDICATES, predicate } from './vector-float.ts';
import { buildHalves, half, laneOf, placeLane } from './vector-lanes.ts';
import {
  type Halves,
  highOf,
  imm8Of,
  letter,
  lowOf,
  readHalves,
  type Width,
  wanted,
  writeBits,
  writeHalves,
} from './vector-operands.ts';

/** Floating-point arithmetic on lanes: each is done by itself. */

/** What is done to one lane of each source, in floating-point registers; the result is in one of them or another. */
type FloatBody = (lanes: readonly number[]) => number;

export function floatLanes(
  c: Context,
  dst: Operand | undefined,
  sources: readonly (Operand | undefined)[],
  width: Width,
  body: FloatBody,
): void {
  const which = wanted(c, dst);
  if (!which.low && !which.high) return;
  if (width === 64) {
    // The results are kept apart until both are there.
    for (const k of [0, 1]) {
      if (k === 0 ? !which.low : !which.high) continue;
      c.scoped(() => {
        const lanes = sources.map((s) => floatOf(c, half(readHalves(c, s, { low: k === 0, high: k === 1 }), k)));
        const result = body(lanes);
        writeHalves(c, dst, k === 0 ? { low: result, high: undefined } : { low: undefined, high: result });
      });
    }
    return;
  }
  buildHalves(c, dst, (k, acc) => {
    for (const i of [0, 1]) {
      c.scoped(() => {
        const lanes = sources.map((s) => singleLane(c, s, k, i));
        const result = body(lanes);
        const t = c.temp();
        c.op('fmv.x.w', x(t), f(result));
        c.note(t, { bits: 32, signed: true });
        placeLane(c, acc, t, 32, i);
      });
    }
  });
}

/** Lane `i` of half `k` as a float of its own. */
export function singleLane(c: Context, op: Operand | undefined, k: number, i: number): number {
  const into = c.floatTemp();
  c.scopedGeneral(() => {
    if (op?.kind === 'mem') {
      // The half is loaded into the register that takes the lane.
      const h = c.scoped(() => half(readHalves(c, op, { low: k === 0, high: k === 1 }), k));
      const t = laneOf(c, h, 32, i);
      c.op('fmv.w.x', f(into), x(t));
      return;
    }
    const t = laneOf(c, k === 0 ? lowOf(op) : highOf(c, op), 32, i);
    c.op('fmv.w.x', f(into), x(t));
  });
  return into;
}

export const packedWidth = (mnemonic: string): Width => (mnemonic.endsWith('pd') ? 64 : 32);

function arithmetic(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const w = packedWidth(mnemonic);
  const op = must(OPERATIONS[mnemonic.slice(0, 3)], mnemonic);
  const sources = sameRegister(dst, src) ? [dst] : [dst, src];
  floatLanes(c, dst, sources, w, ([a = 0, b = a]) => {
    const result = c.floatTemp();
    c.op(`${op}.${letter(w)}`, f(result), f(a), f(b));
    c.scopedGeneral(() => correctNaN(c, result, a === b ? [a] : [a, b], w));
    return result;
  });
}

function root(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const w = packedWidth(mnemonic);
  floatLanes(c, dst, [src], w, ([b = 0]) => {
    const result = c.floatTemp();
    c.op(`fsqrt.${letter(w)}`, f(result), f(b));
    c.scopedGeneral(() => correctNaN(c, result, [b], w));
    return result;
  });
}

function extreme(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const w = packedWidth(mnemonic);
  floatLanes(c, dst, [dst, src], w, ([a = 0, b = 0]) => {
    const result = c.floatTemp();
    const keep = c.freshLabel('keep');
    c.scopedGeneral(() => {
      const t = c.temp();
      const [less, more] = mnemonic.startsWith('min') ? [a, b] : [b, a];
      c.op(`flt.${letter(w)}`, x(t), f(less), f(more));
      c.op('fmv.d', f(result), f(a));
      c.op('bnez', x(t), keep);
    });
    c.op('fmv.d', f(result), f(b));
    c.label(keep);
    return result;
  });
}

function compareMask(c: Context, { ops: [dst, src, imm], mnemonic }: Parts): void {
  const w = packedWidth(mnemonic);
  const index = imm === undefined ? PREDICATES.indexOf(mnemonic.slice(3, -2)) : imm8Of(imm);
  floatLanes(c, dst, [dst, src], w, ([a = 0, b = 0]) => {
    const result = c.floatTemp();
    c.scopedGeneral(() => {
      const t = predicate(c, index, a, b, w);
      c.op('neg', x(t), x(t));
      c.op(w === 64 ? 'fmv.d.x' : 'fmv.w.x', f(result), x(t));
    });
    return result;
  });
}

/** From four or two integers of 32 bits. */
function fromIntegers(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  if (mnemonic === 'cvtdq2pd') {
    const from = readHalves(c, src, { low: true, high: false });
    const which = wanted(c, dst);
    const results: Halves = {
      high: which.high ? converted(c, half(from, 0), 1) : undefined,
      low: which.low ? converted(c, half(from, 0), 0) : undefined,
    };
    return writeHalves(c, dst, results);
  }
  floatLanes(c, dst, [src], 32, ([a = 0]) => {
    c.scopedGeneral(() => {
      const t = c.temp();
      c.op('fmv.x.w', x(t), f(a));
      c.op('fcvt.s.w', f(a), x(t));
    });
    return a;
  });
}

function converted(c: Context, n: HalfPlace, lane: number): number {
  const into = c.floatTemp();
  c.scopedGeneral(() => c.op('fcvt.d.w', f(into), x(laneOf(c, n, 32, lane))));
  return into;
}

function toIntegers(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  floatLanes(c, dst, [src], 32, ([a = 0]) => {
    c.scopedGeneral(() => {
      const t = c.temp();
      toInteger(c, mnemonic, t, a, 32, 32);
      c.op('fmv.w.x', f(a), x(t));
    });
    return a;
  });
}

/** Two lanes of 64 bits from two of 32, or back with zeros above. */
function betweenFormats(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const which = wanted(c, dst);
  if (mnemonic === 'cvtps2pd') {
    const bits = c.temp();
    c.scoped(() => bitsOf(c, half(readHalves(c, src, { low: true, high: false }), 0), bits));
    const lane = (i: number): number => {
      const into = c.floatTemp();
      c.scoped(() => {
        const t = i === 0 ? bits : c.temp();
        if (i > 0) c.op('srli', x(t), x(bits), 32);
        c.op('fmv.w.x', f(into), x(t));
        convertFormat(c, into, into, 32);
      });
      return into;
    };
    const high = which.high ? lane(1) : undefined;
    return writeHalves(c, dst, { high, low: which.low ? lane(0) : undefined });
  }
  const from = readHalves(c, src, { low: true, high: true });
  const acc = c.temp();
  for (const k of [0, 1]) {
    c.scoped(() => {
      const t = c.temp();
      if (mnemonic === 'cvtpd2ps') {
        const into = c.floatTemp();
        convertFormat(c, into, floatOf(c, half(from, k)), 64);
        c.op('fmv.x.w', x(t), f(into));
      } else toInteger(c, mnemonic, t, floatOf(c, half(from, k)), 64, 32);
      c.note(t, { bits: 32, signed: true });
      placeLane(c, acc, t, 32, k);
    });
  }
  writeBits(c, dst, which.low ? acc : undefined, which.high ? ZERO : undefined);
}

const PACKED = ['ps', 'pd'];

export const vectorPackedRules: readonly Rule[] = [
  rule({
    name: 'float_packed',
    from: ['add', 'sub', 'mul', 'div'].flatMap((op) => PACKED.map((s) => op + s)),
    to: arithmetic,
  }),
  rule({ name: 'float_packed_sqrt', from: ['sqrtps', 'sqrtpd'], to: root }),
  rule({ name: 'float_packed_extreme', from: ['min', 'max'].flatMap((op) => PACKED.map((s) => op + s)), to: extreme }),
  rule({
    name: 'float_packed_compare',
    from: PACKED.flatMap((s) => ['', ...PREDICATES].map((p) => `cmp${p}${s}`)),
    to: compareMask,
  }),
  rule({ name: 'float_from_integers', from: ['cvtdq2ps', 'cvtdq2pd'], to: fromIntegers }),
  rule({
    name: 'float_between_formats',
    from: ['cvtps2pd', 'cvtpd2ps', 'cvtpd2dq', 'cvttpd2dq'],
    to: betweenFormats,
  }),
  rule({ name: 'float_to_integers', from: ['cvtps2dq', 'cvttps2dq'], to: toIntegers }),
];
