// SPDX-License-Identifier: MIT
import { assert } from '../../base/assert.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Span } from '../../base/source.ts';
import { type Constraint, constraintOf } from './constraints.ts';
import type { Inst, InstDef, OperandKind } from './define.ts';
import { type Bare, isTextKind } from './kind.ts';
import type { Operand } from './operand.ts';
import { isScanError, type ScanError } from './scan.ts';

/**
 * Instructions as GNU as text, where it is a mnemonic and then operands between commas: AArch64 and RISC-V.
 *
 * Which alias is a form of its own? One whose operands differ from those of the instruction it stands for (`cmp x0, x1`
 * is `subs xzr, x0, x1`; `cset`, `lsl x0, x1, #3`, `mov`). It is read, kept and printed as it was written. A mnemonic
 * with the very same operands and meaning is only another spelling (`b.hs` of `b.cs`, `beq` of `b.eq`, `lslv` of
 * `lsl`): it stands in the form's `aliases`, and the canonical one is printed.
 *
 * The forms of a mnemonic are tried in the order of their declaration. Where two take the same operands, they mean the
 * same (`add x0, x1, x2` as a shifted and as an extended register).
 */
export interface Syntax {
  readInst(text: string, span: Span): Inst | Diagnostic;
  printInst(inst: Inst): string;
}

interface Candidate {
  readonly def: InstDef;
  readonly kinds: readonly OperandKind[];
  readonly constraint: Constraint | undefined;
}

interface Mnemonic {
  readonly candidates: readonly Candidate[];
  readonly bare: readonly Bare[];
}

/** What an instruction set adds. */
export interface SyntaxSpec {
  readonly forms: readonly InstDef[];
  /** Mnemonics that are known, and refused, with the reason. */
  readonly unsupported: ReadonlyMap<string, string>;
  /** Whether mnemonics may be written in upper case. */
  readonly anyCase: boolean;
  /** The operands of `text` from index `from` to its end. `bare` says per position what a word is. */
  scan(text: string, from: number, bare: readonly Bare[]): readonly Operand[] | ScanError;
  print(operand: Operand): string;
  /** Asked where no form takes the operands: whether they are known, and refused. */
  refusal(mnemonic: string, operands: readonly Operand[]): Refusal | undefined;
}

export interface Refusal {
  readonly message: string;
  readonly note: string;
}

export function makeSyntax(spec: SyntaxSpec): Syntax {
  const { forms, unsupported } = spec;
  // Made when first needed: most runs need two of the machines.
  let mnemonics: Map<string, Mnemonic> | undefined;
  const printers = new Map<InstDef, (ops: readonly Operand[]) => string>();

  function readInst(text: string, span: Span): Inst | Diagnostic {
    let start = 0;
    while (isBlank(text.charCodeAt(start))) start++;
    let end = start;
    let upper = false;
    for (;;) {
      const c = text.charCodeAt(end);
      if (Number.isNaN(c) || isBlank(c)) break;
      if (c >= 65 && c <= 90) upper = true;
      end++;
    }
    const written = text.slice(start, end);
    const name = upper && spec.anyCase ? written.toLowerCase() : written;
    mnemonics ??= tableOf(forms);
    const mnemonic = mnemonics.get(name);
    if (mnemonic === undefined) return unknown(name, unsupported, part(span, start, end));
    const ops = spec.scan(text, end, mnemonic.bare);
    if (isScanError(ops)) {
      const at = part(span, ops.at, ops.at + 1);
      return ops.advice === undefined
        ? error('V0103', ops.error, at)
        : error('V0201', ops.error, at, 'unsupported', [ops.advice]);
    }
    for (const c of mnemonic.candidates) {
      if (!takes(c.kinds, ops)) continue;
      const failure = c.constraint?.(ops);
      if (failure === undefined) return { def: c.def, ops, span };
      if (failure.kind === 'unpredictable') {
        const notes = ['the manual calls this unpredictable: it has no one meaning'];
        return error('V0201', failure.message, part(span, start, text.length), 'unsupported', notes);
      }
      return error('V0103', failure.message, part(span, start, text.length));
    }
    return mismatch(spec, name, mnemonic, ops, part(span, end + 1, text.length));
  }

  function printInst(inst: Inst): string {
    let print = printers.get(inst.def);
    if (print === undefined) {
      print = printerOf(inst.def, spec.print);
      printers.set(inst.def, print);
    }
    return print(inst.ops);
  }

  return { readInst, printInst };
}

