// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import { Diagnostics } from '../../base/diagnostic.ts';
import { askedFor } from '../isa/linux.ts';
import { isEntry } from '../program/entry.ts';
import type { Program } from '../program/types.ts';
import { FlagsAcross } from '../run/code/flags-across.ts';
import { add, has, setSize } from '../run/code/live.ts';
import { Exit, Fault, LongJump, OutOfBudget } from '../run/fault.ts';
import { PAGE } from '../run/layout.ts';
import { CallArguments } from '../run/libc/arguments.ts';
import { Process, type World } from '../run/libc/process.ts';
import { callLibrary, hasFunction, insteadOf, OBJECTS } from '../run/libc/table.ts';
import { type Image, type LinkedFunction, type LinkOptions, link, type Places } from '../run/link/image.ts';
import { MOST_ROOM } from '../run/link/place.ts';
import type { Library } from '../run/link/symbols.ts';
import { Machine } from '../run/machine.ts';
import { BUFFER_STRIDE, type Input, MOST_BUFFERS, usualAnswer, type Write } from './input.ts';
import { type Outside, outsideOf } from './outside.ts';
import { isReal } from './real.ts';

/** Two programs on machines of their own, with the same data at the same addresses. */

/** A function of the host's that stands for any callback. */
export const CALLBACK = '__vouch_callback';
/** What the names of functions begin with that a translation has between itself and the library. */
const BRIDGE = '__vouch_';

const OPTIONS = {
  memoryBytes: 96 << 20,
  stackBytes: 1 << 20,
  heapBytes: 1 << 18,
};

/** What is known of what lies around the two programs. */
export interface Around {
  /** How many buffers an input may have. */
  readonly buffers: number;
  /** Objects of other files, with what is in them at the start. */
  readonly objects: ReadonlyMap<string, Uint8Array>;
}

const NOTHING_AROUND: Around = { buffers: MOST_BUFFERS, objects: new Map() };

/** Whether a function outside does in tests what it does; else it comes to what the input says. */
const isCarriedOut = (name: string): boolean => hasFunction(name) && isReal(name);

/**
 * Everything is there: what the C library does not have is done by a stand-in, alike on both sides. Where the translation
 * has a function between itself and one that the source calls (`called`), since structures or numbers differ on its
 * machine, the stand-in takes the place of both: it knows only the source's structures.
 */
const libraryWith = ({ objects }: Around, called: ReadonlyMap<string, unknown>): Library => ({
  hasFunction: (name) => !objects.has(name),
  insteadOf: (name) => {
    const other = insteadOf(name);
    if (other !== undefined || !name.startsWith(BRIDGE)) return other;
    const original = name.slice(BRIDGE.length);
    return called.has(original) && !isCarriedOut(original) ? original : undefined;
  },
  objectSize: (name) => objects.get(name)?.length ?? OBJECTS.get(name),
});

export interface Pair {
  readonly source: Side;
  readonly target: Side;
  /** The source where its code, and what lies around its objects, is elsewhere; made when first asked for. */
  readonly elsewhere: () => readonly Side[];
}

