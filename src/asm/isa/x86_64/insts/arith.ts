// SPDX-License-Identifier: MIT
import { and, no, not, or, xor } from '../../../../logic/build.ts';
import { type Form, type InstDef, inst, type View } from '../../define.ts';
import type { Effect, State } from '../../effect.ts';
import { addWithFlags, logicFlags, subWithFlags } from '../flags.ts';
import { gprI, gprM, gprMI, mem } from '../operands.ts';
import { named, one, sdm, WIDTHS, zero } from './form.ts';

/** Two-operand and one-operand arithmetic and logic, plain and with a `lock` prefix. */

type Binary = (dst: View, src: View, state: State) => Effect[];
type Unary = (dst: View, state: State) => Effect[];

const added =
  (withCarry: boolean): Binary =>
  (dst, src, state) => {
    const { result, carry, others } = addWithFlags(dst.value, src.value, withCarry ? state.get('cf') : no());
    return [...dst.write(result), carry, ...others];
  };

const subtracted =
  (withBorrow: boolean): Binary =>
  (dst, src, state) => {
    const { result, carry, others } = subWithFlags(dst.value, src.value, withBorrow ? state.get('cf') : no());
    return [...dst.write(result), carry, ...others];
  };

const compared: Binary = (dst, src) => {
  const { carry, others } = subWithFlags(dst.value, src.value);
  return [carry, ...others];
};

const bitwise =
  (f: typeof and): Binary =>
  (dst, src, state) => {
    const result = f(dst.value, src.value);
    return [...dst.write(result), ...logicFlags(result, state)];
  };

const tested: Binary = (dst, src, state) => logicFlags(and(dst.value, src.value), state);

/** Those that write their destination, and so may carry a `lock` prefix. */
const WRITING: readonly (readonly [string, Binary])[] = [
  ['add', added(false)],
  ['adc', added(true)],
  ['sub', subtracted(false)],
  ['sbb', subtracted(true)],
  ['and', bitwise(and)],
  ['or', bitwise(or)],
  ['xor', bitwise(xor)],
];

const UNARY: readonly (readonly [string, Unary])[] = [
  [
    'inc',
    (dst) => {
      const { result, others } = addWithFlags(dst.value, one(dst.width));
      return [...dst.write(result), ...others];
    },
  ],
  [
    'dec',
    (dst) => {
      const { result, others } = subWithFlags(dst.value, one(dst.width));
      return [...dst.write(result), ...others];
    },
  ],
  [
    'neg',
    (dst) => {
      const { result, carry, others } = subWithFlags(zero(dst.width), dst.value);
      return [...dst.write(result), carry, ...others];
    },
  ],
  ['not', (dst) => dst.write(not(dst.value))],
];

function binary(mnemonic: string, w: number, access: 'r' | 'rw', f: Binary): Form<'dst' | 'src'> {
  return inst({
    id: `x64.${mnemonic}.rm_rmi.${w}`,
    syntax: `${named(mnemonic, w)} {dst}, {src}`,
    operands: { dst: gprM(w, access), src: gprMI(w) },
    sem: ({ dst, src }, state) => f(dst, src, state),
    ref: sdm(mnemonic),
  });
}

const plain: InstDef[] = WIDTHS.flatMap((w) => [
  ...WRITING.map(([m, f]) => binary(m, w, 'rw', f)),
  binary('cmp', w, 'r', compared),
  binary('test', w, 'r', tested),
  ...UNARY.map(([m, f]) =>
    inst({
      id: `x64.${m}.rm.${w}`,
      syntax: `${named(m, w)} {dst}`,
      operands: { dst: gprM(w, 'rw') },
      sem: ({ dst }, state) => f(dst, state),
      ref: sdm(m),
    }),
  ),
]);

const locked: InstDef[] = WIDTHS.flatMap((w) => [
  ...WRITING.map(([m, f]) =>
    inst({
      id: `x64.lock_${m}.m_ri.${w}`,
      syntax: `${named(`lock ${m}`, w)} {dst}, {src}`,
      operands: { dst: mem(w, 'rw'), src: gprI(w) },
      sem: ({ dst, src }, state) => f(dst, src, state),
      ref: sdm(m),
    }),
  ),
  ...UNARY.map(([m, f]) =>
    inst({
      id: `x64.lock_${m}.m.${w}`,
      syntax: `${named(`lock ${m}`, w)} {dst}`,
      operands: { dst: mem(w, 'rw') },
      sem: ({ dst }, state) => f(dst, state),
      ref: sdm(m),
    }),
  ),
]);

export const arithForms: readonly InstDef[] = [...plain, ...locked];
