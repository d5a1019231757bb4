// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import type { Isa } from '../../isa/isa.ts';
import { leavesFunction } from '../../program/types.ts';
import {
  BUDGET,
  COUNTERS,
  INST_BYTES,
  REGISTER_BYTES,
  REGISTERS,
  RESUME,
  RETURNED,
  RING,
  RING_ENTRIES,
  TARGET,
} from '../layout.ts';
import type { Image, LinkedFunction } from '../link/image.ts';
import { I32, I64, OP, type ValueType } from '../wasm/code.ts';
import { BlockCompiler } from './block.ts';
import { Emitter, type Helpers } from './emitter.ts';
import type { FlagsAcross } from './flags-across.ts';
import { emitDispatched, emitStructured, type Graph, type Shape, shapeOf } from './graph.ts';
import { has, type LocSet, type RegisterFlow, registerFlow, setSize } from './live.ts';
import type { Site } from './sites.ts';

/** What functions are compiled into: imports and shared knowledge. */
export interface Surroundings extends Helpers {
  readonly image: Image;
  readonly flags: FlagsAcross;
  readonly lazy: LocSet;
  /** Counts each block that is entered, and each conditional jump that is taken. */
  readonly counting: boolean;
  /** Tells the host of each block. */
  readonly trace: number | undefined;
  /** Tell the host of each function that is entered, and that a call has come back; all registers are in memory then. */
  readonly entered: number | undefined;
  readonly behind: number | undefined;
  /** The type of a function of the program. */
  readonly plainType: number;
  /** The number of a site. */
  site(site: Site): number;
  /** The function that tells the host of a site, with so many registers. */
  fault(registers: number): number;
  /** Where in the table the function at an address stands, or 0. */
  tableIndex(address: number): number;
  /** A function in the same module. */
  local(fn: LinkedFunction): number | undefined;
  /** Whether a function is one that may be entered in its middle. */
  resumable(fn: LinkedFunction): boolean;
}

export interface CompiledFunction {
  readonly locals: readonly ValueType[];
  readonly body: Uint8Array;
}

/** A value that has been computed: in local variables, one for each word, or a known number. */
export type Value = readonly number[] | bigint;

/** Where a location's value is while its function runs, between blocks. */
export interface Home {
  readonly index: number;
  readonly loc: string;
  readonly width: number;
  readonly locals: readonly number[];
}

/**
 * One function of the program as one function of WebAssembly, without parameters: registers are in local variables, and
 * in memory when anybody else runs.
 */
export class FunctionCompiler {
  readonly fn: LinkedFunction;
  readonly around: Surroundings;
  readonly emitter: Emitter;
  readonly flow: RegisterFlow;
  readonly homes: readonly Home[];
  readonly homeOf: ReadonlyMap<string, Home>;
  readonly budget: number;
  readonly next: number;
  /** Where an indirect jump within the function goes. */
  readonly target: number;
  readonly shape: Shape;
  private readonly dispatcher: number | undefined;
  private readonly dispatched: readonly number[];
  private readonly behind = new Map<number, LocSet>();

  constructor(fn: LinkedFunction, around: Surroundings) {
    this.fn = fn;
    this.around = around;
    const { isa } = around.image;
    const { blocks } = fn.code;
    this.emitter = new Emitter(around);
    this.budget = this.emitter.local(I64);
    this.next = this.emitter.local(I32);
    this.target = this.emitter.local(I64);
    this.flow = registerFlow(fn.code, isa, around.lazy, { behind: (b) => this.flagsBehind(b.index) });
    this.homes = this.makeHomes(isa);
    this.homeOf = new Map(this.homes.map((h) => [h.loc, h]));
    const targets = new Set<number>();
    let indirect = false;
    for (const b of blocks) {
      if (b.flow.kind !== 'indirect' || b.successors.length === 0) continue;
      indirect = true;
      for (const s of b.successors) targets.add(s);
    }
    this.dispatcher = indirect ? blocks.length : undefined;
    this.dispatched = [...targets];
    const graph: Graph = {
      count: blocks.length + (indirect ? 1 : 0),
      successors: (n) => {
        if (n === this.dispatcher) return this.dispatched;
        const b = blocks[n];
        if (b === undefined) return [];
        return b.flow.kind === 'indirect' && b.successors.length > 0 ? [blocks.length] : b.successors;
      },
      labelled: targets,
    };
    this.shape = shapeOf(graph);
  }

