// SPDX-License-Identifier: MIT
import type { Diagnostics } from '../../base/diagnostic.ts';
import type { Span } from '../../base/source.ts';
import { isNumericReference, isSymbolPart } from '../isa/expression.ts';
import type { Expr, Operand } from '../isa/operand.ts';
import type { AsmFile, DirectiveStatement, InstStatement, Statement } from './ast.ts';
import { DIRECTIVES } from './directives.ts';
import { endOfCharacter, endOfString } from './strings.ts';

/**
 * Gives every numeric label (`1:`) a name of its own and every reference to one (`1b`, `1f`) that name, so that later
 * rooms see only named labels. The names begin with `.L`, so they are as local as the numbers were. Files without
 * numeric labels come back as they are. References to labels that do not exist are errors.
 */
export function resolveLocal(file: AsmFile, diagnostics: Diagnostics): AsmFile {
  const labels = collect(file.statements);
  if (labels.byNumber.size === 0 && !file.statements.some(mentionsNumeric)) return file;
  const resolver = new Resolver(labels, diagnostics);
  return { ...file, statements: file.statements.map((s, i) => resolver.statement(s, i)) };
}

interface NumericLabels {
  /** The indexes of the statements that define each number, rising. */
  readonly byNumber: ReadonlyMap<string, readonly number[]>;
  /** What the new names begin with: nothing in the file does. */
  readonly prefix: string;
}

function collect(statements: readonly Statement[]): NumericLabels {
  const byNumber = new Map<string, number[]>();
  const taken = new Set<string>();
  statements.forEach((s, i) => {
    if (s.kind === 'assign' || (s.kind === 'label' && !isNumber(s.name))) {
      if (s.name.startsWith('.Ln')) taken.add(s.name.replace(/_.*/, '_'));
    } else if (s.kind === 'label') {
      const number = canonical(s.name);
      const list = byNumber.get(number);
      if (list === undefined) byNumber.set(number, [i]);
      else list.push(i);
    }
  });
  let prefix = '.Ln_';
  for (let k = 0; taken.has(prefix); k++) prefix = `.Ln${k}_`;
  return { byNumber, prefix };
}

class Resolver {
  private readonly labels: NumericLabels;
  private readonly diagnostics: Diagnostics;

  constructor(labels: NumericLabels, diagnostics: Diagnostics) {
    this.labels = labels;
    this.diagnostics = diagnostics;
  }

  statement(s: Statement, index: number): Statement {
    switch (s.kind) {
      case 'label':
        return isNumber(s.name) ? { ...s, name: this.nameOf(canonical(s.name), index) } : s;
      case 'inst':
        return this.inst(s, index);
      case 'directive':
        return this.directive(s, index);
      case 'assign':
        return { ...s, value: this.text(s.value, index, s.span) };
      case 'comment':
        return s;
    }
  }

  private inst(s: InstStatement, index: number): Statement {
    if (!s.inst.ops.some(mentions)) return s;
    const ops = s.inst.ops.map((o) => this.operand(o, index, s.span));
    return { ...s, inst: { ...s.inst, ops } };
  }

  private operand(o: Operand, index: number, span: Span): Operand {
    if (o.kind === 'imm') return { ...o, value: this.expr(o.value, index, span) };
    if (o.kind === 'mem') return { ...o, disp: this.expr(o.disp, index, span) };
    return o;
  }

  private expr(e: Expr, index: number, span: Span): Expr {
    const plus = e.plus === undefined ? {} : { plus: this.name(e.plus, index, span) };
    const minus = e.minus === undefined ? {} : { minus: this.name(e.minus, index, span) };
    return { ...e, ...plus, ...minus };
  }

  private directive(s: DirectiveStatement, index: number): Statement {
    if (!mentionsNumeric(s)) return s;
    const args = s.args.map((a) => this.text(a, index, s.span));
    if (s.values === undefined) return { ...s, args };
    // The text has already been complained of where it refers to nothing.
    const quiet = new Resolver(this.labels, { list: [], hasErrors: false, add: () => {} });
    const values = s.values.map((v) => (v === undefined ? v : quiet.expr(v, index, s.span)));
    return { ...s, args, values };
  }

  private text(text: string, index: number, span: Span): string {
    return replaceWords(text, (word) => (isNumericReference(word) ? this.name(word, index, span) : word));
  }

  /** The new name for a reference, or the name itself where it is no numeric reference. */
  private name(reference: string, index: number, span: Span): string {
    if (!isNumericReference(reference)) return reference;
    const number = canonical(reference.slice(0, -1));
    const found = find(this.labels.byNumber.get(number) ?? [], index, reference.endsWith('b'));
    if (found !== undefined) return this.nameOf(number, found);
    const where = reference.endsWith('b') ? 'before' : 'after';
    const message = `there is no label '${number}:' ${where} this use of '${reference}'`;
    this.diagnostics.add({ severity: 'error', kind: 'input', code: 'V0118', message, span });
    return reference;
  }

  private nameOf(number: string, index: number): string {
    return `${this.labels.prefix}${number}_${index}`;
  }
}

/** The last of the rising `places` that is at most `index`, or the first behind it. */
function find(places: readonly number[], index: number, backward: boolean): number | undefined {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? 0) <= index) low = middle + 1;
    else high = middle;
  }
  return backward ? places[low - 1] : places[low];
}

const WITHOUT_SYMBOLS = new Set(['section', 'debug', 'string', 'float', 'other', 'machine', 'syntax', 'listing']);

function mentionsNumeric(s: Statement): boolean {
  if (s.kind === 'inst') return s.inst.ops.some(mentions);
  if (s.kind === 'assign') return mentionsInText(s.value);
  if (s.kind !== 'directive' || WITHOUT_SYMBOLS.has(DIRECTIVES.get(s.name)?.kind ?? 'other')) return false;
  return s.args.some(mentionsInText);
}

function mentions(o: Operand): boolean {
  const e = o.kind === 'imm' ? o.value : o.kind === 'mem' ? o.disp : undefined;
  return (
    e !== undefined &&
    ((e.plus !== undefined && isNumericReference(e.plus)) || (e.minus !== undefined && isNumericReference(e.minus)))
  );
}

function mentionsInText(text: string): boolean {
  if (!/\d[bf]/.test(text)) return false;
  let found = false;
  replaceWords(text, (word) => {
    if (isNumericReference(word)) found = true;
    return word;
  });
  return found;
}

/** Replaces the symbols and numbers of an argument, leaving strings and character constants alone. */
function replaceWords(text: string, by: (word: string) => string): string {
  let out = '';
  let kept = 0;
  let i = 0;
  while (i < text.length) {
    const c = text.charCodeAt(i);
    if (c === 34) i = endOfString(text, i) ?? text.length;
    else if (c === 39) i = endOfCharacter(text, i);
    else if (isSymbolPart(c)) {
      const start = i;
      while (isSymbolPart(text.charCodeAt(i))) i++;
      const word = text.slice(start, i);
      const replaced = by(word);
      if (replaced !== word) {
        out += text.slice(kept, start) + replaced;
        kept = i;
      }
    } else i++;
  }
  return kept === 0 ? text : out + text.slice(kept);
}

function isNumber(name: string): boolean {
  const c = name.charCodeAt(0);
  return c >= 48 && c <= 57;
}

/** `01:` and `1:` are the same label. */
function canonical(number: string): string {
  return number.replace(/^0+(?=\d)/, '');
}
