// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import { bv, concat, eq, not, sub, ult } from '../../logic/build.ts';
import { Evaluator } from '../../logic/evaluate.ts';
import type { Term } from '../../logic/term.ts';
import { effectsOf } from '../isa/define.ts';
import type { Effect } from '../isa/effect.ts';
import type { Expr } from '../isa/operand.ts';
import { SymbolicState } from '../isa/state.ts';
import { threadPointer } from '../isa/symbol.ts';
import { isEntry } from '../program/entry.ts';
import type { Block } from '../program/types.ts';
import { Exit, Fault, LongJump, OutOfBudget } from '../run/fault.ts';
import { addressOf } from '../run/link/addresses.ts';
import type { LinkedFunction } from '../run/link/image.ts';
import { ARGUMENTS, FLOATS, type Input, type Spot } from './input.ts';
import { ShadowMemory } from './shadow.ts';
import { type Side, STACK_ABOVE } from './side.ts';
import { TableReads } from './tables.ts';

/**
 * A run of the source in which every value is also a term over the input (concolic execution; Godefroid, Klarlund, Sen:
 * DART, PLDI 2005). It goes the way that the input goes, and notes on which conditions.
 */

export interface Branch {
  readonly fn: LinkedFunction;
  readonly block: number;
  /** What was 1 on this way. */
  readonly condition: Term;
  /** What would have to be 1 for each other way out of the block. */
  readonly others: readonly { readonly way: number; readonly condition: Term }[];
}

type Wild = 'access' | 'jump' | 'count';

/** A way out that does not depend on the input by itself: what came before, at the branches before `at`, may change it. */
export interface Wish {
  readonly block: number;
  readonly way: number;
  readonly at: number;
}

export interface Walk {
  readonly ending: 'returned' | 'left' | 'fault' | 'long';
  readonly branches: readonly Branch[];
  /** In the function itself. */
  readonly wishes: readonly Wish[];
  readonly spots: ReadonlyMap<Term, Spot>;
  readonly values: ReadonlyMap<Term, bigint>;
  /** Where it ended with a fault: the address that was used, or how much the library was to access. */
  readonly fault: { readonly kind: Wild; readonly address: Term } | undefined;
  readonly steps: number;
  /** How many calls of functions outside the input had to say what they come to. */
  readonly answers: number;
}

/** Ways out of a conditional jump. */
export const TAKEN = 0;
export const NOT_TAKEN = 1;

class WildAccess extends Error {
  readonly kind: Wild;
  readonly address: Term;

  constructor(kind: Wild, address: Term) {
    super(kind);
    this.kind = kind;
    this.address = address;
  }
}

class Ended extends Error {}

interface Frame {
  readonly fn: LinkedFunction;
  readonly index: number;
  readonly address: bigint;
}

/** The source's side must hold the input already: memory and registers as at the call. */
export function walk(side: Side, fn: LinkedFunction, input: Input, steps: number): Walk {
  return new Walker(side, fn, input).run(steps);
}

const MOST_BRANCHES = 3000;
const MOST_WISHES = 500;
const HEAVIEST = 400;
/** How far behind its argument a function of the library may have failed, and what is too much for anything. */
const NEAR_ARGUMENT = 1 << 16;
const MUCH = 1n << 12n;
/** How far behind an argument a call may have written. */
const OUT_BYTES = 128;
/** A repeated instruction does nothing with 0 there. */
const REPEAT_COUNTER = 'rcx';
/** How often it is to run where it did not. */
const FEW = 16;

class Walker extends SymbolicState {
  private readonly side: Side;
  private readonly shadow: ShadowMemory;
  private readonly tables: TableReads;
  private readonly evaluator: Evaluator;
  private readonly branches: Branch[] = [];
  private readonly wishes: Wish[] = [];
  private readonly own: LinkedFunction;
  private readonly frames: Frame[] = [];
  private readonly externals: ReadonlyMap<number, string>;
  private fn: LinkedFunction;
  private index = 0;
  private readonly weights = new Map<Term, number>();
  private done = 0;

