// SPDX-License-Identifier: MIT

import type { Term } from '../../logic/term.ts';
import type { Inst } from '../isa/define.ts';
import { effectsOf } from '../isa/define.ts';
import type { Effect } from '../isa/effect.ts';
import type { Isa } from '../isa/isa.ts';
import { SymbolicState } from '../isa/state.ts';
import type { Flow } from './types.ts';

const NEXT: Flow = { kind: 'next' };

/**
 * How control leaves instructions, found from what they mean: `flowOf(isa)` gives a function that remembers per form
 * what kind of control effect it has, so that only control instructions are ever looked at twice.
 */
export function flowOf(isa: Isa): (inst: Inst) => Flow {
  const known = forms.get(isa) ?? new Map<string, Shape>();
  forms.set(isa, known);
  return (inst) => {
    const shape = known.get(inst.def.id);
    if (shape === undefined) {
      const flow = readFlow(inst, isa);
      known.set(inst.def.id, shapeOf(inst, flow));
      return flow;
    }
    if (shape.fixed !== undefined) return shape.fixed;
    if (shape.label === undefined) return readFlow(inst, isa);
    const op = inst.ops[shape.label];
    if (op?.kind !== 'imm' || op.value.plus === undefined) return readFlow(inst, isa);
    const target = labelText(op.value.plus, op.value.offset);
    return shape.kind === 'call' ? { kind: 'call', target } : { kind: 'jump', target, conditional: shape.conditional };
  };
}

/** What is the same for all instructions of a form: the whole flow, or where its target stands. */
interface Shape {
  readonly fixed?: Flow;
  readonly label?: number;
  readonly kind: Flow['kind'];
  readonly conditional: boolean;
}

const forms = new WeakMap<Isa, Map<string, Shape>>();

function shapeOf(inst: Inst, flow: Flow): Shape {
  if (flow.kind !== 'jump' && flow.kind !== 'call' && flow.kind !== 'indirect') {
    return { fixed: flow, kind: flow.kind, conditional: false };
  }
  const shape = { kind: flow.kind, conditional: flow.kind === 'jump' && flow.conditional };
  const label = inst.ops.findIndex((o) => o.kind === 'imm' && o.label && o.value.plus !== undefined);
  return label === -1 ? shape : { ...shape, label };
}

function readFlow(inst: Inst, isa: Isa): Flow {
  for (const e of effectsOf(inst, new SymbolicState(isa, ''))) {
    const flow = effectFlow(e);
    if (flow !== undefined) return flow;
  }
  return NEXT;
}

function effectFlow(e: Effect): Flow | undefined {
  switch (e.kind) {
    case 'set':
    case 'store':
      return undefined;
    case 'jump': {
      const target = symbolOf(e.target);
      return target === undefined
        ? { kind: 'indirect' }
        : { kind: 'jump', target, conditional: e.condition !== undefined };
    }
    case 'call':
      return { kind: 'call', target: symbolOf(e.target) };
    case 'return':
      return { kind: 'return' };
    case 'trap':
      return e.condition === undefined ? { kind: 'trap' } : undefined;
    case 'system':
      // Which call it is shows in the code before it; see system-calls.ts.
      return {
        kind: 'system',
        number: undefined,
        reads: e.arguments.flatMap((a) => (a.op === 'var' ? [a.name] : [])),
        values: [],
      };
    case 'repeat':
      return { kind: 'repeat' };
  }
}

/** The symbol whose address a term is, with the offset as the assembler writes it; undefined for computed addresses. */
function symbolOf(target: Term): string | undefined {
  if (target.op === 'var') return target.name.startsWith('&') ? target.name.slice(1) : undefined;
  if (target.op !== 'add' || target.args.length !== 2) return undefined;
  const constant = target.args.find((t) => t.op === 'const');
  const symbol = target.args.find((t) => t.op === 'var' && t.name.startsWith('&'));
  if (constant === undefined || symbol === undefined) return undefined;
  return labelText(symbol.name.slice(1), BigInt.asIntN(64, constant.value));
}

function labelText(name: string, offset: bigint): string {
  if (offset === 0n) return name;
  return offset > 0n ? `${name}+${offset}` : `${name}${offset}`;
}
