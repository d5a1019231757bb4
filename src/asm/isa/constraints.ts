// SPDX-License-Identifier: MIT
import type { Inst, InstDef } from './define.ts';
import type { Operand } from './operand.ts';

/** Conditions over several operands of one instruction, which no operand kind can see. */

/** Why the operands cannot stand together; undefined where they can. */
export type Constraint = (ops: readonly Operand[]) => ConstraintFailure | undefined;

export interface ConstraintFailure {
  /** `range`: no encoding has it, and an assembler rejects it. `unpredictable`: the manual gives it no one meaning. */
  readonly kind: 'range' | 'unpredictable';
  readonly message: string;
}

const constraints = new WeakMap<InstDef, Constraint>();

/** Attaches a constraint to a form and returns the form. */
export function constrain<D extends InstDef>(form: D, constraint: Constraint): D {
  constraints.set(form, constraint);
  return form;
}

export function constraintOf(def: InstDef): Constraint | undefined {
  return constraints.get(def);
}

/** Whether the operands of an instruction, each accepted by itself, also go together. */
export function constraintFailure(inst: Inst): ConstraintFailure | undefined {
  return constraints.get(inst.def)?.(inst.ops);
}
