// SPDX-License-Identifier: MIT
import type { Diagnostic, Diagnostics } from '../../base/diagnostic.ts';
import type { SourceText, Span } from '../../base/source.ts';
import type { Inst } from '../isa/define.ts';
import { isSymbolPart, isSymbolStart } from '../isa/expression.ts';
import { type Dialect, type Isa, isDiagnostic } from '../isa/isa.ts';
import type { AsmFile, DirectiveStatement, Statement } from './ast.ts';
import { checkText, wrongMachine } from './check-text.ts';
import { type DirectiveInfo, type DirectiveKind, directiveOf } from './directives.ts';
import { expand } from './expand.ts';
import { checkArgs, isValue, normaliseArgs, readValues, syntaxChange, unknownDirective } from './read-directive.ts';
import { Scanner } from './scan.ts';
import { endOfString, symbolName } from './strings.ts';

export interface ReadOptions {
  /** Reading stops after this many errors; 100 when absent. */
  readonly maxErrors?: number;
}

/**
 * Reads GNU assembler text, as gcc and clang write it, in one pass and in linear time. Every statement keeps its exact
 * span. Errors are collected in `diagnostics`, never thrown; statements with errors are left out of the result, which
 * therefore must not be used when there are any.
 */
export function readAsm(source: SourceText, isa: Isa, diagnostics: Diagnostics, options: ReadOptions = {}): AsmFile {
  const refusal = checkText(source);
  if (refusal !== undefined) {
    diagnostics.add(refusal);
    return { file: source.file, isa, statements: [] };
  }
  const expanded = expand(source, isa);
  if (expanded !== undefined && expanded.problems.length > 0) {
    for (const d of expanded.problems) diagnostics.add(d);
    return { file: source.file, isa, statements: [] };
  }
  const given = expanded === undefined ? source : { file: source.file, text: expanded.text };
  const reader = new Reader(given, isa, options.maxErrors ?? 100, expanded?.lines);
  reader.run();
  for (const d of reader.finish()) diagnostics.add(d);
  return { file: source.file, isa, statements: reader.statements };
}

const NEWLINE = 10;
const X86_PREFIXES = new Set(['lock', 'rep', 'repe', 'repz', 'repne', 'repnz', 'data16', 'rex64']);
/** Bounds the memory that the caches of instructions and directives take. */
const MAX_CACHED = 1 << 16;
const MAX_CACHED_LENGTH = 100;
/** Directives that the reader need not look at twice. */
const WITHOUT_EFFECT: ReadonlySet<DirectiveKind> = new Set([
  'data',
  'leb',
  'align',
  'section',
  'symbol',
  'string',
  'fill',
]);

class Reader extends Scanner {
  readonly statements: Statement[] = [];
  private readonly isa: Isa;
  private readonly maxErrors: number;
  private dialect: Dialect;
  private readonly found: Diagnostic[] = [];
  private errors = 0;
  private instCount = 0;
  private instErrors = 0;
  /** Instructions already read, by their text, for each dialect: programs repeat themselves. */
  private readonly caches: { readonly [K in Dialect]: Map<string, Inst> } = {
    att: new Map(),
    intel: new Map(),
    gnu: new Map(),
  };
  private readonly directives = new Map<string, Omit<DirectiveStatement, 'span'>>();
  private prefix: { readonly text: string; readonly span: Span } | undefined;
  private openCfi: Span | undefined;
  private ended = false;

  constructor(source: SourceText, isa: Isa, maxErrors: number, origins: readonly (number | Span)[] | undefined) {
    super(source, isa.comment.includes('//'), origins);
    this.isa = isa;
    this.maxErrors = maxErrors;
    this.dialect = isa.dialects.includes('att') ? 'att' : 'gnu';
  }

  run(): void {
    const { text } = this;
    const length = text.length;
    if (text.charCodeAt(0) === 0xfeff) this.pos = 1;
    let countAtLine = 0;
    while (this.pos < length && this.errors < this.maxErrors && !this.ended) {
      const c = text.charCodeAt(this.pos);
      if (c === 32 || c === 9 || c === 13 || c === 12 || c === 59) {
        this.pos++;
      } else if (c === NEWLINE) {
        if (this.statements.length === countAtLine) this.comment(this.pos, this.pos);
        this.newline(this.pos++);
        countAtLine = this.statements.length;
      } else if (c === 35 || (c === 47 && this.beginsComment())) {
        this.readComment();
      } else {
        this.statement(c);
      }
    }
  }

  /** The diagnostics, after what can only be seen at the end of the file. */
  finish(): Diagnostic[] {
    this.flushPrefix();
    const elsewhere = wrongMachine(this.text, this.file, this.isa, this.instCount, this.instErrors);
    if (elsewhere !== undefined) return [elsewhere];
    if (this.errors >= this.maxErrors) {
      this.found.push({
        severity: 'note',
        kind: 'input',
        code: 'V0115',
        message: `stopped reading after ${this.errors} errors`,
        span: this.span(this.pos, this.pos),
      });
    } else if (this.openCfi !== undefined) {
      const notes = ['the file may have been cut off'];
      this.error('V0116', "'.cfi_startproc' has no '.cfi_endproc' before the end of the file", this.openCfi, notes);
    } else if (!this.text.endsWith('\n') && !this.ended) {
      return this.withoutLastNewline();
    }
    return this.found;
  }

