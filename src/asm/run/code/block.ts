// SPDX-License-Identifier: MIT

import { must } from '../../../base/assert.ts';
import { append } from '../../../base/lists.ts';
import { bv } from '../../../logic/build.ts';
import { Evaluator } from '../../../logic/evaluate.ts';
import type { Term } from '../../../logic/term.ts';
import type { Inst } from '../../isa/define.ts';
import type { Effect } from '../../isa/effect.ts';
import type { Block } from '../../program/types.ts';
import { BUDGET, RETURNED, TARGET } from '../layout.ts';
import { addressOf } from '../link/addresses.ts';
import { I64, OP } from '../wasm/code.ts';
import type { Bindings } from './emitter.ts';
import { type FunctionCompiler, type Home, slotOf, type Value } from './function.ts';
import { has, type LocSet } from './live.ts';
import { fusedMeaning, type Meaning, meaningOf, NEXT } from './meaning.ts';
import type { SiteKind } from './sites.ts';

/** The count register of repeated instructions: with 0 there, they do nothing at all, not even access memory. */
const REPEAT_COUNTER = 'rcx';

/** An instruction whose meaning names something that this machine does not have. */
class NotHere extends Error {}

/** A flag that is computed only when somebody reads it: a term over what an instruction found. */
interface LazyFlag {
  readonly producer: Producer;
  readonly term: Term;
}

interface Producer {
  readonly meaning: Meaning;
  readonly bindings: Bindings;
  /** Whether it has itself been put together with the one before. */
  readonly fused: boolean;
}

/**
 * One block, instruction by instruction. Registers stay in temporary variables until the block's end, so that flags can
 * be kept as terms over what they came from, and are computed only where somebody reads them.
 */
export class BlockCompiler {
  private readonly owner: FunctionCompiler;
  private readonly block: Block;
  private readonly go: (to: number) => void;
  /** What locations hold now, where that has changed. */
  private readonly env = new Map<string, Value>();
  private readonly flags = new Map<string, LazyFlag>();
  private readonly changed = new Set<number>();
  private bindings: Bindings = new Map();
  private skipped = false;
  private at = 0;
  /** How many bytes may be read, and written, at the address in a local variable. */
  private readonly checked = new Map<number, number>();

  constructor(owner: FunctionCompiler, block: Block, go: (to: number) => void) {
    this.owner = owner;
    this.block = block;
    this.go = go;
  }

  compile(): void {
    const { owner, block } = this;
    const { emitter } = owner;
    const { insts } = owner.fn.code;
    emitter.release();
    emitter.use(this.bindings);
    owner.enter(block.index);
    if (block.flow.kind === 'repeat') this.skipRepeat();
    let control: Effect[] = [];
    for (this.at = block.start; this.at < block.end; this.at++) {
      const inst = must(insts[this.at], 'an instruction');
      try {
        control = this.carryOut(inst);
      } catch (error) {
        if (!(error instanceof NotHere)) throw error;
        this.site('undefined', error.message);
        emitter.code.op(OP.unreachable);
        return;
      }
    }
    this.at = block.end - 1;
    this.leave(control);
  }

  // One instruction.

