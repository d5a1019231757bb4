// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import { ite, variable } from '../../logic/build.ts';
import type { Term } from '../../logic/term.ts';
import type { Effect } from '../isa/effect.ts';
import type { Isa } from '../isa/isa.ts';
import { type MemoryAccess, SymbolicState } from '../isa/state.ts';
import { distance } from './memory.ts';
import type { Path } from './path.ts';

/** An access, and the conditions under which it is made. */
export interface PathAccess extends MemoryAccess {
  readonly path: Path;
  /** The stack pointer before the instruction, and behind it for stores. */
  readonly stack: readonly [before: Term, after: Term];
  /** Made by an instruction that no other thread can come between. */
  readonly atomic: boolean;
  /** A load from where the stack pointer has been above since. */
  readonly lost: boolean;
}

/** What the paths of one exploration share. */
interface Trace {
  readonly accesses: PathAccess[];
  undefinedCount: number;
}

/** A symbolic state that knows what its locations held at the start, and counts what all its copies do. */
export class Machine extends SymbolicState {
  private readonly initial: (loc: string) => Term;
  private readonly trace: Trace;
  /** The conditions under which this machine is where it is; kept by the explorer. */
  path: Path = [];
  /** Whether the instruction that is being carried out is atomic; kept by the explorer. */
  atomic = false;
  /** The stack pointer before the instruction that is being carried out; kept by the explorer. */
  stackBefore: Term;
  /** What the stack pointer was raised to on the way here: what lies below may be lost to a signal handler. */
  readonly raised: Term[] = [];

  constructor(isa: Isa, prefix: string, memory: Term, initial: (loc: string) => Term, trace?: Trace) {
    super(isa, prefix, memory);
    this.initial = initial;
    this.trace = trace ?? { accesses: [], undefinedCount: 0 };
    this.stackBefore = initial(isa.stackPointer);
  }

  /** Every access of this machine and its copies, on whichever path. */
  get allAccesses(): readonly PathAccess[] {
    return this.trace.accesses;
  }

  override clone(): Machine {
    const copy = new Machine(this.isa, this.prefix, this.memory, this.initial, this.trace);
    for (const [loc, value] of this.values) copy.values.set(loc, value);
    copy.nextLabel = this.nextLabel;
    copy.path = this.path;
    copy.raised.push(...this.raised);
    return copy;
  }

  override get(loc: string): Term {
    let value = this.values.get(loc);
    if (value === undefined) {
      value = this.initial(loc);
      this.values.set(loc, value);
    }
    return value;
  }

  override load(address: Term, bytes: number): Term {
    const value = super.load(address, bytes);
    this.drain();
    return value;
  }

  override apply(effects: readonly Effect[]): void {
    super.apply(effects);
    this.drain();
  }

  override undefined(width: number, why: string): Term {
    return variable(`${this.prefix}undefined.${why}.${this.trace.undefinedCount++}`, width);
  }

  /** What the location held at the start. */
  start(loc: string): Term {
    return this.initial(loc);
  }

  /** True where the location certainly is as it was at the start. */
  untouched(loc: string): boolean {
    const value = this.values.get(loc);
    return value === undefined || value === this.initial(loc);
  }

  /** This state where `condition` is 1, `other` where it is 0. */
  merge(condition: Term, other: Machine): Machine {
    const merged = this.clone();
    for (const loc of new Set([...this.values.keys(), ...other.values.keys()])) {
      merged.values.set(loc, ite(condition, this.get(loc), other.get(loc)));
    }
    merged.raised.push(...other.raised);
    merged.memory = ite(condition, this.memory, other.memory);
    return merged;
  }

  private drain(): void {
    if (this.accesses.length === 0) return;
    const stack = [this.stackBefore, this.get(this.isa.stackPointer)] as const;
    for (const a of this.accesses) {
      const lost = a.kind === 'load' && this.raised.some((r) => (distance(a.address, r) ?? 0) < 0);
      this.trace.accesses.push({ ...a, path: this.path, stack, lost, atomic: this.atomic });
    }
    this.accesses.length = 0;
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

/** A variable named after a location. */
export function locationVariable(isa: Isa, prefix: string, loc: string): Term {
  return variable(prefix + loc, must(widthOf(isa, loc), `${isa.name} has no location ${loc}`));
}
