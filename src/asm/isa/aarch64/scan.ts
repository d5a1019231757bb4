// SPDX-License-Identifier: MIT
import { isSymbolStart } from '../expression.ts';
import type { Bare } from '../kind.ts';
import {
  type Expr,
  isNumber,
  type MemOperand,
  num,
  type Operand,
  type Reg,
  type ShiftOperand,
  type VecOperand,
} from '../operand.ts';
import { isDelimiter, isDigit, OperandScanner, type ScanError, ScanFailure, scanWith, smallImm } from '../scan.ts';
import { register, registerOperand } from './registers.ts';

/** The operands of `text` from index `from` to its end. `bare` says per position what a word is. */
export function scanOperands(text: string, from: number, bare: readonly Bare[]): readonly Operand[] | ScanError {
  return scanWith(new Scanner(text, from), bare);
}

const SHIFTS = new Set(['lsl', 'lsr', 'asr', 'ror', 'msl']);
const EXTENDS = new Set(['uxtb', 'uxth', 'uxtw', 'uxtx', 'sxtb', 'sxth', 'sxtw', 'sxtx']);

const ZERO_EXPR = num(0);

class Scanner extends OperandScanner {
  /** Between the `-` of a register list's range and its last register. */
  private pendingRange = false;

  protected operand(bare: Bare, index: number): Operand {
    const c = this.text.charCodeAt(this.at);
    if (c === 91) return this.memory();
    if (c === 35) {
      this.at++;
      return this.immediate();
    }
    if (c === 123) return this.list();
    if (c === 61) {
      const advice = 'load the value from memory, or with adrp and add';
      throw new ScanFailure('a literal pool (=value) is not supported', this.at, advice);
    }
    if (bare === 'label') {
      const value = this.expr();
      return { kind: 'imm', value, label: value.plus !== undefined };
    }
    if (isSymbolStart(c)) return this.name(bare, index);
    return this.immediate();
  }

  private name(bare: Bare, index: number): Operand {
    const start = this.at;
    const name = this.word();
    const plain = registerOperand(name);
    if (plain !== undefined) return plain;
    const c = name.charCodeAt(0);
    if (c === 118 || c === 86) {
      const vector = this.vector(name);
      if (vector !== undefined) return vector;
    }
    const lower = name.toLowerCase();
    if (index > 0 && bare !== 'word') {
      const shift = this.shift(lower);
      if (shift !== undefined) return shift;
    }
    if (bare === 'word') return { kind: 'word', word: lower };
    this.at = start;
    const value = this.expr();
    return { kind: 'imm', value, label: value.plus !== undefined };
  }

  /** `v3.4s` or `v3.s[1]`, of which `name` is the part without the index. */
  private vector(name: string): VecOperand | undefined {
    const dot = name.indexOf('.');
    if (dot < 0) return undefined;
    const reg = register(name.slice(0, dot));
    if (reg?.class !== 'vec') return undefined;
    const arrangement = name.slice(dot + 1).toLowerCase();
    const lane = this.lane();
    return lane === undefined ? { kind: 'vec', reg, arrangement } : { kind: 'vec', reg, arrangement, lane };
  }

  private lane(): number | undefined {
    if (this.text.charCodeAt(this.at) !== 91) return undefined;
    this.at++;
    this.blanks();
    const lane = this.count('a lane number');
    this.blanks();
    if (this.text.charCodeAt(this.at) !== 93) this.fail("expected ']'");
    this.at++;
    return lane;
  }

  /** A small number without a sign. */
  private count(what: string): number {
    const start = this.at;
    const e = this.expr();
    if (!isNumber(e) || e.modifier !== undefined || e.offset < 0n || e.offset > 0xffffffffn) {
      this.fail(`expected ${what}`, start);
    }
    return Number(e.offset);
  }

  private shift(name: string): ShiftOperand | undefined {
    const extend = EXTENDS.has(name);
    if (!extend && !SHIFTS.has(name)) return undefined;
    const amount = this.amount();
    if (amount === undefined && !extend) this.fail(`'${name}' needs an amount`);
    return { kind: 'shift', name, amount: amount ?? 0 };
  }

  private amount(): number | undefined {
    this.blanks();
    const c = this.text.charCodeAt(this.at);
    if (isDelimiter(c)) return undefined;
    if (c === 35) this.at++;
    return this.count('an amount to shift by');
  }

  /** After the optional `#`. A number with a point or an exponent is a word: `1.0`. */
  private immediate(): Operand {
    this.blanks();
    const float = this.float();
    if (float !== undefined) return { kind: 'word', word: float };
    const value = this.expr();
    return smallImm(value) ?? { kind: 'imm', value, label: false };
  }

