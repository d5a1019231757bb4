// SPDX-License-Identifier: MIT
import { type Expr, linear } from './operand.ts';

/**
 * The expressions of GNU as, shared by the directives and by every ISA's operands.
 *
 * What is read: decimal, hexadecimal, octal, binary and character constants; symbols (`foo`, `.Lx`, `"quoted name"`,
 * `.` for the current place, `1b`/`1f` for numeric labels, all as `plus`/`minus` names); a relocation modifier after a
 * symbol (`foo@GOTPCREL`) or before one (`:lo12:foo`); `+ - ~ !` as signs, parentheses, and the binary operators with
 * GNU as's own precedence (`* / % << >>`, then `| & ^ !`, then `+ -`, then comparisons, then `&&`, then `||`).
 * Operators other than `+` and `-` are folded and need numbers on both sides.
 *
 * Reading stops at the first character that cannot continue the expression (`(` of `8(%rsp)`, `]`, `,`, the end), which
 * is where `end` points, trailing blanks left unread. Numbers are not wrapped to a width.
 */
export function parseExpr(text: string, from: number): ExprResult {
  const p = new ExprParser(text, from);
  try {
    const expr = p.binary(1);
    return { expr, end: p.end };
  } catch (e) {
    if (!(e instanceof ExprFailure)) throw e;
    return e.nonlinear ? { error: e.message, at: e.at, nonlinear: true } : { error: e.message, at: e.at };
  }
}

export type ExprResult = { readonly expr: Expr; readonly end: number } | ExprError;

/** `at` is the index in the text where reading failed. */
export interface ExprError {
  readonly error: string;
  readonly at: number;
  /** The text may well be right, but its value is not `plus - minus + offset`. */
  readonly nonlinear?: true;
}

export function isExprError(r: ExprResult): r is ExprError {
  return 'error' in r;
}

/** How a dialect writes relocation modifiers: `foo@PLT` or `:lo12:foo`. */
export type ModifierStyle = 'at' | 'colon';

/** The expression as text that `parseExpr` reads back to an equal value. */
export function printExpr(e: Expr, style: ModifierStyle = 'at'): string {
  let out = '';
  if (e.plus !== undefined) {
    out = printSymbol(e.plus);
    if (e.modifier !== undefined) out = style === 'at' ? `${out}@${e.modifier}` : `:${e.modifier}:${out}`;
  }
  if (e.minus !== undefined) out += `-${printSymbol(e.minus)}`;
  if (out === '') return e.offset.toString();
  if (e.offset > 0n) out += `+${e.offset}`;
  else if (e.offset < 0n) out += e.offset.toString();
  return out;
}

/** A symbol as assembler text: quoted where its name is not plain. */
export function printSymbol(name: string): string {
  if (isPlainSymbol(name) || isNumericReference(name)) return name;
  return `"${name.replace(/["\\]/g, '\\$&')}"`;
}

/** Whether a name may stand in assembler text without quotes. */
export function isPlainSymbol(name: string): boolean {
  if (name.length === 0 || !isSymbolStart(name.charCodeAt(0))) return false;
  for (let i = 1; i < name.length; i++) if (!isSymbolPart(name.charCodeAt(i))) return false;
  return true;
}

/** Whether a name is a reference to a numeric label: `1b`, `12f`. */
export function isNumericReference(name: string): boolean {
  const last = name.charCodeAt(name.length - 1);
  if (name.length < 2 || (last !== 98 && last !== 102)) return false;
  for (let i = 0; i < name.length - 1; i++) if (!isDigit(name.charCodeAt(i))) return false;
  return true;
}

/** Letters, `_`, `.`, and everything outside ASCII; `$` only continues a symbol. */
export function isSymbolStart(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || c === 46 || c > 127;
}

export function isSymbolPart(c: number): boolean {
  return isSymbolStart(c) || isDigit(c) || c === 36;
}

