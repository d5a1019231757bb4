// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import { not } from '../../logic/build.ts';
import type { Term } from '../../logic/term.ts';
import { assumptionOf } from '../isa/assumptions.ts';
import { effectsOf, type Inst } from '../isa/define.ts';
import type { Effect } from '../isa/effect.ts';
import { widthOf } from '../isa/state.ts';
import type { CodePart, FunctionCode } from '../program/types.ts';
import { type AssumptionName, isAssumptionName } from './assumptions.ts';
import type { Runtime } from './context.ts';
import { isAtomic, isRetried } from './exclusive.ts';
import type { Machine } from './machine.ts';
import { mergeArrivals, mergeExits, topologicalOrder } from './meet.ts';
import { extend, type Path } from './path.ts';
import { Undecidable } from './undecidable.ts';

/** Where control goes when it leaves a piece of code. */
export type Destination =
  /** A cut point of the same function, by instruction index. */
  | { readonly kind: 'cut'; readonly index: number }
  /** A direct jump to, or running into, a label of another function. */
  | { readonly kind: 'outside'; readonly name: string }
  | { readonly kind: 'indirect'; readonly target: Term }
  /** `index` is the instruction's. */
  | { readonly kind: 'return'; readonly target: Term; readonly index: number }
  | CallTo
  | SystemEntry
  | { readonly kind: 'trap'; readonly what: string }
  /** The explorer could not follow; nothing may be concluded about this path. */
  | { readonly kind: 'lost'; readonly reason: string };

export interface CallTo {
  readonly kind: 'call';
  readonly target: Term;
  /** The index of the instruction after the call. */
  readonly resume: number;
  readonly returnAddress: Term;
}

/** The operating system is entered. */
export interface SystemEntry {
  readonly kind: 'system';
  readonly number: Term;
  readonly arguments: readonly Term[];
  /** Where it leaves its result. */
  readonly result: string;
  /** The index of the instruction behind. */
  readonly resume: number;
}

export interface Exit {
  readonly path: Path;
  readonly to: Destination;
  readonly state: Machine;
  /** Memory before the stores of the instruction that left (an x86 call pushes its return address). */
  readonly memoryBefore: Term;
}

export interface Exploration {
  readonly exits: readonly Exit[];
  /** The stack pointer at each access that went through it, where the hardware checks its alignment. */
  readonly stackBases: ReadonlySet<Term>;
  /** Names of the assumptions that the meanings of the instructions rest on. */
  readonly assumptions: ReadonlySet<AssumptionName>;
  /** An instruction may run again: its accesses are made only while there is something left to do. */
  readonly repeats: boolean;
  /** Why the meanings of the instructions may not apply here. */
  readonly doubt: string | undefined;
}

/** What the explorer must know about the world around the code. */
export interface Surroundings extends Runtime {
  /** Control stops on arriving here. */
  isCut(index: number): boolean;
  /** Whether a direct jump to this label of the code's own is a call in tail position, which leaves the code. */
  leavesBy?(label: string): boolean;
}

/** Control at some place, in a state, under conditions. */
export interface Arrival {
  readonly path: Path;
  readonly state: Machine;
}

/**
 * Runs the code from `start` until it leaves or reaches a cut point, on all paths at once. Paths that meet are merged,
 * so no instruction is carried out twice; code that would need that (a loop without a cut point) is given up.
 * With `leaving` control is at a cut point and about to leave it; else it arrives, and stops at once where that is one.
 */
export function explore(
  code: FunctionCode,
  start: number,
  first: Arrival,
  around: Surroundings,
  leaving: boolean,
): Exploration {
  return new Explorer(code, start, around).run(first, leaving);
}

class Explorer {
  private readonly exits: Exit[] = [];
  private readonly waiting = new Map<number, Arrival[]>();
  private readonly executed = new Set<number>();
  private readonly stackBases = new Set<Term>();
  private readonly assumptions = new Set<AssumptionName>();
  private repeats = false;
  private doubt: string | undefined;
  private order: ReadonlyMap<number, number> | undefined;
  private readonly code: FunctionCode;
  private readonly start: number;
  private readonly around: Surroundings;