  private carryOut(inst: Inst): Effect[] {
    const { owner } = this;
    const { emitter, around } = owner;
    const { code } = emitter;
    const plain = meaningOf(inst, around.image.isa);
    const producer = plain.flags.length === 0 ? undefined : this.commonProducer(plain.flags);
    const fused = producer !== undefined;
    const meaning = fused ? fusedMeaning(producer.meaning, inst, around.image.isa) : plain;
    this.bindings = this.bind(meaning, fused ? producer.bindings : undefined);
    emitter.use(this.bindings);
    for (const l of meaning.loads) this.bindings.set(l.value, this.load(l.address, l.bytes));
    const control: Effect[] = [];
    let answer: string | undefined;
    const sets: (readonly [home: Home, term: Term])[] = [];
    for (const e of meaning.effects) {
      switch (e.kind) {
        case 'trap':
          if (e.condition === undefined) control.push(e);
          else {
            emitter.prepare(e.condition);
            emitter.value(e.condition);
            code.if();
            this.site('trap', e.what);
            code.op(OP.unreachable);
            code.end();
          }
          break;
        case 'store':
          this.store(e.address, e.value);
          break;
        case 'set': {
          const home = owner.homeOf.get(e.loc);
          if (home !== undefined) sets.push([home, e.value]);
          break;
        }
        case 'system':
          // The host looks at the registers as they are now.
          this.site('system', [e.number, ...e.arguments].map(locationIn).concat(e.result).join(' '));
          answer = e.result;
          control.push(e);
          break;
        default:
          control.push(e);
      }
    }
    const made: Producer = { meaning, bindings: this.bindings, fused };
    const values = sets.map(([home, term]) => (has(around.lazy, home.index) ? undefined : this.settle(term)));
    sets.forEach(([home, term], i) => {
      const value = values[i];
      if (value !== undefined) this.env.set(home.loc, value);
      else {
        this.flags.set(home.loc, { producer: made, term });
        this.env.delete(home.loc);
      }
      this.changed.add(home.index);
    });
    if (answer !== undefined) this.takeAnswer(answer);
    return control;
  }

  /** The host has put a result into memory. */
  private takeAnswer(loc: string): void {
    const { emitter, homeOf } = this.owner;
    const home = must(homeOf.get(loc), 'a home');
    const local = emitter.temp(I64);
    emitter.code.i32(0);
    emitter.code.memory(OP.i64Load, slotOf(home.index));
    emitter.code.set(local);
    this.env.set(loc, [local]);
  }

  /** The instruction that has set all of these flags, where it is one and stands alone. */
  private commonProducer(flags: readonly string[]): Producer | undefined {
    let common: Producer | undefined;
    for (const f of flags) {
      const producer = this.flags.get(f)?.producer;
      if (producer === undefined || producer.fused || (common !== undefined && producer !== common)) return undefined;
      common = producer;
    }
    return common;
  }

  /** What the variables of an instruction stand for here. */
  private bind(meaning: Meaning, before: Bindings | undefined): Bindings {
    const bindings: Bindings = new Map(before);
    for (const [loc, v] of meaning.reads) bindings.set(v, this.read(loc));
    for (const v of meaning.linked) bindings.set(v, this.constant(v));
    return bindings;
  }

