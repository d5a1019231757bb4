// SPDX-License-Identifier: MIT
import { type Expr, linear, num } from '../operand.ts';

/** The characters and number expressions that both x86 dialects share. Positions count from 0 within the statement. */

/** What is wrong with a statement, and where; `readInst` turns it into a diagnostic. */
export class Refusal {
  readonly kind: 'input' | 'unsupported';
  readonly code: string;
  readonly message: string;
  readonly start: number;
  readonly end: number;

  constructor(kind: 'input' | 'unsupported', code: string, message: string, start: number, end: number) {
    this.kind = kind;
    this.code = code;
    this.message = message;
    this.start = start;
    this.end = end;
  }
}

export const badOperand = (message: string, start: number, end: number): Refusal =>
  new Refusal('input', 'V0103', message, start, end);
export const unsupported = (message: string, start: number, end: number): Refusal =>
  new Refusal('unsupported', 'V0201', message, start, end);

const START = 1;
const DIGIT = 2;
const classes = new Uint8Array(128);
for (const c of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.') classes[c.charCodeAt(0)] = START;
for (const c of '0123456789') classes[c.charCodeAt(0)] = DIGIT;

/** Whether a name can begin with this character code. */
export function isNameStart(c: number): boolean {
  return c >= 128 || classes[c] === START;
}
/** Whether a name can go on with this character code. */
export function isNamePart(c: number): boolean {
  return c >= 128 || (classes[c] ?? 0) !== 0 || c === 36;
}
export function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

const small: Expr[] = Array.from({ length: 2048 }, (_, i) => num(i - 1024));
/** The expression that is just this number; small ones are shared. */
export function numberExpr(value: bigint): Expr {
  return value >= -1024n && value < 1024n ? (small[Number(value) + 1024] ?? num(value)) : num(value);
}

/** Relocation modifiers, by lower-case spelling; other ones are refused. */
const MODIFIERS = new Map(
  ['PLT', 'GOTPCREL', 'GOT', 'GOTOFF', 'PLTOFF', 'tpoff', 'gottpoff', 'dtpoff', 'tlsgd', 'tlsld'].map((m) => [
    m.toLowerCase(),
    m,
  ]),
);

const ESCAPES: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  b: 8,
  f: 12,
  v: 11,
  '0': 0,
  '\\': 92,
  "'": 39,
  '"': 34,
};

export class Scanner {
  readonly text: string;
  pos: number;

  constructor(text: string, pos: number) {
    this.text = text;
    this.pos = pos;
  }

  /** The code of the next character after white space; NaN at the end. */
  next(): number {
    let c = this.text.charCodeAt(this.pos);
    while (c === 32 || c === 9) c = this.text.charCodeAt(++this.pos);
    return c;
  }

  /** Skips white space and the character `code`, if it is next. */
  take(code: number): boolean {
    if (this.next() !== code) return false;
    this.pos++;
    return true;
  }

  /** A name that begins here; empty where none does. */
  name(): string {
    const start = this.pos;
    if (!isNameStart(this.text.charCodeAt(start))) return '';
    let p = start + 1;
    while (isNamePart(this.text.charCodeAt(p))) p++;
    this.pos = p;
    return this.text.slice(start, p);
  }

  fail(message: string, start = this.pos): never {
    throw badOperand(message, start, Math.max(start + 1, Math.min(this.pos + 1, this.text.length)));
  }

  /** A quoted name; the next character is its opening quote. */
  quoted(): string {
    const start = this.pos++;
    let out = '';
    for (;;) {
      const c = this.text[this.pos++];
      if (c === undefined) return this.fail('a quoted name does not end', start);
      if (c === '"') return out;
      out += c === '\\' ? (this.text[this.pos++] ?? '') : c;
    }
  }

  /** A whole number or the reference `1f` to a local label; the next character is a digit. */
  number(): Expr {
    const { text } = this;
    const start = this.pos;
    let p = start;
    let value = 0;
    while (isDigit(text.charCodeAt(p))) value = value * 10 + text.charCodeAt(p++) - 48;
    const c = text.charCodeAt(p);
    if (!isNamePart(c) && (text.charCodeAt(start) !== 48 || p === start + 1) && p - start < 16) {
      this.pos = p;
      return value < 1024 ? (small[value + 1024] ?? num(value)) : num(value);
    }
    while (isNamePart(text.charCodeAt(p))) p++;
    const word = text.slice(start, p);
    this.pos = p;
    if (/^\d+[fb]$/.test(word)) return { offset: 0n, plus: word };
    const lower = word.toLowerCase();
    if (/^0x[0-9a-f]+$/.test(lower) || /^0b[01]+$/.test(lower) || /^[1-9]\d*$/.test(lower))
      return numberExpr(BigInt(lower));
    if (/^0[0-7]+$/.test(lower)) return numberExpr(BigInt(`0o${lower.slice(1)}`));
    if (/^\d[0-9a-f]*h$/.test(lower)) return numberExpr(BigInt(`0x${lower.slice(0, -1)}`));
    throw badOperand(`'${word}' is not a number`, start, p);
  }

