// SPDX-License-Identifier: MIT

import { setFlagsFromString } from 'node:v8';
import { must } from '../../base/assert.ts';
import { operate } from '../../logic/evaluate.ts';
import { type CallAbi, callAbi } from './abi.ts';
import type { HostOperator } from './code/emitter.ts';
import { FlagsAcross, lazyFlags } from './code/flags-across.ts';
import { FunctionCompiler, type Surroundings, slotOf } from './code/function.ts';
import type { LocSet } from './code/live.ts';
import type { Site } from './code/sites.ts';
import { Fault, LongJump, OutOfBudget, type StoppedAt } from './fault.ts';
import { GuestBytes, GuestView } from './guest.ts';
import { BUDGET, COUNTERS, INST_BYTES, PAGE, RESUME, RETURNED, RING, RING_ENTRIES, SCRATCH, TARGET } from './layout.ts';
import type { Image, LinkedFunction } from './link/image.ts';
import { Code, I32, I64 } from './wasm/code.ts';
import { faultBody, multiplyHighBody } from './wasm/helpers.ts';
import { ModuleBuilder } from './wasm/module.ts';

export interface MachineOptions {
  /** Counts the entries of each block, and the jumps that are taken. */
  readonly counting?: boolean;
  /** Is told of each block, by its number, before it runs. */
  readonly trace?: (block: number) => void;
  /** Is told of functions of the program that are entered, and of calls that have come back, with all registers set. */
  readonly calls?: { readonly entered: (fn: LinkedFunction) => void; readonly behind: () => void };
  /** Serves a function of the library; the registers are as the caller left them. */
  readonly external: (name: string) => void;
  /** Serves a system call: what it comes to. */
  readonly system: (number: bigint, args: readonly bigint[]) => bigint;
  /** Asked now and then: whether to go on. `executed` instructions have been carried out. */
  readonly check?: (executed: number) => string | undefined;
  readonly maxInstructions?: number;
  /** Expects long runs: functions with loops are optimised before they begin. */
  readonly optimise?: boolean;
}

/** Instructions between two questions to `check`. */
const SLICE = 20_000_000;
/** A module holds about so many instructions: a function and what it calls, as far as that fits. */
const BATCH = 1500;
const JUMPERS = ['setjmp', '_setjmp', '__sigsetjmp', 'sigsetjmp'];

/**
 * A program that runs: its memory, and its functions as WebAssembly, each made when it is first called. The table has a
 * place for every function, and its first leads to a fault.
 */
export class Machine {
  readonly image: Image;
  readonly abi: CallAbi;
  readonly memory: WebAssembly.Memory;
  readonly view: GuestView;
  readonly bytes: GuestBytes;
  private readonly options: MachineOptions;
  private readonly table: WebAssembly.Table;
  private readonly flags: FlagsAcross;
  private readonly lazy: LocSet;
  private readonly sites: Site[] = [];
  private readonly operators: HostOperator[] = [];
  private readonly operatorOf = new Map<string, number>();
  private readonly slots = new Map<string, number>();
  private readonly compiled = new Set<LinkedFunction>();
  private readonly imports: Record<string, unknown> = {};
  private readonly pages: number;
  /** Where functions are that may return more than once. */
  private readonly jumpers: ReadonlySet<number>;
  private readonly activations: number[] = [];
  private lastActivation = 0;
  /** Instructions in the slices that have been given out. */
  private granted = 0;

