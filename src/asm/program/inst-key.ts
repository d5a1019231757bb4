// SPDX-License-Identifier: MIT
import type { Inst } from '../isa/define.ts';
import type { Expr, Operand } from '../isa/operand.ts';

/** A key under which facts about an instruction are remembered: all of it but its place in the source. */
export function exactKey(inst: Inst): string {
  let key = inst.def.id;
  for (const op of inst.ops) key += `|${operandKey(op, true)}`;
  return key;
}

/** The part of a key that is an operand; where it is not exact, without how large displacements are and names of symbols. */
export function operandKey(op: Operand, exact: boolean): string {
  switch (op.kind) {
    case 'reg':
      return op.reg.name;
    case 'imm':
      return `${op.label ? 'L' : '$'}${exprKey(op.value, exact)}`;
    case 'mem': {
      const some = op.disp.offset === 0n && op.base !== undefined ? '' : '#';
      const disp = exact || op.disp.plus !== undefined ? exprKey(op.disp, exact) : some;
      const tail = `${op.segment ?? ''}:${op.extend ?? ''}${op.amount ?? ''}${op.mode ?? ''}`;
      return `${disp}[${op.base?.name ?? ''}+${op.index?.name ?? ''}*${op.scale ?? ''}]${tail}`;
    }
    case 'vec':
      return `${op.reg.name}.${op.arrangement}${op.lane ?? ''}`;
    case 'list':
      return op.regs.map((r) => `${r.reg.name}.${r.arrangement}${r.lane ?? ''}`).join(',');
    case 'shift':
      return `${op.name}#${op.amount}`;
    case 'word':
      return op.word;
  }
}

function exprKey(e: Expr, exact: boolean): string {
  if (e.plus === undefined && e.minus === undefined) return e.offset.toString();
  if (exact) return `${e.plus ?? ''}@${e.modifier ?? ''}-${e.minus ?? ''}+${e.offset}`;
  return `&${e.modifier ?? ''}`;
}
