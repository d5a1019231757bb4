// SPDX-License-Identifier: MIT
import { fpFromInt, low, sext, zext } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst, type View } from '../../define.ts';
import { floatAbs, floatNeg } from '../../floats.ts';
import { wordOf } from '../../operand-kinds.ts';
import { type FloatWidth, fpr, fprBits, gpr, isRounding, ROUNDINGS, rounding } from '../operands.ts';
import { type Binary, idName, manual } from './common.ts';
import {
  classOf,
  floatAdd,
  floatAtMost,
  floatConvert,
  floatDiv,
  floatEqual,
  floatLess,
  floatMax,
  floatMin,
  floatMul,
  floatSqrt,
  floatSub,
  fused,
  signNotOf,
  signOf,
  signXor,
  toInteger,
} from './fp-meaning.ts';

/**
 * Single and double precision: the extensions F and D (chapters 11 and 12). An instruction without a rounding mode
 * rounds as `fcsr` says, which is to nearest even; arithmetic in another mode is refused, conversions to integers take
 * any.
 */

const formats = [
  ['s', 32],
  ['d', 64],
] as const;
type Format = (typeof formats)[number];

const ref = (width: FloatWidth, section: number): string => manual(`${width === 32 ? 11 : 12}.${section}`);

/** Forms without and with a rounding mode to nearest. */
const rounded = (make: (rm: boolean) => InstDef): readonly InstDef[] => [make(false), make(true)];
const last = (rm: boolean): string => (rm ? ', {rm}' : '');
const near = (rm: boolean) => (rm ? { rm: rounding('near') } : {});
const letters = (form: string, rm: boolean): string => (rm ? `${form}_rm` : form);

const arithmetic: readonly (readonly [string, Binary])[] = [
  ['fadd', floatAdd],
  ['fsub', floatSub],
  ['fmul', floatMul],
  ['fdiv', floatDiv],
];

const fusions = [
  ['fmadd', fused(false, false)],
  ['fmsub', fused(false, true)],
  ['fnmsub', fused(true, false)],
  ['fnmadd', fused(true, true)],
] as const;

function roundedForms([letter, width]: Format): readonly InstDef[] {
  return [
    ...arithmetic.flatMap(([name, f]) =>
      rounded((rm) =>
        inst<'d' | 'n' | 'm'>({
          id: `rv64.${name}_${letter}.${letters('fff', rm)}.${width}`,
          syntax: `${name}.${letter} {d}, {n}, {m}${last(rm)}`,
          operands: { d: fpr(width, 'w'), n: fpr(width, 'r'), m: fpr(width, 'r'), ...near(rm) },
          sem: ({ d, n, m }) => d.write(f(n.value, m.value)),
          ref: ref(width, width === 32 ? 6 : 4),
        }),
      ),
    ),
    ...rounded((rm) =>
      inst<'d' | 'n'>({
        id: `rv64.fsqrt_${letter}.${letters('ff', rm)}.${width}`,
        syntax: `fsqrt.${letter} {d}, {n}${last(rm)}`,
        operands: { d: fpr(width, 'w'), n: fpr(width, 'r'), ...near(rm) },
        sem: ({ d, n }) => d.write(floatSqrt(n.value)),
        ref: ref(width, width === 32 ? 6 : 4),
      }),
    ),
    ...fusions.flatMap(([name, f]) =>
      rounded((rm) =>
        inst<'d' | 'n' | 'm' | 'a'>({
          id: `rv64.${name}_${letter}.${letters('ffff', rm)}.${width}`,
          syntax: `${name}.${letter} {d}, {n}, {m}, {a}${last(rm)}`,
          operands: {
            d: fpr(width, 'w'),
            n: fpr(width, 'r'),
            m: fpr(width, 'r'),
            a: fpr(width, 'r'),
            ...near(rm),
          },
          sem: ({ d, n, m, a }) => d.write(f(n.value, m.value, a.value)),
          ref: ref(width, width === 32 ? 6 : 4),
        }),
      ),
    ),
  ];
}

const exact: readonly (readonly [string, Binary])[] = [
  ['fmin', floatMin],
  ['fmax', floatMax],
  ['fsgnj', signOf],
  ['fsgnjn', signNotOf],
  ['fsgnjx', signXor],
];

const single: readonly (readonly [string, (a: Term) => Term])[] = [
  ['fmv', (a) => a],
  ['fneg', floatNeg],
  ['fabs', floatAbs],
];

const comparisons: readonly (readonly [string, Binary])[] = [
  ['feq', floatEqual],
  ['flt', floatLess],
  ['fle', floatAtMost],
  ['fgt', (a, b) => floatLess(b, a)],
  ['fge', (a, b) => floatAtMost(b, a)],
];

