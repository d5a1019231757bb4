// SPDX-License-Identifier: MIT

import { must } from '../../base/assert.ts';
import { append } from '../../base/lists.ts';
import { load, low, store, variable } from '../../logic/build.ts';
import { onReset } from '../../logic/pool.ts';
import type { Term } from '../../logic/term.ts';
import { type Effect, isLater, type SetEffect, type State } from './effect.ts';
import type { Isa } from './isa.ts';
import type { Expr } from './operand.ts';
import { addressOf } from './symbol.ts';

/** An access to memory that an instruction made, in order. */
export interface MemoryAccess {
  readonly kind: 'load' | 'store';
  readonly address: Term;
  readonly bytes: number;
}

/** A state whose values are terms. Locations that nobody has set are variables `<prefix><location>`. */
export class SymbolicState implements State {
  private readonly made = new Map<string, Term>();
  /** What is to be put into `made` when somebody looks. No location is in both. */
  private readonly later = new Map<string, SetEffect>();
  memory: Term;
  readonly accesses: MemoryAccess[] = [];
  /** The label of the instruction after the current one, where `next()` is asked for. */
  nextLabel = '';
  readonly isa: Isa;
  readonly prefix: string;
  private undefinedCount = 0;

  constructor(isa: Isa, prefix: string, memory: Term = variable('memory', 0)) {
    this.isa = isa;
    this.prefix = prefix;
    this.memory = memory;
  }

  /** What locations hold that somebody has set, or asked for. */
  get values(): Map<string, Term> {
    for (const [loc, effect] of this.later) this.made.set(loc, effect.value);
    this.later.clear();
    return this.made;
  }

  /** What the location holds, where somebody has set it or asked for it. */
  protected held(loc: string): Term | undefined {
    const effect = this.later.get(loc);
    if (effect === undefined) return this.made.get(loc);
    this.later.delete(loc);
    this.made.set(loc, effect.value);
    return effect.value;
  }

  /** Whether somebody has set the location or asked for it. */
  holds(loc: string): boolean {
    return this.made.has(loc) || this.later.has(loc);
  }

  protected hold(loc: string, value: Term): void {
    this.later.delete(loc);
    this.made.set(loc, value);
  }

  protected copyTo(other: SymbolicState): void {
    for (const [loc, value] of this.made) other.made.set(loc, value);
    for (const [loc, effect] of this.later) other.later.set(loc, effect);
  }

  clone(): SymbolicState {
    const copy = new SymbolicState(this.isa, this.prefix, this.memory);
    this.copyTo(copy);
    append(copy.accesses, this.accesses);
    copy.nextLabel = this.nextLabel;
    copy.undefinedCount = this.undefinedCount;
    return copy;
  }

  get(loc: string): Term {
    let value = this.held(loc);
    if (value === undefined) {
      value = locationVariable(this.isa, this.prefix, loc);
      this.hold(loc, value);
    }
    return value;
  }

  load(address: Term, bytes: number): Term {
    const fixed = this.isa.slot(address, bytes);
    if (fixed !== undefined) return fixed;
    this.accesses.push({ kind: 'load', address, bytes });
    return load(this.memory, address, bytes);
  }

  symbol(expression: Expr): Term {
    return this.isa.symbol(expression);
  }

  next(): Term {
    return addressOf(this.nextLabel);
  }

  undefined(width: number, why: string): Term {
    return variable(`${this.prefix}undefined.${why}.${this.undefinedCount++}`, width);
  }

  /** Carries out the `set` and `store` effects; control effects are the caller's. */
  apply(effects: readonly Effect[]): void {
    for (const e of effects) {
      if (e.kind === 'set') {
        if (isLater(e)) {
          this.made.delete(e.loc);
          this.later.set(e.loc, e);
        } else this.hold(e.loc, e.value);
      } else if (e.kind === 'store') {
        this.accesses.push({ kind: 'store', address: e.address, bytes: e.value.width / 8 });
        this.memory = store(this.memory, e.address, e.value);
      }
    }
  }

  /** The low `width` bits of a location. */
  low(loc: string, width: number): Term {
    return low(this.get(loc), width);
  }
}

const widths = new WeakMap<Isa, Map<string, number>>();

/** The width of a location in bits, or undefined where the ISA has none of that name. */
export function widthOf(isa: Isa, loc: string): number | undefined {
  let known = widths.get(isa);
  if (known === undefined) {
    known = new Map(isa.locations.map((l) => [l.name, l.width]));
    widths.set(isa, known);
  }
  return known.get(loc);
}

/** By prefix, then by location: names need not be put together and looked up each time. */
const variables = new Map<Isa, Map<string, Map<string, Term>>>();
onReset(() => variables.clear());

/** A variable named after a location. */
export function locationVariable(isa: Isa, prefix: string, loc: string): Term {
  const ofIsa = variables.get(isa) ?? new Map<string, Map<string, Term>>();
  variables.set(isa, ofIsa);
  const named = ofIsa.get(prefix) ?? new Map<string, Term>();
  ofIsa.set(prefix, named);
  let found = named.get(loc);
  if (found === undefined) {
    found = variable(prefix + loc, must(widthOf(isa, loc), `${isa.name} has no location ${loc}`));
    named.set(loc, found);
  }
  return found;
}
