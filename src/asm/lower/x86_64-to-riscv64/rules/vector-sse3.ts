// SPDX-License-Identifier: MIT
import type { Operand } from '../../../isa/operand.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { floatOf } from '../halves.ts';
import { address, loadFloat } from '../memory.ts';
import { f, x } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { correctNaN, toBits } from './vector-float.ts';
import { bothHalves, buildHalves, gather, half, placeLane } from './vector-lanes.ts';
import { letter, readHalves, wanted, writeHalves } from './vector-operands.ts';
import { packedWidth, singleLane } from './vector-packed.ts';

/** What SSE3 added: sums of neighbours, sums beside differences, and lanes twice. */

/** Lane `index` of a vector of floats, in a floating-point register. */
function floatLane(c: Context, op: Operand | undefined, width: number, index: number): number {
  if (width === 32) return singleLane(c, op, index >> 1, index & 1);
  return floatOf(c, half(readHalves(c, op, { low: index === 0, high: index === 1 }), index));
}

interface Sum {
  readonly subtracts: boolean;
  readonly left: readonly [op: Operand | undefined, lane: number];
  readonly right: readonly [op: Operand | undefined, lane: number];
}

/** Makes each lane of the destination as `sums` says; nothing is written before all are there. */
function sumLanes(c: Context, { ops: [dst], mnemonic }: Parts, sumOf: (lane: number) => Sum): void {
  const width = packedWidth(mnemonic);
  const which = wanted(c, dst);
  if (!which.low && !which.high) return;
  const each = 64 / width;
  buildHalves(c, dst, (k, acc) => {
    for (let i = 0; i < each; i++) {
      const { subtracts, left, right } = sumOf(k * each + i);
      c.scoped(() => {
        const a = floatLane(c, left[0], width, left[1]);
        const b = floatLane(c, right[0], width, right[1]);
        const result = c.floatTemp();
        c.op(`${subtracts ? 'fsub' : 'fadd'}.${letter(width)}`, f(result), f(a), f(b));
        c.scopedGeneral(() => correctNaN(c, result, a === b ? [a] : [a, b], width));
        const t = c.temp();
        c.op(toBits(width), x(t), f(result));
        c.note(t, width === 32 ? { bits: 32, signed: true } : undefined);
        placeLane(c, acc, t, width, i);
      });
    }
  });
}

/** Pairs of neighbours, of the destination below and of the source above. */
function neighbours(c: Context, i: Parts): void {
  const [dst, src] = i.ops;
  const lanes = 128 / packedWidth(i.mnemonic);
  sumLanes(c, i, (lane) => {
    const op = lane < lanes / 2 ? dst : src;
    const at = (2 * lane) % lanes;
    return { subtracts: i.mnemonic.startsWith('hsub'), left: [op, at], right: [op, at + 1] };
  });
}

/** Differences in the even lanes and sums in the odd ones. */
function alternating(c: Context, i: Parts): void {
  const [dst, src] = i.ops;
  sumLanes(c, i, (lane) => ({ subtracts: lane % 2 === 0, left: [dst, lane], right: [src, lane] }));
}

/** Every other lane twice. */
function twice(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const from = bothHalves(c, src);
  const odd = mnemonic === 'movshdup' ? 1 : 0;
  const picks = [0, 0, 2, 2].map((lane) => ({ from, lane: lane + odd }));
  gather(c, dst, 32, picks);
}

/** The low half in both; of memory no more than that is read. */
function lowTwice(c: Context, { ops: [dst, src] }: Parts): void {
  const { high } = wanted(c, dst);
  let low: number;
  if (src?.kind === 'mem') {
    low = c.floatTemp();
    c.scopedGeneral(() => loadFloat(c, low, address(c, src), 8));
  } else low = floatOf(c, half(readHalves(c, src, { low: true, high: false }), 0));
  writeHalves(c, dst, { low, high: high ? low : undefined });
}

const PACKED = ['ps', 'pd'];

export const vectorSse3Rules: readonly Rule[] = [
  rule({
    name: 'float_neighbours',
    from: ['hadd', 'hsub'].flatMap((op) => PACKED.map((p) => op + p)),
    to: neighbours,
  }),
  rule({ name: 'float_alternating', from: PACKED.map((p) => `addsub${p}`), to: alternating }),
  rule({ name: 'lanes_twice', from: ['movsldup', 'movshdup'], to: twice }),
  rule({ name: 'low_half_twice', from: ['movddup'], to: lowTwice }),
];
