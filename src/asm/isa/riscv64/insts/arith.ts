// SPDX-License-Identifier: MIT
import {
  add,
  and,
  ashr,
  bv,
  eq,
  low,
  lshr,
  ne,
  neg,
  not,
  or,
  sext,
  shl,
  slt,
  ult,
  xor,
  zext,
} from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst } from '../../define.ts';
import { anyImm, gpr, imm12, imm20, shiftAmount, tprelAdd } from '../operands.ts';
import { type Binary, immediateForm, manual, masked, minus, onWords, registerForm, unaryForm } from './common.ts';

/** Integer computation of the base instruction set (chapters 2.4 and 5.2), and the pseudo-instructions made of it. */

const REF = '2.4';
const WORDS = '5.2';

const less =
  (f: Binary): Binary =>
  (a, b) =>
    zext(f(a, b), 64);

/** With an immediate of 12 bits too: `andi`, which may also be written `and`. */
const withImmediate: readonly (readonly [name: string, imm: string, f: Binary])[] = [
  ['add', 'addi', add],
  ['and', 'andi', and],
  ['or', 'ori', or],
  ['xor', 'xori', xor],
  ['slt', 'slti', less(slt)],
  ['sltu', 'sltiu', less(ult)],
];

const LOW_PARTS = ['lo', 'tprel_lo'];

const plain: readonly InstDef[] = [
  ...withImmediate.flatMap(([name, imm, f]) => [
    registerForm({ name, width: 64, f, ref: REF }),
    immediateForm(
      { name: imm, width: 64, f, ref: REF },
      imm12(name === 'add' ? LOW_PARTS : []),
      name === 'add' ? undefined : name,
    ),
  ]),
  // Not another spelling of `addi`: GNU as compresses the two in different ways where they add 0.
  immediateForm({ name: 'add', width: 64, f: add, ref: REF }, imm12(LOW_PARTS)),
  registerForm({ name: 'sub', width: 64, f: minus, ref: REF }),
  registerForm({ name: 'addw', width: 32, f: onWords(add), ref: WORDS }),
  immediateForm({ name: 'addiw', width: 32, f: onWords(add), ref: WORDS }, imm12(LOW_PARTS), 'addw'),
  registerForm({ name: 'subw', width: 32, f: onWords(minus), ref: WORDS }),
  inst({
    id: 'rv64.add.rrr_tprel.64',
    syntax: 'add {d}, {n}, {m}, {part}',
    operands: { d: gpr('w'), n: gpr('r'), m: gpr('r'), part: tprelAdd() },
    sem: ({ d, n, m }) => d.write(add(n.value, m.value)),
    ref: 'RISC-V ELF psABI 8.4.7',
  }),
];

const shifts: readonly InstDef[] = (
  [
    ['sll', shl],
    ['srl', lshr],
    ['sra', ashr],
  ] as const
).flatMap(([name, f]) => [
  registerForm({ name, width: 64, f: masked(f), ref: '5.2' }),
  shiftForm(`${name}i`, 64, f, name),
  registerForm({ name: `${name}w`, width: 32, f: onWords(masked(f)), ref: WORDS }),
  shiftForm(`${name}iw`, 32, f, `${name}w`),
]);

/** By a known amount below the width. */
function shiftForm(name: string, width: 32 | 64, f: Binary, alias: string): InstDef {
  return inst({
    id: `rv64.${name}.rri.${width}`,
    syntax: `${name} {d}, {n}, {by}`,
    aliases: [alias],
    operands: { d: gpr('w'), n: gpr('r'), by: shiftAmount(width) },
    sem: ({ d, n, by }) => d.write(sext(f(low(n.value, width), by.value), 64)),
    ref: manual(WORDS),
  });
}

/** `seqz` and its like: 1 or 0. */
const truth = (name: string, f: (a: Term) => Term): InstDef => unaryForm(name, 64, (a) => zext(f(a), 64), '25.1');

const zero = (): Term => bv(64, 0);

const extension = (name: string, bits: number, extend: typeof sext): InstDef =>
  unaryForm(name, 64, (a) => extend(low(a, bits), 64), '25.1');

/**
 * Pseudo-instructions on registers. GNU as makes those that extend of two shifts where the extension `zbb` or `zba` has
 * no instruction for them, so they need no feature.
 */
const pseudo: readonly InstDef[] = [
  inst({
    id: 'rv64.mv.rr.64',
    syntax: 'mv {d}, {n}',
    aliases: ['move'],
    operands: { d: gpr('w'), n: gpr('r') },
    sem: ({ d, n }) => d.write(n.value),
    ref: manual('25.1'),
  }),
  unaryForm('not', 64, not, '25.1'),
  unaryForm('neg', 64, neg, '25.1'),
  unaryForm('negw', 32, (a) => sext(neg(low(a, 32)), 64), '25.1'),
  extension('sext.b', 8, sext),
  extension('sext.h', 16, sext),
  extension('sext.w', 32, sext),
  extension('zext.b', 8, zext),
  extension('zext.h', 16, zext),
  extension('zext.w', 32, zext),
  truth('seqz', (a) => eq(a, zero())),
  truth('snez', (a) => ne(a, zero())),
  truth('sltz', (a) => slt(a, zero())),
  truth('sgtz', (a) => slt(zero(), a)),
  registerForm({ name: 'sgt', width: 64, f: less((a, b) => slt(b, a)), ref: '25.1' }),
  registerForm({ name: 'sgtu', width: 64, f: less((a, b) => ult(b, a)), ref: '25.1' }),
];

/** Numbers. `li` is one instruction here, however many it takes the assembler. */
const constants: readonly InstDef[] = [
  inst({
    id: 'rv64.li.ri.64',
    syntax: 'li {d}, {imm}',
    operands: { d: gpr('w'), imm: anyImm() },
    sem: ({ d, imm }) => d.write(imm.value),
    ref: manual('25.1'),
  }),
  inst({
    id: 'rv64.lui.ri.64',
    syntax: 'lui {d}, {imm}',
    operands: { d: gpr('w'), imm: imm20('relocatable') },
    sem: ({ d, imm }) => d.write(imm.value),
    ref: manual(WORDS),
  }),
  inst({
    id: 'rv64.auipc.ri.64',
    syntax: 'auipc {d}, {imm}',
    operands: { d: gpr('w'), imm: imm20('plain') },
    // `auipc` never is compressed, so it starts 4 bytes before the instruction that follows it.
    sem: ({ d, imm }, state) => d.write(add(add(state.next(), bv(64, -4)), imm.value)),
    ref: manual(WORDS),
  }),
];

export const arithForms: readonly InstDef[] = [...plain, ...shifts, ...pseudo, ...constants];