  constructor(image: Image, options: MachineOptions) {
    this.image = image;
    this.options = options;
    this.abi = callAbi(image.isa);
    const { base, end } = image.layout;
    this.pages = (end - base) / PAGE;
    this.memory = new WebAssembly.Memory({ initial: this.pages, maximum: this.pages });
    this.view = new GuestView(this.memory.buffer, base);
    this.bytes = new GuestBytes(this.memory.buffer, base);
    this.jumpers = new Set(JUMPERS.flatMap((name) => image.externals.get(name) ?? []));
    this.lazy = lazyFlags(image);
    this.flags = new FlagsAcross(image, this.lazy);
    for (const [i, l] of image.isa.locations.entries()) this.slots.set(l.name, slotOf(i));
    this.table = new WebAssembly.Table({ element: 'anyfunc', initial: this.tableSize });
    image.load((address, bytes) => this.bytes.set(bytes, address));
    this.forgetPath();
    this.imports.fault = (number: number, budget: bigint) => this.fault(number, budget);
    this.imports.compile = (id: number) => this.compile(must(image.functions[id], 'a function'));
    this.imports.operate = (number: number) => this.operate(number);
    this.imports.bad = () => this.badTarget();
    if (options.trace !== undefined) this.imports.trace = options.trace;
    const { calls } = options;
    if (calls !== undefined) {
      this.imports.entered = (id: number) => calls.entered(must(image.functions[id], 'a function'));
      this.imports.behind = calls.behind;
    }
    const entries = [...image.functions.map((f) => f.address), ...image.externals.values()];
    for (const [i, address] of entries.entries()) {
      this.view.setInt32(image.layout.codeMap + address - image.textStart, i + 1, true);
    }
    this.makeStubs();
    this.begin();
  }

  // Registers.

  register(name: string): bigint {
    return this.view.getBigUint64(must(this.slots.get(name), name), true);
  }

  setRegister(name: string, value: bigint): void {
    this.view.setBigUint64(must(this.slots.get(name), name), BigInt.asUintN(64, value), true);
  }

  /** The low half of a vector register or a floating-point one, as the address of its bytes. */
  registerAt(name: string): number {
    return must(this.slots.get(name), name);
  }

  /** The upper 64 bits of a wide register. */
  registerHigh(name: string): bigint {
    return this.view.getBigUint64(must(this.slots.get(name), name) + 8, true);
  }

  setRegisterHigh(name: string, value: bigint): void {
    this.view.setBigUint64(must(this.slots.get(name), name) + 8, BigInt.asUintN(64, value), true);
  }

  /** Exact below 2^53, and above that larger than anything there is. */
  get stack(): number {
    const slot = must(this.slots.get(this.image.isa.stackPointer), 'a stack pointer');
    return this.view.getUint32(slot, true) + 2 ** 32 * this.view.getUint32(slot + 4, true);
  }

  /** Sets a register to a whole number, of either sign, that is exact. */
  setNumber(name: string, value: number): void {
    const slot = must(this.slots.get(name), name);
    this.view.setUint32(slot, value, true);
    this.view.setUint32(slot + 4, Math.floor(value / 2 ** 32), true);
  }

  // Running.

  /** Instructions carried out so far. */
  get executed(): number {
    return this.granted - Number(this.view.getBigInt64(BUDGET, true));
  }

  /** Calls the function at an address, with arguments in registers already, and comes back when it returns. */
  call(address: number): void {
    const { image, abi } = this;
    const stack = this.register(image.isa.stackPointer);
    const back = BigInt(image.hostReturn);
    if (abi.link === undefined) {
      const top = stack - 8n;
      if (top < BigInt(image.layout.writable)) throw this.stackFault();
      this.view.setBigUint64(Number(top), back, true);
      this.setRegister(image.isa.stackPointer, top);
    } else this.setRegister(abi.link, back);
    this.enter(address);
    const returned = this.view.getBigUint64(RETURNED, true);
    if (returned !== back) {
      throw new Fault('jump', `a return to 0x${returned.toString(16)}, where no call is waiting`, this.state());
    }
  }

  /** Goes to the function at an address, as a jump does. */
  enter(address: number): void {
    const index = this.indexOf(address);
    if (index === 0) {
      this.view.setBigUint64(TARGET, BigInt(Math.max(0, address)), true);
      this.badTarget();
    }
    this.run(() => entryOf(this.table.get(index))());
  }

  /** The address to which a library function returns, taken off the stack where it is there. */
  finishExternal(): void {
    const { image, abi } = this;
    if (abi.link !== undefined) {
      this.view.setBigUint64(RETURNED, this.register(abi.link), true);
      return;
    }
    const { view, stack } = this;
    if (stack < image.layout.low || stack + 8 > image.layout.end) throw this.stackFault();
    view.setUint32(RETURNED, view.getUint32(stack, true), true);
    view.setUint32(RETURNED + 4, view.getUint32(stack + 4, true), true);
    this.setNumber(image.isa.stackPointer, stack + 8);
  }

