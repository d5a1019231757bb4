// SPDX-License-Identifier: MIT
import { add, and, bv, low, neg, sext } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst } from '../../define.ts';
import type { TextKind } from '../../kind.ts';
import { gpr } from '../operands.ts';

/** What several families of instructions share. `manual` is a section of the RISC-V Instruction Set Manual, volume I. */

export const manual = (section: string): string => `RISC-V ISA I ${section}`;

/** Mnemonics have dots, and the parts of an id are divided by dots. */
export const idName = (mnemonic: string): string => mnemonic.replaceAll('.', '_');

/** A subtraction as a sum, so that both normalise alike. */
export const minus = (a: Term, b: Term): Term => add(a, neg(b));

/** A meaning over 32 bits as one over 64: operands are cut, the result is sign-extended. */
export const onWords =
  (f: (a: Term, b: Term) => Term) =>
  (a: Term, b: Term): Term =>
    sext(f(low(a, 32), low(b, 32)), 64);

/** A shift or rotation by the low bits of its second operand. */
export const masked =
  (f: (a: Term, count: Term) => Term) =>
  (a: Term, count: Term): Term =>
    f(a, and(count, bv(a.width, a.width - 1)));

export type Binary = (a: Term, b: Term) => Term;

/** What a form needs beyond the baseline, as properties of its declaration. */
export const needs = (feature: string | undefined): { readonly feature?: string } =>
  feature === undefined ? {} : { feature };

interface Family {
  readonly name: string;
  readonly width: 32 | 64;
  readonly f: Binary;
  readonly ref: string;
  readonly feature?: string;
}

/** `name d, n, m` */
export function registerForm({ name, width, f, ref, feature }: Family): InstDef {
  return inst({
    id: `rv64.${idName(name)}.rrr.${width}`,
    syntax: `${name} {d}, {n}, {m}`,
    operands: { d: gpr('w'), n: gpr('r'), m: gpr('r') },
    sem: ({ d, n, m }) => d.write(f(n.value, m.value)),
    ref: manual(ref),
    ...needs(feature),
  });
}

/** `name d, n, imm`, which may also be written with the name of the form that takes registers. */
export function immediateForm({ name, width, f, ref, feature }: Family, imm: TextKind, alias?: string): InstDef {
  return inst({
    id: `rv64.${idName(name)}.rri.${width}`,
    syntax: `${name} {d}, {n}, {imm}`,
    aliases: alias === undefined ? [] : [alias],
    operands: { d: gpr('w'), n: gpr('r'), imm },
    sem: ({ d, n, imm: i }) => d.write(f(n.value, sext(i.value, 64))),
    ref: manual(ref),
    ...needs(feature),
  });
}

/** `name d, n` */
export function unaryForm(name: string, width: 32 | 64, f: (a: Term) => Term, ref: string, feature?: string): InstDef {
  return inst({
    id: `rv64.${idName(name)}.rr.${width}`,
    syntax: `${name} {d}, {n}`,
    operands: { d: gpr('w'), n: gpr('r') },
    sem: ({ d, n }) => d.write(f(n.value)),
    ref: manual(ref),
    ...needs(feature),
  });
}