/** Links both; or says why they cannot be compared. */
export function pairOf(source: Program, target: Program, around: Around = NOTHING_AROUND): Pair | string {
  const a = linked(source, around);
  if (typeof a === 'string') return a;
  const b = linked(target, around, {}, a.externals);
  if (typeof b === 'string') return b;
  const base = Math.min(a.layout.base, b.layout.base);
  const first = (part: 'low' | 'constants' | 'writable' | 'arena'): number =>
    base + Math.max(a.layout[part] - a.layout.base, b.layout[part] - b.layout.base);
  // There is room for code that lies apart.
  const room = MOST_ROOM * (first('constants') - base) + 4 * PAGE;
  const places: Places = {
    low: first('low') + PAGE,
    constants: first('constants') + room,
    writable: first('writable') + room + PAGE,
    arena: first('arena') + room + 2 * PAGE,
    externals: [CALLBACK, ...a.externals.keys(), ...b.externals.keys()],
    objects: [...a.objects.keys(), ...b.objects.keys()],
  };
  const [x, y] = [linked(source, around, { places, base }), linked(target, around, { places, base }, a.externals)];
  if (typeof x === 'string') return x;
  if (typeof y === 'string') return y;
  if (!sameData(x, y)) return 'the data of the two programs do not lie alike';
  const moved = misplaced(x, y);
  if (moved !== undefined) return `${moved} lies elsewhere in the target`;
  const ours = new Side(x, outsideOf(x), true, around);
  const follows: Side['outside'] = (_, call) => ours.known[call];
  let apart: readonly Side[] | undefined;
  const elsewhere = (): readonly Side[] => {
    apart ??= [1, 2].flatMap((n) => {
      const image = linked(source, around, { places, base, apart: n });
      if (typeof image === 'string' || !sameData(x, image)) return [];
      return [new Side(image, follows, true, around)];
    });
    return apart;
  };
  return { source: ours, target: new Side(y, follows, false, around), elsewhere };
}

const sameData = ({ layout: x }: Image, { layout: y }: Image): boolean =>
  x.arena === y.arena && x.writable === y.writable && x.constants === y.constants;

function linked(
  program: Program,
  around: Around,
  like: Partial<LinkOptions> = {},
  called: ReadonlyMap<string, unknown> = new Map(),
): Image | string {
  const diagnostics = new Diagnostics();
  const arenaBytes = (around.buffers + 2) * BUFFER_STRIDE;
  const memoryBytes = OPTIONS.memoryBytes + arenaBytes;
  const library = libraryWith(around, called);
  const image = link([program], { ...OPTIONS, memoryBytes, arenaBytes, library, ...like }, diagnostics);
  return image ?? diagnostics.list.map((d) => d.message).join('; ');
}

/** A data symbol that is not at the same address in both. */
function misplaced(source: Image, target: Image): string | undefined {
  const labels = target.files[0]?.labels;
  const { constants, end } = source.layout;
  for (const [name, address] of source.files[0]?.labels ?? []) {
    if (address < constants || address >= end || name.startsWith('.L')) continue;
    const other = labels?.get(name);
    if (other !== undefined && other !== address) return name;
  }
  return undefined;
}

/** A call of something outside, with what was taken of its arguments. */
export interface Call {
  readonly name: string;
  readonly args: readonly (number | bigint)[];
  /** The low halves of the registers that hold floating-point arguments, where nothing more is known of them. */
  readonly floats: readonly bigint[];
}

export type SideEnding =
  | { readonly kind: 'returned' }
  | { readonly kind: 'exit'; readonly status: number }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'long' };

export interface SideRun {
  readonly ending: SideEnding;
  readonly calls: readonly Call[];
  readonly output: readonly number[];
}

const QUIET: Omit<World, 'write'> = {
  readInput: () => new Uint8Array(0),
  files: new Map(),
  now: () => 1_000_000_000,
  clock: () => 0,
  environment: [],
};

type Given = Pick<Input, 'answers' | 'outs' | 'leaves' | 'writes'>;

export class Side {
  readonly image: Image;
  readonly machine: Machine;
  /** What lies between stack and arena at the start. */
  private readonly data: Uint8Array;
  private process: Process | undefined;
  private calls: Call[] = [];
  private output: number[] = [];
  private readonly names: ReadonlyMap<number, readonly string[]>;
  /** What registers hold in this run that nobody has written. */
  private garbage: bigint;
  private readonly usualGarbage: bigint;
  /** What registers hold behind a call where nothing is said of them; made when first asked for. */
  private readonly losable = new Map<
    bigint,
    readonly { readonly name: string; readonly low: bigint; readonly high: bigint | undefined }[]
  >();
  private readonly outside: (name: string, call: number, back: number) => Outside | undefined;
  /** What is known of each function that was called outside. */
  readonly known: (Outside | undefined)[] = [];
  /** What calls of functions outside come to. */
  private given: Given = { answers: [], outs: new Map(), leaves: -1, writes: new Map() };
  /** How many buffers an input may have. */
  readonly buffers: number;
  /** How many calls have been answered. */
  answered = 0;

