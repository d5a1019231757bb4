// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { afterFloatCompare } from '../flags.ts';
import { w, x } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { bytes, f, homeOf, imm8Of, lane, readVector, scalarTarget, v, whole, writeScalar } from './vector-operands.ts';

/** Floating-point comparisons, into flags and into masks. */

function compareFlags(c: Context, { ops: [a, b], width }: Parts): void {
  const left = homeOf(a);
  const right = readVector(c, b, width);
  if (!c.anyLive()) return;
  c.op('fcmp', f(left, width), f(right, width));
  c.setFlags(afterFloatCompare());
}

/** Whether two vectors have no set bit in common (Z), and whether the second has none that the first lacks (C). */
function testBits(c: Context, { ops: [dst, src] }: Parts): void {
  const a = homeOf(dst);
  const b = readVector(c, src, 128);
  if (!c.anyLive()) return;
  const t = c.vectorTemp();
  const [low, high] = [c.temp(), c.temp()];
  const compare = (op: string): void => {
    c.op(op, bytes(t), bytes(b), bytes(a));
    c.op('fmov', x(low), f(t, 64));
    c.op('mov', x(high), lane(t, 64, 1));
    c.op('orr', x(low), x(low), x(high));
    c.op('cmp', x(low), '#0');
  };
  const none = { kind: 'constant', value: 0 } as const;
  c.setFlags(
    new Map([
      ['of', none],
      ['sf', none],
      ['pf', none],
    ]),
  );
  if (a === b) c.setFlags(new Map([['cf', { kind: 'constant', value: 1 }]]));
  else if (c.after.liveFlag('cf')) {
    compare('bic');
    c.op('cset', w(high), 'eq');
    c.setWordBit('cf', high);
  }
  compare('and');
  c.setFlags(new Map([['zf', { kind: 'flag', flag: 'z', inverted: false }]]));
}

/** By the number that `imm8` encodes. From 4 on they are the inverses of the first four. */
const PREDICATES: readonly string[] = ['eq', 'lt', 'le', 'unord', 'neq', 'nlt', 'nle', 'ord'];

/** Sets all bits of `into` where the predicate holds, in lanes or scalars as `name` writes registers. */
function mask(
  c: Context,
  predicate: number,
  into: number,
  [a, b]: readonly [number, number],
  name: (n: number) => string,
): void {
  let inverted = predicate >= 4;
  switch (predicate % 4) {
    case 0:
      c.op('fcmeq', name(into), name(a), name(b));
      break;
    case 1:
      c.op('fcmgt', name(into), name(b), name(a));
      break;
    case 2:
      c.op('fcmge', name(into), name(b), name(a));
      break;
    default: {
      // A number equals itself.
      inverted = !inverted;
      if (a === b) c.op('fcmeq', name(into), name(a), name(a));
      else {
        const t = c.vectorTemp();
        c.op('fcmeq', name(t), name(a), name(a));
        c.op('fcmeq', name(into), name(b), name(b));
        c.op('and', bytes(into), bytes(into), bytes(t));
      }
    }
  }
  if (inverted) c.op('mvn', bytes(into), bytes(into));
}

/** `ps`, `pd`, `ss` or `sd` at the end. */
function compareMask(c: Context, { ops: [dst, src, imm], mnemonic }: Parts): void {
  const packed = mnemonic.at(-2) === 'p';
  const width = mnemonic.endsWith('s') ? 32 : 64;
  const predicate = imm === undefined ? PREDICATES.indexOf(mnemonic.slice(3, -2)) : imm8Of(imm);
  must(PREDICATES[predicate], 'a predicate from 0 to 7');
  const a = homeOf(dst);
  const b = readVector(c, src, packed ? 128 : width);
  if (packed) return mask(c, predicate, a, [a, b], (n) => v(n, whole(width)));
  const result = scalarTarget(c, dst, width);
  mask(c, predicate, result, [a, b], (n) => f(n, width));
  writeScalar(c, dst, width, result);
}

const SUFFIXES = ['ss', 'ps', 'sd', 'pd'];

export const vectorCompareRules: readonly Rule[] = [
  rule({ name: 'float_compare_flags', from: ['ucomiss', 'comiss', 'ucomisd', 'comisd'], to: compareFlags }),
  rule({ name: 'ptest', from: ['ptest'], to: testBits }),
  rule({
    name: 'float_compare_mask',
    from: SUFFIXES.flatMap((s) => ['', ...PREDICATES].map((p) => `cmp${p}${s}`)),
    to: compareMask,
    // `cmpsd` is a string instruction too.
    when: (i) => i.form.startsWith('xmm'),
  }),
];
