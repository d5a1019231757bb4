// SPDX-License-Identifier: MIT
import type { Isa } from '../isa/isa.ts';

/**
 * Sets of locations: registers, flags, and what the target keeps in storage of its own. Each name has a bit, given when it is
 * first seen, so that sets are put together and compared in one step.
 */
export type Locations = bigint;

export const NONE: Locations = 0n;
/** Every location, whether it has been seen or not. */
export const ALL: Locations = -1n;

const bits = new Map<string, bigint>();

export function locationOf(name: string): Locations {
  let known = bits.get(name);
  if (known === undefined) {
    known = 1n << BigInt(bits.size);
    bits.set(name, known);
  }
  return known;
}

export const hasLocation = (set: Locations, name: string): boolean => (set & locationOf(name)) !== 0n;

const sets = new WeakMap<Iterable<string>, Locations>();

/** The set of these names; for the same list, which must not change, it is made once. */
export function locationsOf(names: readonly string[] | ReadonlySet<string>): Locations {
  let known = sets.get(names);
  if (known === undefined) {
    known = NONE;
    for (const name of names) known |= locationOf(name);
    sets.set(names, known);
  }
  return known;
}

/** All locations of a machine, without what a translation keeps in storage. */
export function machineLocations(isa: Isa): Locations {
  let known = machines.get(isa);
  if (known === undefined) {
    known = locationsOf(isa.locations.map(({ name }) => name));
    machines.set(isa, known);
  }
  return known;
}

const machines = new WeakMap<Isa, Locations>();