function exactForms([letter, width]: Format): readonly InstDef[] {
  return [
    ...exact.map(([name, f]) =>
      inst({
        id: `rv64.${name}_${letter}.fff.${width}`,
        syntax: `${name}.${letter} {d}, {n}, {m}`,
        operands: { d: fpr(width, 'w'), n: fpr(width, 'r'), m: fpr(width, 'r') },
        sem: ({ d, n, m }) => d.write(f(n.value, m.value)),
        ref: ref(width, 6),
      }),
    ),
    ...single.map(([name, f]) =>
      inst({
        id: `rv64.${name}_${letter}.ff.${width}`,
        syntax: `${name}.${letter} {d}, {n}`,
        operands: { d: fpr(width, 'w'), n: fpr(width, 'r') },
        sem: ({ d, n }) => d.write(f(n.value)),
        ref: manual('25.1'),
      }),
    ),
    ...comparisons.map(([name, f]) =>
      inst({
        id: `rv64.${name}_${letter}.rff.${width}`,
        syntax: `${name}.${letter} {d}, {n}, {m}`,
        operands: { d: gpr('w'), n: fpr(width, 'r'), m: fpr(width, 'r') },
        sem: ({ d, n, m }) => d.write(zext(f(n.value, m.value), 64)),
        ref: ref(width, width === 32 ? 8 : 6),
      }),
    ),
    inst({
      id: `rv64.fclass_${letter}.rf.${width}`,
      syntax: `fclass.${letter} {d}, {n}`,
      operands: { d: gpr('w'), n: fpr(width, 'r') },
      sem: ({ d, n }) => d.write(classOf(n.value)),
      ref: ref(width, width === 32 ? 9 : 7),
    }),
  ];
}

const integers = [
  ['w', 32, true],
  ['wu', 32, false],
  ['l', 64, true],
  ['lu', 64, false],
] as const;

const modeOf = (rm: View | undefined) => {
  const name = rm === undefined ? 'dyn' : wordOf(rm);
  return ROUNDINGS[isRounding(name) ? name : 'dyn'];
};

function conversions([letter, width]: Format): readonly InstDef[] {
  return integers.flatMap(([integer, bits, signed]) => {
    const to = `fcvt.${integer}.${letter}`;
    const from = `fcvt.${letter}.${integer}`;
    const fromForm = (rm: boolean): InstDef =>
      inst<'d' | 'n'>({
        id: `rv64.${idName(from)}.${letters('fr', rm)}.${width}`,
        syntax: `${from} {d}, {n}${last(rm)}`,
        operands: { d: fpr(width, 'w'), n: gpr('r'), ...near(rm) },
        sem: ({ d, n }) => d.write(fpFromInt(signed, low(n.value, bits), width)),
        ref: ref(width, width === 32 ? 7 : 5),
      });
    // A word fits a double exactly, and the assembler takes no rounding mode for it.
    const fromForms = width === 64 && bits === 32 ? [fromForm(false)] : rounded(fromForm);
    return [
      inst({
        id: `rv64.${idName(to)}.rf.${width}`,
        syntax: `${to} {d}, {n}`,
        operands: { d: gpr('w'), n: fpr(width, 'r') },
        sem: ({ d, n }) => d.write(toInteger(signed, 'rne', n.value, bits)),
        ref: ref(width, width === 32 ? 7 : 5),
      }),
      inst({
        id: `rv64.${idName(to)}.rf_rm.${width}`,
        syntax: `${to} {d}, {n}, {rm}`,
        operands: { d: gpr('w'), n: fpr(width, 'r'), rm: rounding('any') },
        sem: ({ d, n, rm }) => d.write(toInteger(signed, modeOf(rm), n.value, bits)),
        ref: ref(width, width === 32 ? 7 : 5),
      }),
      ...fromForms,
    ];
  });
}

/** Between the formats, and between the register files without a change. */
const moves: readonly InstDef[] = [
  inst({
    id: 'rv64.fcvt_d_s.ff.64',
    syntax: 'fcvt.d.s {d}, {n}',
    operands: { d: fpr(64, 'w'), n: fpr(32, 'r') },
    sem: ({ d, n }) => d.write(floatConvert(n.value, 64)),
    ref: manual('12.5'),
  }),
  ...rounded((rm) =>
    inst<'d' | 'n'>({
      id: `rv64.fcvt_s_d.${letters('ff', rm)}.32`,
      syntax: `fcvt.s.d {d}, {n}${last(rm)}`,
      operands: { d: fpr(32, 'w'), n: fpr(64, 'r'), ...near(rm) },
      sem: ({ d, n }) => d.write(floatConvert(n.value, 32)),
      ref: manual('12.5'),
    }),
  ),
  inst({
    id: 'rv64.fmv_x_w.rf.32',
    syntax: 'fmv.x.w {d}, {n}',
    aliases: ['fmv.x.s'],
    operands: { d: gpr('w'), n: fprBits(32, 'r') },
    sem: ({ d, n }) => d.write(sext(n.value, 64)),
    ref: manual('11.7'),
  }),
  inst({
    id: 'rv64.fmv_w_x.fr.32',
    syntax: 'fmv.w.x {d}, {n}',
    aliases: ['fmv.s.x'],
    operands: { d: fprBits(32, 'w'), n: gpr('r') },
    sem: ({ d, n }) => d.write(low(n.value, 32)),
    ref: manual('11.7'),
  }),
  inst({
    id: 'rv64.fmv_x_d.rf.64',
    syntax: 'fmv.x.d {d}, {n}',
    operands: { d: gpr('w'), n: fprBits(64, 'r') },
    sem: ({ d, n }) => d.write(n.value),
    ref: manual('12.5'),
  }),
  inst({
    id: 'rv64.fmv_d_x.fr.64',
    syntax: 'fmv.d.x {d}, {n}',
    operands: { d: fprBits(64, 'w'), n: gpr('r') },
    sem: ({ d, n }) => d.write(n.value),
    ref: manual('12.5'),
  }),
];

export const fpForms: readonly InstDef[] = [
  ...formats.flatMap((f) => [...roundedForms(f), ...exactForms(f), ...conversions(f)]),
  ...moves,
];
