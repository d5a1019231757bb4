// SPDX-License-Identifier: MIT
import { isSymbolStart } from '../expression.ts';
import type { Bare } from '../kind.ts';
import { type Expr, type MemOperand, num, type Operand } from '../operand.ts';
import { OperandScanner, type ScanError, ScanFailure, scanWith, smallImm } from '../scan.ts';
import { register, registerOperand } from './registers.ts';

/** The operands of `text` from index `from` to its end. `bare` says per position what a word is. */
export function scanOperands(text: string, from: number, bare: readonly Bare[]): readonly Operand[] | ScanError {
  return scanWith(new Scanner(text, from), bare);
}

const OPERATORS = new Set(['hi', 'lo', 'tprel_hi', 'tprel_lo', 'tprel_add']);

const advice = 'the two halves of an address relative to the place of an instruction are joined by a label, which ';
const REFUSED: ReadonlyMap<string, string> = new Map([
  ...['pcrel_hi', 'pcrel_lo'].map((name) => [name, `${advice}is not followed: write lla`] as const),
  ['got_pcrel_hi', `${advice}is not followed: write la`],
  ['tls_ie_pcrel_hi', `${advice}is not followed: write la.tls.ie`],
  ['tls_gd_pcrel_hi', 'dynamic thread-local storage is not supported: compile with -ftls-model=initial-exec'],
]);

const ZERO_EXPR = num(0);

class Scanner extends OperandScanner {
  protected operand(bare: Bare): Operand {
    const c = this.text.charCodeAt(this.at);
    if (c === 37) return this.maybeMemory(this.operator());
    if (c === 40) {
      const plain = this.base(ZERO_EXPR);
      if (plain !== undefined) return plain;
    }
    if (bare !== 'label' && isSymbolStart(c)) {
      const start = this.at;
      const name = this.word();
      const reg = registerOperand(name);
      if (reg !== undefined && (bare !== 'label at end' || this.isFollowed())) return reg;
      if (bare === 'word') return { kind: 'word', word: name };
      this.at = start;
    }
    return this.maybeMemory(this.expr());
  }

  private isFollowed(): boolean {
    this.blanks();
    return this.text.charCodeAt(this.at) === 44;
  }

  /** An expression, or the offset of a memory operand. */
  private maybeMemory(value: Expr): Operand {
    this.blanks();
    if (this.text.charCodeAt(this.at) === 40) return this.base(value) ?? this.fail('expected a base register');
    const isLabel = value.plus !== undefined && (value.modifier === undefined || value.modifier === 'plt');
    return isLabel ? { kind: 'imm', value, label: true } : (smallImm(value) ?? { kind: 'imm', value, label: false });
  }

  /** `(a0)`, or nothing read where no register stands in the parentheses. */
  private base(disp: Expr): MemOperand | undefined {
    const start = this.at;
    this.at++;
    this.blanks();
    const base = register(this.word());
    this.blanks();
    if (base === undefined || this.text.charCodeAt(this.at) !== 41) {
      this.at = start;
      return undefined;
    }
    this.at++;
    return { kind: 'mem', disp, base };
  }

  /** `%lo(symbol+4)` */
  private operator(): Expr {
    const start = this.at;
    this.at++;
    const modifier = this.word();
    const refused = REFUSED.get(modifier);
    if (refused !== undefined) throw new ScanFailure(`'%${modifier}' is not supported`, start, refused);
    if (!OPERATORS.has(modifier)) this.fail('unknown relocation operator', start);
    if (this.text.charCodeAt(this.at) !== 40) this.fail("expected '('");
    this.at++;
    this.blanks();
    const inner = this.expr();
    this.blanks();
    if (this.text.charCodeAt(this.at) !== 41) this.fail("expected ')'");
    this.at++;
    if (inner.plus === undefined || inner.minus !== undefined || inner.modifier !== undefined) {
      this.fail('a relocation operator needs one symbol', start);
    }
    return { ...inner, modifier };
  }
}
