// SPDX-License-Identifier: MIT
import { fpRound, type Rounding } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst } from '../../define.ts';
import { floatAbs, floatNeg } from '../../floats.ts';
import {
  floatAdd,
  floatDistance,
  floatDiv,
  floatMax,
  floatMaxNumber,
  floatMin,
  floatMinNumber,
  floatMul,
  floatMulAdd,
  floatMulExtended,
  floatSqrt,
  floatSub,
} from './fp-meaning.ts';
import { binary, manual, scalars, unary } from './neon-families.ts';
import { scalar } from './neon-operands.ts';

/** Arithmetic on one floating-point number. */

const both = scalars([32, 64]);

/** `name d, n, m, a` */
const fused = (name: string, f: (a: Term, n: Term, m: Term) => Term): InstDef[] =>
  [32, 64].map((w) =>
    inst({
      id: `a64.${name}.ffff.${w}`,
      syntax: `${name} {d}, {n}, {m}, {a}`,
      operands: { d: scalar(w, 'w'), n: scalar(w, 'r'), m: scalar(w, 'r'), a: scalar(w, 'r') },
      sem: ({ d, n, m, a }) => [d.write(f(a.value, n.value, m.value))],
      ref: manual(name),
    }),
  );

/** `frinti` rounds as FPCR says, which is to nearest even; `frintx` differs from it only in FPSR. */
export const roundings: readonly (readonly [string, Rounding])[] = [
  ['frintn', 'rne'],
  ['frinta', 'rna'],
  ['frintp', 'rtp'],
  ['frintm', 'rtn'],
  ['frintz', 'rtz'],
  ['frinti', 'rne'],
  ['frintx', 'rne'],
];

export const fpArithmetic = [
  ...binary('fadd', both, floatAdd),
  ...binary('fsub', both, floatSub),
  ...binary('fmul', both, floatMul),
  ...binary('fdiv', both, floatDiv),
  ...binary('fnmul', both, (n, m) => floatNeg(floatMul(n, m))),
  ...binary('fmulx', both, floatMulExtended),
  ...binary('fmax', both, floatMax),
  ...binary('fmin', both, floatMin),
  ...binary('fmaxnm', both, floatMaxNumber),
  ...binary('fminnm', both, floatMinNumber),
  ...binary('fabd', both, floatDistance),
  ...unary('fsqrt', both, floatSqrt),
  ...unary('fabs', both, floatAbs),
  ...unary('fneg', both, floatNeg),
  ...roundings.flatMap(([name, mode]) => unary(name, both, (n) => fpRound(mode, n))),
  ...fused('fmadd', floatMulAdd),
  ...fused('fmsub', (a, n, m) => floatMulAdd(a, floatNeg(n), m)),
  ...fused('fnmadd', (a, n, m) => floatMulAdd(floatNeg(a), floatNeg(n), m)),
  ...fused('fnmsub', (a, n, m) => floatMulAdd(floatNeg(a), n, m)),
];
