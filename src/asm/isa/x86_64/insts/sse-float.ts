// SPDX-License-Identifier: MIT
import { and, fpArith, fpCompare, fpSqrt, ite, not, or, xor } from '../../../../logic/build.ts';
import { nanResultX86 } from '../../../../logic/float.ts';
import type { Term } from '../../../../logic/term.ts';
import type { InstDef } from '../../define.ts';
import { join, lanes, lanes2, split } from '../../lanes.ts';
import { packed, packedUnary, scalar } from './sse-form.ts';

/**
 * Floating-point arithmetic with MXCSR in its default state: nearest even, no exceptions unmasked, denormals kept.
 * `rcpps` and `rsqrtps` are missing on purpose: the architecture does not define their results exactly.
 */

/** The suffixes of scalar and packed mnemonics, by lane width. */
export const suffixes = [
  [32, 'ss', 'ps'],
  [64, 'sd', 'pd'],
] as const;

type Arith = 'fp.add' | 'fp.sub' | 'fp.mul' | 'fp.div';

/** x86's result of an operation on `a` (destination) and `b` (source). */
export const arithX86 =
  (op: Arith) =>
  (a: Term, b: Term): Term =>
    nanResultX86(fpArith(op, a, b), [a, b]);

const sqrt = (a: Term): Term => nanResultX86(fpSqrt(a), [a]);

/** The source when either is a NaN or both are zero. */
const min = (a: Term, b: Term): Term => ite(fpCompare('fp.lt', a, b), a, b);
const max = (a: Term, b: Term): Term => ite(fpCompare('fp.lt', b, a), a, b);

const operations: readonly (readonly [string, (a: Term, b: Term) => Term])[] = [
  ['add', arithX86('fp.add')],
  ['sub', arithX86('fp.sub')],
  ['mul', arithX86('fp.mul')],
  ['div', arithX86('fp.div')],
  ['min', min],
  ['max', max],
];

const arithmetic: InstDef[] = suffixes.flatMap(([w, ss, ps]) => [
  ...operations.flatMap(([name, f]) => [scalar(name + ss, w, f), packed(name + ps, (a, b) => lanes2(w, a, b, f))]),
  scalar(`sqrt${ss}`, w, (_, b) => sqrt(b)),
  packedUnary(`sqrt${ps}`, (b) => lanes(w, b, sqrt)),
]);

const bitwise: InstDef[] = ['ps', 'pd'].flatMap((suffix) => [
  packed(`and${suffix}`, and),
  packed(`andn${suffix}`, (a, b) => and(not(a), b)),
  packed(`or${suffix}`, or),
  packed(`xor${suffix}`, xor),
]);

/** SSE3: pairs within a vector. */
const horizontal: InstDef[] = suffixes.flatMap(([w, , ps]) => {
  const pairs = (op: Arith) => (a: Term, b: Term) => {
    const all = [...split(w, a), ...split(w, b)];
    return join(all.flatMap((x, i) => (i % 2 === 0 ? [arithX86(op)(x, all[i + 1] ?? x)] : [])));
  };
  const add = arithX86('fp.add');
  const sub = arithX86('fp.sub');
  return [
    packed(`hadd${ps}`, pairs('fp.add'), { feature: 'sse3' }),
    packed(`hsub${ps}`, pairs('fp.sub'), { feature: 'sse3' }),
    packed(
      `addsub${ps}`,
      (a, b) => {
        const right = split(w, b);
        return join(split(w, a).map((x, i) => (i % 2 === 0 ? sub : add)(x, right[i] ?? x)));
      },
      { feature: 'sse3' },
    ),
  ];
});

export const sseFloatForms: readonly InstDef[] = [...arithmetic, ...bitwise, ...horizontal];