  constructor(code: FunctionCode, start: number, around: Surroundings) {
    this.code = code;
    this.start = start;
    this.around = around;
  }

  run(first: Arrival, leaving: boolean): Exploration {
    if (leaving) this.follow(this.start, first);
    else this.arrive(this.start, first);
    for (let index = this.next(); index !== undefined; index = this.next()) {
      const arrivals = must(this.waiting.get(index), 'somebody waits here');
      this.waiting.delete(index);
      this.follow(index, mergeArrivals(arrivals));
    }
    return {
      exits: mergeExits(this.exits),
      stackBases: this.stackBases,
      assumptions: this.assumptions,
      repeats: this.repeats,
      doubt: this.doubt,
    };
  }

  /** The waiting index that no other waiting one can still lead to. */
  private next(): number | undefined {
    if (this.waiting.size <= 1) return this.waiting.keys().next().value;
    this.order ??= topologicalOrder(this.code, this.start, (i) => this.around.isCut(i));
    let best: number | undefined;
    let bestRank = Number.POSITIVE_INFINITY;
    for (const index of this.waiting.keys()) {
      const rank = this.order.get(index) ?? Number.MAX_SAFE_INTEGER;
      if (rank < bestRank) [best, bestRank] = [index, rank];
    }
    return best;
  }

  private follow(from: number, arrival: Arrival): void {
    const { state } = arrival;
    let path: Path | undefined = arrival.path;
    for (let index = from; path !== undefined; index++) {
      const inst = this.code.insts[index];
      if (index !== from && this.stopsAt(index)) {
        this.fallTo(index, { path, state });
        return;
      }
      if (inst === undefined || this.executed.has(index)) {
        const reason = inst === undefined ? 'a label at the end of the code' : 'a loop inside a block';
        this.leave(path, state, { kind: 'lost', reason });
        return;
      }
      this.executed.add(index);
      path = this.step(inst, index, path, state);
    }
  }

  /** Straight-line code is carried out in one go unless another path may meet it here. */
  private stopsAt(index: number): boolean {
    if (this.around.isCut(index) || partEndingAt(this.code, index) !== undefined) return true;
    return this.waiting.size > 0 && this.code.labelsAt.has(index);
  }

  /** Goes on with the instruction behind the one just carried out. */
  private fallTo(index: number, { path, state }: Arrival): void {
    const ended = partEndingAt(this.code, index);
    if (ended === undefined) this.arrive(index, { path, state });
    else if (ended.next !== undefined) this.leave(path, state, { kind: 'outside', name: ended.next });
    else this.leave(path, state, { kind: 'lost', reason: 'control runs past the end of the function' });
  }

  private arrive(index: number, { path, state }: Arrival): void {
    const list = this.waiting.get(index);
    if (this.around.isCut(index)) this.leave(path, state, { kind: 'cut', index });
    else if (list === undefined) this.waiting.set(index, [{ path, state }]);
    else list.push({ path, state });
  }

  private leave(path: Path, state: Machine, to: Destination, memoryBefore: Term = state.memory): void {
    this.exits.push({ path, to, state, memoryBefore });
  }

  /** Carries out one instruction. Returns the path on which control goes on with the next one, if it does. */
  private step(inst: Inst, index: number, path: Path, state: Machine): Path | undefined {
    for (const op of inst.ops) {
      if (op.kind === 'mem' && op.base?.loc === state.isa.stackPointer) this.stackBases.add(state.get(op.base.loc));
    }
    this.noteAssumption(inst, index);
    state.path = path;
    state.atomic = isAtomic(inst);
    state.nextLabel = `${state.prefix}after.${index}`;
    state.stackBefore = state.get(state.isa.stackPointer);
    const effects = effectsOf(inst, state);
    const memoryBefore = state.memory;
    state.apply(effects);
    state.noteStack();
    let rest: Path | undefined = path;
    for (const e of effects) {
      if (e.kind === 'set' || e.kind === 'store') continue;
      if (rest === undefined) break;
      rest = this.control(e, index, rest, state, memoryBefore);
    }
    return rest;
  }

