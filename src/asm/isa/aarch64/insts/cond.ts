// SPDX-License-Identifier: MIT
import { add, bv, ite, neg, not, sext, zext } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst, type View } from '../../define.ts';
import { type Effect, type State, set } from '../../effect.ts';
import { immRange, numberOf } from '../../operand-kinds.ts';
import { holds, type Nzcv, sumFlags } from '../flags.ts';
import { condition, conditionOf, type GprWidth, gpr, properCondition } from '../operands.ts';
import { gprWidths, minus } from './common.ts';

/** Conditional selection and comparison (Arm ARM C3.5.10, C3.5.11). */

const changes: Readonly<Record<string, (m: Term) => Term>> = {
  csel: (m) => m,
  csinc: (m) => add(m, bv(m.width, 1)),
  csinv: not,
  csneg: neg,
};

function selections(w: GprWidth): InstDef[] {
  const refs: Readonly<Record<string, string>> = {
    csel: 'Arm ARM C6.2.70',
    csinc: 'Arm ARM C6.2.73',
    csinv: 'Arm ARM C6.2.74',
    csneg: 'Arm ARM C6.2.75',
  };
  return Object.entries(changes).map(([name, change]) =>
    inst({
      id: `a64.${name}.rrrc.${w}`,
      syntax: `${name} {d}, {n}, {m}, {cond}`,
      operands: { d: gpr(w, 'w'), n: gpr(w, 'r'), m: gpr(w, 'r'), cond: condition() },
      sem: ({ d, n, m, cond }, state) => d.write(ite(holds(conditionOf(cond), state), n.value, change(m.value))),
      ref: refs[name] ?? '',
    }),
  );
}

/** The aliases select the changed value where the condition holds. */
function changing(w: GprWidth): InstDef[] {
  const aliases = [
    ['cinc', 'csinc', 'Arm ARM C6.2.55'],
    ['cinv', 'csinv', 'Arm ARM C6.2.56'],
    ['cneg', 'csneg', 'Arm ARM C6.2.63'],
  ] as const;
  return aliases.map(([name, base, ref]) => {
    const change = changes[base] ?? not;
    return inst({
      id: `a64.${name}.rrc.${w}`,
      syntax: `${name} {d}, {n}, {cond}`,
      operands: { d: gpr(w, 'w'), n: gpr(w, 'r'), cond: properCondition() },
      sem: ({ d, n, cond }, state) => {
        const value = n.value;
        return d.write(ite(holds(conditionOf(cond), state), change(value), value));
      },
      ref,
    });
  });
}

function settings(w: GprWidth): InstDef[] {
  return (['cset', 'csetm'] as const).map((name) =>
    inst({
      id: `a64.${name}.rc.${w}`,
      syntax: `${name} {d}, {cond}`,
      operands: { d: gpr(w, 'w'), cond: properCondition() },
      sem: ({ d, cond }, state) => {
        const one =
          name === 'cset' ? zext(holds(conditionOf(cond), state), w) : sext(holds(conditionOf(cond), state), w);
        return d.write(one);
      },
      ref: name === 'cset' ? 'Arm ARM C6.2.71' : 'Arm ARM C6.2.72',
    }),
  );
}

/** The flags of the comparison where the condition holds, else those given as a number. */
function compared(name: string, a: Term, b: Term, nzcv: View, cond: View, state: State): Effect[] {
  const when = holds(conditionOf(cond), state);
  const flags: Nzcv =
    name === 'ccmp' ? sumFlags(a, not(b), bv(1, 1), minus(a, b)) : sumFlags(a, b, bv(1, 0), add(a, b));
  const given = numberOf(nzcv);
  const pick = (flag: Term, bit: number): Term => ite(when, flag, bv(1, (given >> bit) & 1));
  return [
    set('n', pick(flags.n, 3)),
    set('z', pick(flags.z, 2)),
    set('c', pick(flags.c, 1)),
    set('v', pick(flags.v, 0)),
  ];
}

function comparisons(w: GprWidth): InstDef[] {
  return (['ccmp', 'ccmn'] as const).flatMap((name): InstDef[] => {
    const ref = name === 'ccmp' ? 'Arm ARM C6.2.54' : 'Arm ARM C6.2.52';
    return [
      inst({
        id: `a64.${name}.rric.${w}`,
        syntax: `${name} {n}, {imm}, {nzcv}, {cond}`,
        operands: {
          n: gpr(w, 'r'),
          imm: immRange('imm5', w, 0, 31),
          nzcv: immRange('nzcv', 8, 0, 15),
          cond: condition(),
        },
        sem: ({ n, imm, nzcv, cond }, state) => compared(name, n.value, imm.value, nzcv, cond, state),
        ref,
      }),
      inst({
        id: `a64.${name}.rrrc.${w}`,
        syntax: `${name} {n}, {m}, {nzcv}, {cond}`,
        operands: { n: gpr(w, 'r'), m: gpr(w, 'r'), nzcv: immRange('nzcv', 8, 0, 15), cond: condition() },
        sem: ({ n, m, nzcv, cond }, state) => compared(name, n.value, m.value, nzcv, cond, state),
        ref,
      }),
    ];
  });
}

export const condForms: readonly InstDef[] = gprWidths.flatMap((w) => [
  ...selections(w),
  ...changing(w),
  ...settings(w),
  ...comparisons(w),
]);
