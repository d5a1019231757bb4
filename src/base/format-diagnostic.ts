// SPDX-License-Identifier: MIT
import type { Diagnostic } from './diagnostic.ts';
import type { SourceText } from './source.ts';

export interface FormatOptions {
  /** The texts that spans point into; without its text, a diagnostic shows no source line. */
  readonly sources?: readonly SourceText[];
  readonly color?: boolean;
}

/**
 * A diagnostic for people, without a last newline:
 *
 *     lib.s:12:7: error V0101: unknown instruction 'foo'
 *             foo %eax
 *             ^~~
 *       note: ...
 */
export function formatDiagnostic(d: Diagnostic, options: FormatOptions = {}): string {
  const paint = options.color === true ? painted : plain;
  const { span } = d;
  const place = span === undefined ? '' : `${visible(span.file)}:${span.line}:${span.column}: `;
  const lines = [`${paint('bold', place)}${paint(d.severity, `${d.severity} ${d.code}:`)} ${visible(d.message)}`];
  // An empty span at the very start stands for the whole file: no line of it is to blame.
  const whole = span === undefined || (span.line === 1 && span.endColumn <= 1);
  const source = whole ? undefined : options.sources?.find((s) => s.file === span.file);
  const text = source === undefined || span === undefined ? undefined : lineOf(source, span.line);
  if (text !== undefined && span !== undefined && text.trim() !== '') {
    const [shown, caret] = underline(text, span.column, span.endColumn);
    lines.push(`    ${shown}`, `    ${paint(d.severity, caret)}`);
  }
  for (const note of d.notes ?? []) lines.push(`  ${paint('note', 'note:')} ${visible(note)}`);
  return lines.join('\n');
}

/** All of them, one after the other, and a last line that counts the errors. */
export function formatDiagnostics(list: readonly Diagnostic[], options: FormatOptions = {}): string {
  const errors = list.filter((d) => d.severity === 'error').length;
  const lines = list.map((d) => formatDiagnostic(d, options));
  if (errors > 1) lines.push(`${errors} errors`);
  return lines.join('\n');
}

/** How much of a line is shown; long lines are cut around the place that is spoken of. */
const MAX_SHOWN = 120;
const TAB = 8;

/** The line and, below it, the caret: tabs as spaces up to the next stop, and no control characters. */
function underline(text: string, column: number, endColumn: number): [shown: string, caret: string] {
  let shown = '';
  let from = 0;
  let to = 0;
  const start = Math.min(column - 1, text.length);
  const first = Math.max(0, start - MAX_SHOWN / 2);
  const last = Math.min(text.length, first + MAX_SHOWN);
  for (let i = first; i <= last; i++) {
    if (i === start) from = shown.length;
    if (i < endColumn) to = shown.length;
    if (i < last) shown += text.charAt(i) === '\t' ? ' '.repeat(TAB - (shown.length % TAB)) : visible(text.charAt(i));
  }
  const before = first > 0 ? '...' : '';
  const caret = `${' '.repeat(before.length + from)}^${'~'.repeat(Math.max(0, to - from - 1))}`;
  return [`${before}${shown.trimEnd()}${last < text.length ? '...' : ''}`, caret];
}

/** Where the lines of a text begin, found when the first of its diagnostics is shown. */
const lineStarts = new WeakMap<SourceText, Uint32Array>();

function lineOf(source: SourceText, line: number): string | undefined {
  let starts = lineStarts.get(source);
  if (starts === undefined) {
    starts = findLines(source.text);
    lineStarts.set(source, starts);
  }
  const start = starts[line - 1];
  if (start === undefined) return undefined;
  const end = source.text.indexOf('\n', start);
  return source.text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '');
}

function findLines(text: string): Uint32Array {
  let starts = new Uint32Array(1024);
  let count = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    if (count === starts.length) {
      const more = new Uint32Array(count * 2);
      more.set(starts);
      starts = more;
    }
    starts[count++] = at + 1;
  }
  return starts.subarray(0, count);
}

/** Without control characters, which could steer a terminal. */
function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

type Paint = (style: Diagnostic['severity'] | 'bold', text: string) => string;

const plain: Paint = (_, text) => text;

const STYLES = { error: '1;31', warning: '1;35', note: '1;36', bold: '1' } as const;
const painted: Paint = (style, text) => (text === '' ? '' : `\u001b[${STYLES[style]}m${text}\u001b[0m`);
