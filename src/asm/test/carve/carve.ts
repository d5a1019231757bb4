// SPDX-License-Identifier: MIT
import { Exit, Fault, LongJump, OutOfBudget } from '../../run/fault.ts';
import { RESUME } from '../../run/layout.ts';
import { callKernel } from '../../run/libc/kernel.ts';
import { Process, type World } from '../../run/libc/process.ts';
import { callLibrary } from '../../run/libc/table.ts';
import type { Image, LinkedFunction } from '../../run/link/image.ts';
import { Machine } from '../../run/machine.ts';
import { start } from '../../run/run.ts';
import { Coverage } from '../coverage.ts';
import { isReal } from '../real.ts';
import { bytesOf, type Carved, type Carving, carvedKey } from './carved.ts';
import { Places } from './places.ts';
import { Recording } from './recording.ts';

/** Runs of a program, of which the calls of its functions become inputs of tests. */

/** What a program is given for one run. */
export interface ProgramRun {
  readonly name: string;
  readonly args: readonly string[];
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly stdin: Uint8Array;
}

/** Instructions of one run. */
const MOST_INSTRUCTIONS = 300_000_000;
/** Calls of one function that are recorded, and those of one function in one run that are looked at one by one. */
const MOST_CALLS = 16;
const LOOKED_AT = 3000;
/** What is recorded of all functions together. */
const MOST_BYTES = 2 ** 30;
const SOMETIMES = 64;

/** Runs a program, each run twice: to see which calls go new ways, and to record those. */
export class Carver {
  private readonly machine: Machine;
  private readonly places: Places;
  private readonly coverages: readonly Coverage[];
  private readonly chosen = new Map<LinkedFunction, number>();
  private readonly calls = new Map<string, Carved[]>();
  private readonly files: readonly string[] | undefined;
  private bytes = 0;
  private process: Process | undefined;
  private watcher: Calls | undefined;

  /** `files` are those whose functions are to be recorded; all without them. */
  constructor(image: Image, files?: readonly string[]) {
    this.files = files;
    const told = <T>(tell: (w: Calls, p: Process) => T): T | undefined =>
      this.watcher !== undefined && this.process !== undefined ? tell(this.watcher, this.process) : undefined;
    this.machine = new Machine(image, {
      counting: true,
      maxInstructions: MOST_INSTRUCTIONS,
      external: (name) => told((w, p) => w.library(p, name)),
      system: (number, args) => told((w, p) => w.system(p, number, args)) ?? 0n,
      calls: { entered: (fn) => told((w, p) => w.entered(p, fn)), behind: () => told((w, p) => w.behind(p)) },
    });
    this.places = new Places(image);
    this.coverages = image.functions.map((fn) => new Coverage(fn));
  }

  /** One run; what it wrote to standard output. */
  run(run: ProgramRun): Uint8Array {
    const { image } = this.machine;
    const chosen = new Map<LinkedFunction, Set<number>>();
    const chooser = new Chooser(this.coverages, (fn, count) => {
      const before = this.chosen.get(fn) ?? 0;
      if (before >= MOST_CALLS || this.files?.includes(fn.file.program.ast.file) === false) return;
      this.chosen.set(fn, before + 1);
      chosen.set(fn, (chosen.get(fn) ?? new Set()).add(count));
    });
    const output = this.go(run, chooser);
    if (chosen.size > 0) {
      const done = (carved: Carved, fn: LinkedFunction): void => {
        this.bytes += bytesOf(carved);
        if (this.bytes > MOST_BYTES) return;
        const key = carvedKey(fn.file.program.ast.file, fn.code.name);
        this.calls.set(key, [...(this.calls.get(key) ?? []), carved]);
      };
      this.go(run, new Recorder(this.places, chosen, startOf(image), done));
    }
    return output;
  }

  get carving(): Carving {
    return { calls: this.calls, objects: objectsOf(this.machine.image, this.places) };
  }

  private go(run: ProgramRun, watcher: Calls): Uint8Array {
    const { machine } = this;
    const output: Uint8Array[] = [];
    machine.restart();
    this.watcher = watcher;
    const process = new Process(machine, worldOf(run, output));
    this.process = process;
    try {
      start(process, machine.image, run);
    } catch (error) {
      // RangeError: the program asked the library for more than the host has, which ends a test as well (side.ts).
      const ends = [Exit, Fault, OutOfBudget, LongJump, RangeError].some((e) => error instanceof e);
      if (!ends) throw error;
      if (!(error instanceof Exit)) process.streams.flushAll();
    } finally {
      watcher.end(process);
      this.process = undefined;
    }
    return Buffer.concat(output);
  }
}

function worldOf(run: ProgramRun, output: Uint8Array[]): World {
  let at = 0;
  return {
    files: run.files,
    environment: [],
    readInput: (size) => {
      const piece = run.stdin.subarray(at, at + size);
      at += piece.length;
      return piece;
    },
    write: (stream, bytes) => {
      if (stream === 1) output.push(bytes.slice());
    },
    // The same in both runs.
    now: () => 1_000_000_000,
    clock: () => 0,
  };
}

/** Constants and data of all files as they are at the start. */
function startOf(image: Image): (from: number, end: number) => Uint8Array {
  const { constants, arena } = image.layout;
  const data = new Uint8Array(arena - constants);
  image.load((address, bytes) => {
    if (address >= constants && address < arena) data.set(bytes, address - constants);
  });
  return (from, end) => data.subarray(from - constants, end - constants);
}

