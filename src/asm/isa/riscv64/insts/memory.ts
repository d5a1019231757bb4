// SPDX-License-Identifier: MIT
import { low, sext, zext } from '../../../../logic/build.ts';
import { type Constraint, constrain } from '../../constraints.ts';
import { type InstDef, inst } from '../../define.ts';
import { memOffset, memSymbol } from '../memory-operands.ts';
import { fprBits, gpr, gprNotZero, label } from '../operands.ts';
import { threadOffset } from '../symbols.ts';
import { manual } from './common.ts';

/**
 * Loads and stores (chapters 2.6, 5.3, 11.5 and 12.3), and the pseudo-instructions that make an address first.
 *
 * Those are one instruction here. What they leave in a temporary register is the upper part of an address relative to
 * the program counter, which only the assembler knows: unspecified.
 */

interface Transfer {
  readonly name: string;
  readonly bytes: number;
  readonly extend: typeof sext;
}

const loads: readonly Transfer[] = [
  { name: 'lb', bytes: 1, extend: sext },
  { name: 'lh', bytes: 2, extend: sext },
  { name: 'lw', bytes: 4, extend: sext },
  { name: 'ld', bytes: 8, extend: sext },
  { name: 'lbu', bytes: 1, extend: zext },
  { name: 'lhu', bytes: 2, extend: zext },
  { name: 'lwu', bytes: 4, extend: zext },
];

const stores: readonly (readonly [string, number])[] = [
  ['sb', 1],
  ['sh', 2],
  ['sw', 4],
  ['sd', 8],
];

const floats = [
  ['flw', 'fsw', 32, '11.5'],
  ['fld', 'fsd', 64, '12.3'],
] as const;

const TEMPORARY = 'the upper part of an address';

const apart: Constraint = ([stored, , temporary]) =>
  stored?.kind === 'reg' && temporary?.kind === 'reg' && stored.reg.loc === temporary.reg.loc
    ? { kind: 'unpredictable', message: 'the register that is stored also takes the address' }
    : undefined;

const loadForms = ({ name, bytes, extend }: Transfer): readonly InstDef[] => [
  inst({
    id: `rv64.${name}.rm.64`,
    syntax: `${name} {d}, {m}`,
    operands: { d: gpr('w'), m: memOffset(bytes, 'r') },
    sem: ({ d, m }) => d.write(extend(m.value, 64)),
    ref: manual(bytes === 8 || name === 'lwu' ? '5.3' : '2.6'),
  }),
  inst({
    id: `rv64.${name}.rs.64`,
    syntax: `${name} {d}, {m}`,
    operands: { d: gprNotZero('w'), m: memSymbol(bytes, 'r') },
    sem: ({ d, m }) => d.write(extend(m.value, 64)),
    ref: manual('25.1'),
  }),
];

const storeForms = ([name, bytes]: readonly [string, number]): readonly InstDef[] => [
  inst({
    id: `rv64.${name}.rm.64`,
    syntax: `${name} {s}, {m}`,
    operands: { s: gpr('r'), m: memOffset(bytes, 'w') },
    sem: ({ s, m }) => m.write(low(s.value, 8 * bytes)),
    ref: manual(bytes === 8 ? '5.3' : '2.6'),
  }),
  constrain(
    inst({
      id: `rv64.${name}.rsr.64`,
      syntax: `${name} {s}, {m}, {t}`,
      operands: { s: gpr('r'), m: memSymbol(bytes, 'w'), t: gprNotZero('w') },
      sem: ({ s, m, t }, state) => [m.write(low(s.value, 8 * bytes)), t.write(state.undefined(64, TEMPORARY))],
      ref: manual('25.1'),
    }),
    apart,
  ),
];

const floatForms = ([load, save, width, ref]: (typeof floats)[number]): readonly InstDef[] => [
  inst({
    id: `rv64.${load}.fm.${width}`,
    syntax: `${load} {d}, {m}`,
    operands: { d: fprBits(width, 'w'), m: memOffset(width / 8, 'r') },
    sem: ({ d, m }) => d.write(m.value),
    ref: manual(ref),
  }),
  inst({
    id: `rv64.${save}.fm.${width}`,
    syntax: `${save} {s}, {m}`,
    operands: { s: fprBits(width, 'r'), m: memOffset(width / 8, 'w') },
    sem: ({ s, m }) => m.write(s.value),
    ref: manual(ref),
  }),
  inst({
    id: `rv64.${load}.fsr.${width}`,
    syntax: `${load} {d}, {m}, {t}`,
    operands: { d: fprBits(width, 'w'), m: memSymbol(width / 8, 'r'), t: gprNotZero('w') },
    sem: ({ d, m, t }, state) => [d.write(m.value), t.write(state.undefined(64, TEMPORARY))],
    ref: manual('25.1'),
  }),
  inst({
    id: `rv64.${save}.fsr.${width}`,
    syntax: `${save} {s}, {m}, {t}`,
    operands: { s: fprBits(width, 'r'), m: memSymbol(width / 8, 'w'), t: gprNotZero('w') },
    sem: ({ s, m, t }, state) => [m.write(s.value), t.write(state.undefined(64, TEMPORARY))],
    ref: manual('25.1'),
  }),
];

/**
 * Addresses. `la` loads the address from the global offset table where the file is position-independent, and so takes
 * no offset; `lla` always computes it. `la.tls.ie` gives the offset of a thread-local symbol from the thread pointer.
 */
const addresses: readonly InstDef[] = [
  inst({
    id: 'rv64.la.rl.64',
    syntax: 'la {d}, {l}',
    operands: { d: gprNotZero('w'), l: label({ offset: false }) },
    sem: ({ d, l }) => d.write(l.value),
    ref: manual('25.1'),
  }),
  inst({
    id: 'rv64.lla.rl.64',
    syntax: 'lla {d}, {l}',
    operands: { d: gprNotZero('w'), l: label({ offset: true }) },
    sem: ({ d, l }) => d.write(l.value),
    ref: manual('25.1'),
  }),
  inst({
    id: 'rv64.la_tls_ie.rl.64',
    syntax: 'la.tls.ie {d}, {l}',
    operands: { d: gprNotZero('w'), l: label({ offset: false }) },
    sem: ({ d, l }) => {
      const name = l.operand.kind === 'imm' ? l.operand.value.plus : undefined;
      return name === undefined ? [] : d.write(threadOffset(name));
    },
    ref: 'RISC-V ELF psABI 8.5.2',
  }),
];

export const memoryForms: readonly InstDef[] = [
  ...loads.flatMap(loadForms),
  ...stores.flatMap(storeForms),
  ...floats.flatMap(floatForms),
  ...addresses,
];
