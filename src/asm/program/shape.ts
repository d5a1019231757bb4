// SPDX-License-Identifier: MIT
import { mapped } from '../../base/lists.ts';
import type { Inst, InstDef } from '../isa/define.ts';
import type { Expr, MemOperand, Operand } from '../isa/operand.ts';
import type { InstSummary } from './effects-summary.ts';
import { operandKey } from './inst-key.ts';
import type { LinearFacts } from './linear.ts';
import type { TaintFacts } from './taint.ts';

/** What is known of all instructions of one shape, each found when it is first asked for. */
export interface ShapeFacts {
  summary: InstSummary | undefined;
  taint: TaintFacts | undefined;
  linear: LinearFacts | undefined;
}

/**
 * An instruction but for how large displacements are and the names of symbols, which do not change what depends on what
 * (that there is a displacement does: the sum's upper bits then depend on the lower ones). Instructions of the same shape
 * have one object.
 */
export class Shape implements ShapeFacts {
  summary: InstSummary | undefined;
  taint: TaintFacts | undefined;
  linear: LinearFacts | undefined;
  /** The shapes that have one more operand, or one more part of an operand. */
  private next: Map<number | string, Shape> | undefined;

  with(part: number | string): Shape {
    this.next ??= new Map();
    let shape = this.next.get(part);
    if (shape === undefined) {
      shape = new Shape();
      this.next.set(part, shape);
    }
    return shape;
  }
}

// Parts of different sorts must differ, so that numbers say in their lowest bits what they are, and the rest are strings.
const [REGISTER, NUMBER, SYMBOL, ADDRESS, TAIL] = [0, 1, 2, 3, 4];
const SORTS = 8;
/** Numbers below this are parts as they are. */
const SMALL = 1n << 24n;
const MOST_NAMES = 1 << 12;

const roots = new Map<InstDef, Shape>();
/** Numbers for names of registers and of whatever else distinguishes operands. */
const numbers = new Map<string, number>();

function numberOf(name: string): number {
  let n = numbers.get(name);
  if (n === undefined) {
    n = numbers.size + 1;
    numbers.set(name, n);
  }
  return n;
}

export function shapeOf(inst: Inst): Shape {
  let shape = roots.get(inst.def);
  if (shape === undefined) {
    shape = new Shape();
    roots.set(inst.def, shape);
  }
  for (const op of inst.ops) shape = withOperand(shape, op);
  return shape;
}

function withOperand(shape: Shape, op: Operand): Shape {
  switch (op.kind) {
    case 'reg':
      return shape.with(numberOf(op.reg.name) * SORTS + REGISTER);
    case 'imm': {
      const { value, label } = op;
      const sort = label ? 1 : 0;
      if (value.plus !== undefined || value.minus !== undefined)
        return shape.with((numberOf(`&${value.modifier ?? ''}`) * 2 + sort) * SORTS + SYMBOL);
      const { offset } = value;
      if (offset < SMALL && offset > -SMALL) return shape.with((Number(offset) * 2 + sort) * SORTS + NUMBER);
      break;
    }
    case 'mem': {
      const base = op.base === undefined ? 0 : numberOf(op.base.name);
      const index = op.index === undefined ? 0 : numberOf(op.index.name);
      // Names are few: registers and modifiers.
      if (base < MOST_NAMES && index < MOST_NAMES)
        return shape.with((base * MOST_NAMES + index) * SORTS + ADDRESS).with(tailOf(op));
      break;
    }
    default:
      break;
  }
  return shape.with(`${op.kind} ${operandKey(op, false)}`);
}

/** What is left of a memory operand without its registers. */
function tailOf(op: MemOperand): number {
  const { disp, segment, extend, amount, mode } = op;
  const scale = op.scale ?? 0;
  const what = displacementKind(disp, op.base !== undefined);
  const rest = segment === undefined && extend === undefined && amount === undefined && mode === undefined;
  const name = rest ? what : `${what}${segment ?? ''}:${extend ?? ''}${amount ?? ''}${mode ?? ''}`;
  return (numberOf(name) * 16 + scale) * SORTS + TAIL;
}

function displacementKind(disp: Expr, hasBase: boolean): string {
  if (disp.plus !== undefined) return disp.modifier === undefined ? '&' : `&${disp.modifier}`;
  return disp.offset === 0n && hasBase ? '' : '#';
}

/** The shapes of a function's instructions, in order. */
export function shapesOf(insts: readonly Inst[]): readonly Shape[] {
  let list = known.get(insts);
  if (list === undefined) {
    list = mapped(insts, shapeOf);
    known.set(insts, list);
  }
  return list;
}

const known = new WeakMap<readonly Inst[], readonly Shape[]>();