  /** A file whose last line has no end: its errors there, if any, are likely because it was cut off. */
  private withoutLastNewline(): Diagnostic[] {
    const cut = 'the file ends in the middle of this line: it may have been cut off';
    const told = this.found.map((d) => (d.span?.line === this.line ? { ...d, notes: [...(d.notes ?? []), cut] } : d));
    if (told.some((d) => d.span?.line === this.line)) return told;
    const span = this.span(this.text.length, this.text.length);
    const message = 'the last line does not end';
    return [...told, { severity: 'warning', kind: 'input', code: 'V0117', message, span, notes: [cut] }];
  }

  private statement(first: number): void {
    const { text } = this;
    const start = this.pos;
    if (first === 34) {
      this.quotedLabel(start);
      return;
    }
    let end = start;
    while (isSymbolPart(text.charCodeAt(end))) end++;
    const next = this.afterBlanks(end);
    const after = text.charCodeAt(next);
    if (after === 58 && end > start) {
      this.label(start, end, next + 1);
      return;
    }
    if (after === 61 && isSymbolStart(first)) {
      this.assignment(start, end, next);
      return;
    }
    if (first === 46 && end > start + 1) {
      this.directive(start, end);
      return;
    }
    this.instruction(start);
  }

  /** Behind blanks and line ends that a backslash takes away. */
  private afterBlanks(from: number): number {
    const { text } = this;
    let at = from;
    for (;;) {
      const c = text.charCodeAt(at);
      if (c === 32 || c === 9) at++;
      else if (c === 92 && text.charCodeAt(at + 1) === 10) at += 2;
      else return at;
    }
  }

  private quotedLabel(start: number): void {
    const end = endOfString(this.text, start);
    if (end === undefined) {
      this.pos = this.lineEnd(start);
      this.unterminated(start);
      return;
    }
    const next = this.afterBlanks(end);
    const after = this.text.charCodeAt(next);
    if (after === 58) {
      this.label(start, end, next + 1);
      return;
    }
    if (after === 61) {
      this.assignment(start, end, next);
      return;
    }
    this.pos = this.endOfStatement(end);
    this.error('V0110', 'a statement cannot begin with a string', this.span(start, this.pos));
  }

  private label(start: number, end: number, next: number): void {
    this.pos = next;
    this.flushPrefix();
    const name = symbolName(this.text.slice(start, end));
    const span = this.span(start, end);
    const c = name.charCodeAt(0);
    if (c >= 48 && c <= 57 && !/^\d+$/.test(name)) this.error('V0110', `'${name}' is no label name`, span);
    else this.statements.push({ kind: 'label', name, span });
  }

  private assignment(start: number, end: number, equals: number): void {
    const once = this.text.charCodeAt(equals + 1) === 61;
    const from = equals + (once ? 2 : 1);
    const stop = this.endOfStatement(from);
    const span = this.span(start, this.trimmed(start, stop));
    const value = this.slice(from, stop).trim();
    const name = symbolName(this.text.slice(start, end));
    this.advance(stop);
    if (this.broken) return;
    this.flushPrefix();
    if (!isValue(value)) this.error('V0111', `what is assigned to '${name}' is no value`, span);
    else if (name === '.') {
      const notes = ["write '.org' or '.skip' instead"];
      this.push({
        severity: 'error',
        kind: 'unsupported',
        code: 'V0203',
        message: "'.' cannot be assigned",
        span,
        notes,
      });
    } else if (once) this.statements.push(placed({ kind: 'directive', name: '.equiv', args: [name, value] }, span));
    else this.statements.push({ kind: 'assign', name, value, span });
  }

  private directive(start: number, nameEnd: number): void {
    const stop = this.endOfStatement(nameEnd);
    const end = this.trimmed(start, stop);
    const span = this.span(start, end);
    const text = this.text.slice(start, end);
    const known = !this.broken ? this.directives.get(text) : undefined;
    if (known !== undefined) {
      this.flushPrefix();
      this.advance(stop);
      this.statements.push(placed(known, span));
      return;
    }
    const name = this.text.slice(start, nameEnd);
    const info = directiveOf(name);
    const written = this.args(nameEnd, stop);
    this.advance(stop);
    if (!this.broken) {
      this.flushPrefix();
      if (this.unbalanced) this.error('V0110', 'the brackets do not match', span);
      else if (info === undefined) this.push(unknownDirective(name, { ...span, endColumn: span.column + name.length }));
      else this.knownDirective(info, normaliseArgs(info, written), span, text);
    }
  }

