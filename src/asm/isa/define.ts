// SPDX-License-Identifier: MIT
import type { Span } from '../../base/source.ts';
import type { Term } from '../../logic/term.ts';
import type { Effect, State } from './effect.ts';
import type { Operand } from './operand.ts';

export type Access = 'r' | 'w' | 'rw';

/** One operand as an instruction's meaning sees it: a value to read and a place to write. */
export interface View {
  /** In bits: of the value read or written, not of the location behind it. */
  readonly width: number;
  readonly operand: Operand;
  /** The value before the instruction. A memory operand loads each time this is read: read it once. */
  readonly value: Term;
  /** The address of a memory operand. */
  readonly address: Term;
  /** The effects of writing `value` (of `width` bits) here: zeroing, merging or storing as this ISA does it. */
  write(value: Term): Effect[];
}

/** What an operand position accepts and how it is read and written. */
export interface OperandKind {
  /** For `vouch explain` and error messages: `r32`, `m64`, `imm12`. */
  readonly name: string;
  readonly width: number;
  readonly access: Access;
  /** Two kinds at the same position of forms of one mnemonic must not both accept the same operand. */
  accepts(operand: Operand): boolean;
  view(operand: Operand, state: State): View;
}

export type Views<O extends string> = { readonly [K in O]: View };

/**
 * An instruction, declared once. Everything else (reader, printer, prover, runner, liveness, coverage, fuzzers)
 * derives from this.
 */
export interface InstDef {
  /** `<isa>.<mnemonic>.<form>.<width>`; never changes: it is a report key, a coverage key and an argument. */
  readonly id: string;
  /** The canonical mnemonic with its operands in the manual's order: `add {d}, {n}, {m}`. See each ISA's syntax.ts. */
  readonly syntax: string;
  /** Other spellings that readers accept for the same form (mnemonics only). */
  readonly aliases: readonly string[];
  /** By name, in the manual's order (for x86: destination first). */
  readonly operands: readonly (readonly [name: string, kind: OperandKind])[];
  /** Pure: the effects over the state before the instruction. */
  readonly sem: (views: Views<string>, state: State, inst: Inst) => Effect[];
  /** Where the manual defines it. */
  readonly ref: string;
  /** An extension beyond the ISA's baseline that this form needs (`lse`); absent for the baseline. */
  readonly feature?: string;
}

/** An instruction of a program: a form and the operands that fill it, in the form's order. */
export interface Inst {
  readonly def: InstDef;
  readonly ops: readonly Operand[];
  readonly span?: Span;
}

export interface InstSpec<O extends string> {
  readonly id: string;
  readonly syntax: string;
  readonly aliases?: readonly string[];
  readonly operands: { readonly [K in O]: OperandKind };
  readonly sem: (views: Views<O>, state: State, inst: Inst) => (Effect | readonly Effect[])[];
  readonly ref: string;
  readonly feature?: string;
}

/** Declares one form. Calling the result builds an instruction: `add({ d, n, m })`. */
export interface Form<O extends string> extends InstDef {
  (operands: { readonly [K in O]: Operand }, span?: Span): Inst;
}

export function inst<O extends string>(spec: InstSpec<O>): Form<O> {
  const names = Object.keys(spec.operands) as O[];
  const build = (operands: { readonly [K in O]: Operand }, span?: Span): Inst => {
    const ops = names.map((n) => operands[n]);
    return span === undefined ? { def: form, ops } : { def: form, ops, span };
  };
  const form: Form<O> = Object.assign(build, {
    id: spec.id,
    syntax: spec.syntax,
    aliases: spec.aliases ?? [],
    operands: names.map((n) => [n, spec.operands[n]] as const),
    sem: (views: Views<string>, state: State, i: Inst) => spec.sem(views as Views<O>, state, i).flat(),
    ref: spec.ref,
    ...(spec.feature === undefined ? {} : { feature: spec.feature }),
  });
  return form;
}

/** The effects of one instruction over `state`. */
export function effectsOf(i: Inst, state: State): Effect[] {
  const views: Record<string, View> = {};
  i.def.operands.forEach(([name, kind], index) => {
    const operand = i.ops[index];
    if (operand !== undefined) views[name] = kind.view(operand, state);
  });
  return i.def.sem(views, state, i);
}
