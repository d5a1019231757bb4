// SPDX-License-Identifier: MIT
import { concat, extract, low, type Rounding } from '../../../../logic/build.ts';
import { type InstDef, inst } from '../../define.ts';
import { lanes } from '../../lanes.ts';
import { numberOf } from '../../operand-kinds.ts';
import { gpr } from '../operands.ts';
import { floatConvert, fromInteger, toInteger } from './fp-meaning.ts';
import { manual, scalars, unary, vectors } from './neon-families.ts';
import { floatArrangements, floatImmediate, lane, range, scalar, vec, wholeVec } from './neon-operands.ts';

/** Conversions between formats and to and from integers, and moves of floating-point numbers. */

const floats = [32, 64] as const;
const generals = [32, 64] as const;
const signs = [
  ['s', true],
  ['u', false],
] as const;
const modes: readonly (readonly [string, Rounding])[] = [
  ['z', 'rtz'],
  ['n', 'rne'],
  ['p', 'rtp'],
  ['m', 'rtn'],
  ['a', 'rna'],
];

const places = [...vectors(floatArrangements), ...scalars(floats)];

/** With the general registers; `cvtz` and `cvtf` also with a number of fraction bits. */
const withGeneral: InstDef[] = signs.flatMap(([s, signed]) =>
  floats.flatMap((f) =>
    generals.flatMap((g) => [
      inst({
        id: `a64.${s}cvtf.fr${g}.${f}`,
        syntax: `${s}cvtf {d}, {n}`,
        operands: { d: scalar(f, 'w'), n: gpr(g, 'r') },
        sem: ({ d, n }) => [d.write(fromInteger(signed, n.value, f))],
        ref: manual(`${s}cvtf`),
      }),
      inst({
        id: `a64.${s}cvtf.fr${g}i.${f}`,
        syntax: `${s}cvtf {d}, {n}, {fbits}`,
        operands: { d: scalar(f, 'w'), n: gpr(g, 'r'), fbits: range(1, g) },
        sem: ({ d, n, fbits }) => [d.write(fromInteger(signed, n.value, f, numberOf(fbits)))],
        ref: manual(`${s}cvtf (fixed-point)`),
      }),
      ...modes.map(([letter, mode]) =>
        inst({
          id: `a64.fcvt${letter}${s}.rf${f}.${g}`,
          syntax: `fcvt${letter}${s} {d}, {n}`,
          operands: { d: gpr(g, 'w'), n: scalar(f, 'r') },
          sem: ({ d, n }) => [d.write(toInteger(signed, mode, n.value, g))],
          ref: manual(`fcvt${letter}${s}`),
        }),
      ),
      inst({
        id: `a64.fcvtz${s}.rf${f}i.${g}`,
        syntax: `fcvtz${s} {d}, {n}, {fbits}`,
        operands: { d: gpr(g, 'w'), n: scalar(f, 'r'), fbits: range(1, g) },
        sem: ({ d, n, fbits }) => [d.write(toInteger(signed, 'rtz', n.value, g, numberOf(fbits)))],
        ref: manual(`fcvtz${s} (fixed-point)`),
      }),
    ]),
  ),
);

/** Within vector registers, between lanes of one width. */
const withinVectors: InstDef[] = signs.flatMap(([s, signed]) => [
  ...unary(`${s}cvtf`, places, (n) => fromInteger(signed, n, n.width)),
  ...modes.flatMap(([letter, mode]) => unary(`fcvt${letter}${s}`, places, (n) => toInteger(signed, mode, n, n.width))),
  ...places.flatMap((p) => [
    inst({
      id: `a64.${s}cvtf.${p.letter}${p.letter}i.${p.suffix}`,
      syntax: `${s}cvtf {d}, {n}, {fbits}`,
      operands: { d: p.kind('w'), n: p.kind('r'), fbits: range(1, p.lane) },
      sem: ({ d, n, fbits }) => [
        d.write(lanes(p.lane, n.value, (x) => fromInteger(signed, x, p.lane, numberOf(fbits)))),
      ],
      ref: manual(`${s}cvtf (vector, fixed-point)`),
    }),
    inst({
      id: `a64.fcvtz${s}.${p.letter}${p.letter}i.${p.suffix}`,
      syntax: `fcvtz${s} {d}, {n}, {fbits}`,
      operands: { d: p.kind('w'), n: p.kind('r'), fbits: range(1, p.lane) },
      sem: ({ d, n, fbits }) => [
        d.write(lanes(p.lane, n.value, (x) => toInteger(signed, 'rtz', x, p.lane, numberOf(fbits)))),
      ],
      ref: manual(`fcvtz${s} (vector, fixed-point)`),
    }),
  ]),
]);