  private noteAssumption(inst: Inst, index: number): void {
    if (isAtomic(inst)) this.assumptions.add('atomics-aligned');
    const name = assumptionOf(inst.def);
    if (name === undefined) return;
    if (!isAssumptionName(name)) throw new Undecidable(`${inst.def.id} rests on ${name}, which nothing explains`);
    if (name === 'exclusive-store-succeeds' && !isRetried(this.code, index, this.executed)) {
      this.doubt ??= 'a store-exclusive stands without the loop that retries it from its load';
    }
    this.assumptions.add(name);
  }

  /** Carries out a control effect. Returns the path on which it does nothing, if there is one. */
  private control(
    e: Exclude<Effect, { kind: 'set' | 'store' }>,
    index: number,
    path: Path,
    state: Machine,
    memoryBefore: Term,
  ): Path | undefined {
    const condition = e.kind === 'call' || e.kind === 'return' || e.kind === 'system' ? undefined : e.condition;
    if (e.kind === 'repeat') this.repeats = true;
    const taken = condition === undefined ? path : extend(path, condition);
    const rest = condition === undefined ? undefined : extend(path, not(condition));
    if (taken === undefined) return rest;
    const there = rest === undefined ? state : state.clone();
    switch (e.kind) {
      case 'trap':
        this.leave(taken, there, { kind: 'trap', what: e.what }, memoryBefore);
        return rest;
      case 'repeat':
        this.arrive(index, { path: taken, state: there });
        break;
      case 'jump':
        this.jumpTo(e.target, taken, there, memoryBefore);
        break;
      case 'return':
        this.leave(taken, there, { kind: 'return', target: e.target, index }, memoryBefore);
        return undefined;
      case 'system':
        this.leave(taken, there, { ...e, resume: index + 1 }, memoryBefore);
        return undefined;
      case 'call':
        return this.call(e.target, index, taken, there, memoryBefore);
    }
    // The path that goes on must not overtake the one that has just been set aside.
    if (rest !== undefined) this.fallTo(index + 1, { path: rest, state });
    return undefined;
  }

  private jumpTo(target: Term, path: Path, state: Machine, memoryBefore: Term): void {
    const name = symbolName(target);
    const index = name === undefined || this.around.leavesBy?.(name) ? undefined : this.code.indexOfLabel.get(name);
    const what = name === undefined ? undefined : this.around.traps[name];
    if (name === undefined) this.leave(path, state, { kind: 'indirect', target }, memoryBefore);
    else if (index !== undefined) this.arrive(index, { path, state });
    else if (what !== undefined) this.leave(path, state, { kind: 'trap', what }, memoryBefore);
    else this.leave(path, state, { kind: 'outside', name }, memoryBefore);
  }

  private call(target: Term, index: number, path: Path, state: Machine, memoryBefore: Term): Path | undefined {
    const name = symbolName(target);
    const trap = name === undefined ? undefined : this.around.traps[name];
    if (trap !== undefined) {
      this.leave(path, state, { kind: 'trap', what: trap }, memoryBefore);
      return undefined;
    }
    const contract = name === undefined ? undefined : this.around.contracts.get(name);
    if (contract !== undefined) {
      this.assumptions.add('runtime-contracts');
      state.atomic = contract.atomic === true;
      contract.apply(state);
      state.atomic = false;
      for (const loc of contract.clobbers) {
        const width = must(widthOf(state.isa, loc), `${contract.name} clobbers no location ${loc}`);
        state.values.set(loc, state.undefined(width, contract.name));
      }
      return path;
    }
    const returnAddress = state.next();
    this.leave(path, state, { kind: 'call', target, resume: index + 1, returnAddress }, memoryBefore);
    return undefined;
  }
}

/** The piece of code whose last instruction stands before `index`: control does not run on from there. */
export function partEndingAt(code: FunctionCode, index: number): CodePart | undefined {
  return code.parts.find((p) => p.end === index && p.end > p.start);
}

/** The symbol whose address `t` is. */
export function symbolName(t: Term): string | undefined {
  return t.op === 'var' && t.name.startsWith('&') ? t.name.slice(1) : undefined;
}