  compile(): CompiledFunction {
    const { code } = this.emitter;
    const entry = this.flow.liveIn[0];
    if (this.around.entered !== undefined) {
      code.i32(this.fn.id);
      code.call(this.around.entered);
    }
    code.i32(0);
    code.memory(OP.i64Load, BUDGET);
    code.set(this.budget);
    const resumable = this.around.resumable(this.fn);
    if (resumable) {
      code.i32(0);
      code.memory(OP.i32Load, RESUME);
      code.set(this.next);
      code.i32(0);
      code.i32(0);
      code.memory(OP.i32Store, RESUME);
      // Whichever block it is, all may be needed.
      this.loadHomes(undefined);
    } else this.loadHomes(entry);
    const emit = (n: number, go: (to: number) => void, level: (to: number) => number): void => {
      if (n === this.dispatcher) this.emitDispatch(go, level);
      else new BlockCompiler(this, must(this.fn.code.blocks[n], 'a block'), go).compile();
    };
    if (this.shape.reducible && !resumable) emitStructured(code, this.shape, emit);
    else emitDispatched(code, this.shape, this.next, emit);
    code.op(OP.unreachable);
    code.u8(0x0b);
    return { locals: this.emitter.locals, body: code.bytes.slice() };
  }

  get dispatchNode(): number {
    return must(this.dispatcher, 'an indirect jump within the function');
  }

  get structured(): boolean {
    return this.shape.reducible && !this.around.resumable(this.fn);
  }

  /** Begins a block: counts its instructions, and notes that it was entered. */
  enter(block: number): void {
    const { code } = this.emitter;
    const { around, fn } = this;
    const b = must(fn.code.blocks[block], 'a block');
    const id = fn.firstBlock + block;
    code.get(this.budget);
    code.i64(BigInt(b.end - b.start));
    code.op(OP.i64Sub);
    code.set(this.budget);
    code.get(this.budget);
    code.op(OP.i32WrapI64);
    code.i32(RING_ENTRIES - 1);
    code.op(OP.i32And);
    code.i32(2);
    code.op(OP.i32Shl);
    code.i32(id);
    code.memory(OP.i32Store, RING);
    if (around.counting) this.count(id, 0);
    if (around.trace !== undefined) {
      code.i32(id);
      code.call(around.trace);
    }
    if (block !== 0 && !this.shape.headers.has(block)) return;
    code.get(this.budget);
    code.i64(0n);
    code.op(OP.i64LtS);
    code.if();
    this.callSite('budget', 'the limit of instructions', block, b.start, this.flow.dirtyIn[block], (h) => h.locals);
    code.i32(0);
    code.memory(OP.i64Load, BUDGET);
    code.set(this.budget);
    code.end();
  }

  /** Adds one to a counter of a block: 0 counts entries, 1 jumps taken. */
  count(id: number, which: 0 | 1): void {
    const { code } = this.emitter;
    code.i32(0);
    code.i32(0);
    code.memory(OP.i64Load, COUNTERS + 16 * id + 8 * which);
    code.i64(1n);
    code.op(OP.i64Add);
    code.memory(OP.i64Store, COUNTERS + 16 * id + 8 * which);
  }

