// SPDX-License-Identifier: MIT
import type { Inst, InstDef } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import type { Operand } from '../isa/operand.ts';
import { shapeKey } from './inst-key.ts';
import { withStandIns } from './stand-ins.ts';

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

/** How a fact speaks of locations. */
export interface Naming<T> {
  /** Whether it says anything of the location. */
  mentions(fact: T, loc: string, isa: Isa): boolean;
  /** The same fact of other locations: those that `names` gives for the ones in it. */
  rename(fact: T, names: ReadonlyMap<string, string>, isa: Isa): T;
}

/** The same for facts that depend on an instruction's shape, for which its registers do not matter (see stand-ins.ts). */
export function rememberShape<T>(find: (inst: Inst, isa: Isa) => T, naming: Naming<T>): (inst: Inst, isa: Isa) => T {
  const general = remember(shapeKey, find);
  return remember(shapeKey, (inst, isa) => {
    const stood = withStandIns(inst, isa);
    if (stood === undefined) return find(inst, isa);
    const { actual } = stood;
    const fact = general(stood.inst, isa);
    // A register that the instruction uses anyhow as well as naming it: the two uses would be taken for different ones.
    for (const loc of actual.values()) if (!actual.has(loc) && naming.mentions(fact, loc, isa)) return find(inst, isa);
    return naming.rename(fact, actual, isa);
  });
}
