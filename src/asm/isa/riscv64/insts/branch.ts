// SPDX-License-Identifier: MIT
import { add, bv, eq, ne, not, slt, ult } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { assume } from '../../assumptions.ts';
import { type InstDef, inst, type View } from '../../define.ts';
import { type Effect, type State, set } from '../../effect.ts';
import type { TextKind } from '../../kind.ts';
import { isNumber, type Operand } from '../../operand.ts';
import { codeOffset } from '../memory-operands.ts';
import { gpr, gprNotLink, gprNotZero, imm12, label, onlyLink, onlyZero } from '../operands.ts';
import { LINK } from '../registers.ts';
import { type Binary, manual } from './common.ts';

/**
 * Branches, jumps, calls and returns (chapters 2.5 and 25.1), and the instructions that only trap.
 *
 * A jump that links to `zero` is a jump, one that links to another register is a call, and a jump to `ra` is a return.
 * A jump to a register clears the lowest bit of its target; code addresses are even, so nothing is said of it: part of
 * the assumption `jump-targets`.
 */

const target = label({ offset: true });
const callee = label({ offset: true, plt: true });

const compared: readonly (readonly [string, Binary])[] = [
  ['beq', eq],
  ['bne', ne],
  ['blt', slt],
  ['bge', (a, b) => not(slt(a, b))],
  ['bltu', ult],
  ['bgeu', (a, b) => not(ult(a, b))],
  ['bgt', (a, b) => slt(b, a)],
  ['ble', (a, b) => not(slt(b, a))],
  ['bgtu', (a, b) => ult(b, a)],
  ['bleu', (a, b) => not(ult(b, a))],
];

const zero = (): Term => bv(64, 0);

const comparedToZero: readonly (readonly [string, (a: Term) => Term])[] = [
  ['beqz', (a) => eq(a, zero())],
  ['bnez', (a) => ne(a, zero())],
  ['bltz', (a) => slt(a, zero())],
  ['bgez', (a) => not(slt(a, zero()))],
  ['bgtz', (a) => slt(zero(), a)],
  ['blez', (a) => not(slt(zero(), a))],
];

const conditional: readonly InstDef[] = [
  ...compared.map(([name, holds]) =>
    inst({
      id: `rv64.${name}.rrl.64`,
      syntax: `${name} {n}, {m}, {l}`,
      operands: { n: gpr('r'), m: gpr('r'), l: target },
      sem: ({ n, m, l }) => [{ kind: 'jump', target: l.value, condition: holds(n.value, m.value) }],
      ref: manual('2.5'),
    }),
  ),
  ...comparedToZero.map(([name, holds]) =>
    inst({
      id: `rv64.${name}.rl.64`,
      syntax: `${name} {n}, {l}`,
      operands: { n: gpr('r'), l: target },
      sem: ({ n, l }) => [{ kind: 'jump', target: l.value, condition: holds(n.value) }],
      ref: manual('25.1'),
    }),
  ),
];

const jumpTo = (t: Term): Effect[] => [{ kind: 'jump', target: t }];
const returnTo = (t: Term): Effect[] => [{ kind: 'return', target: t }];
const callTo = (t: Term, state: State, link = LINK): Effect[] => [set(link, state.next()), { kind: 'call', target: t }];
const callLinking = (d: View, t: Term, state: State): Effect[] => [
  ...d.write(state.next()),
  { kind: 'call', target: t },
];

/** What `tail`, and `call` with another link than `ra`, lose on their way: `t1`. */
const SCRATCH = 'x6';
const UPPER = 'the upper part of an address';

const direct: readonly InstDef[] = [
  inst({
    id: 'rv64.j.l.64',
    syntax: 'j {l}',
    operands: { l: target },
    sem: ({ l }) => jumpTo(l.value),
    ref: manual('25.1'),
  }),
  inst({
    id: 'rv64.jal.l.64',
    syntax: 'jal {l}',
    operands: { l: label({ offset: true, orRegister: true }) },
    sem: ({ l }, state) => callTo(l.value, state),
    ref: manual('25.1'),
  }),
  inst({
    id: 'rv64.jal.rl.64',
    syntax: 'jal {d}, {l}',
    operands: { d: gprNotZero('w'), l: target },
    sem: ({ d, l }, state) => callLinking(d, l.value, state),
    ref: manual('2.5'),
  }),
  inst({
    id: 'rv64.jal.zl.64',
    syntax: 'jal {d}, {l}',
    operands: { d: onlyZero(), l: target },
    sem: ({ l }) => jumpTo(l.value),
    ref: manual('2.5'),
  }),
  // `call` has no register to lose but the link, which it writes anyway.
  inst({
    id: 'rv64.call.l.64',
    syntax: 'call {l}',
    operands: { l: label({ offset: true, plt: true, orRegister: true }) },
    sem: ({ l }, state) => callTo(l.value, state),
    ref: manual('25.1'),
  }),
  inst({
    id: 'rv64.call.rl.64',
    syntax: 'call {d}, {l}',
    operands: { d: gprNotZero('w'), l: callee },
    sem: ({ d, l }, state) => {
      const link = d.operand.kind === 'reg' ? d.operand.reg.loc : '';
      const lost = link === SCRATCH ? [] : [set(SCRATCH, state.undefined(64, UPPER))];
      return [...lost, ...callLinking(d, l.value, state)];
    },
    ref: manual('25.1'),
  }),
  inst({
    id: 'rv64.tail.l.64',
    syntax: 'tail {l}',
    operands: { l: callee },
    sem: ({ l }, state) => [set(SCRATCH, state.undefined(64, UPPER)), ...jumpTo(l.value)],
    ref: manual('25.1'),
  }),
  inst({
    id: 'rv64.jump.lr.64',
    syntax: 'jump {l}, {t}',
    operands: { l: target, t: gprNotZero('w') },
    sem: ({ l, t }, state) => [...t.write(state.undefined(64, UPPER)), ...jumpTo(l.value)],
    ref: manual('25.1'),
  }),
];