class ExprFailure extends Error {
  readonly at: number;
  readonly nonlinear: boolean;
  constructor(message: string, at: number, nonlinear = false) {
    super(message);
    this.at = at;
    this.nonlinear = nonlinear;
  }
}

const MAX_DEPTH = 200;
const MASK64 = (1n << 64n) - 1n;

class ExprParser {
  private readonly text: string;
  private pos: number;
  private depth = 0;
  /** Just behind the last token read. */
  end: number;

  constructor(text: string, from: number) {
    this.text = text;
    this.pos = from;
    this.end = from;
  }

  binary(minRank: number): Expr {
    let left = this.unary();
    for (;;) {
      this.blanks();
      const op = operatorAt(this.text, this.pos);
      if (op === undefined || RANK[op] < minRank) return left;
      const at = this.pos;
      this.pos += op.length;
      left = combine(op, left, this.binary(RANK[op] + 1), at);
    }
  }

  private unary(): Expr {
    if (++this.depth > MAX_DEPTH) throw new ExprFailure('the expression is nested too deeply', this.pos);
    const value = this.primary();
    this.depth--;
    return value;
  }

  private primary(): Expr {
    this.blanks();
    const at = this.pos;
    const c = this.text.charCodeAt(at);
    if (isDigit(c)) return this.number();
    if (isSymbolStart(c)) return this.symbol();
    this.pos++;
    switch (c) {
      case 45: // -
        return negate(this.unary(), at);
      case 43: // +
        return this.unary();
      case 126: // ~
        return linear(~constant(this.unary(), '~', at));
      case 33: // !
        return linear(constant(this.unary(), '!', at) === 0n ? 1n : 0n);
      case 40: {
        const inner = this.binary(1);
        this.blanks();
        if (this.text.charCodeAt(this.pos) !== 41) throw new ExprFailure("expected ')'", this.pos);
        this.end = ++this.pos;
        return inner;
      }
      case 39:
        return this.character();
      case 34:
        return this.quoted();
      case 58:
        return this.colonModifier();
      default:
        throw new ExprFailure(Number.isNaN(c) ? 'expected an expression' : 'expected a number or a symbol', at);
    }
  }

  private number(): Expr {
    const { text } = this;
    const start = this.pos;
    let i = start;
    if (text.charCodeAt(i) === 48) {
      const kind = text.charCodeAt(i + 1) | 32;
      if (kind === 120) {
        i += 2;
        while (isHex(text.charCodeAt(i))) i++;
        if (i === start + 2) throw new ExprFailure('expected hexadecimal digits', i);
        return this.literal(start, i);
      }
      if (kind === 98 && isBinary(text.charCodeAt(i + 2))) {
        i += 2;
        while (isBinary(text.charCodeAt(i))) i++;
        return this.literal(start, i);
      }
    }
    while (isDigit(text.charCodeAt(i))) i++;
    const suffix = text.charCodeAt(i);
    if ((suffix === 98 || suffix === 102) && !isSymbolPart(text.charCodeAt(i + 1))) {
      this.pos = this.end = i + 1;
      return linear(0n, text.slice(start, i + 1));
    }
    if (isSymbolPart(suffix) && suffix !== 36) throw new ExprFailure('malformed number', start);
    if (text.charCodeAt(start) !== 48 || i === start + 1) return this.literal(start, i);
    for (let k = start; k < i; k++) {
      if (text.charCodeAt(k) > 55) throw new ExprFailure('malformed octal number', start);
    }
    this.pos = this.end = i;
    return linear(BigInt(`0o${text.slice(start + 1, i)}`));
  }

  private literal(start: number, end: number): Expr {
    if (isSymbolPart(this.text.charCodeAt(end))) throw new ExprFailure('malformed number', start);
    this.pos = this.end = end;
    const digits = this.text.slice(start, end);
    return linear(end - start < 16 ? BigInt(Number(digits)) : BigInt(digits));
  }

