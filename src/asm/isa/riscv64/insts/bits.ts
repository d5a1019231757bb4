// SPDX-License-Identifier: MIT
import {
  add,
  and,
  bv,
  clz,
  concat,
  ctz,
  eq,
  extract,
  ite,
  low,
  lshr,
  mask,
  not,
  or,
  popcount,
  rotl,
  rotr,
  sext,
  shl,
  slt,
  ult,
  xor,
  zext,
} from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst } from '../../define.ts';
import { gpr, shiftAmount } from '../operands.ts';
import { type Binary, idName, manual, masked, needs, onWords, registerForm, unaryForm } from './common.ts';

/** The bit-manipulation extensions: zba (addresses), zbb (basic) and zbs (single bits). */

const REF = 'bitmanip 2';

const scaledAdd =
  (by: number, cut: boolean): Binary =>
  (a, b) =>
    add(shl(cut ? zext(low(a, 32), 64) : a, bv(64, by)), b);

/** `name d, n, amount` */
function amountForm(name: string, width: 32 | 64, f: Binary, feature: string, alias?: string): InstDef {
  return inst({
    id: `rv64.${idName(name)}.rri.${width}`,
    syntax: `${name} {d}, {n}, {by}`,
    aliases: alias === undefined ? [] : [alias],
    operands: { d: gpr('w'), n: gpr('r'), by: shiftAmount(width) },
    sem: ({ d, n, by }) => d.write(f(n.value, by.value)),
    ref: manual(REF),
    ...needs(feature),
  });
}

const zba: readonly InstDef[] = [
  ...[1, 2, 3].flatMap((by) => [
    registerForm({ name: `sh${by}add`, width: 64, f: scaledAdd(by, false), ref: REF, feature: 'zba' }),
    registerForm({ name: `sh${by}add.uw`, width: 64, f: scaledAdd(by, true), ref: REF, feature: 'zba' }),
  ]),
  registerForm({ name: 'add.uw', width: 64, f: scaledAdd(0, true), ref: REF, feature: 'zba' }),
  amountForm('slli.uw', 64, (a, by) => shl(zext(low(a, 32), 64), by), 'zba'),
];

const logic: readonly (readonly [string, Binary])[] = [
  ['andn', (a, b) => and(a, not(b))],
  ['orn', (a, b) => or(a, not(b))],
  ['xnor', (a, b) => not(xor(a, b))],
  ['max', (a, b) => ite(slt(a, b), b, a)],
  ['maxu', (a, b) => ite(ult(a, b), b, a)],
  ['min', (a, b) => ite(slt(b, a), b, a)],
  ['minu', (a, b) => ite(ult(b, a), b, a)],
  ['rol', masked(rotl)],
  ['ror', masked(rotr)],
];

const counts: readonly (readonly [string, (a: Term) => Term])[] = [
  ['clz', clz],
  ['ctz', ctz],
  ['cpop', popcount],
];

const bytes = (a: Term): Term[] => Array.from({ length: a.width / 8 }, (_, i) => extract(a, 8 * i + 7, 8 * i));

const zbb: readonly InstDef[] = [
  ...logic.map(([name, f]) => registerForm({ name, width: 64, f, ref: REF, feature: 'zbb' })),
  registerForm({ name: 'rolw', width: 32, f: onWords(masked(rotl)), ref: REF, feature: 'zbb' }),
  registerForm({ name: 'rorw', width: 32, f: onWords(masked(rotr)), ref: REF, feature: 'zbb' }),
  amountForm('rori', 64, rotr, 'zbb', 'ror'),
  amountForm('roriw', 32, (a, by) => sext(rotr(low(a, 32), by), 64), 'zbb', 'rorw'),
  ...counts.flatMap(([name, f]) => [
    unaryForm(name, 64, f, REF, 'zbb'),
    unaryForm(`${name}w`, 32, (a) => zext(f(low(a, 32)), 64), REF, 'zbb'),
  ]),
  // Concatenation names the highest part first: the bytes in rising order are the reversed word.
  unaryForm('rev8', 64, (a) => concat(...bytes(a)), REF, 'zbb'),
  unaryForm(
    'orc.b',
    64,
    (a) =>
      concat(
        ...bytes(a)
          .map((b) => ite(eq(b, bv(8, 0)), bv(8, 0), bv(8, mask(8))))
          .reverse(),
      ),
    REF,
    'zbb',
  ),
];

const one = (): Term => bv(64, 1);

const singles: readonly (readonly [string, Binary])[] = [
  ['bset', (a, at) => or(a, shl(one(), at))],
  ['bclr', (a, at) => and(a, not(shl(one(), at)))],
  ['binv', (a, at) => xor(a, shl(one(), at))],
  ['bext', (a, at) => and(lshr(a, at), one())],
];

const zbs: readonly InstDef[] = singles.flatMap(([name, f]) => [
  registerForm({ name, width: 64, f: masked(f), ref: REF, feature: 'zbs' }),
  amountForm(`${name}i`, 64, f, 'zbs', name),
]);

export const bitsForms: readonly InstDef[] = [...zba, ...zbb, ...zbs];
