// SPDX-License-Identifier: MIT
import { add, bv, not, sub, zext } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type Constraint, constrain } from '../../constraints.ts';
import { type InstDef, inst, type OperandKind, type View } from '../../define.ts';
import type { Effect, State } from '../../effect.ts';
import { addCarry, setFlags, sumFlags } from '../flags.ts';
import {
  addImm,
  addImmShifted,
  extension,
  type GprWidth,
  gpr,
  gprOrSp,
  regShift,
  shift,
  shiftOf,
} from '../operands.ts';
import { extended, gprWidths, shiftBy, shifted } from './common.ts';

/** Addition and subtraction (Arm ARM C3.4.1, C3.5.1): add, adds, sub, subs, cmp, cmn, neg, negs and with carry. */

interface Operation {
  readonly name: string;
  readonly subtracts: boolean;
  readonly flags: boolean;
}

const operations: readonly Operation[] = [
  { name: 'add', subtracts: false, flags: false },
  { name: 'adds', subtracts: false, flags: true },
  { name: 'sub', subtracts: true, flags: false },
  { name: 'subs', subtracts: true, flags: true },
];

/** The sum or difference, and what it does to the flags. `d` is absent for comparisons. */
function perform(op: Operation, d: View | undefined, a: Term, b: Term): Effect[] {
  const result = op.subtracts ? sub(a, b) : add(a, b);
  const effects = d === undefined ? [] : d.write(result);
  if (op.flags) {
    const flags = op.subtracts ? sumFlags(a, not(b), bv(1, 1), result) : sumFlags(a, b, bv(1, 0), result);
    effects.push(...setFlags(flags));
  }
  return effects;
}

/** How the second source is written, with the form's suffix. */
interface Second {
  readonly suffix: string;
  readonly syntax: string;
  /** The stack pointer may be the first source. */
  readonly sp: boolean;
  readonly kinds: Readonly<Record<string, OperandKind>>;
  readonly value: (views: Readonly<Record<string, View>>) => Term;
  readonly ref: string;
}

const view = (views: Readonly<Record<string, View>>, name: string): View => {
  const v = views[name];
  if (v === undefined) throw new TypeError(`no operand ${name}`);
  return v;
};

/** What `:tprel_hi12:` gives is in its place already. */
function shiftedImmediate(imm: View, s: View): Term {
  const relocated = imm.operand.kind === 'imm' && imm.operand.value.modifier !== undefined;
  return relocated ? imm.value : shiftBy('lsl', imm.value, shiftOf(s).amount);
}

/** `:tprel_hi12:` stands for bits 12 and up, so its shift is 12. */
const highPartIsShifted: Constraint = ([, , imm, s]) =>
  imm?.kind === 'imm' && imm.value.modifier !== undefined && s?.kind === 'shift' && s.amount !== 12
    ? { kind: 'range', message: 'this relocation operator needs lsl #12' }
    : undefined;

const WORD_EXTENDS = ['uxtb', 'uxth', 'uxtw', 'sxtb', 'sxth', 'sxtw'];
/** With an x register the manual has only uxtx and sxtx; GNU as takes the others too and uses its low bits. */
const ALL_EXTENDS = [...WORD_EXTENDS, 'uxtx', 'sxtx'];

/** In the order in which reading tries them. */
function seconds(w: GprWidth, relocatable: boolean): readonly Second[] {
  const m = gpr(w, 'r');
  const all: Second[] = [
    {
      suffix: 'i',
      syntax: '{imm}',
      sp: true,
      kinds: { imm: addImm(w, relocatable) },
      value: (v) => view(v, 'imm').value,
      ref: 'Arm ARM C6.2.4',
    },
    {
      suffix: 'i_shift',
      syntax: '{imm}, {shift}',
      sp: true,
      kinds: { imm: addImmShifted(w, relocatable), shift: shift(['lsl'], [0, 12]) },
      value: (v) => shiftedImmediate(view(v, 'imm'), view(v, 'shift')),
      ref: 'Arm ARM C6.2.4',
    },
    { suffix: 'r', syntax: '{m}', sp: false, kinds: { m }, value: (v) => view(v, 'm').value, ref: 'Arm ARM C6.2.5' },
    {
      suffix: 'r_shift',
      syntax: '{m}, {shift}',
      sp: false,
      kinds: { m, shift: regShift(w) },
      value: (v) => shifted(view(v, 'm'), view(v, 'shift')),
      ref: 'Arm ARM C6.2.5',
    },
    {
      suffix: 'r_sp',
      syntax: '{m}',
      sp: true,
      kinds: { m },
      value: (v) => view(v, 'm').value,
      ref: 'Arm ARM C6.2.3',
    },
    {
      suffix: 'r_sp_shift',
      syntax: '{m}, {shift}',
      sp: true,
      kinds: { m, shift: shift(['lsl'], [0, 1, 2, 3, 4]) },
      value: (v) => shifted(view(v, 'm'), view(v, 'shift')),
      ref: 'Arm ARM C6.2.3',
    },
    {
      suffix: 'w_ext',
      syntax: '{m}, {extend}',
      sp: true,
      kinds: { m: gpr(32, 'r'), extend: extension(w === 64 ? WORD_EXTENDS : ALL_EXTENDS) },
      value: (v) => extended(view(v, 'm'), view(v, 'extend'), w),
      ref: 'Arm ARM C6.2.3',
    },
  ];
  if (w === 64) {
    all.push({
      suffix: 'x_ext',
      syntax: '{m}, {extend}',
      sp: true,
      kinds: { m: gpr(64, 'r'), extend: extension(ALL_EXTENDS) },
      value: (v) => extended(view(v, 'm'), view(v, 'extend'), w),
      ref: 'Arm ARM C6.2.3',
    });
  }
  return all;
}