  private symbol(): Expr {
    const start = this.pos;
    const end = endOfSymbol(this.text, start);
    this.pos = this.end = end;
    return this.withModifier(this.text.slice(start, end));
  }

  private quoted(): Expr {
    const start = this.pos;
    let name = '';
    let piece = start;
    for (let i = start; i < this.text.length; i++) {
      const c = this.text.charCodeAt(i);
      if (c === 34) {
        this.pos = this.end = i + 1;
        return this.withModifier(name + this.text.slice(piece, i));
      }
      if (c === 92) {
        name += this.text.slice(piece, i);
        piece = ++i;
      }
    }
    throw new ExprFailure('this quoted symbol does not end', start - 1);
  }

  private withModifier(plus: string): Expr {
    if (this.text.charCodeAt(this.pos) !== 64) return linear(0n, plus);
    const end = endOfSymbol(this.text, this.pos + 1);
    if (end === this.pos + 1) throw new ExprFailure("expected a relocation name after '@'", end);
    const modifier = this.text.slice(this.pos + 1, end);
    this.pos = this.end = end;
    return linear(0n, plus, undefined, modifier);
  }

  /** `:lo12:foo+4`: as for GNU as, the modifier covers all that follows. */
  private colonModifier(): Expr {
    const start = this.pos;
    const end = endOfSymbol(this.text, start);
    if (end === start || this.text.charCodeAt(end) !== 58)
      throw new ExprFailure('malformed relocation modifier', start);
    this.pos = end + 1;
    const inner = this.binary(1);
    if (inner.plus === undefined || inner.modifier !== undefined) {
      throw new ExprFailure('a relocation modifier needs one symbol', start);
    }
    return { ...inner, modifier: this.text.slice(start, end) };
  }

  private character(): Expr {
    const { text } = this;
    let c = text.charCodeAt(this.pos);
    if (Number.isNaN(c) || c === 10) throw new ExprFailure('expected a character', this.pos);
    if (c === 92) {
      this.pos++;
      const escaped = ESCAPES[text.charAt(this.pos)];
      if (escaped === undefined) throw new ExprFailure('unknown escape in a character constant', this.pos);
      c = escaped;
    }
    this.pos++;
    if (text.charCodeAt(this.pos) === 39) this.pos++;
    this.end = this.pos;
    return linear(BigInt(c));
  }

  private blanks(): void {
    for (;;) {
      const c = this.text.charCodeAt(this.pos);
      if (c !== 32 && c !== 9) return;
      this.pos++;
    }
  }
}

type Operator = '*' | '/' | '%' | '<<' | '>>' | '|' | '&' | '^' | '!' | '+' | '-' | Comparison | '&&' | '||';
type Comparison = '==' | '!=' | '<>' | '<' | '>' | '<=' | '>=';

const RANK: { readonly [K in Operator]: number } = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<>': 3,
  '<': 3,
  '>': 3,
  '<=': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '|': 5,
  '&': 5,
  '^': 5,
  '!': 5,
  '*': 6,
  '/': 6,
  '%': 6,
  '<<': 6,
  '>>': 6,
};

const ESCAPES: { readonly [c: string]: number } = { b: 8, f: 12, n: 10, r: 13, t: 9, '\\': 92, '"': 34, "'": 39 };

function operatorAt(text: string, i: number): Operator | undefined {
  const next = text.charAt(i + 1);
  switch (text.charAt(i)) {
    case '+':
      return '+';
    case '-':
      return '-';
    case '*':
      return '*';
    case '/':
      return next === '/' || next === '*' ? undefined : '/';
    case '%':
      return isDigit(next.charCodeAt(0)) || next === '(' || next === ' ' ? '%' : undefined;
    case '<':
      return next === '<' ? '<<' : next === '>' ? '<>' : next === '=' ? '<=' : '<';
    case '>':
      return next === '>' ? '>>' : next === '=' ? '>=' : '>';
    case '&':
      return next === '&' ? '&&' : '&';
    case '|':
      return next === '|' ? '||' : '|';
    case '^':
      return '^';
    case '=':
      return next === '=' ? '==' : undefined;
    case '!':
      // `[x0, #8]!` never gets here, since `]` ends the expression.
      return next === '=' ? '!=' : '!';
    default:
      return undefined;
  }
}