  constructor(side: Side, fn: LinkedFunction, input: Input) {
    super(side.image.isa, '');
    this.side = side;
    this.fn = fn;
    this.own = fn;
    this.shadow = new ShadowMemory(side.machine, input);
    this.tables = new TableReads(side.machine);
    this.evaluator = new Evaluator({ values: this.shadow.values });
    this.externals = new Map([...side.image.externals].map(([name, at]) => [at, name]));
    this.begin(input);
  }

  private begin(input: Input): void {
    const { machine, image } = this.side;
    const { isa, layout } = image;
    this.takeRegisters(() => true);
    this.shadow.values.set(threadPointer(), BigInt(image.threadPointer));
    for (let i = 0; i < ARGUMENTS; i++) {
      const register = machine.abi.integers[i];
      const value = BigInt.asUintN(64, this.wordOf(input, i));
      const v = this.shadow.make({ at: { argument: i }, bytes: 8 }, 64, value);
      if (register !== undefined) this.hold(register, v);
      if (i >= 6) this.shadow.cover(layout.stackTop - STACK_ABOVE + 8 * (i - 6), 8, v);
    }
    for (let i = 0; i < FLOATS; i++) {
      const register = machine.abi.floats[i];
      if (register === undefined) continue;
      const v = this.shadow.make({ at: { float: i }, bytes: 8 }, 64, machine.register(register));
      const width = isa.locations.find((l) => l.name === register)?.width ?? 64;
      this.hold(register, width === 64 ? v : concat(bv(width - 64, machine.registerHigh(register)), v));
    }
    if (isEntry(this.own.code)) return;
    // Calls from the host: where the return address is on the stack, the caller has put it there.
    const back = BigInt(image.hostReturn);
    const { link } = machine.abi;
    if (link !== undefined) this.hold(link, bv(64, back));
    else {
      const top = this.number(this.get(isa.stackPointer)) - 8n;
      this.hold(isa.stackPointer, bv(64, top));
      this.shadow.store(Number(top), 8, bv(64, back), back);
    }
  }

  private wordOf(input: Input, i: number): bigint {
    const { machine } = this.side;
    const register = machine.abi.integers[i];
    return register === undefined ? (input.integers[i] ?? 0n) : machine.register(register);
  }

  run(steps: number): Walk {
    let ending: Walk['ending'] = 'long';
    let fault: Walk['fault'];
    try {
      while (this.done < steps && this.branches.length < MOST_BRANCHES) {
        if (this.step() === 'returned') {
          ending = 'returned';
          break;
        }
      }
    } catch (error) {
      if (error instanceof WildAccess) [ending, fault] = ['fault', { kind: error.kind, address: error.address }];
      else if (error instanceof Ended || error instanceof Fault) ending = 'fault';
      else if (error instanceof Exit) ending = 'left';
      else if (error instanceof LongJump || error instanceof OutOfBudget || error instanceof RangeError)
        ending = 'long';
      else throw error;
    }
    const { spots, values } = this.shadow;
    return {
      ending,
      branches: this.branches,
      wishes: this.wishes,
      spots,
      values,
      fault,
      steps: this.done,
      answers: this.side.answered,
    };
  }

  number(t: Term): bigint {
    return t.op === 'const' ? t.value : this.evaluator.value(t);
  }

  /** How large a term is when it is written out. What has become too large counts as a number from there on. */
  private weight(t: Term): number {
    const known = this.weights.get(t);
    if (known !== undefined) return known;
    let sum = 1;
    // Of a choice between a table's entries, one counts.
    const args = t.op === 'ite' ? t.args.slice(0, 2) : t.args;
    for (const a of args) if (sum < HEAVIEST) sum += this.weight(a);
    this.weights.set(t, sum);
    return sum;
  }

  // What instructions see.

