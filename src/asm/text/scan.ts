// SPDX-License-Identifier: MIT
import type { SourceText, Span } from '../../base/source.ts';
import { endOfCharacter, endOfString, splitArgs } from './strings.ts';

// What a character means inside a statement; all others are 0.
const ENDS = 1;
const STRING = 2;
const CHARACTER = 3;
const HASH = 4;
const SLASH = 5;
const BACKSLASH = 6;
const COMMA = 7;
const OPENS = 8;
const CLOSES = 9;
const BAD = 10;
const CLASS = new Uint8Array(128);
for (const [characters, kind] of [
  ['\n;', ENDS],
  ['"', STRING],
  ["'", CHARACTER],
  ['#', HASH],
  ['/', SLASH],
  ['\\', BACKSLASH],
  [',', COMMA],
  ['([{', OPENS],
  [')]}', CLOSES],
  ['\0\x01\x02\x03\x04\x05\x06\x07\x0e\x0f\x1b\x7f', BAD],
] as const) {
  for (const c of characters) CLASS[c.charCodeAt(0)] = kind;
}

const NEWLINE = 10;

/** Finds where statements end, and keeps count of lines; a reader drives it. Every character is looked at once. */
export abstract class Scanner {
  protected readonly file: string;
  protected readonly text: string;
  /** A `#` begins a comment anywhere (x86), or only at the start of a statement, with `//` elsewhere (AArch64). */
  private readonly slashComments: boolean;
  /** The file was not UTF-8: somewhere a replacement character stands for bytes that are lost. */
  private readonly damaged: boolean;
  protected pos = 0;
  protected line = 1;
  private lineStart = 0;
  /** Top-level commas of the statement that `endOfStatement` has just passed. */
  private readonly commas: number[] = [];
  private commaCount = 0;
  /** What is being scanned holds comments or line breaks that must be blanked before it is used. */
  protected dirty = false;
  /** The statement that `endOfStatement` has just passed cannot be used; that has been said. */
  protected broken = false;
  /** That statement closes other brackets than it opens. */
  protected unbalanced = false;

  /** Where each line comes from, in a text that was expanded. */
  protected readonly origins: readonly (number | Span)[] | undefined;

  constructor(source: SourceText, slashComments: boolean, origins?: readonly (number | Span)[]) {
    this.file = source.file;
    this.origins = origins;
    this.text = source.text;
    this.slashComments = slashComments;
    this.damaged = source.text.includes('\ufffd');
  }

  protected abstract error(code: string, message: string, span: Span, notes?: readonly string[]): void;

  protected beginsComment(): boolean {
    const next = this.text.charCodeAt(this.pos + 1);
    return next === 42 || next === 47 || !this.slashComments;
  }

  /** The index where the statement ends (at its `;`, newline or comment); notes its commas and dirt on the way. */
  protected endOfStatement(from: number): number {
    const { text } = this;
    const length = text.length;
    let depth = 0;
    let bad = false;
    this.commaCount = 0;
    this.dirty = false;
    this.broken = false;
    let i = from;
    for (; i < length; i++) {
      const c = text.charCodeAt(i);
      const kind = c < 128 ? CLASS[c] : c === 0xfffd ? BAD : 0;
      if (kind === 0) continue;
      if (kind === COMMA) {
        if (depth <= 0) this.commas[this.commaCount++] = i;
      } else if (kind === ENDS) break;
      else if (kind === OPENS) depth++;
      else if (kind === CLOSES) depth--;
      else if (kind === STRING) {
        const end = endOfString(text, i);
        if (end === undefined) {
          this.unterminated(i);
          this.broken = true;
          i = this.lineEnd(i);
          break;
        }
        if (this.damaged && text.slice(i, end).includes('\ufffd')) bad = true;
        i = end - 1;
      } else if (kind === CHARACTER) i = endOfCharacter(text, i) - 1;
      else if (kind === HASH) {
        if (!this.slashComments) break;
      } else if (kind === SLASH) {
        const next = text.charCodeAt(i + 1);
        if (next === 47 && this.slashComments) break;
        if (next !== 42) continue;
        const end = text.indexOf('*/', i + 2);
        if (end < 0) {
          this.error('V0109', "this comment has no '*/'", this.span(i, i + 2));
          this.broken = true;
          i = length;
          break;
        }
        this.dirty = true;
        i = end + 1;
      } else if (kind === BACKSLASH) {
        const skip = text.charCodeAt(i + 1) === 13 ? 2 : 1;
        if (text.charCodeAt(i + skip) !== NEWLINE) {
          this.error('V0110', 'a backslash has no meaning here', this.span(i, i + 1));
          this.broken = true;
          continue;
        }
        this.dirty = true;
        i += skip;
      } else bad = true;
    }
    this.unbalanced = depth !== 0;
    if (bad) this.broken = true;
    if (bad) this.error('V0106', 'this line holds bytes that are not text', this.span(from, i));
    return Math.min(i, length);
  }

  protected args(from: number, stop: number): string[] {
    if (this.dirty) return splitArgs(this.slice(from, stop));
    const { text, commas, commaCount } = this;
    const args: string[] = [];
    let start = from;
    for (let k = 0; k <= commaCount; k++) {
      let end = k === commaCount ? stop : (commas[k] ?? stop);
      const next = end + 1;
      while (start < end && isBlank(text.charCodeAt(start))) start++;
      while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
      if (end > start || commaCount > 0) args.push(text.slice(start, end));
      start = next;
    }
    return args;
  }

  /** The statement's text with comments and continued line ends blanked, so that columns still fit. */
  protected slice(from: number, stop: number): string {
    const piece = this.text.slice(from, stop);
    if (!this.dirty) return piece;
    return piece.replace(/"(?:[^"\\]|\\.)*"|'(?:\\.|[^\\])|\/\*[\s\S]*?\*\/|\\\r?\n/g, (match) => {
      const kept = match.charCodeAt(0) === 34 || match.charCodeAt(0) === 39;
      return kept ? match : ' '.repeat(match.length);
    });
  }

  protected trimmed(start: number, stop: number): number {
    let end = stop;
    while (end > start && isBlank(this.text.charCodeAt(end - 1))) end--;
    return end;
  }

  protected lineEnd(from: number): number {
    const end = this.text.indexOf('\n', from);
    return end < 0 ? this.text.length : end;
  }

  protected newline(at: number): void {
    this.line++;
    this.lineStart = at + 1;
  }

  /** Moves to `stop`, counting the lines that comments and continuations cross. */
  protected advance(stop: number): void {
    if (this.dirty) {
      for (let i = this.pos; i < stop; i++) if (this.text.charCodeAt(i) === NEWLINE) this.newline(i);
      this.dirty = false;
    }
    this.pos = stop;
  }

  protected span(start: number, end: number): Span {
    let lineEnd = end;
    if (this.dirty) for (lineEnd = start; lineEnd < end && this.text.charCodeAt(lineEnd) !== NEWLINE; lineEnd++);
    const origin = this.origins?.[this.line - 1];
    if (typeof origin === 'object') return origin;
    const column = start - this.lineStart + 1;
    return { file: this.file, line: origin ?? this.line, column, endColumn: lineEnd - this.lineStart + 1 };
  }

  /** The text of the line that is being read, without the blanks around it. */
  protected currentLine(): string {
    return this.text.slice(this.lineStart, this.lineEnd(this.lineStart)).trim();
  }

  protected unterminated(start: number): void {
    this.error('V0108', 'this string does not end on its line', this.span(start, this.lineEnd(start)));
  }
}

export function isBlank(c: number): boolean {
  return c === 32 || c === 9 || c === 13 || c === 12;
}