/** How a target in a register is written: alone, as `8(a0)`, or as `a0, 8`. */
interface Place {
  readonly form: string;
  readonly syntax: string;
  readonly operands: Readonly<Record<string, TextKind>>;
  readonly address: (views: Readonly<Record<string, View>>) => Term;
}

const value = (v: View | undefined): Term => v?.value ?? bv(64, 0);

const places: readonly Place[] = [
  { form: 'r', syntax: '{s}', operands: { s: gprNotLink() }, address: ({ s }) => value(s) },
  { form: 'm', syntax: '{m}', operands: { m: codeOffset() }, address: ({ m }) => m?.address ?? bv(64, 0) },
  {
    form: 'ri',
    syntax: '{s}, {imm}',
    operands: { s: gpr('r'), imm: imm12() },
    address: ({ s, imm }) => add(value(s), value(imm)),
  },
];

/** `jalr`'s target may be `ra` without being a return. */
const anyRegister: Place = { form: 'r', syntax: '{s}', operands: { s: gpr('r') }, address: ({ s }) => value(s) };

const isReturn = (o: Operand): boolean =>
  o.kind === 'mem' && o.base?.loc === LINK && isNumber(o.disp) && o.disp.offset === 0n;

/** `0(ra)` */
const returnAddress = (): TextKind => {
  const any = codeOffset();
  return {
    ...any,
    name: '0(ra)',
    accepts: isReturn,
    examples: () => any.examples().flatMap((o) => toReturn(o)),
    outside: () => [],
  };
};
const toReturn = (o: Operand): Operand[] =>
  o.kind === 'mem' && o.base?.loc === LINK ? [{ ...o, disp: { offset: 0n } }] : [];

const exceptReturn = (places: readonly Place[]): readonly Place[] =>
  places.map((p) => {
    if (p.form !== 'm') return p;
    const any = codeOffset();
    return { ...p, operands: { m: { ...any, accepts: (o) => any.accepts(o) && !isReturn(o) } } };
  });

const indirect = (
  name: string,
  first: Readonly<Record<string, TextKind>>,
  letters: string,
  place: Place,
  effects: (views: Readonly<Record<string, View>>, to: Term, state: State) => Effect[],
): InstDef =>
  assume(
    inst({
      id: `rv64.${name}.${letters}${place.form}.64`,
      syntax: `${name} ${letters === '' ? '' : '{d}, '}${place.syntax}`,
      operands: { ...first, ...place.operands },
      sem: (views, state) => effects(views, place.address(views), state),
      ref: manual('2.5'),
    }),
    'jump-targets',
  );

const viaRegister: readonly InstDef[] = [
  ...exceptReturn(places).map((p) => indirect('jr', {}, '', p, (_, to) => jumpTo(to))),
  ...[anyRegister, ...places.slice(1)].flatMap((p) => [
    // Two operands are a link and a target: `jalr a0, 8` is not known to GNU as.
    ...(p.form === 'ri' ? [] : [indirect('jalr', {}, '', p, (_, to, state) => callTo(to, state))]),
    indirect('jalr', { d: gprNotZero('w') }, 'r', p, ({ d }, to, state) =>
      d === undefined ? [] : callLinking(d, to, state),
    ),
  ]),
  ...exceptReturn(places).map((p) => indirect('jalr', { d: onlyZero() }, 'z', p, (_, to) => jumpTo(to))),
];

const returns: readonly InstDef[] = [
  inst({
    id: 'rv64.ret.none.64',
    syntax: 'ret',
    operands: {},
    sem: (_, state) => returnTo(state.get(LINK)),
    ref: manual('25.1'),
  }),
  inst({
    id: 'rv64.jr.ra.64',
    syntax: 'jr {s}',
    operands: { s: onlyLink() },
    sem: ({ s }) => returnTo(s.value),
    ref: manual('25.1'),
  }),
  inst({
    id: 'rv64.jr.mra.64',
    syntax: 'jr {m}',
    operands: { m: returnAddress() },
    sem: ({ m }) => returnTo(m.address),
    ref: manual('25.1'),
  }),
  inst({
    id: 'rv64.jalr.zra.64',
    syntax: 'jalr {d}, {s}',
    operands: { d: onlyZero(), s: onlyLink() },
    sem: ({ s }) => returnTo(s.value),
    ref: manual('2.5'),
  }),
  inst({
    id: 'rv64.jalr.zmra.64',
    syntax: 'jalr {d}, {m}',
    operands: { d: onlyZero(), m: returnAddress() },
    sem: ({ m }) => returnTo(m.address),
    ref: manual('2.5'),
  }),
];

const traps: readonly InstDef[] = [
  inst({
    id: 'rv64.ebreak.none.64',
    syntax: 'ebreak',
    aliases: ['sbreak'],
    operands: {},
    sem: () => [{ kind: 'trap', what: '#BP' }],
    ref: manual('2.8'),
  }),
  inst({
    id: 'rv64.unimp.none.64',
    syntax: 'unimp',
    operands: {},
    sem: () => [{ kind: 'trap', what: '#UD' }],
    ref: manual('25.1'),
  }),
];

export const branchForms: readonly InstDef[] = [...conditional, ...direct, ...viaRegister, ...returns, ...traps];