  override get(loc: string): Term {
    if (loc === this.isa.threadPointer) return threadPointer();
    const value = super.get(loc);
    if (value.op === 'const' || this.weight(value) < HEAVIEST) return value;
    const number = bv(value.width, this.number(value));
    this.hold(loc, number);
    return number;
  }

  override load(address: Term, bytes: number): Term {
    const slot = this.isa.slot(address, bytes);
    if (slot !== undefined) return this.linked(slot);
    const at = this.number(address);
    const { low, end } = this.side.image.layout;
    if (at < BigInt(low) || at + BigInt(bytes) > BigInt(end)) throw new WildAccess('access', address);
    const found = this.shadow.load(Number(at), bytes);
    return address.op === 'const' || found.op !== 'const' ? found : this.tables.read(address, Number(at), found);
  }

  override symbol(expression: Expr): Term {
    return this.linked(this.isa.symbol(expression));
  }

  override next(): Term {
    return bv(64, addressOf(this.fn, this.index + 1));
  }

  override undefined(width: number): Term {
    return bv(width, 0);
  }

  private linked(t: Term): Term {
    const value = this.side.image.valueOf(this.fn.file, t);
    if (value === undefined) throw new Ended('a value that this machine does not have');
    return bv(t.width, value);
  }

  // One instruction.

  private step(): 'returned' | undefined {
    const { code } = this.fn;
    const inst = code.insts[this.index];
    const block = code.blocks[code.blockAt[this.index] ?? -1];
    if (inst === undefined || block === undefined) throw new Ended('past the end');
    this.done++;
    const last = this.index === block.end - 1;
    if (last && block.flow.kind === 'repeat') {
      const counter = this.get(REPEAT_COUNTER);
      if (this.number(counter) === 0n) {
        const zero = eq(counter, bv(counter.width, 0));
        const few = ult(sub(counter, bv(counter.width, 1)), bv(counter.width, FEW));
        if (zero.op !== 'const') this.note(block, zero, [{ way: TAKEN, condition: few }]);
        this.index++;
        return undefined;
      }
    }
    const effects = effectsOf(inst, this);
    const stores: { readonly at: number; readonly value: Term }[] = [];
    let control: Effect | undefined;
    for (const e of effects) {
      if (e.kind === 'store') {
        const at = this.number(e.address);
        const { writable, end } = this.side.image.layout;
        if (at < BigInt(writable) || at + BigInt(e.value.width / 8) > BigInt(end)) {
          throw new WildAccess('access', e.address);
        }
        stores.push({ at: Number(at), value: e.value });
      } else if (e.kind === 'trap') this.trap(e, block);
      else if (e.kind !== 'set') control = e;
    }
    for (const { at, value } of stores) this.shadow.store(at, value.width / 8, value, this.number(value));
    this.apply(effects.filter((e) => e.kind === 'set'));
    if (!last) {
      this.index++;
      return undefined;
    }
    return this.leave(block, control);
  }

  private trap(e: Extract<Effect, { kind: 'trap' }>, block: Block): void {
    if (e.condition === undefined) throw new Ended(e.what);
    if (e.condition.op === 'const') {
      if (e.condition.value === 1n) throw new Ended(e.what);
      return;
    }
    const holds = this.number(e.condition) === 1n;
    this.note(block, holds ? e.condition : not(e.condition), []);
    if (holds) throw new Ended(e.what);
  }

  private note(block: Block, condition: Term, others: Branch['others']): void {
    if (condition.op !== 'const') this.branches.push({ fn: this.fn, block: block.index, condition, others });
    else if (this.fn === this.own && this.wishes.length < MOST_WISHES) {
      for (const { way } of others) this.wishes.push({ block: block.index, way, at: this.branches.length });
    }
  }