  /** Where the function that has just been entered returns to. */
  returnAddress(): number {
    const { image, abi } = this;
    if (abi.link !== undefined) return Number(this.register(abi.link));
    const stack = this.stack;
    const inside = stack >= image.layout.low && stack + 8 <= image.layout.end;
    return inside ? Number(this.view.getBigUint64(stack, true)) : 0;
  }

  /** The address to which the last function returned. */
  get returnedTo(): bigint {
    return this.view.getBigUint64(RETURNED, true);
  }

  private stackFault(): Fault {
    return new Fault('stack', 'the stack pointer is outside of memory', this.state());
  }

  private run(f: () => void): void {
    try {
      f();
    } catch (error) {
      if (error instanceof RangeError && /call stack/.test(error.message)) {
        throw new Fault('stack', 'calls are nested too deeply', this.state());
      }
      throw error;
    }
  }

  /** Which activation of a function that calls `setjmp` runs now. */
  get activation(): number {
    return this.activations[this.activations.length - 1] ?? 0;
  }

  /** Forgets the activations of a call that did not come back. */
  abandon(): void {
    this.activations.length = 0;
  }

  isActive(activation: number): boolean {
    return this.activations.includes(activation);
  }

  /** A function that may be entered again where it called `setjmp`. */
  private guarded(fn: LinkedFunction, inner: () => void): void {
    const own = ++this.lastActivation;
    const depth = this.activations.length;
    this.activations.push(own);
    try {
      for (;;) {
        try {
          inner();
          return;
        } catch (error) {
          if (!(error instanceof LongJump) || error.activation !== own) throw error;
          this.activations.length = depth + 1;
          error.restore();
          this.view.setInt32(RESUME, this.blockAt(fn, error.address), true);
        }
      }
    } finally {
      this.activations.length = depth;
    }
  }

  private blockAt(fn: LinkedFunction, address: number): number {
    const { code, file } = fn;
    const index = code.statementAt.findIndex((s) => file.addresses[s] === address);
    return must(code.blockAt[index], 'a place behind setjmp');
  }

  /** Forgets everything but the code that has been made, so that another run may begin. */
  restart(): void {
    const { image } = this;
    this.bytes.fill(0, image.layout.low, image.layout.end);
    this.bytes.fill(0, COUNTERS, COUNTERS + 16 * image.blocks);
    this.view.setInt32(RESUME, 0, true);
    this.view.setBigInt64(BUDGET, 0n, true);
    image.load((address, bytes) => this.bytes.set(bytes, address));
    this.forgetPath();
    this.abandon();
    for (const l of image.isa.locations) {
      this.setRegister(l.name, 0n);
      if (l.width > 64) this.setRegisterHigh(l.name, 0n);
    }
    this.granted = 0;
    this.begin();
  }

  private begin(): void {
    const { image } = this;
    this.setRegister(image.isa.threadPointer, BigInt(image.threadPointer));
    this.setRegister(image.isa.stackPointer, BigInt(image.layout.stackTop));
    this.grant();
  }

  private grant(): void {
    const { maxInstructions } = this.options;
    const left = maxInstructions === undefined ? SLICE : Math.min(SLICE, maxInstructions - this.granted);
    this.granted += Math.max(0, left);
    const before = this.view.getBigInt64(BUDGET, true);
    this.view.setBigInt64(BUDGET, before + BigInt(Math.max(0, left)), true);
  }

  // What the code calls.

  private fault(number: number, budget: bigint): void {
    const site = must(this.sites[number], 'a site');
    for (const [i, loc] of site.passed.entries()) {
      this.setRegister(loc, this.view.getBigUint64(SCRATCH + 8 * i, true));
    }
    for (const [loc, value] of site.constants) this.setRegister(loc, value);
    this.view.setBigInt64(BUDGET, budget, true);
    if (site.kind === 'system') {
      const places = site.what.split(' ');
      const [number = 0n, ...args] = places.slice(0, -1).map((loc) => this.register(loc));
      this.stopped = site;
      this.setRegister(places[places.length - 1] ?? '', this.options.system(number, args));
      this.stopped = undefined;
      return;
    }
    if (site.kind === 'budget') {
      this.tick(site);
      return;
    }
    throw this.faultAt(site);
  }