function combine(op: Operator, a: Expr, b: Expr, at: number): Expr {
  if (op === '+') return add(a, b, at);
  if (op === '-') return add(a, negate(b, at), at);
  return linear(fold(op, constant(a, op, at), constant(b, op, at), at));
}

function fold(op: Exclude<Operator, '+' | '-'>, a: bigint, b: bigint, at: number): bigint {
  switch (op) {
    case '*':
      return a * b;
    case '/':
    case '%':
      if (b === 0n) throw new ExprFailure('division by zero', at);
      return op === '/' ? a / b : a % b;
    case '<<':
    case '>>':
      if (b < 0n || b > 63n) throw new ExprFailure('shift count out of range', at);
      return op === '<<' ? BigInt.asIntN(64, a << b) : (a & MASK64) >> b;
    case '|':
      return a | b;
    case '&':
      return a & b;
    case '^':
      return a ^ b;
    case '!':
      return a | ~b;
    case '&&':
      return a !== 0n && b !== 0n ? 1n : 0n;
    case '||':
      return a !== 0n || b !== 0n ? 1n : 0n;
    default:
      return compare(op, BigInt.asIntN(64, a), BigInt.asIntN(64, b)) ? -1n : 0n;
  }
}

function compare(op: Comparison, a: bigint, b: bigint): boolean {
  switch (op) {
    case '==':
      return a === b;
    case '!=':
    case '<>':
      return a !== b;
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    case '>=':
      return a >= b;
  }
}

function constant(e: Expr, op: string, at: number): bigint {
  if (e.plus !== undefined || e.minus !== undefined) {
    throw new ExprFailure(`'${op}' needs numbers, and here it has a symbol`, at, true);
  }
  return e.offset;
}

function negate(e: Expr, at: number): Expr {
  if (e.plus === undefined && e.minus === undefined) return linear(-e.offset);
  if (e.modifier !== undefined)
    throw new ExprFailure('a symbol with a relocation modifier cannot be subtracted', at, true);
  return make(-e.offset, e.minus, e.plus, undefined);
}

/** The sum, where it still has at most one symbol added and one subtracted; equal symbols cancel. */
function add(a: Expr, b: Expr, at: number): Expr {
  if (b.plus === undefined && b.minus === undefined) {
    return make(a.offset + b.offset, a.plus, a.minus, a.modifier);
  }
  let [p, q, m, n] = [a.plus, b.plus, a.minus, b.minus];
  if (p !== undefined && p === n && a.modifier === undefined) p = n = undefined;
  if (q !== undefined && q === m && b.modifier === undefined) q = m = undefined;
  if ((p !== undefined && q !== undefined) || (m !== undefined && n !== undefined)) {
    throw new ExprFailure('more than one symbol is added or subtracted', at, true);
  }
  return make(a.offset + b.offset, p ?? q, m ?? n, a.modifier ?? b.modifier);
}

function make(offset: bigint, plus?: string, minus?: string, modifier?: string): Expr {
  if (plus !== undefined && plus === minus && modifier === undefined && plus !== '.') return linear(offset);
  return linear(offset, plus, minus, minus === undefined && plus === undefined ? undefined : modifier);
}

function endOfSymbol(text: string, from: number): number {
  let i = from;
  while (isSymbolPart(text.charCodeAt(i))) i++;
  return i;
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

function isBinary(c: number): boolean {
  return c === 48 || c === 49;
}

function isHex(c: number): boolean {
  return isDigit(c) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70);
}
