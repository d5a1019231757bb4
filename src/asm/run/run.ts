// SPDX-License-Identifier: MIT
import { must } from '../../base/assert.ts';
import type { Diagnostics } from '../../base/diagnostic.ts';
import { ENTRY } from '../program/entry.ts';
import type { Program } from '../program/types.ts';
import { Exit, Fault, OutOfBudget, type StoppedAt } from './fault.ts';
import type { FileTree } from './libc/file-tree.ts';
import { callKernel } from './libc/kernel.ts';
import { fromLatin1 } from './libc/memory.ts';
import { Process, type World } from './libc/process.ts';
import { callLibrary, hasFunction, insteadOf, OBJECTS } from './libc/table.ts';
import { type Image, link } from './link/image.ts';
import { Machine } from './machine.ts';
import { TooMuchOutput } from './node-world.ts';

export interface RunLimits {
  readonly maxInstructions?: number;
  readonly maxMemoryBytes?: number;
  readonly maxSeconds?: number;
}

export interface RunOptions extends RunLimits {
  readonly args: readonly string[];
  readonly name: string;
  readonly counting?: boolean;
  readonly trace?: (image: Image, block: number) => void;
}

export type Ending =
  | { readonly kind: 'exit'; readonly status: number }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'limit'; readonly what: string; readonly at: StoppedAt };

export interface Ran {
  readonly ending: Ending;
  readonly machine: Machine;
  /** The files as the program has left them; none where it never began. */
  readonly files: FileTree | undefined;
}

export const DEFAULT_MEMORY = 512 * 2 ** 20;
const STACK_BYTES = 8 * 2 ** 20;

/** Puts programs together for a run; undefined where a diagnostic says why they cannot run. */
export function prepare(programs: readonly Program[], limits: RunLimits, diagnostics: Diagnostics): Image | undefined {
  const image = link(
    programs,
    {
      memoryBytes: limits.maxMemoryBytes ?? DEFAULT_MEMORY,
      stackBytes: STACK_BYTES,
      library: { hasFunction, insteadOf, objectSize: (name) => OBJECTS.get(name) },
    },
    diagnostics,
  );
  if (image !== undefined && entryOf(image) === undefined) {
    diagnostics.add({ severity: 'error', kind: 'input', code: 'V0605', message: `no file defines main or ${ENTRY}` });
    return undefined;
  }
  return image;
}

/** Where the program begins: at `_start` as it is, or at `main` as the C library calls it. */
function entryOf(image: Image): { readonly address: number; readonly bare: boolean } | undefined {
  const start = image.symbol(ENTRY);
  const address = start ?? image.symbol('main');
  return address === undefined ? undefined : { address: Number(address), bare: start !== undefined };
}

/** Runs a program from its beginning to its end, whatever that is. */
export function runImage(image: Image, world: World, options: RunOptions): Ran {
  const started = world.clock();
  const { maxSeconds, trace } = options;
  let process: Process | undefined;
  const machine = new Machine(image, {
    external: (name) => {
      if (process !== undefined) callLibrary(process, name);
    },
    system: (number, args) => (process === undefined ? 0n : callKernel(process, number, args)),
    optimise: true,
    ...(options.counting === true ? { counting: true } : {}),
    ...(trace === undefined ? {} : { trace: (block: number) => trace(image, block) }),
    ...(options.maxInstructions === undefined ? {} : { maxInstructions: options.maxInstructions }),
    check: () => (maxSeconds !== undefined && world.clock() - started > maxSeconds ? 'seconds' : undefined),
  });
  const ended = (ending: Ending): Ran => ({ ending, machine, files: process?.files });
  try {
    process = new Process(machine, world);
    start(process, image, options);
    return ended({ kind: 'exit', status: 0 });
  } catch (error) {
    if (error instanceof Exit) return ended({ kind: 'exit', status: error.status });
    if (!(error instanceof TooMuchOutput)) flush(process);
    if (error instanceof Fault) return ended({ kind: 'fault', fault: error });
    if (error instanceof TooMuchOutput) return ended({ kind: 'limit', what: 'output', at: machine.where() });
    if (error instanceof OutOfBudget) return ended({ kind: 'limit', what: error.message, at: error.at });
    throw error;
  }
}

/** What the program has written before it was ended is shown; that may end it a second time. */
function flush(process: Process | undefined): void {
  try {
    process?.streams.flushAll();
  } catch (error) {
    if (!(error instanceof TooMuchOutput)) throw error;
  }
}

/** Carries a program out from its beginning; it is left by what ends it. */
export function start(p: Process, image: Image, options: Pick<RunOptions, 'name' | 'args'>): never {
  const { machine } = p;
  p.setObjects();
  // The arguments and the environment lie at the top of the stack: strings, then the arrays of pointers.
  let at = image.layout.stackTop - 64;
  const put = (text: string): number => {
    const bytes = fromLatin1(text);
    at -= bytes.length + 1;
    machine.bytes.set(bytes, at);
    machine.bytes.put(at + bytes.length, 0);
    return at;
  };
  const args = [options.name, ...options.args].map(put);
  const environment = p.world.environment.map(put);
  for (const [i, text] of p.world.environment.entries()) {
    const equals = text.indexOf('=');
    const value = environment[i];
    if (equals > 0 && value !== undefined) p.environment.set(text.slice(0, equals), value + equals + 1);
  }
  // Behind all, AT_PAGESZ and the end.
  const words = [args.length, ...args, 0, ...environment, 0, 6, 4096, 0, 0];
  at -= 8 * words.length;
  at -= at % 16;
  if (at < image.layout.writable + 4096) throw p.fault('stack', 'the arguments do not fit on the stack');
  words.forEach((w, i) => {
    machine.view.setBigUint64(at + 8 * i, BigInt(w), true);
  });
  const argv = at + 8;
  const envp = at + 8 * (args.length + 2);
  p.setObject('environ', envp);
  p.setObject('__environ', envp);
  machine.setRegister(image.isa.stackPointer, BigInt(at));
  for (const pointer of image.initialisers) {
    const address = p.memory.pointer(pointer);
    if (address > 0) p.call(address, args.length, argv, envp);
  }
  const { address, bare } = must(entryOf(image), 'an entry');
  if (bare) {
    machine.enter(address);
    throw p.fault('jump', `${ENTRY} returned, and nobody has called it`);
  }
  const status = p.call(address, args.length, argv, envp);
  return p.exit(Number(BigInt.asUintN(8, status)));
}