  constructor(image: Image, outside: Side['outside'], counting: boolean, around: Around) {
    this.image = image;
    this.outside = outside;
    this.usualGarbage = counting ? 0x1111_2222_3333_4400n : 0x7777_6666_5555_8800n;
    this.garbage = this.usualGarbage;
    this.machine = new Machine(image, {
      counting,
      external: (name) => this.external(name),
      system: (number, args) => this.system(number, args),
    });
    this.buffers = around.buffers;
    for (const [name, bytes] of around.objects) {
      const address = image.objects.get(name);
      if (address !== undefined) this.machine.bytes.set(bytes, address);
    }
    this.data = this.machine.bytes.slice(image.layout.stackTop, image.layout.arena);
    const names = new Map<number, string[]>();
    for (const [name, address] of image.files[0]?.labels ?? []) {
      if (address < image.layout.constants) names.set(address, [...(names.get(address) ?? []), name]);
    }
    this.names = names;
  }

  fn(name: string): LinkedFunction | undefined {
    const address = this.image.files[0]?.symbol(name);
    return address === undefined ? undefined : this.image.functionAt.get(Number(address));
  }

  /** Which of some registers the callers of a function may read behind their calls, before they write them. */
  readBehind(fn: LinkedFunction, locs: readonly string[]): string[] {
    const { locations } = this.image.isa;
    const set = new Int32Array(setSize(this.image.isa));
    const indexes = locs.map((loc) => locations.findIndex((l) => l.name === loc));
    for (const i of indexes) add(set, i);
    const read = new FlagsAcross(this.image, set).returned(fn);
    return locs.filter((_, k) => has(read, indexes[k] ?? 0));
  }

  /** The names of the code at an address; addresses of code differ between the sides. */
  codeNames(address: number): readonly string[] {
    return this.names.get(address) ?? [];
  }

  /** Whether an address lies among the code. */
  isCode(address: number): boolean {
    const { low, constants } = this.image.layout;
    return address >= low && address < constants;
  }

  /** The name of the function that begins at an address. */
  functionAt(address: number): string | undefined {
    return this.codeNames(address).find((name) => this.codeAt(name) === address);
  }

  /** The address of a function of the file, or outside; any where no name is given or known. */
  codeAt(name: string | undefined): number {
    const { externals, functionAt } = this.image;
    const own = name === undefined ? undefined : this.image.files[0]?.symbol(name);
    if (own !== undefined && functionAt.has(Number(own))) return Number(own);
    return externals.get(name ?? CALLBACK) ?? externals.get(CALLBACK) ?? 0;
  }

  /** Memory, registers and the C library as at the start; `garbage` is for registers and stack that hold nothing. */
  reset(given: Given, garbage = this.usualGarbage): void {
    const { machine, image } = this;
    const { layout } = image;
    this.garbage = garbage;
    this.given = given;
    this.known.length = 0;
    this.answered = 0;
    machine.bytes.set(this.data, layout.stackTop);
    machine.bytes.fill(0, layout.writable, layout.stackTop);
    // Nor has anybody written to the stack.
    if (garbage !== this.usualGarbage) {
      machine.bytes.fill(Number((garbage >> 8n) & 0xffn), layout.writable, layout.stackTop - STACK_ABOVE);
    }
    machine.bytes.fill(0, layout.arena, layout.end);
    // What nobody has put anything into holds something else on each side.
    for (const [i, l] of image.isa.locations.entries()) {
      if (l.kind !== 'gpr' && l.kind !== 'vec') machine.setRegister(l.name, 0n);
      else {
        machine.setRegister(l.name, this.garbage + BigInt(i));
        if (l.width > 64) machine.setRegisterHigh(l.name, this.garbage - BigInt(i));
      }
    }
    // How many vector registers a variadic call uses.
    machine.setRegister(image.isa.name === 'x86_64' ? machine.abi.integerResults[0] : homeOfResult(image), UNSET);
    machine.setRegister(image.isa.threadPointer, BigInt(image.threadPointer));
    machine.setRegister(image.isa.stackPointer, BigInt(layout.stackTop - STACK_ABOVE));
    this.calls = [];
    this.output = [];
    this.process = new Process(machine, {
      ...QUIET,
      write: (_, bytes) => {
        if (this.output.length < 1 << 16) this.output.push(...bytes);
      },
    });
    this.process.setObjects();
  }

