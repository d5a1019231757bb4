// SPDX-License-Identifier: MIT
import { printSymbol } from '../isa/expression.ts';
import type { Dialect } from '../isa/isa.ts';
import type { AsmFile, Statement } from './ast.ts';

/**
 * The file as text that GNU as assembles to the same sections, symbols and relocations as the original. With `dialect`
 * all instructions are written in that one (x86 has two), and the directives that switch between them are adapted.
 */
export function printAsm(file: AsmFile, dialect?: Dialect): string {
  const lines: string[] = [];
  const printer = new Printer(file, dialect);
  for (const s of file.statements) printer.add(s, lines);
  lines.push('');
  return lines.join('\n');
}

/** One statement as a line, without its newline; instructions in the statement's own dialect unless told otherwise. */
export function printStatement(s: Statement, isa: AsmFile['isa'], dialect?: Dialect): string {
  switch (s.kind) {
    case 'label':
      return `${/^\d+$/.test(s.name) ? s.name : printSymbol(s.name)}:`;
    case 'directive':
      if (NOT_FOR_AS.has(s.name)) return `\t${isa.comment[0] ?? '#'} ${[s.name, ...s.args].join(' ')}`;
      return s.args.length === 0 ? `\t${s.name}` : `\t${s.name}\t${s.args.join(', ')}`;
    case 'inst':
      return `\t${isa.printInst(s.inst, dialect ?? s.dialect)}`;
    case 'assign':
      return `${printSymbol(s.name)} = ${s.value}`;
    case 'comment':
      return s.text;
  }
}

/** Hints from clang to LLVM's linker that GNU as does not know; they change no byte that is loaded. */
const NOT_FOR_AS: ReadonlySet<string> = new Set(['.addrsig', '.addrsig_sym']);

const SYNTAX: { readonly [K in Dialect]: string } = {
  att: '\t.att_syntax prefix',
  intel: '\t.intel_syntax noprefix',
  gnu: '',
};

class Printer {
  private readonly file: AsmFile;
  private readonly wanted: Dialect | undefined;
  /** What the assembler expects at this point of the output. */
  private current: Dialect;
  private previous: Statement | undefined;

  constructor(file: AsmFile, wanted: Dialect | undefined) {
    this.file = file;
    this.wanted = wanted;
    this.current = file.isa.dialects.includes('att') ? 'att' : 'gnu';
  }

  add(s: Statement, lines: string[]): void {
    const { previous } = this;
    this.previous = s;
    if (s.kind === 'directive' && (s.name === '.intel_syntax' || s.name === '.att_syntax')) {
      if (this.wanted !== undefined) return;
      this.current = s.name === '.intel_syntax' ? 'intel' : 'att';
    } else if (s.kind === 'inst') {
      const dialect = this.wanted ?? s.dialect;
      if (dialect !== this.current) lines.push(SYNTAX[dialect]);
      this.current = dialect;
    } else if (s.kind === 'comment' && follows(s, previous) && lines.length > 0) {
      // On a line of its own, `# 1 "x"` would be a line marker; `#` may be a comment only where a statement begins.
      const begins = s.text.startsWith('#') && !this.file.isa.comment.includes('#');
      lines.push(`${lines.pop()}${begins ? ' ;' : ''}\t${s.text}`);
      return;
    }
    lines.push(printStatement(s, this.file.isa, this.wanted));
  }
}

/** Whether a comment stands behind a statement, on its line. */
function follows(comment: Statement, previous: Statement | undefined): boolean {
  if (previous === undefined || previous.kind === 'comment') return false;
  const a = previous.span;
  const b = comment.span;
  return a.line === b.line && a.file === b.file && b.column >= a.endColumn && b.column > 1;
}
