// SPDX-License-Identifier: MIT
import { ite, variable } from '../../logic/build.ts';
import type { Term } from '../../logic/term.ts';
import type { Effect } from '../isa/effect.ts';
import type { Isa } from '../isa/isa.ts';
import { type MemoryAccess, SymbolicState } from '../isa/state.ts';
import { distance, STACK_REACH } from './memory.ts';
import type { Path } from './path.ts';

/** An access, and the conditions under which it is made. */
export interface PathAccess extends MemoryAccess {
  readonly path: Path;
  /** The stack pointer before the instruction, and behind it for stores. */
  readonly stack: readonly [before: Term, after: Term];
  /** Made by an instruction that no other thread can come between. */
  readonly atomic: boolean;
  /** What the stack pointer was raised to before. */
  readonly raised: readonly Raise[];
}

/** The stack pointer was raised, or may have been: what lies below may be lost to a signal handler. */
export interface Raise {
  readonly to: Term;
  /** The addresses, below it for all that is known, at which something had been stored before. */
  readonly over: readonly Term[];
}

/** A value that the stack pointer has had, and how many accesses had been made when it got it. */
export interface Visit {
  readonly sp: Term;
  readonly accesses: number;
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
  /** What the stack pointer was raised to on the way here, in order. */
  raised: readonly Raise[] = [];
  /** Where the stack pointer has been on the way here, in order. */
  visited: readonly Visit[];

  constructor(isa: Isa, prefix: string, memory: Term, initial: (loc: string) => Term, trace?: Trace) {
    super(isa, prefix, memory);
    this.initial = initial;
    this.trace = trace ?? { accesses: [], undefinedCount: 0 };
    this.stackBefore = initial(isa.stackPointer);
    this.visited = [{ sp: this.stackBefore, accesses: this.trace.accesses.length }];
  }

  /** Every access of this machine and its copies, on whichever path. */
  get allAccesses(): readonly PathAccess[] {
    return this.trace.accesses;
  }

  override clone(): Machine {
    const copy = new Machine(this.isa, this.prefix, this.memory, this.initial, this.trace);
    this.copyTo(copy);
    copy.nextLabel = this.nextLabel;
    copy.path = this.path;
    copy.raised = this.raised;
    copy.visited = this.visited;
    return copy;
  }

  override get(loc: string): Term {
    let value = this.held(loc);
    if (value === undefined) {
      value = this.initial(loc);
      this.hold(loc, value);
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
    const value = this.held(loc);
    return value === undefined || value === this.initial(loc);
  }

  /** This state where `condition` is 1, `other` where it is 0. */
  merge(condition: Term, other: Machine): Machine {
    const merged = this.clone();
    for (const loc of new Set([...this.values.keys(), ...other.values.keys()])) {
      merged.values.set(loc, ite(condition, this.get(loc), other.get(loc)));
    }
    merged.raised = [...this.raised, ...other.raised.filter((r) => !this.raised.includes(r))];
    merged.visited = this.visited.filter((v) => other.visited.includes(v));
    merged.memory = ite(condition, this.memory, other.memory);
    return merged;
  }

  /** Takes note of where an instruction has moved the stack pointer. */
  noteStack(): void {
    const { stackBefore } = this;
    const to = this.get(this.isa.stackPointer);
    if (to === stackBefore) return;
    this.visited = [...this.visited, { sp: to, accesses: this.trace.accesses.length }];
    if (isBelow(to, stackBefore, this.initial(this.isa.stackPointer))) return;
    const stores = this.trace.accesses.filter((a) => a.kind === 'store' && (distance(a.address, to) ?? -1) < 0);
    this.raised = [...this.raised, { to, over: stores.map((a) => a.address) }];
  }

  private drain(): void {
    if (this.accesses.length === 0) return;
    const stack = [this.stackBefore, this.get(this.isa.stackPointer)] as const;
    const { path, raised, atomic } = this;
    for (const { kind, address, bytes } of this.accesses)
      this.trace.accesses.push({ kind, address, bytes, path, stack, raised, atomic });
    this.accesses.length = 0;
  }
}

/**
 * Whether a stack pointer is below what it was, or the same, for certain: by the distance, or because it was rounded
 * down. `start` is aligned, which every cut point demands of the target; the source's raises do not matter.
 */
function isBelow(sp: Term, before: Term, start: Term): boolean {
  const known = distance(sp, before);
  if (known !== undefined) return known < 0;
  const [high, zeros] = sp.args;
  if (sp.op !== 'concat' || high?.op !== 'extract' || sp.args.length !== 2) return false;
  const from = high.args[0];
  if (from === undefined || from.width !== 64 || high.lo + high.width !== 64) return false;
  if (zeros?.op !== 'const' || zeros.value !== 0n || high.lo < 4) return false;
  const up = distance(from, before);
  const aligned = (distance(before, start) ?? 1) % 16 === 0;
  return up !== undefined && up < (aligned ? 16 : 1) && up > -STACK_REACH;
}
