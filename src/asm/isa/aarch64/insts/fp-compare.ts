// SPDX-License-Identifier: MIT
import { bit, bv, isNaNPattern, ite, not, or } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst } from '../../define.ts';
import { floatAbs } from '../../floats.ts';
import { fill, lanes } from '../../lanes.ts';
import { numberOf } from '../../operand-kinds.ts';
import { holds, type Nzcv, setFlags } from '../flags.ts';
import { condition, conditionOf } from '../operands.ts';
import { floatEqual, floatLess, floatLessOrEqual } from './fp-meaning.ts';
import { binary, manual, scalars, vectors } from './neon-families.ts';
import { floatArrangements, floatZero, range, scalar } from './neon-operands.ts';

/** Floating-point comparisons into flags and into masks, and the choice by a condition. */

/** Less gives N, equal Z and C, greater C, unordered C and V. */
function compareFlags(a: Term, b: Term): Nzcv {
  const less = floatLess(a, b);
  return { n: less, z: floatEqual(a, b), c: not(less), v: or(isNaNPattern(a), isNaNPattern(b)) };
}

/** The flags that four bits say, N highest. */
function literalFlags(nzcv: number): Nzcv {
  const t = bv(4, nzcv);
  return { n: bit(t, 3), z: bit(t, 2), c: bit(t, 1), v: bit(t, 0) };
}

const chooseFlags = (which: Term, a: Nzcv, b: Nzcv): Nzcv => ({
  n: ite(which, a.n, b.n),
  z: ite(which, a.z, b.z),
  c: ite(which, a.c, b.c),
  v: ite(which, a.v, b.v),
});

/** `fcmpe` differs from `fcmp` only in FPSR. */
const intoFlags: InstDef[] = [32, 64].flatMap((w) =>
  ['', 'e'].flatMap((e) => [
    inst({
      id: `a64.fcmp${e}.ff.${w}`,
      syntax: `fcmp${e} {n}, {m}`,
      operands: { n: scalar(w, 'r'), m: scalar(w, 'r') },
      sem: ({ n, m }) => [setFlags(compareFlags(n.value, m.value))],
      ref: manual(`fcmp${e}`),
    }),
    inst({
      id: `a64.fcmp${e}.fz.${w}`,
      syntax: `fcmp${e} {n}, {zero}`,
      operands: { n: scalar(w, 'r'), zero: floatZero(w) },
      sem: ({ n }) => [setFlags(compareFlags(n.value, bv(w, 0)))],
      ref: manual(`fcmp${e}`),
    }),
    inst({
      id: `a64.fccmp${e}.ffic.${w}`,
      syntax: `fccmp${e} {n}, {m}, {nzcv}, {cond}`,
      operands: { n: scalar(w, 'r'), m: scalar(w, 'r'), nzcv: range(0, 15), cond: condition() },
      sem: ({ n, m, nzcv, cond }, state) => [
        setFlags(
          chooseFlags(holds(conditionOf(cond), state), compareFlags(n.value, m.value), literalFlags(numberOf(nzcv))),
        ),
      ],
      ref: manual(`fccmp${e}`),
    }),
  ]),
);

const select: InstDef[] = [32, 64].map((w) =>
  inst({
    id: `a64.fcsel.fffc.${w}`,
    syntax: 'fcsel {d}, {n}, {m}, {cond}',
    operands: { d: scalar(w, 'w'), n: scalar(w, 'r'), m: scalar(w, 'r'), cond: condition() },
    sem: ({ d, n, m, cond }, state) => [d.write(ite(holds(conditionOf(cond), state), n.value, m.value))],
    ref: manual('fcsel'),
  }),
);

const places = [...vectors(floatArrangements), ...scalars([32, 64])];

const intoMask = (name: string, f: (n: Term, m: Term) => Term): InstDef[] =>
  binary(name, places, (n, m) => fill(f(n, m), n.width));

const zeroIntoMask = (name: string, f: (n: Term, zero: Term) => Term): InstDef[] =>
  places.map((p) =>
    inst({
      id: `a64.${name}.${p.letter}${p.letter}z.${p.suffix}`,
      syntax: `${name} {d}, {n}, {zero}`,
      operands: { d: p.kind('w'), n: p.kind('r'), zero: floatZero(p.lane) },
      sem: ({ d, n }) => [d.write(lanes(p.lane, n.value, (x) => fill(f(x, bv(p.lane, 0)), p.lane)))],
      ref: manual(`${name} (zero)`),
    }),
  );

export const fpCompares = [
  ...intoFlags,
  ...select,
  ...intoMask('fcmeq', floatEqual),
  ...intoMask('fcmgt', (n, m) => floatLess(m, n)),
  ...intoMask('fcmge', (n, m) => floatLessOrEqual(m, n)),
  ...intoMask('facgt', (n, m) => floatLess(floatAbs(m), floatAbs(n))),
  ...intoMask('facge', (n, m) => floatLessOrEqual(floatAbs(m), floatAbs(n))),
  ...zeroIntoMask('fcmeq', floatEqual),
  ...zeroIntoMask('fcmgt', (n, zero) => floatLess(zero, n)),
  ...zeroIntoMask('fcmge', (n, zero) => floatLessOrEqual(zero, n)),
  ...zeroIntoMask('fcmlt', floatLess),
  ...zeroIntoMask('fcmle', floatLessOrEqual),
];