  private float(): string | undefined {
    const { text } = this;
    let i = this.at;
    const sign = text.charCodeAt(i);
    if (sign === 45 || sign === 43) i++;
    if (!isDigit(text.charCodeAt(i))) return undefined;
    while (isDigit(text.charCodeAt(i))) i++;
    const c = text.charCodeAt(i);
    const exponent = (c | 32) === 101;
    if (c !== 46 && !exponent) return undefined;
    if (c === 46) {
      i++;
      while (isDigit(text.charCodeAt(i))) i++;
    }
    if ((text.charCodeAt(i) | 32) === 101) {
      i++;
      const s = text.charCodeAt(i);
      if (s === 45 || s === 43) i++;
      if (!isDigit(text.charCodeAt(i))) this.fail('malformed number');
      while (isDigit(text.charCodeAt(i))) i++;
    }
    const value = Number(text.slice(this.at, i));
    this.at = i;
    return Number.isInteger(value) && !Object.is(value, -0) ? `${value}.0` : Object.is(value, -0) ? '-0.0' : `${value}`;
  }

  private memory(): MemOperand {
    this.at++;
    this.blanks();
    const base = this.memoryRegister();
    this.blanks();
    let disp = ZERO_EXPR;
    let index: Reg | undefined;
    let extend: string | undefined;
    let amount: number | undefined;
    if (this.text.charCodeAt(this.at) === 44) {
      this.at++;
      this.blanks();
      index = this.indexRegister();
      if (index === undefined) disp = this.displacement();
      else {
        this.blanks();
        if (this.text.charCodeAt(this.at) === 44) {
          this.at++;
          this.blanks();
          const start = this.at;
          extend = this.word().toLowerCase();
          if (extend !== 'lsl' && !EXTENDS.has(extend)) this.fail('expected lsl, uxtw, sxtw or sxtx', start);
          amount = this.amount();
        }
      }
      this.blanks();
    }
    if (this.text.charCodeAt(this.at) !== 93) this.fail("expected ']'");
    this.at++;
    const afterBracket = this.at;
    this.blanks();
    const c = this.text.charCodeAt(this.at);
    if (c === 33) {
      this.at++;
      if (disp === ZERO_EXPR || index !== undefined) this.fail("'!' needs an offset in the brackets", this.at - 1);
      return { kind: 'mem', base, disp, mode: 'pre' };
    }
    if (c === 44) {
      if (disp !== ZERO_EXPR || index !== undefined) this.fail('an offset in the brackets and one behind them');
      this.at++;
      this.blanks();
      const step = this.indexRegister();
      if (step !== undefined) return { kind: 'mem', base, disp, index: step, mode: 'post' };
      return { kind: 'mem', base, disp: this.displacement(), mode: 'post' };
    }
    this.at = afterBracket;
    if (index === undefined) return { kind: 'mem', base, disp };
    if (extend === undefined) return { kind: 'mem', base, disp, index };
    return amount === undefined
      ? { kind: 'mem', base, disp, index, extend }
      : { kind: 'mem', base, disp, index, extend, amount };
  }

  private memoryRegister(): Reg {
    const start = this.at;
    return register(this.word()) ?? this.fail('expected a base register', start);
  }

  private indexRegister(): Reg | undefined {
    const start = this.at;
    if (!isSymbolStart(this.text.charCodeAt(start))) return undefined;
    const reg = register(this.word());
    if (reg === undefined) this.at = start;
    return reg;
  }

  /** Never `ZERO_EXPR` itself, which stands for an offset that was not written. */
  private displacement(): Expr {
    if (this.text.charCodeAt(this.at) === 35) {
      this.at++;
      this.blanks();
    }
    return this.expr();
  }

  /** `{v0.16b, v1.16b}`, `{v0.16b - v3.16b}`, `{v0.s, v1.s}[2]`. */
  private list(): Operand {
    const start = this.at;
    this.at++;
    const regs: VecOperand[] = [];
    for (;;) {
      this.blanks();
      const v = this.vector(this.word()) ?? this.fail('expected a vector register');
      const previous = regs.at(-1);
      if (previous !== undefined && this.text.charCodeAt(this.at) !== 91 && this.pendingRange) {
        this.fillRange(regs, previous, v);
      } else regs.push(v);
      this.pendingRange = false;
      this.blanks();
      const c = this.text.charCodeAt(this.at);
      this.at++;
      if (c === 125) break;
      if (c === 45) this.pendingRange = true;
      else if (c !== 44) this.fail("expected ',', '-' or '}'", this.at - 1);
    }
    if (regs.length > 4) this.fail('a register list has at most four registers', start);
    const lane = this.lane();
    return { kind: 'list', regs: lane === undefined ? regs : regs.map((r) => ({ ...r, lane })) };
  }

  private fillRange(regs: VecOperand[], from: VecOperand, to: VecOperand): void {
    const first = Number(from.reg.loc.slice(1));
    const last = Number(to.reg.loc.slice(1));
    if (from.arrangement !== to.arrangement) this.fail('the registers of a range have one arrangement');
    for (let i = first; i !== last; ) {
      i = (i + 1) % 32;
      const reg = register(`v${i}`);
      if (reg !== undefined) regs.push({ kind: 'vec', reg, arrangement: to.arrangement });
    }
  }
}