  /** A location's value; a flag is computed now. */
  private read(loc: string): Value {
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
  private fold(t: Term): bigint | undefined {
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
  private settle(t: Term): Value {
    const { emitter } = this.owner;
    const number = this.fold(t);
    if (number !== undefined) return number;
    const known = emitter.localsOf(t);
    if (known !== undefined) return known;
    emitter.prepare(t);
    return emitter.words(t);
  }

  private load(address: Term, bytes: number): readonly number[] {
    const { emitter } = this.owner;
    const { code } = emitter;
    const place = this.access('load', address, bytes);
    const locals: number[] = [];
    let done = 0;
    for (const size of sizes(bytes)) {
      place.push();
      code.memory(LOADS[size] ?? OP.i64Load, place.offset + done);
      const part = done % 8;
      if (part === 0) {
        const local = emitter.temp(I64);
        code.set(local);
        locals.push(local);
      } else {
        const local = must(locals[locals.length - 1], 'a word');
        code.i64(BigInt(8 * part));
        code.op(OP.i64Shl);
        code.get(local);
        code.op(OP.i64Or);
        code.set(local);
      }
      done += size;
    }
    return locals;
  }

  private store(address: Term, value: Term): void {
    const { emitter } = this.owner;
    const { code } = emitter;
    emitter.prepare(value);
    const number = this.fold(value);
    const words = number === undefined ? emitter.words(value) : undefined;
    const bytes = value.width / 8;
    const place = this.access('store', address, bytes);
    let done = 0;
    for (const size of sizes(bytes)) {
      place.push();
      if (words === undefined) code.i64(BigInt.asIntN(64, (number ?? 0n) >> BigInt(8 * done)));
      else {
        code.get(must(words[done >> 3], 'a word'));
        if (done % 8 > 0) {
          code.i64(BigInt(8 * (done % 8)));
          code.op(OP.i64ShrU);
        }
      }
      code.memory(STORES[size] ?? OP.i64Store, place.offset + done);
      done += size;
    }
  }

  /** Checks an access; `push` pushes its address without `offset`. */
  private access(kind: 'load' | 'store', address: Term, bytes: number): { push: () => void; offset: number } {
    const { emitter, around } = this.owner;
    const { code } = emitter;
    const { base, low: first, writable, end } = around.image.layout;
    const least = kind === 'load' ? first : writable;
    const at = this.fold(address);
    if (at !== undefined) {
      if (at < BigInt(least) || at + BigInt(bytes) > BigInt(end)) {
        this.site(kind, `0x${at.toString(16)}`);
        code.op(OP.unreachable);
        return { push: () => code.i32(0), offset: 0 };
      }
      return { push: () => code.i32(0), offset: Number(at) - base };
    }
    emitter.prepare(address);
    const local = must(emitter.words(address)[0], 'a local');
    // Where something may be written, it may be read.
    const written = this.checked.get(2 * local + 1) ?? 0;
    const checked = kind === 'store' ? written : Math.max(written, this.checked.get(2 * local) ?? 0);
    if (checked < bytes) {
      code.get(local);
      code.i64(BigInt(least));
      code.op(OP.i64Sub);
      code.i64(BigInt(end - least - bytes));
      code.op(OP.i64GtU);
      code.if();
      // The host finds the address where it finds where control went.
      code.i32(0);
      code.get(local);
      code.memory(OP.i64Store, TARGET);
      this.site(kind, '');
      code.op(OP.unreachable);
      code.end();
      this.checked.set(2 * local + (kind === 'store' ? 1 : 0), bytes);
    }
    return {
      push: () => {
        code.get(local);
        code.op(OP.i32WrapI64);
      },
      offset: 0,
    };
  }

  /** Tells the host of the instruction that is being carried out, with the registers as they were before it. */
  private site(kind: SiteKind, what: string): void {
    const { owner, block } = this;
    owner.callSite(kind, what, block.index, this.at, this.dirty(), (h) => this.valueOf(h));
  }

  private dirty(): LocSet {
    const set = (this.owner.flow.dirtyIn[this.block.index] ?? new Int32Array(0)).slice();
    for (const i of this.changed) set[i >> 5] = (set[i >> 5] ?? 0) | (1 << (i & 31));
    return set;
  }

  private valueOf(h: Home): Value {
    return this.env.get(h.loc) ?? h.locals;
  }

  // The end.

  private leave(control: readonly Effect[]): void {
    const { owner, block } = this;
    const { code } = owner.emitter;
    const e = control[0];
    const fallThrough = block.index + 1;
    switch (block.flow.kind) {
      case 'next':
      case 'system':
        if (block.tailCall !== undefined) this.tailCall(block.tailCall);
        else if (block.successors.includes(fallThrough)) {
          this.settleAll();
          this.go(fallThrough);
        } else this.ranOff();
        return;
      case 'jump':
        this.jump(e?.kind === 'jump' ? e.condition : undefined);
        return;
      case 'call':
        this.call(e?.kind === 'call' ? e.target : bv(64, 0));
        return;
      case 'return':
        this.returned(e?.kind === 'return' ? e.target : bv(64, 0));
        return;
      case 'indirect':
        this.indirect(e?.kind === 'jump' ? e.target : bv(64, 0));
        return;
      case 'repeat': {
        const condition = e?.kind === 'repeat' ? e.condition : bv(1, 0);
        this.pushCondition(condition);
        this.settleAll();
        code.if();
        this.go(block.index);
        code.end();
        if (this.skipped) code.end();
        if (block.successors.includes(fallThrough)) this.go(fallThrough);
        else this.ranOff();
        return;
      }
      case 'trap':
        this.site('trap', e?.kind === 'trap' ? e.what : '');
        code.op(OP.unreachable);
    }
  }

  private ranOff(): void {
    this.site('end', 'control runs past the end of the function');
    this.owner.emitter.code.op(OP.unreachable);
  }

  private pushCondition(condition: Term): void {
    const { emitter } = this.owner;
    emitter.use(this.bindings);
    emitter.prepare(condition);
    emitter.value(condition);
  }

  /** Puts everything into the variables that other blocks find it in. */
  private settleAll(): void {
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

  private pushValue(value: Value, word: number, width: number): void {
    const { code } = this.owner.emitter;
    if (typeof value !== 'bigint') code.get(must(value[word], 'a word'));
    else if (width === 1) code.i32(Number(value));
    else code.i64(BigInt.asIntN(64, value >> BigInt(64 * word)));
  }

  private jump(condition: Term | undefined): void {
    const { owner, block } = this;
    const { code } = owner.emitter;
    const target = block.flow.kind === 'jump' ? block.flow.target : '';
    const taken = this.localTarget(target);
    if (condition === undefined) {
      if (taken === undefined) this.tailCall(block.tailCall ?? target);
      else {
        this.settleAll();
        this.go(taken);
      }
      return;
    }
    const fallThrough = block.successors.includes(block.index + 1) ? block.index + 1 : undefined;
    const { counting } = owner.around;
    const id = owner.fn.firstBlock + block.index;
    this.forceFlags();
    this.pushCondition(condition);
    this.settleAll();
    if (taken !== undefined && fallThrough === undefined) {
      // The way out comes first, since what is known is forgotten where other blocks begin.
      code.op(OP.i32Eqz);
      code.if();
      if (block.tailCall !== undefined) this.tailCall(block.tailCall);
      else this.ranOff();
      code.end();
      if (counting) owner.count(id, 1);
      this.go(taken);
      return;
    }
    code.if();
    if (counting) owner.count(id, 1);
    if (taken === undefined) this.tailCall(target);
    else this.go(taken);
    code.end();
    if (fallThrough !== undefined) this.go(fallThrough);
    else this.ranOff();
  }

  /** Computes the flags that a way out needs, while what they are made of is still there. */
  private forceFlags(): void {
    const { owner, block } = this;
    if (block.tailCall === undefined) return;
    const needed = owner.flagsNeeded(block.index);
    for (const h of owner.homes) if (has(needed, h.index)) this.read(h.loc);
  }

  /** The block that a label of this function is at, where control can go there directly. */
  private localTarget(target: string): number | undefined {
    const { code, file } = this.owner.fn;
    if (this.block.tailCall === target) return undefined;
    const at = code.indexOfLabel.get(file.program.symbolAliases.get(target) ?? target) ?? code.indexOfLabel.get(target);
    const to = at === undefined ? undefined : code.blockAt[at];
    return to !== undefined && this.block.successors.includes(to) ? to : undefined;
  }

  /** Writes everything that the function has changed into memory, and the flags that are read behind. */
  private flushAll(): void {
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

  private call(target: Term): void {
    const { owner, block } = this;
    const { emitter, around, flow } = owner;
    const { code } = emitter;
    const back = addressOf(owner.fn, block.end);
    const known = this.fold(target);
    if (known !== undefined) {
      this.flushAll();
      const fn = around.image.functionAt.get(Number(known));
      const direct = fn === undefined ? undefined : around.local(fn);
      if (direct !== undefined) code.call(direct);
      else {
        this.pushConstantIndex(known);
        code.callIndirect(around.plainType);
      }
    } else {
      const address = this.address(target);
      this.flushAll();
      owner.pushCodeIndex(address);
      code.callIndirect(around.plainType);
    }
    owner.checkReturn(back);
    code.i32(0);
    code.memory(OP.i64Load, BUDGET);
    code.set(owner.budget);
    const after = block.index + 1;
    if (block.tailCall !== undefined) {
      this.tailCallWithoutFlush(block.tailCall);
      return;
    }
    if (!block.successors.includes(after)) {
      code.i32(
        around.site({
          kind: 'end',
          what: 'a function came back that was taken not to',
          fn: owner.fn,
          block: block.index,
          inst: this.at,
          passed: [],
          constants: [],
        }),
      );
      code.get(owner.budget);
      code.call(around.fault(0));
      code.op(OP.unreachable);
      return;
    }
    owner.loadHomes(flow.liveOut[block.index]);
    this.go(after);
  }

  /** A computed code address in a variable of its own. */
  private address(target: Term): number {
    const { emitter } = this.owner;
    emitter.use(this.bindings);
    emitter.prepare(target);
    emitter.value64(target);
    const local = emitter.temp(I64);
    emitter.code.set(local);
    return local;
  }

  private pushConstantIndex(address: bigint): void {
    const { code } = this.owner.emitter;
    const index = address < 2n ** 53n ? this.owner.around.tableIndex(Number(address)) : 0;
    if (index === 0) {
      code.i32(0);
      code.i64(address);
      code.memory(OP.i64Store, TARGET);
    }
    code.i32(index);
  }

  private tailCall(name: string): void {
    this.flushAll();
    this.tailCallWithoutFlush(name);
  }

  private tailCallWithoutFlush(name: string): void {
    const { fn, around, emitter } = this.owner;
    this.pushConstantIndex(fn.file.symbol(name) ?? 0n);
    emitter.code.returnCallIndirect(around.plainType);
  }

  private returned(target: Term): void {
    const { emitter } = this.owner;
    const { code } = emitter;
    const address = this.address(target);
    this.flushAll();
    code.i32(0);
    code.get(address);
    code.memory(OP.i64Store, RETURNED);
    code.op(OP.return);
  }

  private indirect(target: Term): void {
    const { owner, block } = this;
    const { code } = owner.emitter;
    const address = this.address(target);
    if (block.successors.length === 0) {
      this.flushAll();
      owner.pushCodeIndex(address);
      code.returnCallIndirect(owner.around.plainType);
      return;
    }
    this.settleAll();
    code.get(address);
    code.set(owner.target);
    this.go(owner.dispatchNode);
  }

  /** A repeated instruction with nothing to do is skipped: what was opened here ends behind it. */
  private skipRepeat(): void {
    const { owner } = this;
    const { code } = owner.emitter;
    const counter = owner.homeOf.get(REPEAT_COUNTER)?.locals[0];
    if (counter === undefined) return;
    code.block();
    code.get(counter);
    code.op(OP.i64Eqz);
    code.brIf(code.depth);
    this.skipped = true;
  }
}

/** The location that a variable of a meaning stands for. */
const locationIn = (t: Term): string => t.name.slice(t.name.indexOf('.') + 1);

const LOADS: Readonly<Record<number, number>> = { 1: OP.i64Load8, 2: OP.i64Load16, 4: OP.i64Load32, 8: OP.i64Load };
const STORES: Readonly<Record<number, number>> = {
  1: OP.i64Store8,
  2: OP.i64Store16,
  4: OP.i64Store32,
  8: OP.i64Store,
};

/** The pieces that an access is made in: powers of two. */
function sizes(bytes: number): number[] {
  const list: number[] = [];
  for (let rest = bytes; rest > 0; ) {
    const size = rest >= 8 ? 8 : rest >= 4 ? 4 : rest >= 2 ? 2 : 1;
    list.push(size);
    rest -= size;
  }
  return list;
}
