// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import { Exit, Fault } from '../fault.ts';
import type { Machine } from '../machine.ts';
import { FileTree } from './file-tree.ts';
import type { OpenFolder } from './folders.ts';
import { Heap } from './heap.ts';
import { fromLatin1, GuestMemory } from './memory.ts';
import { type OptionState, START_OF_OPTIONS } from './options.ts';
import { Streams } from './streams.ts';

/** What the program's surroundings are: all that it can reach of the world. */
export interface World {
  /** Reads up to so many bytes of standard input; none at its end. */
  readonly readInput: (size: number) => Uint8Array;
  /** Writes to standard output (1) or standard error (2). */
  readonly write: (stream: 1 | 2, bytes: Uint8Array) => void;
  /** The files that were given, by the names under which the program opens them. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Seconds since 1970, and since some time. */
  readonly now: () => number;
  readonly clock: () => number;
  readonly environment: readonly string[];
}

/** A running program with its part of the C library. */
export class Process {
  readonly machine: Machine;
  readonly memory: GuestMemory;
  readonly heap: Heap;
  readonly files: FileTree;
  readonly streams: Streams;
  /** Folders that are being read, by the address of their `DIR`. */
  readonly options: OptionState = { ...START_OF_OPTIONS };
  readonly folders = new Map<number, OpenFolder>();
  readonly world: World;
  readonly environment = new Map<string, number>();
  readonly atExit: (readonly [address: number, argument: number])[] = [];
  /** Memory for what functions return pointers to, by what it is for. */
  private readonly statics = new Map<string, number>();
  /** What is done on a signal: a function's address, 0 for the default, 1 for nothing. */
  readonly signals = new Map<number, number>();
  readonly blockedSignals = new Set<number>();
  readonly pendingSignals = new Set<number>();

  constructor(machine: Machine, world: World) {
    this.machine = machine;
    this.world = world;
    this.memory = new GuestMemory(machine);
    this.heap = new Heap(machine);
    this.files = new FileTree(world.files);
    this.streams = new Streams(this);
  }

  /** Gives the library's objects their values. */
  setObjects(): void {
    this.setObject('stdin', () => this.streams.standard(0));
    this.setObject('stdout', () => this.streams.standard(1));
    this.setObject('stderr', () => this.streams.standard(2));
    const optind = this.machine.image.objects.get('optind');
    if (optind !== undefined) this.machine.view.setInt32(optind, 1, true);
  }

  setObject(name: string, value: number | (() => number)): void {
    const at = this.machine.image.objects.get(name);
    if (at === undefined) return;
    this.machine.view.setBigUint64(at, BigInt(typeof value === 'number' ? value : value()), true);
  }

  /** Memory of the library's own, zeroed at first, the same each time. */
  space(name: string, size: number): number {
    let address = this.statics.get(name);
    if (address === undefined) {
      address = this.heap.allocate(size);
      if (address === 0) throw this.fault('library', 'no memory is left for the C library itself');
      this.machine.bytes.fill(0, address, address + size);
      this.statics.set(name, address);
    }
    return address;
  }

  /** A string of the library's own. */
  text(name: string, value: string): number {
    const bytes = fromLatin1(value);
    const at = this.space(`text ${name}`, Math.max(256, bytes.length + 1));
    this.machine.bytes.set(bytes, at);
    this.machine.bytes.put(at + bytes.length, 0);
    return at;
  }

  get errno(): number {
    return this.space('errno', 8);
  }

  /** Sets `errno` and gives -1. */
  fail(error: number): -1 {
    this.machine.view.setInt32(this.errno, error, true);
    return -1;
  }

  fault(kind: Fault['kind'], message: string): Fault {
    return new Fault(kind, message, this.machine.where());
  }

  /** Calls a function of the program; its integer result. What the caller's registers hold is the caller's affair. */
  call(address: number, ...args: readonly number[]): bigint {
    const { machine } = this;
    const { abi, image } = machine;
    const stack = machine.register(image.isa.stackPointer);
    const link = abi.link === undefined ? 0n : machine.register(abi.link);
    // Calls are made with an aligned stack, clear of what lies below.
    machine.setRegister(image.isa.stackPointer, (stack - 256n) & ~15n);
    for (const [i, a] of args.entries()) machine.setRegister(must(abi.integers[i], 'a register'), BigInt(a));
    if (image.isa.name === 'x86_64') machine.setRegister('rax', 0n);
    machine.call(address);
    machine.setRegister(image.isa.stackPointer, stack);
    if (abi.link !== undefined) machine.setRegister(abi.link, link);
    return machine.register(abi.integerResults[0]);
  }

  setEnvironment(name: string, value: string): void {
    const bytes = fromLatin1(value);
    const at = this.heap.allocate(bytes.length + 1);
    this.memory.writeString(at, bytes);
    this.environment.set(name, at);
  }

  /** Ends the program at once: nothing that waits is written. */
  leave(status: number): never {
    throw new Exit(status & 255);
  }

  /** Ends the program in good order. */
  exit(status: number): never {
    for (let f = this.atExit.pop(); f !== undefined; f = this.atExit.pop()) this.call(f[0], f[1]);
    for (const at of this.machine.image.finalisers) {
      const address = this.memory.pointer(at);
      if (address > 0) this.call(address);
    }
    this.streams.flushAll();
    throw new Exit(status & 255);
  }
}