  /** Lets at most so many instructions be carried out from here on, whatever was before. */
  limit(instructions: number): void {
    this.limited = true;
    this.forgetPath();
    this.view.setBigInt64(BUDGET, BigInt(instructions), true);
    this.granted = instructions;
  }

  private limited = false;

  private tick(site: Site): void {
    if (this.limited) throw new OutOfBudget('instructions', this.state(site));
    const { maxInstructions, check } = this.options;
    const { executed } = this;
    if (maxInstructions !== undefined && executed > maxInstructions) {
      throw new OutOfBudget('instructions', this.state(site));
    }
    const reason = check?.(executed);
    if (reason !== undefined) throw new OutOfBudget(reason, this.state(site));
    this.grant();
    if (this.view.getBigInt64(BUDGET, true) < 0n) throw new OutOfBudget('instructions', this.state(site));
  }

  private faultAt(site: Site): Fault {
    const state = this.state(site);
    switch (site.kind) {
      case 'load':
      case 'store': {
        const address = site.what === '' ? this.view.getBigUint64(TARGET, true) : BigInt(site.what);
        return new Fault('memory', this.describeAccess(site.kind, address), state);
      }
      case 'trap':
        return new Fault('trap', describeTrap(site.what), state);
      default:
        return new Fault(site.kind === 'end' ? 'end' : 'undefined', site.what, state);
    }
  }

  private describeAccess(kind: 'load' | 'store', address: bigint): string {
    const { low, writable, end } = this.image.layout;
    const what = `a ${kind === 'load' ? 'read from' : 'write to'} 0x${address.toString(16)}`;
    const signed = BigInt.asIntN(64, address);
    const stack = BigInt.asIntN(64, this.register(this.image.isa.stackPointer));
    const near = signed - stack < 0x10000n && stack - signed < 0x10000n;
    if (kind === 'store' && signed < BigInt(writable) && near) {
      return `${what}, below the end of the stack: it has overflowed`;
    }
    if (address < BigInt(low)) return address < 0x1000n ? `${what}: a null pointer` : `${what}, where nothing is`;
    if (address < BigInt(writable)) return `${what}, which is code or constant`;
    return address < BigInt(end) ? `${what}, at the end of memory` : `${what}, where nothing is`;
  }

  private badTarget(): never {
    const address = this.view.getBigUint64(TARGET, true);
    throw new Fault('jump', `a jump to 0x${address.toString(16)}, where no function begins`, this.state());
  }

  /** Where the program is, where no instruction is known but that of a system call. */
  where(): StoppedAt {
    return this.state(this.stopped);
  }

  /** The system call that is being served. */
  private stopped: Site | undefined;

  /** Where the program is, for reports. */
  private state(site?: Site): StoppedAt {
    return { machine: this, site, path: this.lastBlocks() };
  }

  private forgetPath(): void {
    this.bytes.fill(0xff, RING, RING + 4 * RING_ENTRIES);
  }

  /** The numbers of the blocks that were entered last, the latest first. */
  lastBlocks(limit = 16): number[] {
    const lengths = this.blockLengths();
    const list: number[] = [];
    let left = this.view.getBigInt64(BUDGET, true);
    let walked = 0;
    while (list.length < limit && walked < RING_ENTRIES) {
      const block = this.view.getInt32(RING + 4 * Number(BigInt.asUintN(10, left)), true);
      const length = lengths[block] ?? 0;
      if (length === 0) break;
      list.push(block);
      left += BigInt(length);
      walked += length;
    }
    return list;
  }

  private lengths: number[] | undefined;
  private blockLengths(): number[] {
    this.lengths ??= this.image.functions.flatMap((f) => f.code.blocks.map((b) => b.end - b.start));
    return this.lengths;
  }

  /** How often a block was entered, and how often its jump was taken. */
  counts(block: number): readonly [entered: number, taken: number] {
    const at = COUNTERS + 16 * block;
    return [Number(this.view.getBigUint64(at, true)), Number(this.view.getBigUint64(at + 8, true))];
  }

