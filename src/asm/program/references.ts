// SPDX-License-Identifier: MIT
import { isExprError, isPlainSymbol, parseExpr } from '../isa/expression.ts';
import type { Expr, Operand } from '../isa/operand.ts';
import type { DirectiveStatement } from '../text/ast.ts';
import { DIRECTIVES } from '../text/directives.ts';
import { symbolName } from '../text/strings.ts';

/** The symbols that an operand names. */
export function operandSymbols(op: Operand, each: (name: string) => void): void {
  const e = op.kind === 'imm' ? op.value : op.kind === 'mem' ? op.disp : undefined;
  if (e === undefined) return;
  if (e.plus !== undefined) each(e.plus);
  if (e.minus !== undefined) each(e.minus);
}

/** The values of a data directive as expressions; an entry is undefined where it is not linear in symbols. */
export function dataValues(s: DirectiveStatement): readonly (Expr | undefined)[] {
  if (s.values !== undefined) return s.values;
  return s.args.map((a) => {
    const r = parseExpr(a, 0);
    return isExprError(r) || r.end !== a.length ? undefined : r.expr;
  });
}

/** The symbols that a directive's data mentions; none for directives that put no numbers into the section. */
export function dataSymbols(s: DirectiveStatement, each: (name: string) => void): void {
  const kind = DIRECTIVES.get(s.name)?.kind;
  if (kind !== 'data' && kind !== 'leb') return;
  const values = dataValues(s);
  values.forEach((value, i) => {
    if (value?.plus !== undefined || value?.minus !== undefined) {
      if (value.plus !== undefined) each(value.plus);
      if (value.minus !== undefined) each(value.minus);
      return;
    }
    // What is not linear, and what cancels out (`.L3-.L3`), still speaks of its symbols.
    const text = s.args[i] ?? '';
    if (value !== undefined && text.indexOf('-', 1) === -1) return;
    for (const word of text.match(/(?<![\w.$])[A-Za-z_.][\w.$]*/g) ?? []) each(word);
  });
}

/** Whether a directive puts bytes where it stands (alignment padding does not count). */
export function emitsData(s: DirectiveStatement): boolean {
  switch (DIRECTIVES.get(s.name)?.kind) {
    case 'data':
    case 'float':
    case 'leb':
    case 'string':
    case 'fill':
      return true;
    default:
      return false;
  }
}

/** The name that an assignment's value is, where it is just a symbol. */
export function plainSymbol(value: string): string | undefined {
  const name = symbolName(value.trim());
  return isPlainSymbol(name) && name !== '.' ? name : undefined;
}