/** Between single and double. */
const precision: InstDef[] = [
  ...(
    [
      [64, 32],
      [32, 64],
    ] as const
  ).map(([to, from]) =>
    inst({
      id: `a64.fcvt.ff${from}.${to}`,
      syntax: 'fcvt {d}, {n}',
      operands: { d: scalar(to, 'w'), n: scalar(from, 'r') },
      sem: ({ d, n }) => [d.write(floatConvert(n.value, to))],
      ref: manual('fcvt'),
    }),
  ),
  inst({
    id: 'a64.fcvtl.vv.2d',
    syntax: 'fcvtl {d}, {n}',
    operands: { d: vec('2d', 'w'), n: vec('2s', 'r') },
    sem: ({ d, n }) => [d.write(lanes(32, n.value, (x) => floatConvert(x, 64)))],
    ref: manual('fcvtl'),
  }),
  inst({
    id: 'a64.fcvtl2.vv.2d',
    syntax: 'fcvtl2 {d}, {n}',
    operands: { d: vec('2d', 'w'), n: vec('4s', 'r') },
    sem: ({ d, n }) => [d.write(lanes(32, extract(n.value, 127, 64), (x) => floatConvert(x, 64)))],
    ref: manual('fcvtl'),
  }),
  inst({
    id: 'a64.fcvtn.vv.2s',
    syntax: 'fcvtn {d}, {n}',
    operands: { d: vec('2s', 'w'), n: vec('2d', 'r') },
    sem: ({ d, n }) => [d.write(lanes(64, n.value, (x) => floatConvert(x, 32)))],
    ref: manual('fcvtn'),
  }),
  inst({
    id: 'a64.fcvtn2.vv.4s',
    syntax: 'fcvtn2 {d}, {n}',
    operands: { d: wholeVec('4s', 'rw'), n: vec('2d', 'r') },
    sem: ({ d, n }) => [
      d.write(
        concat(
          lanes(64, n.value, (x) => floatConvert(x, 32)),
          low(d.value, 64),
        ),
      ),
    ],
    ref: manual('fcvtn'),
  }),
];

const moves: InstDef[] = [
  ...floats.flatMap((w) => [
    inst({
      id: `a64.fmov.ff.${w}`,
      syntax: 'fmov {d}, {n}',
      operands: { d: scalar(w, 'w'), n: scalar(w, 'r') },
      sem: ({ d, n }) => [d.write(n.value)],
      ref: manual('fmov (register)'),
    }),
    inst({
      id: `a64.fmov.fr.${w}`,
      syntax: 'fmov {d}, {n}',
      operands: { d: scalar(w, 'w'), n: gpr(w, 'r') },
      sem: ({ d, n }) => [d.write(n.value)],
      ref: manual('fmov (general)'),
    }),
    inst({
      id: `a64.fmov.rf.${w}`,
      syntax: 'fmov {d}, {n}',
      operands: { d: gpr(w, 'w'), n: scalar(w, 'r') },
      sem: ({ d, n }) => [d.write(n.value)],
      ref: manual('fmov (general)'),
    }),
    inst({
      id: `a64.fmov.fi.${w}`,
      syntax: 'fmov {d}, {imm}',
      operands: { d: scalar(w, 'w'), imm: floatImmediate(w) },
      sem: ({ d, imm }) => [d.write(imm.value)],
      ref: manual('fmov (scalar, immediate)'),
    }),
  ]),
  inst({
    id: 'a64.fmov.er.64',
    syntax: 'fmov {d}, {n}',
    operands: { d: lane('d', 'rw', 'top'), n: gpr(64, 'r') },
    sem: ({ d, n }) => [d.write(n.value)],
    ref: manual('fmov (general)'),
  }),
  inst({
    id: 'a64.fmov.re.64',
    syntax: 'fmov {d}, {n}',
    operands: { d: gpr(64, 'w'), n: lane('d', 'r', 'top') },
    sem: ({ d, n }) => [d.write(n.value)],
    ref: manual('fmov (general)'),
  }),
  ...vectors(floatArrangements).map((p) =>
    inst({
      id: `a64.fmov.vi.${p.suffix}`,
      syntax: 'fmov {d}, {imm}',
      operands: { d: p.kind('w'), imm: floatImmediate(p.lane) },
      sem: ({ d, imm }) => {
        const value = imm.value;
        return [d.write(concat(...Array.from({ length: p.bits / p.lane }, () => value)))];
      },
      ref: manual('fmov (vector, immediate)'),
    }),
  ),
];

export const fpConversions = [...withGeneral, ...withinVectors, ...precision, ...moves];
