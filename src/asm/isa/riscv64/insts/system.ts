// SPDX-License-Identifier: MIT
import { type InstDef, inst } from '../../define.ts';
import { set } from '../../effect.ts';
import { word } from '../../operand-kinds.ts';
import { gpr } from '../operands.ts';
import { manual, needs } from './common.ts';

/** Fences, hints, and the exception flags of floating point (chapters 2.7, 3, 11.2). */

/** One thread is seen, so fences order nothing that shows; code does not write itself. */
const nothing = (name: string, ref: string, feature?: string): InstDef =>
  inst({
    id: `rv64.${name.replaceAll('.', '_')}.none.64`,
    syntax: name,
    operands: {},
    sem: () => [],
    ref: manual(ref),
    ...needs(feature),
  });

/** The nonempty sets of device input, device output, reads and writes, each in that order. */
const accesses = Array.from({ length: 15 }, (_, i) => [...'iorw'].filter((_, k) => ((i + 1) >> k) & 1).join(''));

/**
 * The exception flags are not modelled: compilers save and restore them around a comparison, and what is read of them
 * is any value.
 */
const FLAGS = 'floating-point exception flags';
const flags: readonly InstDef[] = [
  inst({
    id: 'rv64.frflags.r.64',
    syntax: 'frflags {d}',
    operands: { d: gpr('w') },
    sem: ({ d }, state) => d.write(state.undefined(64, FLAGS)),
    ref: manual('11.2'),
  }),
  inst({
    id: 'rv64.fsflags.r.64',
    syntax: 'fsflags {s}',
    operands: { s: gpr('r') },
    sem: () => [],
    ref: manual('11.2'),
  }),
];

/** A system call of Linux: the number in a7, arguments from a0 on, the answer in a0. All other registers come back. */
const calls: readonly InstDef[] = [
  inst({
    id: 'rv64.ecall.none.64',
    syntax: 'ecall',
    aliases: ['scall'],
    operands: {},
    sem: (_, state) => [
      set('x10', state.undefined(64, 'x10')),
      {
        kind: 'system',
        number: state.get('x17'),
        arguments: ['x10', 'x11', 'x12', 'x13', 'x14', 'x15'].map((loc) => state.get(loc)),
        result: 'x10',
      },
    ],
    ref: manual('2.8'),
  }),
];

export const systemForms: readonly InstDef[] = [
  nothing('nop', '2.4'),
  nothing('fence', '2.7'),
  nothing('fence.tso', '2.7'),
  nothing('fence.i', '3'),
  nothing('pause', '4', 'zihintpause'),
  inst({
    id: 'rv64.fence.ww.64',
    syntax: 'fence {before}, {after}',
    operands: { before: word('accesses', accesses), after: word('accesses', accesses) },
    sem: () => [],
    ref: manual('2.7'),
  }),
  ...flags,
  ...calls,
];

const CSR = 'control and status registers are not modelled';
const PRIVILEGED = 'it concerns the operating system, or a state that programs share with it';
const COMPRESSED = 'write the instruction without c.: the assembler compresses it by itself';

const csr = ['csrr', 'csrw', 'csrs', 'csrc', 'csrwi', 'csrsi', 'csrci', 'csrrw', 'csrrs', 'csrrc', 'csrrwi', 'csrrsi'];
const moreCsr = ['csrrci', 'frcsr', 'fscsr', 'frrm', 'fsrm', 'fsrmi', 'fsflagsi', 'rdcycle', 'rdtime', 'rdinstret'];
const privileged = ['wfi', 'mret', 'sret', 'uret', 'dret', 'sfence.vma', 'sfence.vm', 'hfence.vvma', 'hfence.gvma'];
const compressed = [
  ...['nop', 'addi', 'li', 'lui', 'mv', 'add', 'sub', 'and', 'or', 'xor', 'andi', 'slli', 'srli', 'srai', 'addw'],
  ...['subw', 'addiw', 'addi16sp', 'addi4spn', 'lw', 'sw', 'ld', 'sd', 'lwsp', 'swsp', 'ldsp', 'sdsp', 'fld', 'fsd'],
  ...['fldsp', 'fsdsp', 'j', 'jr', 'jalr', 'beqz', 'bnez', 'ebreak', 'unimp'],
].map((name) => `c.${name}`);

/** Mnemonics that are known and refused, with the reason. */
export const unsupportedMnemonics: ReadonlyMap<string, string> = new Map([
  ...[...csr, ...moreCsr].map((m) => [m, CSR] as const),
  ...privileged.map((m) => [m, PRIVILEGED] as const),
  ...compressed.map((m) => [m, COMPRESSED] as const),
  ['la.tls.gd', 'dynamic thread-local storage is not supported: compile with -ftls-model=initial-exec'],
]);