function threeOperands(op: Operation, w: GprWidth): InstDef[] {
  return seconds(w, !op.subtracts && !op.flags).map((s) => {
    const form = inst<string>({
      id: `a64.${op.name}.rr${s.suffix}.${w}`,
      syntax: `${op.name} {d}, {n}, ${s.syntax}`,
      operands: {
        d: s.sp && !op.flags ? gprOrSp(w, 'w') : gpr(w, 'w'),
        n: s.sp ? gprOrSp(w, 'r') : gpr(w, 'r'),
        ...s.kinds,
      },
      sem: (v) => perform(op, view(v, 'd'), view(v, 'n').value, s.value(v)),
      ref: s.ref,
    });
    return s.suffix === 'i_shift' ? constrain(form, highPartIsShifted) : form;
  });
}

/** `cmp` and `cmn`: subs and adds into the zero register. */
function comparisons(name: string, op: Operation, w: GprWidth): InstDef[] {
  return seconds(w, false).map((s) =>
    inst<string>({
      id: `a64.${name}.r${s.suffix}.${w}`,
      syntax: `${name} {n}, ${s.syntax}`,
      operands: { n: s.sp ? gprOrSp(w, 'r') : gpr(w, 'r'), ...s.kinds },
      sem: (v) => perform(op, undefined, view(v, 'n').value, s.value(v)),
      ref: name === 'cmp' ? 'Arm ARM C6.2.62' : 'Arm ARM C6.2.59',
    }),
  );
}

function negations(name: string, op: Operation, w: GprWidth): InstDef[] {
  return [
    inst({
      id: `a64.${name}.rr.${w}`,
      syntax: `${name} {d}, {m}`,
      operands: { d: gpr(w, 'w'), m: gpr(w, 'r') },
      sem: ({ d, m }) => perform(op, d, bv(w, 0), m.value),
      ref: 'Arm ARM C6.2.231',
    }),
    inst({
      id: `a64.${name}.rr_shift.${w}`,
      syntax: `${name} {d}, {m}, {shift}`,
      operands: { d: gpr(w, 'w'), m: gpr(w, 'r'), shift: regShift(w) },
      sem: ({ d, m, shift: s }) => perform(op, d, bv(w, 0), shifted(m, s)),
      ref: 'Arm ARM C6.2.231',
    }),
  ];
}

/** `a + b + C`, or `a - b - not C` as `a + not(b) + C`. */
function carried(state: State, subtracts: boolean, flags: boolean, d: View, a: Term, m: Term): Effect[] {
  const b = subtracts ? not(m) : m;
  const c = state.get('c');
  // As x86's sbb subtracts: both sides say it as `a - b - borrow`.
  const result = subtracts ? sub(sub(a, m), zext(not(c), a.width)) : addCarry(a, b, c);
  return flags ? [...d.write(result), ...setFlags(sumFlags(a, b, c, result))] : d.write(result);
}

function withCarry(w: GprWidth): InstDef[] {
  const out: InstDef[] = [];
  for (const flags of [false, true]) {
    const s = flags ? 's' : '';
    for (const subtracts of [false, true]) {
      const name = `${subtracts ? 'sbc' : 'adc'}${s}`;
      out.push(
        inst({
          id: `a64.${name}.rrr.${w}`,
          syntax: `${name} {d}, {n}, {m}`,
          operands: { d: gpr(w, 'w'), n: gpr(w, 'r'), m: gpr(w, 'r') },
          sem: ({ d, n, m }, state) => carried(state, subtracts, flags, d, n.value, m.value),
          ref: subtracts ? 'Arm ARM C6.2.265' : 'Arm ARM C6.2.1',
        }),
      );
    }
    out.push(
      inst({
        id: `a64.ngc${s}.rr.${w}`,
        syntax: `ngc${s} {d}, {m}`,
        operands: { d: gpr(w, 'w'), m: gpr(w, 'r') },
        sem: ({ d, m }, state) => carried(state, true, flags, d, bv(w, 0), m.value),
        ref: 'Arm ARM C6.2.233',
      }),
    );
  }
  return out;
}

const subtraction: Operation = { name: 'subs', subtracts: true, flags: true };
const addition: Operation = { name: 'adds', subtracts: false, flags: true };

export const arithForms: readonly InstDef[] = gprWidths.flatMap((w) => [
  ...operations.flatMap((op) => threeOperands(op, w)),
  ...comparisons('cmp', subtraction, w),
  ...comparisons('cmn', addition, w),
  ...negations('neg', { ...subtraction, flags: false }, w),
  ...negations('negs', subtraction, w),
  ...withCarry(w),
]);