/** Objects with global names, without pointers: where those lead is not there in tests of another file. */
function objectsOf(image: Image, places: Places): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  const initial = startOf(image);
  const high = Math.floor(image.layout.end / 2 ** 32);
  for (const file of image.files) {
    for (const s of file.program.symbols.values()) {
      const address = file.labels.get(s.name);
      if (!s.defined || s.binding === 'local' || address === undefined || !places.isData(address)) continue;
      const object = initial(address, places.objectAt(address).end).slice();
      if (high > 0) clearPointers(object, high);
      found.set(s.name, object);
    }
  }
  return found;
}

/** Zeroes the words that have these upper halves. */
function clearPointers(object: Uint8Array, high: number): void {
  const view = new DataView(object.buffer);
  for (let i = 0; i + 8 <= object.length; i += 8) {
    if (view.getUint32(i + 4, true) === high) view.setBigUint64(i, 0n, true);
  }
}

interface Frame {
  readonly fn: LinkedFunction;
  /** The stack pointer at entry. */
  readonly slot: number;
  /** Which call of the function this is. */
  readonly count: number;
}

/** Which calls of functions are going on. */
abstract class Calls {
  protected readonly frames: Frame[] = [];
  private readonly counts = new Map<LinkedFunction, number>();

  entered(p: Process, fn: LinkedFunction): void {
    const { machine } = p;
    const { stack } = machine;
    // Entered again behind `setjmp`, it goes on.
    const again = machine.view.getInt32(RESUME, true) !== 0;
    this.drop(p, (slot) => slot < stack);
    if (again) {
      this.resumed();
      return;
    }
    const count = (this.counts.get(fn) ?? 0) + 1;
    this.counts.set(fn, count);
    const frame = { fn, slot: stack, count };
    this.frames.push(frame);
    this.begun(p, frame);
  }

  behind(p: Process): void {
    const { stack, abi } = p.machine;
    this.drop(p, abi.link === undefined ? (slot) => slot < stack : (slot) => slot <= stack);
  }

  private drop(p: Process, isOver: (slot: number) => boolean): void {
    for (let top = this.frames.at(-1); top !== undefined && isOver(top.slot); top = this.frames.at(-1)) {
      this.frames.pop();
      this.over(p, top);
    }
  }

  /** The run is over, and with it every call. */
  end(p: Process): void {
    this.drop(p, () => true);
  }

  /** Carries out a function of the library, or a system call, which comes to what is returned. */
  abstract library(p: Process, name: string): void;
  abstract system(p: Process, number: bigint, args: readonly bigint[]): bigint;
  protected abstract begun(p: Process, frame: Frame): void;
  protected abstract over(p: Process, frame: Frame): void;
  protected abstract resumed(): void;
}

/** Finds the calls that go ways which no call before has gone. */
class Chooser extends Calls {
  private readonly coverages: readonly Coverage[];
  private readonly choose: (fn: LinkedFunction, count: number) => void;

  constructor(coverages: readonly Coverage[], choose: (fn: LinkedFunction, count: number) => void) {
    super();
    this.coverages = coverages;
    this.choose = choose;
  }

  library(p: Process, name: string): void {
    callLibrary(p, name);
  }

  system(p: Process, number: bigint, args: readonly bigint[]): bigint {
    return callKernel(p, number, args);
  }

  protected begun(): void {}

  protected resumed(): void {}

  protected over(p: Process, { fn, count }: Frame): void {
    if (count > LOOKED_AT && count % SOMETIMES > 0) return;
    if (this.coverages[fn.id]?.add(p.machine) === true) this.choose(fn, count);
  }
}

/** Records chosen calls. */
class Recorder extends Calls {
  private readonly places: Places;
  private readonly chosen: ReadonlyMap<LinkedFunction, ReadonlySet<number>>;
  private readonly initial: (from: number, end: number) => Uint8Array;
  private readonly done: (carved: Carved, fn: LinkedFunction) => void;
  private readonly active: { readonly recording: Recording; outside: number | undefined }[] = [];

  constructor(places: Places, chosen: Recorder['chosen'], initial: Recorder['initial'], done: Recorder['done']) {
    super();
    this.places = places;
    this.chosen = chosen;
    this.initial = initial;
    this.done = done;
  }

  library(p: Process, name: string): void {
    if (isReal(name)) {
      callLibrary(p, name);
      return;
    }
    this.outside(() => {
      const kind = callLibrary(p, name);
      return kind === 'double' || kind === 'float';
    });
  }

  system(p: Process, number: bigint, args: readonly bigint[]): bigint {
    let value = 0n;
    this.outside(() => {
      value = callKernel(p, number, args);
      p.machine.setRegister(p.machine.abi.integerResults[0], value);
      return false;
    });
    return value;
  }

  /** Does what is recorded as a call of a function outside; `serve` says whether that gives a float. */
  private outside(serve: () => boolean): void {
    const concerned = this.active.filter((a) => !a.recording.isOutside);
    for (const a of concerned) a.recording.leave();
    const float = serve();
    for (const a of concerned) a.recording.comeBack(float);
  }

  protected begun(p: Process, { fn, slot, count }: Frame): void {
    for (const a of this.active) {
      if (a.recording.isOutside || a.recording.file === fn.file) continue;
      a.outside = slot;
      a.recording.leave();
    }
    if (this.chosen.get(fn)?.has(count) !== true) return;
    this.active.push({ recording: new Recording(p, this.places, fn, this.initial), outside: undefined });
  }

  protected over(_: Process, { slot, fn }: Frame): void {
    for (const a of this.active) {
      if (a.outside !== slot || a.recording.file === fn.file) continue;
      a.outside = undefined;
      a.recording.comeBack(false);
    }
    const last = this.active.at(-1);
    if (last === undefined || last.recording.slot !== slot || last.recording.fn !== fn) return;
    this.active.pop();
    this.done(last.recording.finish(), fn);
  }

  protected resumed(): void {
    for (const a of this.active) a.recording.abandon();
  }
}