  private leave(block: Block, control: Effect | undefined): 'returned' | undefined {
    const { flow } = block;
    switch (flow.kind) {
      case 'next':
        return block.tailCall === undefined ? this.goOn() : this.goTo(this.symbolAddress(block.tailCall));
      case 'jump': {
        if (control?.kind !== 'jump') return this.goOn();
        if (control.condition !== undefined) {
          const taken = this.number(control.condition) === 1n;
          const other = not(control.condition);
          const [condition, way] = taken ? [other, NOT_TAKEN] : [control.condition, TAKEN];
          this.note(block, taken ? control.condition : other, [{ way, condition }]);
          if (!taken) return this.goOn();
        }
        const { code, file } = this.fn;
        const at =
          code.indexOfLabel.get(file.program.symbolAliases.get(flow.target) ?? flow.target) ??
          code.indexOfLabel.get(flow.target);
        if (block.tailCall === undefined && at !== undefined) {
          this.index = at;
          return undefined;
        }
        return this.goTo(this.symbolAddress(block.tailCall ?? flow.target));
      }
      case 'system':
        if (control?.kind === 'system') this.enterKernel(control);
        return block.tailCall === undefined ? this.goOn() : this.goTo(this.symbolAddress(block.tailCall));
      case 'indirect':
        if (control?.kind !== 'jump') return this.goOn();
        return this.indirect(block, control.target);
      case 'call': {
        if (control?.kind !== 'call') return this.goOn();
        const back = addressOf(this.fn, block.end);
        this.frames.push({ fn: this.fn, index: block.end, address: BigInt(back) });
        return this.goTo(control.target);
      }
      case 'return':
        return this.back(control?.kind === 'return' ? this.number(control.target) : 0n);
      case 'repeat': {
        if (control?.kind !== 'repeat') return this.goOn();
        const again = this.number(control.condition) === 1n;
        this.note(block, again ? control.condition : not(control.condition), []);
        return again ? undefined : this.goOn();
      }
      case 'trap':
        throw new Ended('a trap');
    }
  }

  private goOn(): undefined {
    this.index++;
    return undefined;
  }

  private symbolAddress(name: string): Term {
    return bv(64, this.fn.file.symbol(name) ?? 0n);
  }

  private indirect(block: Block, target: Term): 'returned' | undefined {
    if (block.successors.length === 0) return this.goTo(target);
    const { code } = this.fn;
    const now = this.number(target);
    const others: { way: number; condition: Term }[] = [];
    let index: number | undefined;
    for (const s of block.successors) {
      const start = must(code.blocks[s], 'a block').start;
      const at = BigInt(addressOf(this.fn, start));
      if (at === now) index = start;
      else if (target.op !== 'const') others.push({ way: s, condition: eq(target, bv(64, at)) });
    }
    if (index === undefined) throw new WildAccess('jump', target);
    this.note(block, eq(target, bv(64, now)), others);
    this.index = index;
    return undefined;
  }

  private goTo(target: Term): 'returned' | undefined {
    const at = Number(this.number(target));
    const fn = this.side.image.functionAt.get(at);
    if (fn !== undefined) {
      this.fn = fn;
      this.index = 0;
      if (this.frames.length > 500) throw new Ended('calls are nested too deeply');
      return undefined;
    }
    const external = this.externals.get(at);
    if (external === undefined) throw new WildAccess('jump', target);
    return this.external(external);
  }

  private back(address: bigint): 'returned' | undefined {
    const frame = this.frames.pop();
    if (frame === undefined) {
      if (address === BigInt(this.side.image.hostReturn)) return 'returned';
      throw new Ended('a return to elsewhere');
    }
    if (frame.address !== address) throw new Ended('a return to elsewhere');
    this.fn = frame.fn;
    this.index = frame.index;
    if (this.index >= frame.fn.code.insts.length) throw new Ended('past the end');
    return undefined;
  }

  // Functions outside.