  clearCounts(fn: LinkedFunction): void {
    const at = COUNTERS + 16 * fn.firstBlock;
    this.bytes.fill(0, at, at + 16 * fn.code.blocks.length);
  }

  private operate(number: number): void {
    const o = must(this.operators[number], 'an operator');
    let at = SCRATCH;
    const args = o.argWidths.map((width) => {
      let value = 0n;
      for (let lo = 0; lo < width; lo += 64, at += 8) value |= this.view.getBigUint64(at, true) << BigInt(lo);
      return value;
    });
    const result = operate(o.op, o.width, o.argWidths[0] ?? 0, o.lo, o.name, args);
    for (let lo = 0; lo < o.width; lo += 64) {
      this.view.setBigUint64(SCRATCH + lo / 8, BigInt.asUintN(64, result >> BigInt(lo)), true);
    }
  }

  // Making code.

  /** Where in the table the function at an address stands; 0 where none begins. */
  private indexOf(address: number): number {
    const { codeMap } = this.image.layout;
    const distance = address - this.image.textStart;
    if (distance < 0 || distance >= INST_BYTES * this.image.textSlots || distance % INST_BYTES !== 0) return 0;
    return this.view.getInt32(codeMap + distance, true);
  }

  /** Fills the table: functions with what compiles them first, library functions, and a fault for everything else. */
  private makeStubs(): void {
    const { image } = this;
    const module = new ModuleBuilder();
    const plain = module.type([]);
    const compile = module.import('compile', module.type([I32]));
    const bad = module.import('bad', plain);
    const names = [...image.externals.keys()];
    const external = names.map((name, i) => {
      this.imports[`x${i}`] = () => {
        this.options.external(name);
        this.finishExternal();
      };
      return module.import(`x${i}`, plain);
    });
    const define = (write: (c: Code) => void, name: string): void => {
      const code = new Code();
      write(code);
      code.u8(0x0b);
      const index = module.reserve();
      module.define(index, plain, [], code.bytes);
      module.export(name, index);
    };
    define((c) => c.call(bad), 'bad');
    for (const [i, f] of external.entries()) define((c) => c.call(f), `x${i}`);
    for (const fn of image.functions) {
      define((c) => {
        c.i32(fn.id);
        c.call(compile);
        c.i32(this.indexOf(fn.address));
        c.returnCallIndirect(plain);
      }, `f${fn.id}`);
    }
    const exports = this.instantiate(module);
    this.table.set(0, exports.bad);
    for (const [i, name] of names.entries()) {
      this.table.set(this.indexOf(image.externals.get(name) ?? 0), exports[`x${i}`]);
    }
    for (const fn of image.functions) this.table.set(this.indexOf(fn.address), exports[`f${fn.id}`]);
  }

  private get tableSize(): number {
    return 1 + this.image.functions.length + this.image.externals.size;
  }

