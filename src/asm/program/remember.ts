// SPDX-License-Identifier: MIT
import type { Inst, InstDef } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import type { Operand } from '../isa/operand.ts';

/**
 * The function `find`, asked once for all instructions of equal keys. The reader gives instructions of the same text one
 * list of operands, and by that list the answer is found again without building a key.
 */
export function remember<T>(
  key: (inst: Inst) => string,
  find: (inst: Inst, isa: Isa) => T,
): (inst: Inst, isa: Isa) => T {
  const byKey = new WeakMap<Isa, Map<string, T>>();
  const byOperands = new WeakMap<readonly Operand[], { readonly def: InstDef; readonly fact: T }>();
  const byName = (inst: Inst, isa: Isa): T => {
    let facts = byKey.get(isa);
    if (facts === undefined) {
      facts = new Map();
      byKey.set(isa, facts);
    }
    const name = key(inst);
    let fact = facts.get(name);
    if (fact === undefined) {
      fact = find(inst, isa);
      facts.set(name, fact);
    }
    return fact;
  };
  return (inst, isa) => {
    const before = byOperands.get(inst.ops);
    if (before?.def === inst.def) return before.fact;
    const fact = byName(inst, isa);
    byOperands.set(inst.ops, { def: inst.def, fact });
    return fact;
  };
}