  private external(name: string): 'returned' | undefined {
    const { machine, image } = this.side;
    for (const l of image.isa.locations) {
      if (l.kind === 'flag' || l.name === image.isa.threadPointer) continue;
      const value = this.number(this.get(l.name));
      machine.setRegister(l.name, value);
      if (l.width > 64) machine.setRegisterHigh(l.name, value >> 64n);
    }
    const answer = this.serve(name);
    machine.finishExternal();
    if (answer !== undefined) {
      this.havoc(answer);
      for (const { at, bytes } of this.side.writtenBy(answer))
        this.shadow.forget(this.side.addressOf(at), bytes.length);
    }
    this.takeRegisters((loc) => !machine.abi.preserved.includes(loc));
    if (answer !== undefined) {
      const { integerResults, floatResult } = machine.abi;
      const v = this.shadow.make({ at: { answer }, bytes: 8 }, 64, machine.register(integerResults[0]));
      this.hold(integerResults[0], v);
      const width = image.isa.locations.find((l) => l.name === floatResult)?.width ?? 64;
      this.hold(floatResult, width === 64 ? v : concat(bv(width - 64, machine.registerHigh(floatResult)), v));
    }
    return this.back(machine.returnedTo);
  }

  private enterKernel(e: Extract<Effect, { kind: 'system' }>): void {
    const answer = this.side.answered;
    const args = e.arguments.map((a) => this.number(a));
    const value = this.side.system(this.number(e.number), args);
    for (let i = 0; i < this.side.argumentsOfLast(); i++) this.handOut(Number(args[i] ?? 0n), answer, i);
    this.hold(e.result, this.shadow.make({ at: { answer }, bytes: 8 }, 64, value));
  }

  /** Functions of the library may use what leads nowhere: then it is an argument that failed. */
  private serve(name: string): number | undefined {
    try {
      return this.side.serve(name);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      throw this.failedArgument(error.access ?? { address: 0, size: 0 }) ?? error;
    }
  }

  /** The argument that a function of the library has failed with: one that leads nowhere, or one that says how much there is. */
  private failedArgument({
    address,
    size,
  }: {
    readonly address: number;
    readonly size: number;
  }): WildAccess | undefined {
    const { machine, image } = this.side;
    const { low, end } = image.layout;
    const open = machine.abi.integers.map((r) => this.get(r)).filter((t) => t.op !== 'const');
    const isWild = (at: bigint): boolean => at < BigInt(low) || at >= BigInt(end);
    const near = open.find((t) => {
      const at = this.number(t);
      return isWild(at) && Number(at) <= address && address < Number(at) + NEAR_ARGUMENT;
    });
    if (near !== undefined) return new WildAccess('access', near);
    const count = open.find((t) => this.number(t) === BigInt(size)) ?? open.find((t) => this.number(t) > MUCH);
    return count === undefined ? undefined : new WildAccess('count', count);
  }

  /** Memory on the stack that a call was told of and that nobody has written holds what the call has put there. */
  private havoc(answer: number): void {
    const { machine, image } = this.side;
    const count = this.side.argumentsOfLast();
    for (let i = 0; i < count; i++)
      this.handOut(Number(this.number(this.get(machine.abi.integers[i] ?? image.isa.stackPointer))), answer, i);
  }

  private handOut(at: number, answer: number, argument: number): void {
    const { layout } = this.side.image;
    const end = layout.stackTop - STACK_ABOVE;
    if (at >= layout.writable && at < end) this.shadow.mayWrite(at, Math.min(end, at + OUT_BYTES), answer, argument);
  }

  private takeRegisters(which: (loc: string) => boolean): void {
    const { machine, image } = this.side;
    for (const l of image.isa.locations) {
      if (l.name === image.isa.threadPointer || !which(l.name)) continue;
      if (l.kind === 'flag') this.hold(l.name, bv(1, 0));
      else {
        const low = BigInt.asUintN(Math.min(64, l.width), machine.register(l.name));
        this.hold(l.name, bv(l.width, l.width > 64 ? low | (machine.registerHigh(l.name) << 64n) : low));
      }
    }
  }
}
