// SPDX-License-Identifier: MIT
import { add, ite, load, sub, variable, xor } from '../../logic/build.ts';
import { placeOf } from '../../logic/memory.ts';
import { variablesOf } from '../../logic/search.ts';
import type { Term } from '../../logic/term.ts';
import { OWN_STORAGE, ownAt, ownName } from '../abi/own-storage.ts';
import { spillAt } from '../abi/relation.ts';
import type { Effect } from '../isa/effect.ts';
import type { Isa } from '../isa/isa.ts';
import { type MemoryAccess, SymbolicState } from '../isa/state.ts';
import { threadPointer, tlsAddress } from '../isa/symbol.ts';
import { distance, STACK_REACH } from './memory.ts';
import type { OwnStorage } from './own-storage.ts';
import type { Path } from './path.ts';
import { Undecidable } from './undecidable.ts';

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
  /** What the stack pointer has been, on whichever path. */
  readonly visits: Visit[];
  undefinedCount: number;
}

/** How the names of variables begin that say how an undefined value of the source differs from what is chosen for it. */
export const OTHERWISE = 's.otherwise.';

/** The size of a spill slot in bytes. */
export const SPILL = 8;

const NO_SPILLS: ReadonlySet<number> = new Set();
const NO_STORAGE: OwnStorage = new Map();

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
  /**
   * Spill slots by their offsets from the stack pointer at the start. They are locations like registers and no part of
   * `memory`: nothing but what is addressed from the stack pointer touches them.
   */
  readonly spills: ReadonlySet<number>;
  /**
   * Of the target only: its own thread-local storage. Its words are locations like spill slots, which nothing touches but what
   * is addressed by the storage's name.
   */
  own: OwnStorage = NO_STORAGE;
  /** Whether an access that is not addressed from the stack pointer surely is to no spill slot. */
  apart: (access: Omit<MemoryAccess, 'kind'>) => boolean = () => true;
  /** An access on the way here may have been to a spill slot. */
  private met = false;
  /** Of the source only: what its undefined values are besides what is chosen for them. */
  private readonly otherwise: ((difference: Term) => Term) | undefined;

  constructor(
    isa: Isa,
    prefix: string,
    memory: Term,
    initial: (loc: string) => Term,
    spills: ReadonlySet<number> = NO_SPILLS,
    trace: Trace = { accesses: [], visits: [], undefinedCount: 0 },
    otherwise?: (difference: Term) => Term,
  ) {
    super(isa, prefix, memory);
    this.initial = initial;
    this.spills = spills;
    this.trace = trace;
    this.otherwise = otherwise;
    this.stackBefore = initial(isa.stackPointer);
    this.visited = [{ sp: this.stackBefore, accesses: this.trace.accesses.length }];
  }

  /** Every access of this machine and its copies, on whichever path. */
  get allAccesses(): readonly PathAccess[] {
    return this.trace.accesses;
  }

  /** What the stack pointer has been, of this machine and its copies. */
  get allVisits(): readonly Visit[] {
    return this.trace.visits;
  }

  override clone(): Machine {
    const copy = new Machine(this.isa, this.prefix, this.memory, this.initial, this.spills, this.trace, this.otherwise);
    this.copyTo(copy);
    copy.nextLabel = this.nextLabel;
    copy.apart = this.apart;
    copy.own = this.own;
    copy.met = this.met;
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
    const own = this.ownFor(address, bytes);
    if (own !== undefined) return this.get(own);
    this.meetSpills(address, bytes);
    const spill = this.spillFor(address, bytes);
    if (spill !== undefined) this.accesses.push({ kind: 'load', address, bytes });
    const value = spill === undefined ? super.load(address, bytes) : this.get(spill);
    this.drain();
    return value;
  }

  override apply(effects: readonly Effect[]): void {
    if (this.spills.size === 0 && this.own.size === 0) super.apply(effects);
    else for (const e of effects) this.applyOne(e);
    this.drain();
  }

  private applyOne(e: Effect): void {
    if (e.kind !== 'store') {
      super.apply([e]);
      return;
    }
    const bytes = e.value.width / 8;
    const own = this.ownFor(e.address, bytes);
    if (own !== undefined) {
      this.hold(own, e.value);
      return;
    }
    this.meetSpills(e.address, bytes);
    const spill = this.spillFor(e.address, bytes);
    if (spill === undefined) {
      super.apply([e]);
      return;
    }
    // What lies there may have become the source's.
    if (this.met) throw new Undecidable('a spill slot is written where the source may have something');
    this.accesses.push({ kind: 'store', address: e.address, bytes: SPILL });
    this.hold(spill, e.value);
  }

  /** The location in the target's own storage that an access is to. */
  private ownFor(address: Term, bytes: number): string | undefined {
    if (this.own.size === 0) return undefined;
    const start = tlsAddress(OWN_STORAGE).name;
    const named = variablesOf(address).filter((v) => v.name.startsWith(start));
    const [first] = named;
    if (first === undefined) return undefined;
    const name = OWN_STORAGE + first.name.slice(start.length);
    // Which is the variable itself, but where a run is replayed and the thread pointer is a number.
    const base = add(sub(first, threadPointer()), this.initial(this.isa.threadPointer));
    const offset = distance(address, base);
    const fits =
      offset !== undefined && offset >= 0 && offset % SPILL === 0 && offset + SPILL <= (this.own.get(name) ?? 0);
    if (named.length !== 1 || bytes !== SPILL || offset === undefined || !fits)
      throw new Undecidable("an access to a part of the target's own storage, or past its end");
    return ownAt(name, offset);
  }

  /** Whether something is in the target's own storage. */
  get usesOwn(): boolean {
    return this.own.size > 0 && [...this.values.keys()].some((loc) => ownName(loc) !== undefined);
  }

  /** The eight bytes at an address that may be a spill slot; no access of the program. */
  bytesAt(address: Term): Term {
    const spill = this.spillFor(address, SPILL);
    return spill === undefined ? load(this.memory, address, SPILL) : this.get(spill);
  }

  /** The location of the spill slot that an access is to. Those to a part of one are not followed. */
  private spillFor(address: Term, bytes: number): string | undefined {
    if (this.spills.size === 0) return undefined;
    const from = distance(address, this.initial(this.isa.stackPointer));
    if (from === undefined) return undefined;
    if (bytes === SPILL && this.spills.has(from)) return spillAt(from);
    for (const s of this.spills)
      if (from < s + SPILL && from + bytes > s) throw new Undecidable('an access to a part of a spill slot');
    return undefined;
  }

  override undefined(width: number, why: string, choice?: Term): Term {
    const count = this.trace.undefinedCount++;
    if (choice === undefined || this.otherwise === undefined)
      return variable(`${this.prefix}undefined.${why}.${count}`, width);
    return xor(choice, this.otherwise(variable(`${OTHERWISE}${count}`, width)));
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
    merged.met ||= other.met;
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
    const visit = { sp: to, accesses: this.trace.accesses.length };
    this.visited = [...this.visited, visit];
    this.trace.visits.push(visit);
    this.loseSpills(to);
    if (isBelow(to, stackBefore, this.initial(this.isa.stackPointer))) return;
    const stores = this.trace.accesses.filter((a) => a.kind === 'store' && (distance(a.address, to) ?? -1) < 0);
    this.raised = [...this.raised, { to, over: stores.map((a) => a.address) }];
  }

  /** Takes note of an access that may be to a spill slot through another register. */
  private meetSpills(address: Term, bytes: number): void {
    if (this.spills.size === 0 || distance(address, this.initial(this.isa.stackPointer)) !== undefined) return;
    if (this.apart({ address, bytes })) return;
    this.met = true;
    for (const s of this.spills) this.hold(spillAt(s), this.undefined(8 * SPILL, 'spill'));
  }

  /** What lies below the stack pointer may be changed by a signal handler at any time. */
  private loseSpills(sp: Term): void {
    const moved = distance(sp, this.initial(this.isa.stackPointer));
    for (const s of this.spills)
      if (moved === undefined || moved > s) this.hold(spillAt(s), this.undefined(8 * SPILL, 'spill'));
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
 * down, and perhaps lowered further. `start` is aligned, which every cut point demands of the target; the source's raises
 * do not matter.
 */
function isBelow(sp: Term, before: Term, start: Term): boolean {
  const known = distance(sp, before);
  if (known !== undefined) return known < 0;
  const rounded = placeOf(sp);
  const lowered = Number(-BigInt.asIntN(64, rounded.offset));
  const [high, zeros] = rounded.base.args;
  if (rounded.base.op !== 'concat' || high?.op !== 'extract' || rounded.base.args.length !== 2) return false;
  const from = high.args[0];
  if (from === undefined || from.width !== 64 || high.lo + high.width !== 64) return false;
  if (zeros?.op !== 'const' || zeros.value !== 0n || high.lo < 4) return false;
  const up = distance(from, before);
  // Rounding down to a multiple of 16 or more gives no more than the multiple of 16 below.
  const aligned = (distance(before, start) ?? 1) % 16 === 0 && lowered % 16 === 0;
  return (
    up !== undefined && up - lowered < (aligned ? 16 : 1) && up > -STACK_REACH && lowered >= 0 && lowered < STACK_REACH
  );
}