  /** Calls the host at a place, with the registers that memory does not have. */
  callSite(
    kind: Site['kind'],
    what: string,
    block: number,
    inst: number,
    dirty: LocSet | undefined,
    value: (h: Home) => Value,
  ): void {
    const { code } = this.emitter;
    const passed: string[] = [];
    const constants: [string, bigint][] = [];
    const locals: number[] = [];
    for (const h of this.homes) {
      if (h.width !== 64 || dirty === undefined || !has(dirty, h.index)) continue;
      const v = value(h);
      if (typeof v === 'bigint') constants.push([h.loc, v]);
      else {
        passed.push(h.loc);
        locals.push(must(v[0], 'a local'));
      }
    }
    code.i32(this.around.site({ kind, what, fn: this.fn, block, inst, passed, constants }));
    code.get(this.budget);
    for (const local of locals) code.get(local);
    code.call(this.around.fault(locals.length));
  }

  /** The flags that a call or exit must leave in memory. */
  flagsNeeded(block: number): LocSet {
    const set = this.flagsBehind(block).slice();
    const b = must(this.fn.code.blocks[block], 'a block');
    const { lazy } = this.around;
    const out = this.flow.liveOut[block];
    if (b.flow.kind === 'call')
      for (let w = 0; w < set.length; w++) set[w] = (set[w] ?? 0) | ((out?.[w] ?? 0) & (lazy[w] ?? 0));
    return set;
  }

  /** What is read of the flags behind a block that calls or leaves. */
  private flagsBehind(block: number): LocSet {
    let known = this.behind.get(block);
    if (known === undefined) {
      known = this.findFlagsBehind(block);
      this.behind.set(block, known);
    }
    return known;
  }

  private findFlagsBehind(block: number): LocSet {
    const { code } = this.fn;
    const { flags } = this.around;
    const b = must(code.blocks[block], 'a block');
    const set = new Int32Array(setSize(this.around.image.isa));
    const include = (other: LocSet | undefined): void => {
      for (let w = 0; w < set.length; w++) set[w] = (set[w] ?? 0) | (other?.[w] ?? 0);
    };
    if (b.flow.kind === 'call') {
      const callee = flags.callee(this.fn, b.flow.target);
      if (callee !== undefined) include(flags.entry(callee));
    }
    const tail = flags.callee(this.fn, b.tailCall);
    if (tail !== undefined) {
      include(flags.entry(tail));
      include(flags.returned(tail));
    }
    if (leavesFunction(b)) include(flags.returned(this.fn));
    return set;
  }

  private makeHomes(isa: Isa): Home[] {
    const used = new Int32Array(setSize(isa));
    for (const use of this.flow.uses) {
      for (let w = 0; w < used.length; w++) used[w] = (used[w] ?? 0) | (use.reads[w] ?? 0) | (use.writes[w] ?? 0);
    }
    for (const b of this.fn.code.blocks) {
      if (b.flow.kind !== 'call' && !leavesFunction(b)) continue;
      const behind = this.flagsBehind(b.index);
      for (let w = 0; w < used.length; w++) used[w] = (used[w] ?? 0) | (behind[w] ?? 0);
    }
    return isa.locations.flatMap((l, index): Home[] => {
      if (!has(used, index)) return [];
      const type = l.width === 1 ? I32 : I64;
      const locals = Array.from({ length: Math.ceil(l.width / 64) }, () => this.emitter.local(type));
      return [{ index, loc: l.name, width: l.width, locals }];
    });
  }

  /** Reads locations from memory into their local variables; all that the function has, without a set. */
  loadHomes(set: LocSet | undefined): void {
    const { code } = this.emitter;
    for (const h of this.homes) {
      if (set !== undefined && !has(set, h.index)) continue;
      h.locals.forEach((local, word) => {
        code.i32(0);
        code.memory(h.width === 1 ? OP.i32Load : OP.i64Load, slotOf(h.index) + 8 * word);
        code.set(local);
      });
    }
  }

  /** Writes locations into memory; `push` pushes a word of a location's value. */
  flush(set: LocSet | undefined, push: (h: Home, word: number) => void): void {
    const { code } = this.emitter;
    if (set === undefined) return;
    for (const h of this.homes) {
      if (!has(set, h.index)) continue;
      h.locals.forEach((_, word) => {
        code.i32(0);
        push(h, word);
        code.memory(h.width === 1 ? OP.i32Store : OP.i64Store, slotOf(h.index) + 8 * word);
      });
    }
  }