  /** Calls a function with what registers and memory hold; the program's entry is entered without a call. */
  run(fn: LinkedFunction, limit: number): SideRun {
    const { machine } = this;
    machine.limit(limit);
    let ending: SideEnding;
    try {
      if (isEntry(fn.code)) machine.enter(fn.address);
      else machine.call(fn.address);
      ending = { kind: 'returned' };
    } catch (error) {
      if (error instanceof Fault) ending = { kind: 'fault', fault: error };
      else if (error instanceof Exit) ending = { kind: 'exit', status: error.status };
      else if (error instanceof OutOfBudget || error instanceof LongJump) ending = { kind: 'long' };
      else if (error instanceof RangeError) ending = { kind: 'long' };
      else throw error;
    }
    machine.activations.abandon();
    return { ending, calls: this.calls, output: this.output };
  }

  private external(name: string): void {
    this.serve(name);
  }

  /** Carries out a call of a function outside; where the input says what it comes to, the number of that answer. */
  serve(name: string): number | undefined {
    const process = must(this.process, 'a process');
    const args: (number | bigint)[] = [];
    const floats: bigint[] = [];
    if (this.calls.length < 4096) this.calls.push({ name, args, floats });
    if (!isCarriedOut(name)) return this.standIn(name, args, floats);
    const kind = callLibrary(process, name, (a) => {
      if (args.length < 16) args.push(a);
    });
    this.lose(kind);
    return undefined;
  }

  /** A system call does nothing but come to what the input says, and write what it says; `exit` ends the run. */
  system(number: bigint, given: readonly bigint[]): bigint {
    const asked = askedFor(this.image.isa.name, number, given);
    const name = asked?.name ?? `system call ${number}`;
    const args = asked?.args ?? given;
    if (this.calls.length < 4096) this.calls.push({ name: `${name} of the kernel`, args, floats: [] });
    if (name === 'exit' || name === 'exit_group') throw new Exit(Number(BigInt.asUintN(8, args[0] ?? 0n)));
    if (name === 'kill') throw must(this.process, 'a process').fault('abort', 'the program sent a signal');
    if (this.answered === this.given.leaves) throw new Exit(0);
    this.known.push({ integers: args.length, floats: 0, wide: args.map(() => true), ends: false });
    const answer = this.answered++;
    this.writeBehind(answer, args.map(Number));
    return this.given.answers[answer] ?? usualAnswer(answer);
  }

  /** Behind a call, registers hold what conventions say and nothing else; result registers hold the same on both sides. */
  private lose(kind: ReturnType<typeof callLibrary>): void {
    const { machine, image } = this;
    const { preserved, integerResults, floatResult, link } = machine.abi;
    const [first, second] = integerResults;
    const next = floatResult.replace(/\d+$/, (n) => String(Number(n) + 1));
    const integers = kind === 'int' || kind === 'long' ? [first] : kind === 'pair' ? [first, second] : [];
    const floats =
      kind === 'complex' ? [floatResult, next] : kind === 'double' || kind === 'float' ? [floatResult] : [];
    const losable =
      this.losable.get(this.garbage) ??
      image.isa.locations.flatMap((l, i) => {
        if ((l.kind !== 'gpr' && l.kind !== 'vec') || preserved.includes(l.name) || l.name === link) return [];
        const place = [first, second, floatResult, next].indexOf(l.name);
        const [low, high] = place < 0 ? [this.garbage - BigInt(i), this.garbage] : [LEFT + BigInt(place), LEFT];
        return [{ name: l.name, low, high: l.width > 64 ? high : undefined }];
      });
    this.losable.set(this.garbage, losable);
    for (const { name, low, high } of losable) {
      if (integers.includes(name) || floats.includes(name)) continue;
      machine.setRegister(name, low);
      if (high !== undefined) machine.setRegisterHigh(name, high);
    }
  }

