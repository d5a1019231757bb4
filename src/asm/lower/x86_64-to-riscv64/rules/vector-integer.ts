// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import { sameRegister } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { x, ZERO } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { bothHalves, buildHalves, half, laneOf, perLane, placeLane } from './vector-lanes.ts';
import { readHalves, wanted } from './vector-operands.ts';

/** Integer arithmetic on lanes. */

const WIDTHS: Readonly<Record<string, number>> = { b: 8, w: 16, d: 32, q: 64 };
const widthOf = (mnemonic: string): number => must(WIDTHS[mnemonic.at(-1) ?? ''], mnemonic);

function addSub(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const op = mnemonic.startsWith('padd') ? 'add' : 'sub';
  perLane(c, dst, [dst, src], widthOf(mnemonic), ([a = ZERO, b = ZERO]) => {
    c.op(op, x(a), x(a), x(b));
    c.note(a, undefined);
    return a;
  });
}

/** Extends both lanes in their own registers. */
export function extendBoth(
  c: Context,
  lanes: readonly number[],
  width: number,
  how: 'zero' | 'sign',
): [number, number] {
  const [a = ZERO, b = ZERO] = lanes.map((n) => c.extended(n, width, how, n));
  return [a, b];
}

/** Bounds a sum or difference that is exact in a register. */
export function bound(c: Context, n: number, least: bigint, greatest: bigint): void {
  c.scoped(() => {
    const t = c.temp();
    for (const [limit, op] of [
      [greatest, 'bge'],
      [least, 'bge'],
    ] as const) {
      const fits = c.freshLabel('fits');
      c.constant(limit, t);
      if (limit === greatest) c.op(op, x(t), x(n), fits);
      else c.op(op, x(n), x(t), fits);
      c.op('mv', x(n), x(t));
      c.label(fits);
    }
  });
  c.note(n, undefined);
}

function saturating(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const width = widthOf(mnemonic);
  const unsigned = mnemonic.includes('us');
  const op = mnemonic.startsWith('padd') ? 'add' : 'sub';
  const [least, greatest] = unsigned
    ? [0n, (1n << BigInt(width)) - 1n]
    : [-(1n << BigInt(width - 1)), (1n << BigInt(width - 1)) - 1n];
  perLane(c, dst, [dst, src], width, (lanes) => {
    const [a, b] = extendBoth(c, lanes, width, unsigned ? 'zero' : 'sign');
    c.op(op, x(a), x(a), x(b));
    bound(c, a, least, greatest);
    return a;
  });
}

function lowProduct(c: Context, { ops: [dst, src] }: Parts): void {
  perLane(c, dst, [dst, src], 16, ([a = ZERO, b = ZERO]) => {
    c.op('mul', x(a), x(a), x(b));
    c.note(a, undefined);
    return a;
  });
}

function highProduct(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const how = mnemonic === 'pmulhw' ? 'sign' : 'zero';
  perLane(c, dst, [dst, src], 16, (lanes) => {
    const [a, b] = extendBoth(c, lanes, 16, how);
    c.op('mul', x(a), x(a), x(b));
    c.op('srli', x(a), x(a), 16);
    c.note(a, undefined);
    return a;
  });
}

/** The even lanes of 32 bits, multiplied to 64. */
function evenProducts(c: Context, { ops: [dst, src] }: Parts): void {
  perLane(c, dst, [dst, src], 64, (lanes) => {
    const [a, b] = extendBoth(c, lanes, 32, 'zero');
    c.op('mul', x(a), x(a), x(b));
    c.note(a, undefined);
    return a;
  });
}

/** Pairs of products of 16-bit lanes, added. */
function sumOfProducts(c: Context, { ops: [dst, src] }: Parts): void {
  const which = wanted(c, dst);
  const [left, right] = [readHalves(c, dst, which), readHalves(c, src, which)];
  buildHalves(c, dst, (k, acc) => {
    for (let i = 0; i < 2; i++) {
      c.scoped(() => {
        const product = (index: number, a: number, b: number): void => {
          laneOf(c, half(left, k), 16, index, a);
          laneOf(c, half(right, k), 16, index, b);
          extendBoth(c, [a, b], 16, 'sign');
          c.op('mul', x(a), x(a), x(b));
          c.note(a, undefined);
        };
        const [a, b, s] = [c.temp(), c.temp(), c.temp()];
        product(2 * i, s, b);
        product(2 * i + 1, a, b);
        c.op('add', x(s), x(s), x(a));
        c.note(s, undefined);
        placeLane(c, acc, s, 32, i);
      });
    }
  });
}

/** Sums of absolute differences of bytes, one for each half: neighbours are added, and then their sums, and so on. */
function sumOfDifferences(c: Context, { ops: [dst, src] }: Parts): void {
  const which = wanted(c, dst);
  const [left, right] = [readHalves(c, dst, which), readHalves(c, src, which)];
  buildHalves(c, dst, (k, acc) => {
    c.constant(0n, acc);
    /** Adds the sum of `count` differences from the `i`th on to a register. */
    const addTo = (sum: number, i: number, count: number): void =>
      c.scoped(() => {
        if (count === 1) {
          const [a, b] = extendBoth(c, [laneOf(c, half(left, k), 8, i), laneOf(c, half(right, k), 8, i)], 8, 'zero');
          absoluteDifference(c, a, b);
          c.op('add', x(sum), x(sum), x(a));
          return;
        }
        const part = c.temp();
        c.constant(0n, part);
        addTo(part, i, count / 2);
        addTo(part, i + count / 2, count / 2);
        // As wide as the sum is: what is above are zeros, which is seen at once so.
        c.op(count === 2 ? 'zext.h' : 'zext.w', x(part), x(part));
        c.op('add', x(sum), x(sum), x(part));
      });
    addTo(acc, 0, 4);
    addTo(acc, 4, 4);
  });
}