  private knownDirective(info: DirectiveInfo, args: readonly string[], span: Span, text: string): void {
    const { name } = info;
    let d: Omit<DirectiveStatement, 'span'> = { kind: 'directive', name, args };
    if (info.kind === 'refused') {
      this.refuse(info, span);
      return;
    }
    const problem = checkArgs(info, args, span, text);
    if (problem !== undefined) {
      this.push(problem);
      return;
    }
    if (info.kind === 'data') {
      const values = readValues(args, span, text);
      if (isProblem(values)) {
        this.push(values);
        return;
      }
      d = { kind: 'directive', name, args, values };
    } else if (info.kind === 'syntax') {
      const change = syntaxChange(info, args, this.isa, span);
      if (typeof change !== 'string') {
        this.push(change);
        return;
      }
      this.dialect = change;
    } else if (name === '.cfi_startproc') this.openCfi = span;
    else if (name === '.cfi_endproc') this.openCfi = undefined;
    else if (name === '.end') this.ended = true;
    if (WITHOUT_EFFECT.has(info.kind) && text.length < MAX_CACHED_LENGTH && this.directives.size < MAX_CACHED) {
      this.directives.set(text, d);
    }
    this.statements.push(placed(d, span));
  }

  private refuse(info: DirectiveInfo, span: Span): void {
    this.push({
      severity: 'error',
      kind: 'unsupported',
      code: 'V0203',
      message: `'${info.name}' is not supported`,
      span,
      ...(info.advice === undefined ? {} : { notes: [info.advice] }),
    });
  }

  private instruction(start: number): void {
    const stop = this.endOfStatement(start);
    const end = this.trimmed(start, stop);
    const text = this.slice(start, end);
    const span = this.span(start, end);
    this.advance(Math.max(stop, start + 1));
    if (this.broken) return;
    if (text.length <= 6 && X86_PREFIXES.has(text) && this.dialect !== 'gnu') {
      this.prefix =
        this.prefix === undefined ? { text, span } : { ...this.prefix, text: `${this.prefix.text} ${text}` };
      return;
    }
    const { prefix } = this;
    if (prefix === undefined) {
      this.readInst(text, span);
      return;
    }
    this.prefix = undefined;
    this.readInst(
      `${prefix.text} ${text}`,
      prefix.span.line === span.line ? { ...prefix.span, endColumn: span.endColumn } : span,
    );
  }

  private readInst(text: string, span: Span): void {
    this.instCount++;
    const cache = this.caches[this.dialect];
    const known = cache.get(text);
    if (known !== undefined) {
      const inst: Inst = { def: known.def, ops: known.ops, span };
      this.statements.push({ kind: 'inst', inst, dialect: this.dialect, span });
      return;
    }
    const inst = this.isa.readInst(text, this.dialect, span);
    if (isDiagnostic(inst)) {
      this.instErrors++;
      this.push(inst);
      return;
    }
    if (cache.size < MAX_CACHED) cache.set(text, inst);
    this.statements.push({ kind: 'inst', inst, dialect: this.dialect, span });
  }

  /** A prefix that stands alone before a `;` or on its own line belongs to the next instruction. */
  private flushPrefix(): void {
    const { prefix } = this;
    this.prefix = undefined;
    if (prefix !== undefined) this.readInst(prefix.text, prefix.span);
  }

  private readComment(): void {
    const start = this.pos;
    if (this.text.charCodeAt(start) === 47 && this.text.charCodeAt(start + 1) === 42) {
      const end = this.text.indexOf('*/', start + 2);
      if (end < 0) {
        this.error('V0109', "this comment has no '*/'", this.span(start, start + 2));
        this.pos = this.text.length;
        return;
      }
      this.dirty = true;
      this.comment(start, end + 2);
      this.advance(end + 2);
      return;
    }
    const end = this.lineEnd(start);
    this.comment(start, this.trimmed(start, end));
    this.pos = end;
  }

  private comment(start: number, end: number): void {
    this.statements.push({ kind: 'comment', text: this.text.slice(start, end), span: this.span(start, end) });
  }

  protected override error(code: string, message: string, span: Span, notes?: readonly string[]): void {
    this.push({ severity: 'error', kind: 'input', code, message, span, ...(notes === undefined ? {} : { notes }) });
  }

  private push(diagnostic: Diagnostic): void {
    if (diagnostic.severity === 'error') this.errors++;
    const expanded = typeof this.origins?.[this.line - 1] === 'object';
    this.found.push(expanded ? withExpansion(diagnostic, this.currentLine()) : diagnostic);
  }
}

/** What a macro has made of a line is what the diagnostic is about. */
function withExpansion(diagnostic: Diagnostic, line: string): Diagnostic {
  return { ...diagnostic, notes: [...(diagnostic.notes ?? []), `here this reads '${line}'`] };
}

/** Spelled out, since a spread would make objects of more than twice the size; all with the same properties. */
function placed({ name, args, values }: Omit<DirectiveStatement, 'span'>, span: Span): DirectiveStatement {
  return { kind: 'directive', name, args, values, span };
}

function isProblem(values: readonly unknown[] | Diagnostic): values is Diagnostic {
  return 'severity' in values;
}