  private instantiate(module: ModuleBuilder): WebAssembly.Exports {
    const binary = module.build(this.pages, this.tableSize);
    const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), {
      h: this.imports,
      m: { memory: this.memory, table: this.table },
    });
    return instance.exports;
  }

  private isResumable(fn: LinkedFunction): boolean {
    return fn.code.blocks.some((b) => {
      if (b.flow.kind !== 'call' || b.flow.target === undefined) return false;
      return this.jumpers.has(Number(fn.file.symbol(b.flow.target) ?? 0n));
    });
  }

  /** The function and those it calls, which have not been compiled yet. */
  private batch(first: LinkedFunction): LinkedFunction[] {
    const list = new Set([first]);
    let size = first.code.insts.length;
    for (const fn of list) {
      for (const b of fn.code.blocks) {
        if (b.flow.kind !== 'call') continue;
        const callee = this.flags.callee(fn, b.flow.target);
        if (callee === undefined || list.has(callee) || this.compiled.has(callee)) continue;
        if (size + callee.code.insts.length > BATCH) continue;
        size += callee.code.insts.length;
        list.add(callee);
      }
    }
    return [...list];
  }

  private compile(first: LinkedFunction): void {
    if (this.compiled.has(first)) return;
    const functions = this.batch(first);
    const module = new ModuleBuilder();
    const plainType = module.type([]);
    const operateIndex = module.import('operate', module.type([I32]));
    const trace = this.options.trace === undefined ? undefined : module.import('trace', module.type([I32]));
    const calls = this.options.calls !== undefined;
    const entered = calls ? module.import('entered', module.type([I32])) : undefined;
    const behind = calls ? module.import('behind', plainType) : undefined;
    const fault = module.import('fault', module.type([I32, I64]));
    const multiplyHigh = module.reserve();
    const helper = multiplyHighBody();
    module.define(multiplyHigh, module.type([I64, I64], [I64]), helper.locals, helper.body);
    const indexes = new Map(functions.map((fn) => [fn, module.reserve()]));
    const faults = new Map<number, number>();
    const around: Surroundings = {
      image: this.image,
      flags: this.flags,
      lazy: this.lazy,
      counting: this.options.counting === true,
      trace,
      entered,
      behind,
      plainType,
      operate: operateIndex,
      multiplyHigh,
      operator: (o) => this.operatorNumber(o),
      site: (s) => this.sites.push(s) - 1,
      fault: (n) => {
        const known = faults.get(n);
        if (known !== undefined) return known;
        const index = module.reserve();
        const { params, body } = faultBody(n, fault);
        module.define(index, module.type(params), [], body);
        faults.set(n, index);
        return index;
      },
      tableIndex: (address) => this.indexOf(address),
      local: (fn) => (this.isResumable(fn) ? undefined : indexes.get(fn)),
      resumable: (fn) => this.isResumable(fn),
    };
    let loops = false;
    for (const [fn, index] of indexes) {
      const compiler = new FunctionCompiler(fn, around);
      const { locals, body } = compiler.compile();
      loops ||= compiler.shape.headers.size > 0;
      module.define(index, plainType, locals, body);
      module.export(`f${fn.id}`, index);
      this.compiled.add(fn);
    }
    const exports =
      loops && this.options.optimise === true ? optimised(() => this.instantiate(module)) : this.instantiate(module);
    for (const fn of functions) {
      const entry = exports[`f${fn.id}`];
      this.table.set(this.indexOf(fn.address), this.isResumable(fn) ? this.wrapped(fn, entryOf(entry)) : entry);
    }
  }

  /** A table takes only WebAssembly's own functions, so the guard is imported into one. */
  private wrapped(fn: LinkedFunction, inner: () => void): unknown {
    const module = new ModuleBuilder();
    const plain = module.type([]);
    const name = `g${fn.id}`;
    this.imports[name] = () => this.guarded(fn, inner);
    const guard = module.import(name, plain);
    const code = new Code();
    code.call(guard);
    code.u8(0x0b);
    const index = module.reserve();
    module.define(index, plain, [], code.bytes);
    module.export('guard', index);
    return this.instantiate(module).guard;
  }

  private operatorNumber(o: HostOperator): number {
    const key = `${o.op} ${o.width} ${o.lo} ${o.name} ${o.argWidths.join()}`;
    let number = this.operatorOf.get(key);
    if (number === undefined) {
      number = this.operators.push(o) - 1;
      this.operatorOf.set(key, number);
    }
    return number;
  }
}

/**
 * Makes modules with V8's optimising compiler at once. Otherwise functions begin with its baseline compiler, and what is
 * optimised later is used from the next call on: a loop that is entered once would stay slow for ever.
 */
function optimised<T>(make: () => T): T {
  setFlagsFromString('--no-liftoff');
  setFlagsFromString('--no-wasm-lazy-compilation');
  try {
    return make();
  } finally {
    setFlagsFromString('--liftoff');
    setFlagsFromString('--wasm-lazy-compilation');
  }
}

function entryOf(value: unknown): () => void {
  if (typeof value !== 'function') throw new TypeError('a function is expected');
  return () => {
    value();
  };
}

function describeTrap(what: string): string {
  switch (what) {
    case '#DE':
      return 'a division by zero, or with a quotient that does not fit';
    case '#UD':
      return 'an instruction that is undefined on purpose';
    case '#BP':
      return 'a breakpoint';
    default:
      return `a trap (${what})`;
  }
}
