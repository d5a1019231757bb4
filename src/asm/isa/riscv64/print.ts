// SPDX-License-Identifier: MIT
import { InternalError } from '../../../base/assert.ts';
import { printExpr } from '../expression.ts';
import { type Expr, isNumber, type Operand } from '../operand.ts';

/** Operands as text. */

export function printOperand(o: Operand): string {
  switch (o.kind) {
    case 'reg':
      return o.reg.name;
    case 'imm':
      return printValue(o.value);
    case 'mem':
      return `${printValue(o.disp)}(${o.base?.name ?? ''})`;
    case 'word':
      return o.word;
    default:
      throw new InternalError(`RISC-V has no operands of kind ${o.kind}`);
  }
}

function printValue(e: Expr): string {
  if (isNumber(e)) return e.offset.toString();
  if (e.modifier === undefined || e.modifier === 'plt') return printExpr(e, 'at');
  const { modifier, ...plain } = e;
  return `%${modifier}(${printExpr(plain)})`;
}
