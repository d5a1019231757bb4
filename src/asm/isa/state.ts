// SPDX-License-Identifier: MIT

import { must } from '../../base/assert.ts';
import { load, low, store, variable } from '../../logic/build.ts';
import type { Term } from '../../logic/term.ts';
import type { Effect, State } from './effect.ts';
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
  readonly values = new Map<string, Term>();
  memory: Term;
  readonly accesses: MemoryAccess[] = [];
  /** The label of the instruction after the current one, where `next()` is asked for. */
  nextLabel = '';
  readonly isa: Isa;
  readonly prefix: string;
  private widths: Map<string, number>;
  private undefinedCount = 0;

  constructor(isa: Isa, prefix: string, memory: Term = variable('memory', 0)) {
    this.isa = isa;
    this.prefix = prefix;
    this.memory = memory;
    this.widths = widthsOf(isa);
  }

  clone(): SymbolicState {
    const copy = new SymbolicState(this.isa, this.prefix, this.memory);
    for (const [k, v] of this.values) copy.values.set(k, v);
    copy.accesses.push(...this.accesses);
    copy.nextLabel = this.nextLabel;
    copy.undefinedCount = this.undefinedCount;
    return copy;
  }

  get(loc: string): Term {
    let value = this.values.get(loc);
    if (value === undefined) {
      value = variable(this.prefix + loc, must(this.widths.get(loc), `${this.isa.name} has no location ${loc}`));
      this.values.set(loc, value);
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
      if (e.kind === 'set') this.values.set(e.loc, e.value);
      else if (e.kind === 'store') {
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

const widthCache = new WeakMap<Isa, Map<string, number>>();
function widthsOf(isa: Isa): Map<string, number> {
  let widths = widthCache.get(isa);
  if (widths === undefined) {
    widths = new Map(isa.locations.map((l) => [l.name, l.width]));
    widthCache.set(isa, widths);
  }
  return widths;
}