  storeBudget(): void {
    const { code } = this.emitter;
    code.i32(0);
    code.get(this.budget);
    code.memory(OP.i64Store, BUDGET);
  }

  /** Pushes the table index of the function at the address in a local variable; what is none goes to entry 0. */
  pushCodeIndex(address: number): void {
    const { code } = this.emitter;
    const { textStart, textSlots, layout } = this.around.image;
    code.i32(0);
    code.get(address);
    code.memory(OP.i64Store, TARGET);
    // A rotation makes misaligned addresses large.
    code.get(address);
    code.i64(BigInt(textStart));
    code.op(OP.i64Sub);
    code.i64(BigInt(Math.log2(INST_BYTES)));
    code.op(OP.i64Rotr);
    code.tee(address);
    code.i64(BigInt(textSlots));
    code.op(OP.i64LtU);
    code.ifValue(I32);
    code.get(address);
    code.op(OP.i32WrapI64);
    code.i32(Math.log2(INST_BYTES));
    code.op(OP.i32Shl);
    code.memory(OP.i32Load, layout.codeMap);
    code.else();
    code.i32(0);
    code.end();
  }

  private emitDispatch(go: (to: number) => void, level: (to: number) => number): void {
    const { code } = this.emitter;
    const { image } = this.around;
    const { statementAt, blocks } = this.fn.code;
    const indexOf = (block: number): number =>
      ((this.fn.file.addresses[statementAt[blocks[block]?.start ?? 0] ?? 0] ?? 0) - image.textStart) / INST_BYTES;
    const sorted = this.dispatched.map((b) => [indexOf(b), b] as const).sort((a, b) => a[0] - b[0]);
    const least = sorted[0]?.[0] ?? 0;
    const most = sorted[sorted.length - 1]?.[0] ?? 0;
    const position = new Map(sorted);
    code.block();
    const elsewhere = code.depth;
    code.get(this.target);
    code.i64(BigInt(image.textStart + INST_BYTES * least));
    code.op(OP.i64Sub);
    code.i64(BigInt(Math.log2(INST_BYTES)));
    code.op(OP.i64Rotr);
    const local = this.emitter.local(I64);
    code.tee(local);
    code.i64(BigInt(most - least));
    code.op(OP.i64GtU);
    code.brIf(elsewhere);
    if (this.structured) {
      const levels = Array.from({ length: most - least + 1 }, (_, i) => {
        const block = position.get(least + i);
        return block === undefined ? elsewhere : level(block);
      });
      code.get(local);
      code.op(OP.i32WrapI64);
      code.brTable(levels, elsewhere);
    } else {
      for (const [index, block] of sorted) {
        code.get(local);
        code.i64(BigInt(index - least));
        code.op(OP.i64Eq);
        code.if();
        go(block);
        code.end();
      }
    }
    code.end();
    // Somewhere else: a call in tail position, or no code at all.
    const dirty = new Int32Array(setSize(image.isa));
    for (const b of blocks) {
      if (b.flow.kind !== 'indirect' || b.successors.length === 0) continue;
      const end = this.flow.dirtyEnd[b.index];
      for (let w = 0; w < dirty.length; w++) dirty[w] = (dirty[w] ?? 0) | (end?.[w] ?? 0);
    }
    this.flush(dirty, (h, word) => code.get(must(h.locals[word], 'a local')));
    this.storeBudget();
    this.pushCodeIndex(this.target);
    code.returnCallIndirect(this.around.plainType);
  }

  /** Behind a call: unless it came back to `address`, control belongs to somebody further out. */
  checkReturn(address: number): void {
    const { code } = this.emitter;
    code.i32(0);
    code.memory(OP.i64Load, RETURNED);
    code.i64(BigInt(address));
    code.op(OP.i64Ne);
    code.if();
    code.op(OP.return);
    code.end();
    if (this.around.behind !== undefined) code.call(this.around.behind);
  }
}

export function slotOf(index: number): number {
  return REGISTERS + REGISTER_BYTES * index;
}