  /** Does nothing but return what the input says. */
  private standIn(name: string, args: (number | bigint)[], floats: bigint[]): number {
    const { machine } = this;
    const known = this.outside(name, this.answered, machine.returnAddress());
    this.known.push(known);
    const places = machine.abi.integers.map((r) => Number(machine.register(r)));
    for (let i = 0; i < (known?.integers ?? 0) && i < machine.abi.integers.length; i++) {
      const value = machine.register(machine.abi.integers[i] ?? '');
      args.push(known?.wide[i] === true ? value : BigInt.asIntN(32, value));
    }
    for (let i = 0; i < (known?.floats ?? 0); i++) floats.push(machine.register(machine.abi.floats[i] ?? ''));
    if (known?.ends === true || this.answered === this.given.leaves) throw new Exit(0);
    // How many arguments a function has that is called through a pointer is not known; the first is likely to be one.
    if (name === CALLBACK) args.push(new CallArguments(machine).size());
    this.lose('none');
    const answer = this.answered++;
    this.writeBehind(answer, places);
    const value = this.given.answers[answer] ?? usualAnswer(answer);
    machine.setRegister(machine.abi.integerResults[0], value);
    machine.setRegister(machine.abi.floatResult, value);
    return answer;
  }

  private writeBehind(answer: number, places: readonly number[]): void {
    const { writable, end } = this.image.layout;
    for (const { at, bytes } of this.given.writes.get(answer) ?? []) {
      this.machine.bytes.set(bytes, this.addressOf(at));
    }
    for (const [key, byte] of this.given.outs) {
      const [call, argument, offset] = key.split(' ').map(Number);
      const at = (places[argument ?? 0] ?? 0) + (offset ?? 0);
      if (call === answer && at >= writable && at < end) this.machine.bytes.put(at, byte);
    }
  }

  addressOf(at: Write['at']): number {
    const { arena, stackTop } = this.image.layout;
    return 'data' in at ? stackTop + at.data : arena + at.buffer * BUFFER_STRIDE + at.offset;
  }

  /** What the call with this answer has written elsewhere than behind its arguments. */
  writtenBy(answer: number): readonly Write[] {
    return this.given.writes.get(answer) ?? [];
  }

  /** How many integer arguments the last call outside had, as far as is known. */
  argumentsOfLast(): number {
    return Math.min(this.known[this.known.length - 1]?.integers ?? 0, this.machine.abi.integers.length);
  }

  /** A number without what differs between the sides: places on the stack and in code. */
  plain(value: number): number {
    const { layout } = this.image;
    if (value >= layout.writable && value < layout.stackTop - STACK_ABOVE) return -1;
    return this.names.has(value) ? -2 : value;
  }
}

/** What registers may as well hold that nobody has written. */
export const GARBAGE: readonly bigint[] = [0n, -0x100n, 0x2468_1357_0246_8a00n];

/** What x86's first result register, and its home, hold at entry; the low byte counts vector arguments. */
export const UNSET = 0x554e_5345_5400_0008n;

/** Where translations keep x86's first result register within a file. */
export function homeOfResult(image: Image): string {
  return image.isa.name === 'riscv64' ? 'x5' : 'x8';
}

/** What a call leaves in result registers that it does not use. */
const LEFT = 0x4c45_4654_0000_0000n;
/** The same, in the second register for integers. */
export const LEFT_SECOND = LEFT + 1n;

/** Between the function's frame and the end of the stack: room for arguments. */
export const STACK_ABOVE = 4096;
/** How much of the heap is compared. All of it begins anew with each input. */
export const HEAP_COMPARED = 1 << 16;
