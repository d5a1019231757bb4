// SPDX-License-Identifier: MIT
import { bit, bv, concat, extract } from '../../../../logic/build.ts';
import { assume } from '../../assumptions.ts';
import { type InstDef, inst } from '../../define.ts';
import { set } from '../../effect.ts';
import { immRange, word } from '../../operand-kinds.ts';
import { setFlags } from '../flags.ts';
import { gpr, label } from '../operands.ts';

/** Addresses, hints, barriers and system registers (Arm ARM C3.1.4, C3.3.5, C5.2). */

/** `adr` gives the address, `adrp` the start of the 4096 bytes it lies in. */
const addresses: readonly InstDef[] = [
  inst({
    id: 'a64.adr.rl.64',
    syntax: 'adr {d}, {l}',
    operands: { d: gpr(64, 'w'), l: label() },
    sem: ({ d, l }) => d.write(l.value),
    ref: 'Arm ARM C6.2.10',
  }),
  inst({
    id: 'a64.adrp.rl.64',
    syntax: 'adrp {d}, {l}',
    operands: { d: gpr(64, 'w'), l: label(['got', 'gottprel', 'tlsdesc', 'pg_hi21']) },
    sem: ({ d, l }) => d.write(concat(extract(l.value, 63, 12), bv(12, 0))),
    ref: 'Arm ARM C6.2.11',
  }),
];

const hints = ['nop', 'yield', 'wfe', 'wfi', 'sev', 'sevl', 'csdb', 'esb', 'clrex'];
/** Signing and authenticating the link register; plain hints where pointer authentication is not enabled. */
const signings = ['paciasp', 'autiasp', 'pacibsp', 'autibsp', 'paciaz', 'autiaz', 'pacibz', 'autibz', 'xpaclri'];

const nothing = (name: string): InstDef =>
  inst({ id: `a64.${name}.none.64`, syntax: name, operands: {}, sem: () => [], ref: 'Arm ARM C6.2.105' });

const barriers = ['sy', 'st', 'ld', 'ish', 'ishst', 'ishld', 'nsh', 'nshst', 'nshld', 'osh', 'oshst', 'oshld'];

/** One thread is seen, so barriers order nothing that shows. */
const quiet: readonly InstDef[] = [
  ...hints.map(nothing),
  ...signings.map((name) => assume(nothing(name), 'pointer-authentication-off')),
  assume(
    inst({
      id: 'a64.hint.i.64',
      syntax: 'hint {imm}',
      operands: { imm: immRange('imm7', 8, 0, 127) },
      sem: () => [],
      ref: 'Arm ARM C6.2.105',
    }),
    'pointer-authentication-off',
  ),
  nothing('bti'),
  inst({
    id: 'a64.bti.w.64',
    syntax: 'bti {targets}',
    operands: { targets: word('targets', ['c', 'j', 'jc']) },
    sem: () => [],
    ref: 'Arm ARM C6.2.42',
  }),
  ...['dmb', 'dsb'].map((name) =>
    inst({
      id: `a64.${name}.w.64`,
      syntax: `${name} {option}`,
      operands: { option: word('barrier', barriers) },
      sem: () => [],
      ref: name === 'dmb' ? 'Arm ARM C6.2.84' : 'Arm ARM C6.2.87',
    }),
  ),
  nothing('isb'),
  inst({
    id: 'a64.isb.w.64',
    syntax: 'isb {option}',
    operands: { option: word('barrier', ['sy']) },
    sem: () => [],
    ref: 'Arm ARM C6.2.107',
  }),
];

const THREAD = 'tpidr_el0';

const registers: readonly InstDef[] = [
  inst({
    id: 'a64.mrs.r_tpidr.64',
    syntax: 'mrs {t}, {s}',
    operands: { t: gpr(64, 'w'), s: word(THREAD, [THREAD]) },
    sem: ({ t }, state) => t.write(state.get(THREAD)),
    ref: 'Arm ARM C6.2.227',
  }),
  inst({
    id: 'a64.msr.tpidr_r.64',
    syntax: 'msr {s}, {t}',
    operands: { s: word(THREAD, [THREAD]), t: gpr(64, 'r') },
    sem: ({ t }) => [set(THREAD, t.value)],
    ref: 'Arm ARM C6.2.229',
  }),
  inst({
    id: 'a64.mrs.r_nzcv.64',
    syntax: 'mrs {t}, {s}',
    operands: { t: gpr(64, 'w'), s: word('nzcv', ['nzcv']) },
    sem: ({ t }, state) =>
      t.write(concat(bv(32, 0), state.get('n'), state.get('z'), state.get('c'), state.get('v'), bv(28, 0))),
    ref: 'Arm ARM C5.2.10',
  }),
  inst({
    id: 'a64.msr.nzcv_r.64',
    syntax: 'msr {s}, {t}',
    operands: { s: word('nzcv', ['nzcv']), t: gpr(64, 'r') },
    sem: ({ t }) => {
      const value = t.value;
      return setFlags({ n: bit(value, 31), z: bit(value, 30), c: bit(value, 29), v: bit(value, 28) });
    },
    ref: 'Arm ARM C5.2.10',
  }),
];

/** A system call of Linux, which takes no notice of the immediate. Condition codes and all other registers come back. */
const calls: readonly InstDef[] = [
  inst({
    id: 'a64.svc.i.64',
    syntax: 'svc {imm}',
    operands: { imm: immRange('imm16', 16, 0, 65535) },
    sem: (_, state) => [
      set('x0', state.undefined(64, 'x0')),
      {
        kind: 'system',
        number: state.get('x8'),
        arguments: ['x0', 'x1', 'x2', 'x3', 'x4', 'x5'].map((loc) => state.get(loc)),
        result: 'x0',
      },
    ],
    ref: 'Arm ARM C6.2.366',
  }),
];

export const systemForms: readonly InstDef[] = [...addresses, ...quiet, ...registers, ...calls];

const privileged = 'it concerns the operating system, or a state that programs share with it';
const authenticated = 'pointer authentication other than the hints is not modelled';

/** Mnemonics that are known and refused, with the reason. */
export const unsupportedMnemonics: ReadonlyMap<string, string> = new Map([
  ...['hvc', 'smc', 'eret', 'hlt', 'dcps1', 'dcps2', 'dcps3', 'drps'].map((m) => [m, privileged] as const),
  ...['sys', 'sysl', 'at', 'tlbi', 'ic'].map((m) => [m, privileged] as const),
  ['dc', 'cache maintenance, and dc zva with its machine-dependent block size, are not modelled'],
  ...['ldtr', 'ldtrb', 'ldtrh', 'ldtrsb', 'ldtrsh', 'ldtrsw', 'sttr', 'sttrb', 'sttrh'].map(
    (m) => [m, 'unprivileged accesses are made by operating systems'] as const,
  ),
  ...['pacia', 'pacib', 'pacda', 'pacdb', 'autia', 'autib', 'autda', 'autdb', 'xpaci', 'xpacd', 'pacga'].map(
    (m) => [m, authenticated] as const,
  ),
  ...['retaa', 'retab', 'braa', 'brab', 'blraa', 'blrab', 'ldraa', 'ldrab'].map((m) => [m, authenticated] as const),
]);
