// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import { bv, concat, low, variable } from '../../../logic/build.ts';
import type { Term } from '../../../logic/term.ts';
import { effectsOf, type Inst } from '../../isa/define.ts';
import type { Effect, State } from '../../isa/effect.ts';
import type { Expr } from '../../isa/operand.ts';
import type { Block } from '../../program/types.ts';
import { RETURNED } from '../layout.ts';
import { I64, OP } from '../wasm/code.ts';
import type { FunctionCompiler, Home } from './function.ts';
import { has, type LocSet } from './live.ts';
import type { SiteKind } from './sites.ts';

/** The count register of repeated instructions: with 0 there, they do nothing at all, not even access memory. */
const REPEAT_COUNTER = 'rcx';

/** An instruction whose meaning names something that this machine does not have. */
class NotHere extends Error {}

/**
 * One block, instruction by instruction. Registers stay in temporary variables until the block's end, so that flags can
 * be kept as terms over what they came from, and are computed only where somebody reads them.
 */
export class BlockCompiler implements State {
  private readonly owner: FunctionCompiler;
  private readonly block: Block;
  private readonly go: (to: number) => void;
  /** What locations hold now. */
  private readonly env = new Map<string, Term>();
  private readonly changed = new Set<number>();
  private fresh = 0;
  private skipped = false;
  private at = 0;
  private readonly checked = new Map<Term, { readonly local: number; readonly load: number; readonly store: number }>();

  constructor(owner: FunctionCompiler, block: Block, go: (to: number) => void) {
    this.owner = owner;
    this.block = block;
    this.go = go;
  }

  compile(): void {
    const { owner, block } = this;
    const { emitter } = owner;
    const { insts } = owner.fn.code;
    emitter.forget(owner.homes.map((h) => [h.variable, h.locals] as const));
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

  // What meanings read.

  get(loc: string): Term {
    const known = this.env.get(loc);
    if (known !== undefined) return known;
    const { image } = this.owner.around;
    if (loc === image.isa.threadPointer) return bv(64, image.threadPointer);
    const home = this.owner.homeOf.get(loc);
    if (home !== undefined) return home.variable;
    const width = image.isa.locations.find((l) => l.name === loc)?.width ?? 64;
    // Read in a meaning that does not depend on it.
    return bv(width, 0);
  }

  load(address: Term, bytes: number): Term {
    const { image } = this.owner.around;
    const slot = image.isa.slot(address, bytes);
    if (slot !== undefined) return this.constant(slot);
    const { emitter } = this.owner;
    const { code } = emitter;
    const place = this.access('load', this.resolved(address), bytes);
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
    const value = this.freshVariable(8 * bytes);
    emitter.bind(value, locals);
    return value;
  }

  symbol(expression: Expr): Term {
    const t = this.owner.around.image.isa.symbol(expression);
    // What the linker fills in is known; only its slots must be told from other memory.
    return t.op === 'var' && /^got/.test(t.name) ? t : this.constant(t);
  }

  next(): Term {
    return bv(64, this.addressOf(this.at + 1));
  }

  undefined(width: number): Term {
    return bv(width, 0);
  }

  private constant(t: Term): Term {
    const value = this.owner.around.image.valueOf(this.owner.fn.file, t);
    if (value === undefined) throw new NotHere('a relocation that this machine does not have');
    return bv(t.width, value);
  }

  /** A term whose symbols are numbers. */
  private resolved(t: Term): Term {
    return t.op === 'var' && t.name.includes('&') ? this.constant(t) : t;
  }

  private freshVariable(width: number): Term {
    return variable(`t${this.fresh++}`, width);
  }

  private addressOf(index: number): number {
    const { fn } = this.owner;
    const own = fn.file.addresses[fn.code.statementAt[index] ?? -1];
    if (index < fn.code.insts.length && own !== undefined && own >= 0) {
      const before = fn.file.addresses[fn.code.statementAt[index - 1] ?? -1] ?? -1;
      // Parts of a function lie apart: what follows the last instruction of a part is not the next part.
      return before >= 0 && own !== before + 4 && !this.sameSection(index) ? before + 4 : own;
    }
    return (fn.file.addresses[fn.code.statementAt[index - 1] ?? -1] ?? 0) + 4;
  }

  private sameSection(index: number): boolean {
    return !this.owner.fn.code.parts.some((p) => p.start === index);
  }

  // One instruction.

  private carryOut(inst: Inst): Effect[] {
    const { emitter } = this.owner;
    const { code } = emitter;
    const effects = effectsOf(inst, this);
    const control: Effect[] = [];
    const sets: (readonly [loc: string, value: Term])[] = [];
    for (const e of effects) {
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
          this.store(this.resolved(e.address), this.resolved(e.value));
          break;
        case 'set':
          sets.push([e.loc, this.resolved(e.value)]);
          break;
        default:
          control.push(e);
      }
    }
    const { lazy } = this.owner.around;
    const computed = sets.flatMap(([loc, value]) => {
      const home = this.owner.homeOf.get(loc);
      if (home === undefined) return [];
      return [[home, has(lazy, home.index) ? value : this.settle(value)] as const];
    });
    for (const [home, value] of computed) {
      this.env.set(home.loc, value);
      this.changed.add(home.index);
    }
    return control;
  }

