// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import type { Term } from '../../logic/term.ts';

/**
 * What an instruction does, as a list over the state *before* it: all values are read first, so the order of `set`
 * effects among themselves has no meaning. Stores happen in list order. Control effects come last.
 * `set` always writes a whole location; a partial register write says so by reading the old value.
 */
export type Effect =
  | SetEffect
  /** `value` is a whole number of bytes, little endian. */
  | { readonly kind: 'store'; readonly address: Term; readonly value: Term }
  /** Continue at `target` (a code address). Without `condition` always, else when it is 1; otherwise fall through. */
  | { readonly kind: 'jump'; readonly target: Term; readonly condition?: Term }
  /** Call `target`. The return address has already been written where this ISA puts it (stack or link register). */
  | { readonly kind: 'call'; readonly target: Term }
  /** Return to `target`, an address the state holds. */
  | { readonly kind: 'return'; readonly target: Term }
  /**
   * The machine traps (`#DE`, `#UD`, `brk`) when `condition` is 1 (always, when absent); nothing after it happens. `why`
   * is for people.
   */
  | { readonly kind: 'trap'; readonly what: string; readonly condition?: Term; readonly why?: string }
  /**
   * Enter the operating system. What it is asked for, and with which arguments, is where Linux looks for it on this
   * machine; `result` is the location in which it answers. Control goes on behind. The `set` effects beside it say what
   * else is not as it was, of the result that it is undefined.
   */
  | { readonly kind: 'system'; readonly number: Term; readonly arguments: readonly Term[]; readonly result: string }
  /** Run this same instruction again when `condition` is 1: how `rep` string instructions loop one step at a time. */
  | { readonly kind: 'repeat'; readonly condition: Term };

export interface SetEffect {
  readonly kind: 'set';
  readonly loc: string;
  readonly value: Term;
}

/** What an instruction reads from: registers and flags by location name, and memory. */
export interface State {
  /** The value of a location (`rax`, `xmm3`, `cf`, `x8`, `v0`, `n`), at its full width. */
  get(loc: string): Term;
  /** `bytes` bytes of memory at `address`, little endian. Reading is an access: it can fault. */
  load(address: Term, bytes: number): Term;
  /** The address of a symbol, or another value that only the linker knows; see symbol.ts. */
  symbol(expression: import('./operand.ts').Expr): Term;
  /** The address of the instruction that follows this one (the return address of a call). */
  next(): Term;
  /**
   * A value the manual leaves undefined: different at each use. `choice` is what some processor may make it: a proof may
   * take the value for that, since whatever it is, the source's behaviour is one that the manual allows.
   */
  undefined(width: number, why: string, choice?: Term): Term;
}

export function set(loc: string, value: Term): Effect {
  return { kind: 'set', loc, value };
}

/** The same, with a value that is made when somebody looks: most flags are overwritten unread. `make` reads no state. */
export function setLater(loc: string, make: () => Term): SetEffect {
  return new LaterSet(loc, make);
}

class LaterSet implements SetEffect {
  readonly kind = 'set';
  readonly loc: string;
  private make: (() => Term) | undefined;
  private made: Term | undefined;

  constructor(loc: string, make: () => Term) {
    this.loc = loc;
    this.make = make;
  }

  get value(): Term {
    if (this.make !== undefined) {
      this.made = this.make();
      this.make = undefined;
    }
    return must(this.made, 'a value');
  }
}

/** Whether the effect's value may not have been made yet. */
export const isLater = (e: SetEffect): boolean => e instanceof LaterSet;

export function store(address: Term, value: Term): Effect {
  return { kind: 'store', address, value };
}
