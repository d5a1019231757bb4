// SPDX-License-Identifier: MIT
import { bit, bv, eq, not } from '../../../../logic/build.ts';
import { type InstDef, inst } from '../../define.ts';
import { set } from '../../effect.ts';
import { immRange, numberOf } from '../../operand-kinds.ts';
import { conditions, holds } from '../flags.ts';
import { gpr, label } from '../operands.ts';
import { gprWidths } from './common.ts';

/** Branches, calls, returns (Arm ARM C3.1) and the instructions that only trap. */

const LINK = 'x30';

/** The manual's other names of a condition, as branches spell them. */
const others: Readonly<Record<string, string>> = { cs: 'hs', cc: 'lo' };

const conditional: readonly InstDef[] = conditions.map((c) => {
  const names = [c, others[c]].filter((n) => n !== undefined);
  return inst({
    id: `a64.b_${c}.l.64`,
    syntax: `b.${c} {l}`,
    aliases: names
      .flatMap((n) => [`b.${n}`, ...(c === 'al' || c === 'nv' ? [] : [`b${n}`])])
      .filter((n) => n !== `b.${c}`),
    operands: { l: label() },
    sem: ({ l }, state) =>
      c === 'al' || c === 'nv'
        ? [{ kind: 'jump', target: l.value }]
        : [{ kind: 'jump', target: l.value, condition: holds(c, state) }],
    ref: 'Arm ARM C6.2.26',
  });
});

const plain: readonly InstDef[] = [
  inst({
    id: 'a64.b.l.64',
    syntax: 'b {l}',
    operands: { l: label() },
    sem: ({ l }) => [{ kind: 'jump', target: l.value }],
    ref: 'Arm ARM C6.2.27',
  }),
  inst({
    id: 'a64.bl.l.64',
    syntax: 'bl {l}',
    operands: { l: label() },
    sem: ({ l }, state) => [set(LINK, state.next()), { kind: 'call', target: l.value }],
    ref: 'Arm ARM C6.2.34',
  }),
  inst({
    id: 'a64.br.r.64',
    syntax: 'br {n}',
    operands: { n: gpr(64, 'r') },
    sem: ({ n }) => [{ kind: 'jump', target: n.value }],
    ref: 'Arm ARM C6.2.37',
  }),
  inst({
    id: 'a64.blr.r.64',
    syntax: 'blr {n}',
    operands: { n: gpr(64, 'r') },
    sem: ({ n }, state) => [set(LINK, state.next()), { kind: 'call', target: n.value }],
    ref: 'Arm ARM C6.2.35',
  }),
  inst({
    id: 'a64.ret.none.64',
    syntax: 'ret',
    operands: {},
    sem: (_, state) => [{ kind: 'return', target: state.get(LINK) }],
    ref: 'Arm ARM C6.2.255',
  }),
  inst({
    id: 'a64.ret.r.64',
    syntax: 'ret {n}',
    operands: { n: gpr(64, 'r') },
    sem: ({ n }) => [{ kind: 'return', target: n.value }],
    ref: 'Arm ARM C6.2.255',
  }),
  inst({
    id: 'a64.brk.i.16',
    syntax: 'brk {imm}',
    operands: { imm: immRange('imm16', 16, 0, 65535) },
    sem: () => [{ kind: 'trap', what: '#BP' }],
    ref: 'Arm ARM C6.2.40',
  }),
  inst({
    id: 'a64.udf.i.16',
    syntax: 'udf {imm}',
    operands: { imm: immRange('imm16', 16, 0, 65535) },
    sem: () => [{ kind: 'trap', what: '#UD' }],
    ref: 'Arm ARM C6.2.387',
  }),
];

const comparing: readonly InstDef[] = gprWidths.flatMap((w) => [
  ...(['cbz', 'cbnz'] as const).map((name) =>
    inst({
      id: `a64.${name}.rl.${w}`,
      syntax: `${name} {t}, {l}`,
      operands: { t: gpr(w, 'r'), l: label() },
      sem: ({ t, l }) => {
        const zero = eq(t.value, bv(w, 0));
        return [{ kind: 'jump', target: l.value, condition: name === 'cbz' ? zero : not(zero) }];
      },
      ref: name === 'cbz' ? 'Arm ARM C6.2.48' : 'Arm ARM C6.2.47',
    }),
  ),
  ...(['tbz', 'tbnz'] as const).map((name) =>
    inst({
      id: `a64.${name}.ril.${w}`,
      syntax: `${name} {t}, {bit}, {l}`,
      operands: { t: gpr(w, 'r'), bit: immRange('bit', 8, 0, w - 1), l: label() },
      sem: ({ t, bit: index, l }) => {
        const tested = bit(t.value, numberOf(index));
        return [{ kind: 'jump', target: l.value, condition: name === 'tbz' ? not(tested) : tested }];
      },
      ref: name === 'tbz' ? 'Arm ARM C6.2.375' : 'Arm ARM C6.2.374',
    }),
  ),
]);

export const branchForms: readonly InstDef[] = [...plain, ...conditional, ...comparing];