  /** Computes a value into a temporary variable, unless it is one or needs none. Known zeros above stay known. */
  private settle(t: Term): Term {
    const { emitter } = this.owner;
    if (t.op === 'const' || t.op === 'var') return t;
    const [top] = t.args;
    if (t.op === 'concat' && t.width <= 64 && top?.op === 'const' && top.value === 0n) {
      const rest = low(t, t.width - top.width);
      if (rest.op === 'const' || rest.width === 1) return rest.op === 'const' ? t : this.settleWhole(t);
      return concat(top, this.settle(rest));
    }
    if (emitter.localsOf(t) !== undefined) return t;
    return this.settleWhole(t);
  }

  private settleWhole(t: Term): Term {
    const { emitter } = this.owner;
    emitter.prepare(t);
    const locals = emitter.words(t);
    const value = this.freshVariable(t.width);
    emitter.bind(value, locals);
    return value;
  }

  private store(address: Term, value: Term): void {
    const { emitter } = this.owner;
    const { code } = emitter;
    emitter.prepare(value);
    const words = value.op === 'const' ? undefined : emitter.words(value);
    const bytes = value.width / 8;
    const place = this.access('store', address, bytes);
    let done = 0;
    for (const size of sizes(bytes)) {
      place.push();
      if (words === undefined) code.i64(BigInt.asIntN(64, value.op === 'const' ? value.value >> BigInt(8 * done) : 0n));
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
    const { low: first, writable, end } = around.image.layout;
    const least = kind === 'load' ? first : writable;
    if (address.op === 'const') {
      const at = address.value;
      if (at < BigInt(least) || at + BigInt(bytes) > BigInt(end)) {
        this.site(kind, `0x${at.toString(16)}`);
        code.op(OP.unreachable);
        return { push: () => code.i32(0), offset: 0 };
      }
      return { push: () => code.i32(0), offset: Number(at) };
    }
    const before = this.checked.get(address);
    emitter.prepare(address);
    const local = before?.local ?? must(emitter.words(address)[0], 'a local');
    const known = kind === 'load' ? Math.max(before?.load ?? 0, before?.store ?? 0) : (before?.store ?? 0);
    if (known < bytes) {
      code.get(local);
      code.i64(BigInt(least));
      code.op(OP.i64Sub);
      code.i64(BigInt(end - least - bytes));
      code.op(OP.i64GtU);
      code.if();
      // The host finds the address where it finds where control went.
      code.i32(0);
      code.get(local);
      code.memory(OP.i64Store, 0x20);
      this.site(kind, '');
      code.op(OP.unreachable);
      code.end();
      const load = Math.max(before?.load ?? 0, bytes);
      this.checked.set(address, { local, load, store: kind === 'store' ? bytes : (before?.store ?? 0) });
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

  private valueOf(h: Home): Term {
    return this.env.get(h.loc) ?? h.variable;
  }

  // The end.

  private leave(control: readonly Effect[]): void {
    const { owner, block } = this;
    const { code } = owner.emitter;
    const e = control[0];
    const fallThrough = block.index + 1;
    switch (block.flow.kind) {
      case 'next':
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
    emitter.prepare(condition);
    emitter.value(condition);
  }

  /** Puts everything into the variables that other blocks find it in. */
  private settleAll(): void {
    const { owner, block } = this;
    const { emitter, flow } = owner;
    const { code } = emitter;
    const index = block.index;
    const order: number[] = [];
    const { lazy } = owner.around;
    for (const h of owner.homes) {
      const value = this.env.get(h.loc);
      if (value === undefined || value === h.variable) continue;
      const needed = has(flow.liveOut[index] ?? lazy, h.index);
      if (!needed && (has(lazy, h.index) || !has(flow.dirtyEnd[index] ?? lazy, h.index))) continue;
      this.pushValue(value, (local) => order.push(local), h);
    }
    // All are read before any is written.
    for (const local of order.reverse()) code.set(local);
    for (const h of owner.homes) if (!has(lazy, h.index)) this.env.delete(h.loc);
  }

  private pushValue(value: Term, each: (local: number) => void, h: Home): void {
    h.locals.forEach((local, word) => {
      this.pushWord(value, word);
      each(local);
    });
  }

  /** Pushes a word of a settled value or of a flag. */
  private pushWord(value: Term, word: number): void {
    const { emitter } = this.owner;
    emitter.prepare(value);
    if (value.width <= 64) emitter.value(value);
    else if (value.op === 'const') emitter.code.i64(BigInt.asIntN(64, value.value >> BigInt(64 * word)));
    else emitter.code.get(must(emitter.words(value)[word], 'a word'));
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
    for (const h of owner.homes) {
      const value = this.env.get(h.loc);
      if (value === undefined || !has(needed, h.index) || value.op === 'const') continue;
      this.env.set(h.loc, this.settleWhole(value));
    }
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
    const { code } = owner.emitter;
    const push = (h: Home, word: number): void => {
      const value = this.env.get(h.loc);
      if (value === undefined || value === h.variable) code.get(must(h.locals[word], 'a local'));
      else this.pushWord(value, word);
    };
    // Flags are written only where somebody reads them.
    const { lazy } = owner.around;
    const flags = owner.flagsNeeded(block.index);
    const set = this.dirty();
    for (let w = 0; w < set.length; w++) set[w] = ((set[w] ?? 0) & ~(lazy[w] ?? 0)) | (flags[w] ?? 0);
    owner.flush(set, push);
    owner.storeBudget();
  }

  private call(target: Term): void {
    const { owner, block } = this;
    const { emitter, around, flow } = owner;
    const { code } = emitter;
    const back = this.addressOf(block.end);
    if (target.op === 'const') {
      this.flushAll();
      const fn = around.image.functionAt.get(Number(target.value));
      const direct = fn === undefined ? undefined : around.local(fn);
      if (direct !== undefined) code.call(direct);
      else {
        this.pushConstantIndex(target.value);
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
    code.memory(OP.i64Load, 0x10);
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
    emitter.prepare(target);
    emitter.value64(target);
    const local = emitter.temp(I64);
    emitter.code.set(local);
    return local;
  }

  private pushConstantIndex(address: bigint): void {
    const { textStart, textSlots } = this.owner.around.image;
    const distance = address - BigInt(textStart);
    const inside = distance >= 0n && distance < BigInt(4 * textSlots) && distance % 4n === 0n;
    const { code } = this.owner.emitter;
    if (!inside) {
      code.i32(0);
      code.i64(address);
      code.memory(OP.i64Store, 0x20);
    }
    code.i32(inside ? Number(distance / 4n) + 1 : 0);
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
    const address = this.address(this.resolved(target));
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
