// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import { append } from '../../../base/lists.ts';
import { Evaluator } from '../../../logic/evaluate.ts';
import type { Term } from '../../../logic/term.ts';
import type { Block } from '../../program/types.ts';
import { addressOf } from '../link/addresses.ts';
import type { Bindings } from './emitter.ts';
import type { FunctionCompiler, Home, Value } from './function.ts';
import { has, type LocSet } from './live.ts';
import { type Meaning, NEXT } from './meaning.ts';
import type { SiteKind } from './sites.ts';

/** An instruction whose meaning names something that this machine does not have. */
export class NotHere extends Error {}

/** An instruction that has set flags. */
export interface Producer {
  readonly meaning: Meaning;
  readonly bindings: Bindings;
  /** Whether it has itself been put together with the one before. */
  readonly fused: boolean;
}

/** A flag that is computed only when somebody reads it: a term over what an instruction found. */
interface LazyFlag {
  readonly producer: Producer;
  readonly term: Term;
}

/**
 * What locations hold at the instruction that is being compiled. Registers stay in temporary variables until the block's
 * end, so that flags can be kept as terms over what they came from, and are computed only where somebody reads them.
 */
export class BlockState {
  readonly owner: FunctionCompiler;
  readonly block: Block;
  /** Index of the instruction within the function. */
  at: number;
  /** What the variables of the instruction's meaning stand for. */
  bindings: Bindings = new Map();
  /** What locations hold now, where that has changed. */
  private readonly env = new Map<string, Value>();
  private readonly flags = new Map<string, LazyFlag>();
  private readonly changed = new Set<number>();

  constructor(owner: FunctionCompiler, block: Block) {
    this.owner = owner;
    this.block = block;
    this.at = block.start;
  }

  /** Notes what an instruction sets: a value, or a flag that nobody has asked for yet. */
  set(home: Home, value: Value | LazyFlag): void {
    if (typeof value === 'object' && 'producer' in value) {
      this.flags.set(home.loc, value);
      this.env.delete(home.loc);
    } else this.env.set(home.loc, value);
    this.changed.add(home.index);
  }

  /** Notes what a location that counts as changed holds. */
  put(loc: string, value: Value): void {
    this.env.set(loc, value);
  }

  /** The instruction that has set all of these flags, where it is one and stands alone. */
  commonProducer(flags: readonly string[]): Producer | undefined {
    let common: Producer | undefined;
    for (const f of flags) {
      const producer = this.flags.get(f)?.producer;
      if (producer === undefined || producer.fused || (common !== undefined && producer !== common)) return undefined;
      common = producer;
    }
    return common;
  }

  /** Lets the variables of an instruction stand for what they are here. */
  bind(meaning: Meaning, before: Bindings | undefined): void {
    const bindings: Bindings = new Map(before);
    for (const [loc, v] of meaning.reads) bindings.set(v, this.read(loc));
    for (const v of meaning.linked) bindings.set(v, this.constant(v));
    this.bindings = bindings;
    this.owner.emitter.use(bindings);
  }

  /** A location's value; a flag is computed now. */
  read(loc: string): Value {
    const { owner } = this;
    const { emitter } = owner;
    const known = this.env.get(loc);
    if (known !== undefined) return known;
    const flag = this.flags.get(loc);
    if (flag !== undefined) {
      emitter.use(flag.producer.bindings);
      const value = this.settle(flag.term);
      emitter.use(this.bindings);
      this.env.set(loc, value);
      this.flags.delete(loc);
      return value;
    }
    const home = owner.homeOf.get(loc);
    // A location that the function has no use for is read only in a meaning that does not depend on it.
    return home?.locals ?? 0n;
  }

  private constant(v: Term): bigint {
    if (v.name === NEXT) return BigInt(addressOf(this.owner.fn, this.at + 1));
    const value = this.owner.around.image.valueOf(this.owner.fn.file, v);
    if (value === undefined) throw new NotHere(`${v.name} is nothing that this machine has`);
    return value;
  }

  /** The number that a term comes to, where all that is in it is known. */
  fold(t: Term): bigint | undefined {
    if (t.op === 'const') return t.value;
    const direct = this.owner.emitter.numberOf(t);
    if (direct !== undefined) return direct;
    if (t.op !== 'add' && t.op !== 'concat' && t.op !== 'extract') return undefined;
    const values = new Map<Term, bigint>();
    const todo = [...t.args];
    for (let a = todo.pop(); a !== undefined; a = todo.pop()) {
      if (a.op === 'var') {
        const value = this.owner.emitter.numberOf(a);
        if (value === undefined) return undefined;
        values.set(a, value);
      }
      append(todo, a.args);
    }
    return new Evaluator({ values }).value(t);
  }

  /** Computes a value into temporary variables, unless it is in some already or is known. */
  settle(t: Term): Value {
    const { emitter } = this.owner;
    const number = this.fold(t);
    if (number !== undefined) return number;
    const known = emitter.localsOf(t);
    if (known !== undefined) return known;
    emitter.prepare(t);
    return emitter.words(t);
  }

  /** Tells the host of the instruction that is being carried out, with the registers as they were before it. */
  site(kind: SiteKind, what: string): void {
    const { owner, block } = this;
    owner.callSite(kind, what, block.index, this.at, this.dirty(), (h) => this.valueOf(h));
  }

  dirty(): LocSet {
    const set = (this.owner.flow.dirtyIn[this.block.index] ?? new Int32Array(0)).slice();
    for (const i of this.changed) set[i >> 5] = (set[i >> 5] ?? 0) | (1 << (i & 31));
    return set;
  }

  valueOf(h: Home): Value {
    return this.env.get(h.loc) ?? h.locals;
  }

  /** Puts everything into the variables that other blocks find it in. */
  settleAll(): void {
    const { owner, block } = this;
    const { emitter, flow } = owner;
    const { code } = emitter;
    const { lazy } = owner.around;
    const order: number[] = [];
    for (const h of owner.homes) {
      if (!this.changed.has(h.index)) continue;
      const needed = has(flow.liveOut[block.index] ?? lazy, h.index);
      if (!needed && (has(lazy, h.index) || !has(flow.dirtyEnd[block.index] ?? lazy, h.index))) continue;
      const value = this.read(h.loc);
      if (value === h.locals) continue;
      h.locals.forEach((local, word) => {
        this.pushValue(value, word, h.width);
        order.push(local);
      });
    }
    // All are read before any is written.
    for (const local of order.reverse()) code.set(local);
    for (const h of owner.homes) if (!has(lazy, h.index)) this.env.delete(h.loc);
  }

  pushValue(value: Value, word: number, width: number): void {
    const { code } = this.owner.emitter;
    if (typeof value !== 'bigint') code.get(must(value[word], 'a word'));
    else if (width === 1) code.i32(Number(value));
    else code.i64(BigInt.asIntN(64, value >> BigInt(64 * word)));
  }

  /** Writes everything that the function has changed into memory, and the flags that are read behind. */
  flushAll(): void {
    const { owner, block } = this;
    // Flags are written only where somebody reads them.
    const { lazy } = owner.around;
    const flags = owner.flagsNeeded(block.index);
    const set = this.dirty();
    for (let w = 0; w < set.length; w++) set[w] = ((set[w] ?? 0) & ~(lazy[w] ?? 0)) | (flags[w] ?? 0);
    for (const h of owner.homes) if (has(flags, h.index)) this.read(h.loc);
    owner.flush(set, (h, word) => this.pushValue(this.valueOf(h), word, h.width));
    owner.storeBudget();
  }
}
