// SPDX-License-Identifier: MIT
import type { Inst } from '../isa/define.ts';
import type { Isa } from '../isa/isa.ts';
import { type Shape, type ShapeFacts, shapeOf } from './shape.ts';
import { withStandIns } from './stand-ins.ts';
import { withTypicalImmediates } from './typical-immediates.ts';

/** How a fact speaks of locations. */
export interface Naming<T> {
  /** Whether it says anything of the location. */
  mentions(fact: T, loc: string, isa: Isa): boolean;
  /** The same fact of other locations: those that `names` gives for the ones in it. */
  rename(fact: T, names: ReadonlyMap<string, string>, isa: Isa): T;
}

/** What `find` says of an instruction of a shape. */
export type OfShape<T> = (inst: Inst, shape: Shape, isa: Isa) => T;

/** The function `find`, asked once for all instructions of one shape. */
export function remember<K extends keyof ShapeFacts>(
  name: K,
  find: (inst: Inst, isa: Isa) => NonNullable<ShapeFacts[K]>,
): OfShape<NonNullable<ShapeFacts[K]>> {
  return (inst, shape, isa) => {
    const facts: ShapeFacts = shape;
    const fact = facts[name] ?? find(inst, isa);
    facts[name] = fact;
    return fact;
  };
}

/**
 * The same where the registers do not matter for what is found (see stand-ins.ts), nor the values of most immediates
 * (typical-immediates.ts): it is then found once for all.
 */
export function rememberShape<K extends keyof ShapeFacts>(
  name: K,
  find: (inst: Inst, isa: Isa) => NonNullable<ShapeFacts[K]>,
  naming: Naming<NonNullable<ShapeFacts[K]>>,
): OfShape<NonNullable<ShapeFacts[K]>> {
  const general = remember(name, find);
  const named: OfShape<NonNullable<ShapeFacts[K]>> = remember(name, (inst, isa) => {
    const stood = withStandIns(inst, isa);
    if (stood === undefined) return find(inst, isa);
    const { actual } = stood;
    const fact = general(stood.inst, shapeOf(stood.inst), isa);
    // A register that the instruction uses anyhow as well as naming it: the two uses would be taken for different ones.
    for (const loc of actual.values()) if (!actual.has(loc) && naming.mentions(fact, loc, isa)) return find(inst, isa);
    return naming.rename(fact, actual, isa);
  });
  return remember(name, (inst, isa) => {
    const typical = withTypicalImmediates(inst, isa) ?? inst;
    return named(typical, shapeOf(typical), isa);
  });
}