const isBlank = (c: number): boolean => c === 32 || c === 9;

function takes(kinds: readonly OperandKind[], ops: readonly Operand[]): boolean {
  if (kinds.length !== ops.length) return false;
  for (let i = 0; i < ops.length; i++) {
    const op = ops[i];
    const k = kinds[i];
    if (op === undefined || k === undefined || !k.accepts(op)) return false;
  }
  return true;
}

const mnemonicOf = (def: InstDef): string => def.syntax.split(' ', 1)[0] ?? '';

function tableOf(forms: readonly InstDef[]): Map<string, Mnemonic> {
  const table = new Map<string, { candidates: Candidate[]; bare: Bare[] }>();
  const ids = new Set<string>();
  for (const def of forms) {
    assert(!ids.has(def.id), `two forms have the id ${def.id}`);
    ids.add(def.id);
    const kinds = def.operands.map(([, k]) => k);
    for (const name of [mnemonicOf(def), ...def.aliases]) {
      let entry = table.get(name);
      if (entry === undefined) {
        entry = { candidates: [], bare: [] };
        table.set(name, entry);
      }
      entry.candidates.push({ def, kinds, constraint: constraintOf(def) });
      kinds.forEach((k, i) => {
        const bare = isTextKind(k) ? k.bare : 'register';
        if (bare !== 'register' || entry.bare[i] === undefined) entry.bare[i] = bare;
      });
    }
  }
  return table;
}

/** `add {d}, {n}, {m}`: the mnemonic and the operands in their order. */
function printerOf(def: InstDef, print: SyntaxSpec['print']): (ops: readonly Operand[]) => string {
  const expected = def.operands.map(([name]) => `{${name}}`).join(', ');
  const name = mnemonicOf(def);
  const written = def.syntax.slice(name.length).trim();
  assert(written === expected, `${def.id}: the syntax '${def.syntax}' does not list its operands in order`);
  return (ops) => {
    let out = name;
    for (let i = 0; i < ops.length; i++) {
      const op = ops[i];
      if (op !== undefined) out += (i === 0 ? ' ' : ', ') + print(op);
    }
    return out;
  };
}

function part(span: Span, start: number, end: number): Span {
  return {
    file: span.file,
    line: span.line,
    column: span.column + start,
    endColumn: span.column + Math.max(end, start + 1),
  };
}

function error(
  code: string,
  message: string,
  span: Span,
  kind: Diagnostic['kind'] = 'input',
  notes?: readonly string[],
): Diagnostic {
  const d: Diagnostic = { severity: 'error', kind, code, message, span };
  return notes === undefined ? d : { ...d, notes };
}

function unknown(name: string, unsupported: ReadonlyMap<string, string>, span: Span): Diagnostic {
  const reason = unsupported.get(name);
  if (reason !== undefined) return error('V0201', `'${name}' is not supported`, span, 'unsupported', [reason]);
  return error('V0101', `unknown instruction '${name}'`, span);
}

/** Why no form takes the operands: a value is out of range (V0103), or they are of the wrong sorts (V0102). */
function mismatch(spec: SyntaxSpec, name: string, mnemonic: Mnemonic, ops: readonly Operand[], span: Span): Diagnostic {
  const refusal = spec.refusal(name, ops);
  if (refusal !== undefined) return error('V0201', refusal.message, span, 'unsupported', [refusal.note]);
  for (const { kinds } of mnemonic.candidates) {
    if (kinds.length !== ops.length) continue;
    let misfit: { readonly index: number; readonly expects: string } | undefined;
    const sorted = ops.every((op, i) => {
      const k = kinds[i];
      if (k === undefined) return false;
      if (k.accepts(op)) return true;
      if (!isTextKind(k) || !k.isSort(op)) return false;
      misfit ??= { index: i, expects: k.expects };
      return true;
    });
    if (sorted && misfit !== undefined) {
      const op = ops[misfit.index];
      const what = op === undefined ? '' : spec.print(op);
      return error('V0103', `operand ${misfit.index + 1} of '${name}', ${what}, is out of range`, span, 'input', [
        `expected ${misfit.expects}`,
      ]);
    }
  }
  const forms = mnemonic.candidates.map(({ kinds }) => `${name} ${kinds.map((k) => k.name).join(', ')}`.trim());
  const shown = [...new Set(forms)];
  return error('V0102', `'${name}' does not take these operands`, span, 'input', [
    `it takes: ${shown.slice(0, 6).join('; ')}${shown.length > 6 ? '; ...' : ''}`,
  ]);
}
