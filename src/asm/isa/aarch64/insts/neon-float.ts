// SPDX-License-Identifier: MIT
import { fpRound } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst } from '../../define.ts';
import { floatAbs, floatNeg } from '../../floats.ts';
import { join, lanes, lanes2, split } from '../../lanes.ts';
import { roundings } from './fp-arith.ts';
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
import { binary, binaryInto, manual, type Place, scalars, unary, vectors } from './neon-families.ts';
import { floatArrangements, type LaneWidth, lane, laneName, scalar, vec } from './neon-operands.ts';

/** Floating-point arithmetic on vectors. */

const places = vectors(floatArrangements);

const subtractProduct = (d: Term, n: Term, m: Term): Term => floatMulAdd(d, floatNeg(n), m);

const element = (p: Place) => lane(laneName(p.lane as LaneWidth), 'r');

/** By one lane of `m`, vectors and scalars. */
const byElement: InstDef[] = [...places, ...scalars([32, 64])].flatMap((p) => [
  ...(
    [
      ['fmul', floatMul],
      ['fmulx', floatMulExtended],
    ] as const
  ).map(([name, f]) =>
    inst({
      id: `a64.${name}.${p.letter}${p.letter}e.${p.suffix}`,
      syntax: `${name} {d}, {n}, {m}`,
      operands: { d: p.kind('w'), n: p.kind('r'), m: element(p) },
      sem: ({ d, n, m }) => {
        const by = m.value;
        return [d.write(lanes(p.lane, n.value, (x) => f(x, by)))];
      },
      ref: manual(`${name} (by element)`),
    }),
  ),
  ...(
    [
      ['fmla', floatMulAdd],
      ['fmls', subtractProduct],
    ] as const
  ).map(([name, f]) =>
    inst({
      id: `a64.${name}.${p.letter}${p.letter}e.${p.suffix}`,
      syntax: `${name} {d}, {n}, {m}`,
      operands: { d: p.kind('rw'), n: p.kind('r'), m: element(p) },
      sem: ({ d, n, m }) => {
        const by = m.value;
        return [d.write(lanes2(p.lane, d.value, n.value, (x, y) => f(x, y, by)))];
      },
      ref: manual(`${name} (by element)`),
    }),
  ),
]);

/** `f` on the neighbours of `n` followed by `m`; on the two lanes of one register; and on all lanes by halves. */
const pairs: readonly (readonly [string, (a: Term, b: Term) => Term])[] = [
  ['faddp', floatAdd],
  ['fmaxp', floatMax],
  ['fminp', floatMin],
  ['fmaxnmp', floatMaxNumber],
  ['fminnmp', floatMinNumber],
];

const pairwise: InstDef[] = pairs.flatMap(([name, f]) => [
  ...places.map((p) =>
    inst({
      id: `a64.${name}.vvv.${p.suffix}`,
      syntax: `${name} {d}, {n}, {m}`,
      operands: { d: p.kind('w'), n: p.kind('r'), m: p.kind('r') },
      sem: ({ d, n, m }) => {
        const sources = [...split(p.lane, n.value), ...split(p.lane, m.value)];
        const count = sources.length / 2;
        return [
          d.write(join(Array.from({ length: count }, (_, i) => f(sources[2 * i] as Term, sources[2 * i + 1] as Term)))),
        ];
      },
      ref: manual(name),
    }),
  ),
  ...(
    [
      [32, '2s'],
      [64, '2d'],
    ] as const
  ).map(([w, arrangement]) =>
    inst({
      id: `a64.${name}.fv.${arrangement}`,
      syntax: `${name} {d}, {n}`,
      operands: { d: scalar(w, 'w'), n: vec(arrangement, 'r') },
      sem: ({ d, n }) => [d.write(split(w, n.value).reduce(f))],
      ref: manual(`${name} (scalar)`),
    }),
  ),
]);

/** The lower half's result with the upper half's, down to one lane. */
function byHalves(parts: readonly Term[], f: (a: Term, b: Term) => Term): Term {
  const middle = parts.length / 2;
  if (middle < 1) return parts[0] as Term;
  return f(byHalves(parts.slice(0, middle), f), byHalves(parts.slice(middle), f));
}

const across: InstDef[] = pairs
  .filter(([name]) => name !== 'faddp')
  .map(([name, f]) => {
    const mnemonic = `${name.slice(0, -1)}v`;
    return inst({
      id: `a64.${mnemonic}.fv.4s`,
      syntax: `${mnemonic} {d}, {n}`,
      operands: { d: scalar(32, 'w'), n: vec('4s', 'r') },
      sem: ({ d, n }) => [d.write(byHalves(split(32, n.value), f))],
      ref: manual(mnemonic),
    });
  });

export const neonFloat = [
  ...binary('fadd', places, floatAdd),
  ...binary('fsub', places, floatSub),
  ...binary('fmul', places, floatMul),
  ...binary('fmulx', places, floatMulExtended),
  ...binary('fdiv', places, floatDiv),
  ...binary('fmax', places, floatMax),
  ...binary('fmin', places, floatMin),
  ...binary('fmaxnm', places, floatMaxNumber),
  ...binary('fminnm', places, floatMinNumber),
  ...binary('fabd', places, floatDistance),
  ...binaryInto('fmla', places, floatMulAdd),
  ...binaryInto('fmls', places, subtractProduct),
  ...unary('fsqrt', places, floatSqrt),
  ...unary('fabs', places, floatAbs),
  ...unary('fneg', places, floatNeg),
  ...roundings.flatMap(([name, mode]) => unary(name, places, (n) => fpRound(mode, n))),
  ...byElement,
  ...pairwise,
  ...across,
];
