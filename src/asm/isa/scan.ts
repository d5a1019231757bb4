// SPDX-License-Identifier: MIT
import { isExprError, isSymbolPart, isSymbolStart, parseExpr } from './expression.ts';
import type { Bare } from './kind.ts';
import { type Expr, type ImmOperand, immOp, isNumber, num, type Operand } from './operand.ts';

/** Operands from text, by hand and in one pass: reading is where whole programs spend their time. */

export interface ScanError {
  readonly error: string;
  /** Index into the text. */
  readonly at: number;
  /** What to write instead of a construct that is known, and refused. */
  readonly advice?: string;
}

export function isScanError(x: readonly Operand[] | ScanError): x is ScanError {
  return 'error' in x;
}

export class ScanFailure extends Error {
  readonly at: number;
  readonly advice: string | undefined;
  constructor(message: string, at: number, advice?: string) {
    super(message);
    this.at = at;
    this.advice = advice;
  }
}

export function scanWith(scanner: OperandScanner, bare: readonly Bare[]): readonly Operand[] | ScanError {
  try {
    return scanner.operands(bare);
  } catch (e) {
    if (!(e instanceof ScanFailure)) throw e;
    return e.advice === undefined ? { error: e.message, at: e.at } : { error: e.message, at: e.at, advice: e.advice };
  }
}

const smallExprs: Expr[] = [];
const smallImms: ImmOperand[] = [];
for (let i = 0; i <= 4096; i++) {
  const e = num(i);
  smallExprs.push(e);
  smallImms.push(immOp(e));
}

/** The shared operand of a small number, or undefined. */
export function smallImm(value: Expr): ImmOperand | undefined {
  if (!isNumber(value) || value.modifier !== undefined || value.offset < 0n || value.offset > 4096n) return undefined;
  return smallImms[Number(value.offset)];
}

export const isDigit = (c: number): boolean => c >= 48 && c <= 57;
/** What may follow a number or symbol that is the whole expression: the end, `,`, `]`, `(` or `)`. */
export const isDelimiter = (c: number): boolean => Number.isNaN(c) || c === 44 || c === 93 || c === 40 || c === 41;

/** A place in a text, and how to go on from it. Each ISA says what one operand is. */
export abstract class OperandScanner {
  protected readonly text: string;
  protected at: number;

  constructor(text: string, from: number) {
    this.text = text;
    this.at = from;
  }

  /** The operand that begins here, which is not the end of the text; `bare` says what a word is at this position. */
  protected abstract operand(bare: Bare, index: number): Operand;

  operands(bare: readonly Bare[]): readonly Operand[] {
    const out: Operand[] = [];
    this.blanks();
    if (this.at >= this.text.length) return out;
    for (;;) {
      out.push(this.operand(bare[out.length] ?? 'register', out.length));
      this.blanks();
      if (this.at >= this.text.length) return out;
      if (this.text.charCodeAt(this.at) !== 44) this.fail("expected ',' or the end of the instruction");
      this.at++;
      this.blanks();
    }
  }

  protected fail(message: string, at = this.at): never {
    throw new ScanFailure(message, at);
  }

  protected blanks(): void {
    for (;;) {
      const c = this.text.charCodeAt(this.at);
      if (c !== 32 && c !== 9) return;
      this.at++;
    }
  }

  /** A word up to the next character that no symbol has. */
  protected word(): string {
    const start = this.at;
    let i = start;
    while (isSymbolPart(this.text.charCodeAt(i))) i++;
    this.at = i;
    return this.text.slice(start, i);
  }

  protected expr(): Expr {
    const { text } = this;
    const start = this.at;
    let i = start;
    let c = text.charCodeAt(i);
    if (isDigit(c)) {
      if (c !== 48 || !isSymbolPart(text.charCodeAt(i + 1))) {
        let value = 0;
        while (isDigit(c) && i < start + 9) {
          value = value * 10 + c - 48;
          c = text.charCodeAt(++i);
        }
        if (isDelimiter(c)) {
          this.at = i;
          return smallExprs[value] ?? num(value);
        }
      }
    } else if (isSymbolStart(c)) {
      do c = text.charCodeAt(++i);
      while (isSymbolPart(c));
      if (isDelimiter(c)) {
        this.at = i;
        return { offset: 0n, plus: text.slice(start, i) };
      }
    }
    const parsed = parseExpr(text, start);
    if (isExprError(parsed)) this.fail(parsed.error, parsed.at);
    this.at = parsed.end;
    return parsed.expr;
  }
}
