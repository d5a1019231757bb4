// SPDX-License-Identifier: MIT
import { unreachable } from '../../../base/assert.ts';
import { printExpr } from '../expression.ts';
import { type Expr, isNumber, type ListOperand, type MemOperand, type Operand, type VecOperand } from '../operand.ts';

/** Operands as text. */

export function printOperand(o: Operand): string {
  switch (o.kind) {
    case 'reg':
      return o.reg.name;
    case 'imm':
      return o.label ? printExpr(o.value, 'colon') : printNumber(o.value);
    case 'mem':
      return printMemory(o);
    case 'vec':
      return printVector(o);
    case 'list':
      return printList(o);
    case 'shift':
      return o.amount === 0 && o.name.charCodeAt(1) === 120 ? o.name : `${o.name} #${o.amount}`;
    case 'word': {
      const c = o.word.charCodeAt(0);
      return c === 45 || (c >= 48 && c <= 57) ? `#${o.word}` : o.word;
    }
    default:
      return unreachable(o, 'operand');
  }
}

const printNumber = (e: Expr): string => `#${isNumber(e) ? e.offset : printExpr(e, 'colon')}`;

function printVector(v: VecOperand): string {
  const name = `${v.reg.name}.${v.arrangement}`;
  return v.lane === undefined ? name : `${name}[${v.lane}]`;
}

function printList(o: ListOperand): string {
  const names = o.regs.map((r) => `${r.reg.name}.${r.arrangement}`).join(', ');
  const lane = o.regs[0]?.lane;
  return lane === undefined ? `{${names}}` : `{${names}}[${lane}]`;
}

function printMemory(m: MemOperand): string {
  const base = m.base?.name ?? '';
  if (m.mode === 'post') return `[${base}], ${m.index === undefined ? printNumber(m.disp) : m.index.name}`;
  if (m.index !== undefined) {
    if (m.extend === undefined) return `[${base}, ${m.index.name}]`;
    const amount = m.amount === undefined ? '' : ` #${m.amount}`;
    return `[${base}, ${m.index.name}, ${m.extend}${amount}]`;
  }
  if (m.mode === 'pre') return `[${base}, ${printNumber(m.disp)}]!`;
  return isNumber(m.disp) && m.disp.offset === 0n ? `[${base}]` : `[${base}, ${printNumber(m.disp)}]`;
}
