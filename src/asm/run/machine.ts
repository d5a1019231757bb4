// SPDX-License-Identifier: MIT

import { must } from '../../base/assert.ts';
import { type CallAbi, callAbi } from './abi.ts';
import { Activations } from './activations.ts';
import { type CodeHost, CodeTable } from './code/code-table.ts';
import { slotOf } from './code/function.ts';
import { HostOperators } from './code/host-operators.ts';
import type { Site } from './code/sites.ts';
import { Fault, OutOfBudget, type StoppedAt } from './fault.ts';
import { describeAccess, describeTrap } from './fault-words.ts';
import { GuestBytes, GuestView } from './guest.ts';
import { History } from './history.ts';
import { BUDGET, PAGE, RESUME, RETURNED, SCRATCH, TARGET } from './layout.ts';
import type { Image, LinkedFunction } from './link/image.ts';

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

/** A program that runs: its memory, its registers, and its functions as WebAssembly. */
export class Machine {
  readonly image: Image;
  readonly abi: CallAbi;
  readonly memory: WebAssembly.Memory;
  readonly view: GuestView;
  readonly bytes: GuestBytes;
  readonly history: History;
  readonly activations = new Activations();
  private readonly options: MachineOptions;
  private readonly code: CodeTable;
  private readonly slots = new Map<string, number>();
  /** Instructions in the slices that have been given out. */
  private granted = 0;
  private limited = false;
  /** The system call that is being served. */
  private stopped: Site | undefined;

  constructor(image: Image, options: MachineOptions) {
    this.image = image;
    this.options = options;
    this.abi = callAbi(image.isa);
    const { base, end } = image.layout;
    const pages = (end - base) / PAGE;
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.view = new GuestView(this.memory.buffer, base);
    this.bytes = new GuestBytes(this.memory.buffer, base);
    this.history = new History(image, this.view, this.bytes);
    for (const [i, l] of image.isa.locations.entries()) this.slots.set(l.name, slotOf(i));
    image.load((address, bytes) => this.bytes.set(bytes, address));
    this.history.forgetPath();
    const host: CodeHost = {
      operators: new HostOperators(this.view),
      fault: (number, budget) => this.fault(number, budget),
      bad: () => this.badTarget(),
      external: (name) => {
        options.external(name);
        this.finishExternal();
      },
      guarded: (fn, run) => this.activations.guard(run, (address) => this.resumeAt(fn, address)),
      trace: options.trace,
      calls: options.calls,
    };
    const { counting = false, optimise = false } = options;
    this.code = new CodeTable(image, this.memory, this.view, host, { counting, optimise });
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
    const entry = this.code.entry(address);
    if (entry === undefined) {
      this.view.setBigUint64(TARGET, BigInt(Math.max(0, address)), true);
      this.badTarget();
    }
    this.run(entry);
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

  /** Where a function is entered next that called `setjmp`. */
  private resumeAt({ code, file }: LinkedFunction, address: number): void {
    const index = code.statementAt.findIndex((s) => file.addresses[s] === address);
    this.view.setInt32(RESUME, must(code.blockAt[index], 'a place behind setjmp'), true);
  }

  /** Forgets everything but the code that has been made, so that another run may begin. */
  restart(): void {
    const { image } = this;
    this.bytes.fill(0, image.layout.low, image.layout.end);
    this.history.clearAllCounts();
    this.view.setInt32(RESUME, 0, true);
    this.view.setBigInt64(BUDGET, 0n, true);
    image.load((address, bytes) => this.bytes.set(bytes, address));
    this.history.forgetPath();
    this.activations.abandon();
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
    const site = this.code.site(number);
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
    this.history.forgetPath();
    this.view.setBigInt64(BUDGET, BigInt(instructions), true);
    this.granted = instructions;
  }

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
        const stack = this.register(this.image.isa.stackPointer);
        return new Fault('memory', describeAccess(site.kind, address, stack, this.image.layout), state);
      }
      case 'trap':
        return new Fault('trap', describeTrap(site.what), state);
      default:
        return new Fault(site.kind === 'end' ? 'end' : 'undefined', site.what, state);
    }
  }

  private badTarget(): never {
    const address = this.view.getBigUint64(TARGET, true);
    throw new Fault('jump', `a jump to 0x${address.toString(16)}, where no function begins`, this.state());
  }

  /** Where the program is, where no instruction is known but that of a system call. */
  where(): StoppedAt {
    return this.state(this.stopped);
  }

  /** Where the program is, for reports. */
  private state(site?: Site): StoppedAt {
    return { machine: this, site, path: this.history.lastBlocks() };
  }
}
