// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import { fpCompare, isNaNPattern, low, no, not, or } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import type { InstDef } from '../../define.ts';
import { inst } from '../../define.ts';
import { set } from '../../effect.ts';
import { fill, lanes2 } from '../../lanes.ts';
import { below, xmm } from '../operands.ts';
import { suffixes } from './sse-float.ts';
import { packed, packedImm, refOf, scalar, scalarImm, scalarSource } from './sse-form.ts';

/** Floating-point comparisons: masks (`cmpltsd`, or `cmpsd $1`) and flags (`ucomisd`). */

const unordered = (a: Term, b: Term): Term => or(isNaNPattern(a), isNaNPattern(b));

/** By the number that `imm8` encodes. */
const predicates: readonly (readonly [string, (a: Term, b: Term) => Term])[] = [
  ['eq', (a, b) => fpCompare('fp.eq', a, b)],
  ['lt', (a, b) => fpCompare('fp.lt', a, b)],
  ['le', (a, b) => fpCompare('fp.le', a, b)],
  ['unord', unordered],
  ['neq', (a, b) => not(fpCompare('fp.eq', a, b))],
  ['nlt', (a, b) => not(fpCompare('fp.lt', a, b))],
  ['nle', (a, b) => not(fpCompare('fp.le', a, b))],
  ['ord', (a, b) => not(unordered(a, b))],
];

const comparison = (index: number) => must(predicates[index], 'a predicate from 0 to 7')[1];

const maskOf = (f: (a: Term, b: Term) => Term) => (a: Term, b: Term) => fill(f(a, b), a.width);

const masks: InstDef[] = suffixes.flatMap(([w, ss, ps]) => [
  ...predicates.flatMap(([name, f]) => [
    scalar(`cmp${name}${ss}`, w, maskOf(f)),
    packed(`cmp${name}${ps}`, (a, b) => lanes2(w, a, b, maskOf(f))),
  ]),
  scalarImm(`cmp${ss}`, w, (a, b, imm) => maskOf(comparison(imm))(a, b), {}, below(8)),
  packedImm(`cmp${ps}`, (a, b, imm) => lanes2(w, a, b, maskOf(comparison(imm))), {}, below(8)),
]);

/** Unordered: ZF, PF and CF are 1. `comis*` differs from `ucomis*` only in which NaNs raise a (masked) exception. */
const flags: InstDef[] = suffixes.flatMap(([w, ss]) =>
  ['ucomi', 'comi'].map((name) =>
    inst({
      id: `x64.${name}${ss}.xmm_xmmm.${w}`,
      syntax: `${name}${ss} {dst}, {src}`,
      operands: { dst: xmm('r'), src: scalarSource(w) },
      sem: ({ dst, src }) => {
        const a = low(dst.value, w);
        const b = src.value;
        const either = unordered(a, b);
        return [
          set('zf', or(fpCompare('fp.eq', a, b), either)),
          set('pf', either),
          set('cf', or(fpCompare('fp.lt', a, b), either)),
          set('of', no()),
          set('sf', no()),
          set('af', no()),
        ];
      },
      ref: refOf(name + ss),
    }),
  ),
);

export const sseCompareForms: readonly InstDef[] = [...masks, ...flags];