  /** A character constant: `'a`, `'a'`, `'\n'`; the next character is the quote. */
  character(): Expr {
    const start = this.pos++;
    let c = this.text.codePointAt(this.pos++) ?? this.fail('a character constant is empty', start);
    if (c === 92) c = ESCAPES[this.text[this.pos++] ?? ''] ?? this.fail('an unknown escape', start);
    if (this.text[this.pos] === "'") this.pos++;
    return numberExpr(BigInt(c));
  }

  /** `@PLT` and the like, after the symbol `plus`. */
  symbol(plus: string): Expr {
    if (this.text.charCodeAt(this.pos) !== 64) return linear(0n, plus);
    const start = this.pos++;
    const word = this.name();
    const modifier = MODIFIERS.get(word.toLowerCase());
    if (modifier === undefined) throw unsupported(`the relocation '@${word}' is not supported`, start, this.pos);
    return linear(0n, plus, undefined, modifier);
  }

  /** An expression of numbers and symbols, linear in the symbols, with GNU as's precedences. */
  expression(): Expr {
    let left = this.bits();
    for (;;) {
      const c = this.next();
      if (c !== 43 && c !== 45) return left;
      const start = this.pos++;
      const right = this.bits();
      left = this.sum(left, c === 45 ? this.negated(right, start) : right, start);
    }
  }

  private bits(): Expr {
    let left = this.product();
    for (;;) {
      const c = this.next();
      if (c !== 124 && c !== 38 && c !== 94) return left;
      const start = this.pos++;
      const a = this.constant(left, start);
      const b = this.constant(this.product(), start);
      left = numberExpr(c === 124 ? a | b : c === 38 ? a & b : a ^ b);
    }
  }

  private product(): Expr {
    let left = this.unary();
    for (;;) {
      const c = this.next();
      const double = c === 60 || c === 62;
      if (c !== 42 && c !== 47 && c !== 37 && !double) return left;
      const start = this.pos++;
      if (double && this.text.charCodeAt(this.pos++) !== c) return this.fail('an unexpected character', start);
      const a = this.constant(left, start);
      const b = this.constant(this.unary(), start);
      if ((c === 47 || c === 37) && b === 0n) return this.fail('division by zero', start);
      left = numberExpr(c === 42 ? a * b : c === 47 ? a / b : c === 37 ? a % b : c === 60 ? a << b : a >> b);
    }
  }

  private unary(): Expr {
    const c = this.next();
    const start = this.pos;
    if (isDigit(c)) return this.number();
    switch (c) {
      case 45:
        this.pos++;
        return this.negated(this.unary(), start);
      case 43:
        this.pos++;
        return this.unary();
      case 126:
        this.pos++;
        return numberExpr(~this.constant(this.unary(), start));
      case 33:
        this.pos++;
        return numberExpr(this.constant(this.unary(), start) === 0n ? 1n : 0n);
      case 40: {
        this.pos++;
        const inner = this.expression();
        if (!this.take(41)) return this.fail("')' is missing", start);
        return inner;
      }
      case 39:
        return this.character();
      case 34:
        return this.symbol(this.quoted());
      default: {
        const name = this.name();
        if (name === '') return this.fail('a number or a symbol is missing');
        if (name === '.') throw unsupported("'.' (the current address) is not supported here", start, this.pos);
        return this.symbol(name);
      }
    }
  }

  constant(e: Expr, start: number): bigint {
    if (e.plus !== undefined || e.minus !== undefined)
      return this.fail('symbols can only be added and subtracted', start);
    return e.offset;
  }

  negated(e: Expr, start: number): Expr {
    if (e.plus === undefined && e.minus === undefined) return numberExpr(-e.offset);
    if (e.modifier !== undefined) return this.fail('a symbol with a relocation cannot be subtracted', start);
    return linear(-e.offset, e.minus, e.plus, undefined);
  }

  sum(a: Expr, b: Expr, start: number): Expr {
    const offset = a.offset + b.offset;
    let plus = a.plus ?? b.plus;
    let minus = a.minus ?? b.minus;
    if ((a.plus !== undefined && b.plus !== undefined) || (a.minus !== undefined && b.minus !== undefined))
      return this.fail('at most one symbol can be added and one subtracted', start);
    if (plus === undefined && minus === undefined) return numberExpr(offset);
    if (plus === minus) {
      plus = undefined;
      minus = undefined;
    }
    return linear(offset, plus, minus, a.modifier ?? b.modifier);
  }
}

/** A symbol's name as an assembler accepts it. */
export function printName(name: string): string {
  if (/^(?:[A-Za-z_.\u0080-\uffff][A-Za-z0-9_.$\u0080-\uffff]*|\d+[fb])$/.test(name)) return name;
  return `"${name.replace(/["\\]/g, '\\$&')}"`;
}

/** An expression in the form both dialects accept: `symbol@modifier-other+4`. */
export function printExpr(e: Expr): string {
  let out = e.plus === undefined ? '' : printName(e.plus);
  if (e.modifier !== undefined) out += `@${e.modifier}`;
  if (e.minus !== undefined) out += `-${printName(e.minus)}`;
  if (out === '') return e.offset.toString();
  if (e.offset > 0n) return `${out}+${e.offset}`;
  return e.offset < 0n ? out + e.offset.toString() : out;
}