/** `a = |a - b|` */
function absoluteDifference(c: Context, a: number, b: number): void {
  const [ordered, done] = [c.freshLabel('ordered'), c.freshLabel('done')];
  c.op('bgeu', x(a), x(b), ordered);
  c.op('sub', x(a), x(b), x(a));
  c.op('j', done);
  c.label(ordered);
  c.op('sub', x(a), x(a), x(b));
  c.label(done);
  // It shows that this is a byte.
  c.op('andi', x(a), x(a), 255);
  c.note(a, { bits: 8, signed: false });
}

function average(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const width = widthOf(mnemonic);
  perLane(c, dst, [dst, src], width, (lanes) => {
    const [a, b] = extendBoth(c, lanes, width, 'zero');
    c.op('add', x(a), x(a), x(b));
    c.op('addi', x(a), x(a), 1);
    c.op('srli', x(a), x(a), 1);
    c.note(a, undefined);
    return a;
  });
}

function extreme(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const unsigned = mnemonic.endsWith('ub');
  const width = unsigned ? 8 : 16;
  perLane(c, dst, [dst, src], width, (lanes) => {
    const [a, b] = extendBoth(c, lanes, width, unsigned ? 'zero' : 'sign');
    const keep = c.freshLabel('keep');
    c.op('bge', ...(mnemonic.startsWith('pmin') ? [x(b), x(a)] : [x(a), x(b)]), keep);
    c.op('mv', x(a), x(b));
    c.label(keep);
    c.note(a, unsigned ? { bits: 8, signed: false } : undefined);
    return a;
  });
}

function compare(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const width = widthOf(mnemonic);
  const equal = mnemonic.startsWith('pcmpeq');
  if (equal && sameRegister(dst, src)) {
    buildHalves(c, dst, (_, acc) => void c.constant(-1n, acc));
    return;
  }
  perLane(c, dst, [dst, src], width, (lanes) => {
    const [a, b] = extendBoth(c, lanes, width, equal && width < 32 ? 'zero' : 'sign');
    if (equal) {
      c.op('xor', x(a), x(a), x(b));
      c.op('seqz', x(a), x(a));
    } else c.op('slt', x(a), x(b), x(a));
    c.op('neg', x(a), x(a));
    c.note(a, undefined);
    return a;
  });
}

/** Lanes of half the width, of the destination and then of the source, each bounded. */
function pack(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const from = mnemonic.endsWith('dw') ? 32 : 16;
  const to = from / 2;
  const unsigned = mnemonic.includes('us');
  const [least, greatest] = unsigned
    ? [0n, (1n << BigInt(to)) - 1n]
    : [-(1n << BigInt(to - 1)), (1n << BigInt(to - 1)) - 1n];
  const sources = [bothHalves(c, dst), bothHalves(c, src)];
  buildHalves(c, dst, (k, acc) => {
    const source = must(sources[k], 'source');
    for (let i = 0; i < 64 / to; i++) {
      c.scoped(() => {
        const each = 64 / from;
        const n = laneOf(c, half(source, Math.floor(i / each)), from, i % each);
        c.extended(n, from, 'sign', n);
        bound(c, n, least, greatest);
        placeLane(c, acc, n, to, i);
      });
    }
  });
}

export const vectorIntegerRules: readonly Rule[] = [
  rule({ name: 'vector_add_sub', from: ['b', 'w', 'd', 'q'].flatMap((l) => [`padd${l}`, `psub${l}`]), to: addSub }),
  rule({
    name: 'vector_saturating',
    from: ['add', 'sub'].flatMap((op) => ['sb', 'sw', 'usb', 'usw'].map((l) => `p${op}${l}`)),
    to: saturating,
  }),
  rule({ name: 'pmullw', from: ['pmullw'], to: lowProduct }),
  rule({ name: 'vector_high_product', from: ['pmulhw', 'pmulhuw'], to: highProduct }),
  rule({ name: 'pmuludq', from: ['pmuludq'], to: evenProducts }),
  rule({ name: 'pmaddwd', from: ['pmaddwd'], to: sumOfProducts }),
  rule({ name: 'psadbw', from: ['psadbw'], to: sumOfDifferences }),
  rule({ name: 'vector_average', from: ['pavgb', 'pavgw'], to: average }),
  rule({ name: 'vector_extreme', from: ['pminub', 'pmaxub', 'pminsw', 'pmaxsw'], to: extreme }),
  rule({
    name: 'vector_compare',
    from: ['b', 'w', 'd'].flatMap((l) => [`pcmpeq${l}`, `pcmpgt${l}`]),
    to: compare,
  }),
  rule({ name: 'vector_pack', from: ['packsswb', 'packuswb', 'packssdw', 'packusdw'], to: pack }),
];
