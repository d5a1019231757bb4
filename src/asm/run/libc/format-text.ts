// SPDX-License-Identifier: MIT

/** Formats of `printf` taken apart (ISO C 7.23.6.1), without their arguments. */

/** An argument that gives a width or a precision: the next one, or that of a number from 1 on. */
export interface Star {
  readonly argument: number | undefined;
}

export interface Conversion {
  readonly left: boolean;
  readonly plus: boolean;
  readonly blank: boolean;
  readonly alternate: boolean;
  readonly zero: boolean;
  readonly width: number | Star;
  /** -1 where none is given. */
  readonly precision: number | Star;
  readonly length: string;
  /** The letter; empty where the format ends before it. */
  readonly conversion: string;
  /** The number of the argument that is converted, from 1 on, where the format says it. */
  readonly argument: number | undefined;
}

export interface Format {
  readonly pieces: readonly (Uint8Array | Conversion)[];
  /** Whether it names arguments by number (`%2$s`, `%*3$d`). */
  readonly numbered: boolean;
}

const known = new Map<string, Format>();
const MOST_KNOWN = 256;

/** The format that a text of one character for each byte is. Programs use a few again and again, which are kept. */
export function formatOf(text: string): Format {
  let format = known.get(text);
  if (format === undefined) {
    if (known.size >= MOST_KNOWN) known.clear();
    format = parse(text);
    known.set(text, format);
  }
  return format;
}

function parse(text: string): Format {
  const numbered = /%\d+\$/.test(text);
  const pieces: (Uint8Array | Conversion)[] = [];
  for (let i = 0; i < text.length; ) {
    const percent = text.indexOf('%', i);
    const end = percent < 0 ? text.length : percent;
    if (end > i) pieces.push(Buffer.from(text.slice(i, end), 'latin1'));
    if (percent < 0) break;
    const parser = new Parser(text, percent + 1, numbered);
    pieces.push(parser.conversion());
    i = parser.at;
  }
  return { pieces, numbered };
}

class Parser {
  private readonly text: string;
  private readonly numbered: boolean;
  at: number;

  constructor(text: string, at: number, numbered: boolean) {
    this.text = text;
    this.at = at;
    this.numbered = numbered;
  }

  conversion(): Conversion {
    const argument = this.position();
    const flags = { left: false, plus: false, blank: false, alternate: false, zero: false };
    for (; ; this.at++) {
      const c = this.char();
      if (c === '-') flags.left = true;
      else if (c === '+') flags.plus = true;
      else if (c === ' ') flags.blank = true;
      else if (c === '#') flags.alternate = true;
      else if (c === '0') flags.zero = true;
      else if (c !== "'") break;
    }
    const width = this.star() ?? this.number();
    const precision = this.precision();
    const start = this.at;
    while (this.at < this.text.length && 'hlLqjzt'.includes(this.char())) this.at++;
    const length = this.text.slice(start, this.at);
    const conversion = this.char();
    this.at++;
    return { ...flags, width, precision, length, conversion, argument };
  }

  private char(): string {
    return this.text.charAt(this.at);
  }

  private precision(): number | Star {
    if (this.char() !== '.') return -1;
    this.at++;
    const star = this.star();
    if (star !== undefined) return star;
    if (this.char() !== '-') return this.number();
    // A negative one counts as none.
    this.at++;
    this.number();
    return -1;
  }

  private star(): Star | undefined {
    if (this.char() !== '*') return undefined;
    this.at++;
    return { argument: this.position() };
  }

  private number(): number {
    const start = this.at;
    while (this.char() >= '0' && this.char() <= '9') this.at++;
    return Number(this.text.slice(start, this.at));
  }

  /** A number with a dollar behind it names an argument. */
  private position(): number | undefined {
    const start = this.at;
    const value = this.number();
    if (this.numbered && this.at > start && this.char() === '$') {
      this.at++;
      return value;
    }
    this.at = start;
    return undefined;
  }
}
