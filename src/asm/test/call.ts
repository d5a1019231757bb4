// SPDX-License-Identifier: MIT
import type { Layout } from '../run/layout.ts';
import type { LinkedFunction } from '../run/link/image.ts';
import { ARGUMENTS, BUFFER_STRIDE, FLOATS, type Input, outKey, type Pointer, TO_DATA, usualAnswer } from './input.ts';
import { HEAP_COMPARED, LEFT_SECOND, type Pair, type Side, type SideRun, STACK_ABOVE, UNSET } from './side.ts';

/** One function on both sides with one input, and whether both did the same. */

export interface FunctionPair {
  readonly name: string;
  readonly source: LinkedFunction;
  readonly target: LinkedFunction;
  /** Whether the source may leave something in the result registers. */
  readonly setsInteger: boolean;
  readonly setsSecond: boolean;
  readonly setsFloat: boolean;
  /** Whether the target leaves in second result registers what the source does, where it has set a first. */
  readonly keepsSeconds: boolean;
  /** Whether it does so at least where a call of a function outside has left something in one. */
  readonly keepsLeft: boolean;
  /** Where the target may leave an integer result; a function of the file's own has no convention to follow. */
  readonly resultPlaces: readonly string[];
}

/** Registers that the function has to give back, with what is in them. */
const KEPT = 0x5a5a_0000_1234_5678n;

/** The address of a place within a buffer. */
export const bufferAddress = (side: Side, buffer: number, offset: number): number =>
  side.image.layout.arena + buffer * BUFFER_STRIDE + offset;

/** Where a pointer leads on one of the sides. */
function leadsTo(side: Side, { to, plus, name }: Pointer): number {
  if (to >= 0) return bufferAddress(side, to, plus);
  return to === TO_DATA ? side.image.layout.stackTop + plus : side.codeAt(name);
}

/** Puts an input into memory and registers, alike on both sides but for where conventions want it. */
export function place(side: Side, input: Input, garbage?: bigint): void {
  const { machine, image } = side;
  const answers = [...input.answers];
  const outs = new Map(input.outs);
  side.reset({ answers, outs, leaves: input.leaves, writes: input.writes }, garbage);
  const words = input.integers.map((v) => BigInt.asUintN(64, v));
  const floats = [...input.floats];
  input.buffers.forEach((bytes, i) => {
    machine.bytes.set(bytes, bufferAddress(side, i, 0));
  });
  for (const [offset, byte] of input.data) machine.bytes.put(image.layout.stackTop + offset, byte);
  for (const p of input.pointers) {
    const to = leadsTo(side, p);
    const { at } = p;
    if ('argument' in at) words[at.argument] = BigInt(to);
    else if ('float' in at) floats[at.float] = BigInt(to);
    else if ('answer' in at) {
      for (let i = answers.length; i <= at.answer; i++) answers.push(usualAnswer(i));
      answers[at.answer] = BigInt(to);
    } else if ('out' in at) {
      for (let i = 0; i < 8; i++)
        outs.set(outKey(at.out, at.of, at.offset + i), Number((BigInt(to) >> BigInt(8 * i)) & 0xffn));
    } else {
      const address = 'data' in at ? image.layout.stackTop + at.data : bufferAddress(side, at.buffer, at.offset);
      machine.view.setBigUint64(address, BigInt(to), true);
    }
  }
  const { integers, preserved } = machine.abi;
  preserved.forEach((name, i) => {
    machine.setRegister(name, KEPT + BigInt(i));
  });
  // x86 has six arguments in registers; what comes then lies on the stack, and on other machines in registers too.
  for (let i = 0; i < ARGUMENTS; i++) {
    const register = integers[i];
    if (register !== undefined) machine.setRegister(register, words[i] ?? 0n);
    if (i >= 6) machine.view.setBigUint64(image.layout.stackTop - STACK_ABOVE + 8 * (i - 6), words[i] ?? 0n, true);
  }
  for (let i = 0; i < FLOATS; i++) {
    const register = machine.abi.floats[i];
    if (register !== undefined) machine.setRegister(register, floats[i] ?? 0n);
  }
}

/** Runs one side; `garbage` is for registers that hold nothing. */
export function runSide(side: Side, fn: LinkedFunction, input: Input, limit: number, garbage?: bigint): SideRun {
  place(side, input, garbage);
  return side.run(fn, limit);
}

/** Whether the source itself kept to its convention; where it did not, it wrote over its own frame. */
export function keptItsWord(pair: Pair, a: SideRun): boolean {
  const { machine } = pair.source;
  if (a.ending.kind !== 'returned') return true;
  const { preserved, link } = machine.abi;
  const sp = machine.register(machine.image.isa.stackPointer);
  return (
    sp === BigInt(machine.image.layout.stackTop - STACK_ABOVE) &&
    preserved.every((name, i) => name === link || machine.register(name) === KEPT + BigInt(i))
  );
}

/** What of a run of the source depends on registers that hold nothing, so that nobody can ask for it. */
export interface Undetermined {
  /** How it ends, and with it everything behind the last call. */
  readonly ending: boolean;
  /** So many calls come first which are determined. */
  readonly calls: number;
  /** Of these calls, the arguments that are not: the number of the call, and of the argument. */
  readonly arguments: ReadonlySet<string>;
  readonly output: boolean;
  readonly registers: ReadonlySet<string>;
  readonly memory: ReadonlySet<number>;
}

const ALL_DETERMINED: Undetermined = {
  ending: false,
  calls: Number.POSITIVE_INFINITY,
  arguments: new Set(),
  output: false,
  registers: new Set(),
  memory: new Set(),
};

/** Whether two runs end in the same way. */
export const sameEnding = ({ ending: a }: SideRun, { ending: b }: SideRun): boolean =>
  a.kind === b.kind && !(a.kind === 'exit' && b.kind === 'exit' && a.status !== b.status);

/** The first difference in what is determined, in words; undefined where there is none. */
export function compare(
  pair: Pair,
  f: FunctionPair,
  a: SideRun,
  b: SideRun,
  open: Undetermined = ALL_DETERMINED,
): string | undefined {
  const { source, target } = pair;
  if (!open.ending && !sameEnding(a, b)) return `the source ${describe(a)} and the target ${describe(b)}`;
  const calls = callDifference(pair, a, b, open);
  if (calls !== undefined || open.ending) return calls;
  if (!open.output && (a.output.length !== b.output.length || a.output.some((v, i) => b.output[i] !== v)))
    return 'the outputs differ';
  if (a.ending.kind !== 'returned') return undefined;
  const [x, y] = [source.machine, target.machine];
  const isOpen = (register: string | undefined): boolean => open.registers.has(register ?? '');
  const v = x.register(x.abi.integerResults[0]);
  if (f.setsInteger && !isOpen(x.abi.integerResults[0])) {
    const found = f.resultPlaces.map((r) => y.register(r));
    // A function that returns nothing may leave the register as it was.
    if (v !== UNSET && !found.some((w) => alike(pair, v, w))) {
      return `the result is 0x${v.toString(16)} in the source and 0x${found.map((w) => w.toString(16)).join(' or 0x')} in the target`;
    }
  }
  const [second, w] = [x.register(x.abi.integerResults[1]), y.register(y.abi.integerResults[1])];
  if (f.setsSecond || (f.setsInteger && v !== UNSET && (f.keepsSeconds || (f.keepsLeft && second === LEFT_SECOND)))) {
    if (!isOpen(x.abi.integerResults[1]) && !alike(pair, second, w)) {
      return `the second result is 0x${second.toString(16)} in the source and 0x${w.toString(16)} in the target`;
    }
  }
  const floats = [x, y].map((m) => m.abi.floats.map((r) => m.register(r)));
  for (let i = 0; i < (f.keepsSeconds ? 2 : f.setsFloat ? 1 : 0); i++) {
    const [left, right] = [floats[0]?.[i] ?? 0n, floats[1]?.[i] ?? 0n];
    const which = i === 0 ? 'the floating-point result' : 'the second floating-point result';
    if (!sameFloat(pair, left, right) && !isOpen(x.abi.floats[i]))
      return `${which} is 0x${left.toString(16)} in the source and 0x${right.toString(16)} in the target`;
  }
  for (const [i, name] of y.abi.preserved.entries()) {
    if (name === y.abi.link) continue;
    if (y.register(name) !== KEPT + BigInt(i)) return `${name} is not given back by the target`;
  }
  const sp = y.register(y.image.isa.stackPointer);
  if (sp !== BigInt(y.image.layout.stackTop - STACK_ABOVE)) return 'the stack pointer is not given back by the target';
  return memoryDifference(pair, open);
}

/** Nothing tells a `float` from a `double`; the checker asks no more of a result either. */
const sameFloat = ({ target }: Pair, left: bigint, right: bigint | undefined): boolean =>
  left === right || (target.machine.abi.boxesFloats && right === (BOX | BigInt.asUintN(32, left)));

const BOX = 0xffff_ffff_0000_0000n;

function describe(run: SideRun): string {
  switch (run.ending.kind) {
    case 'returned':
      return 'returns';
    case 'exit':
      return `exits with ${run.ending.status}`;
    case 'fault':
      return `faults (${run.ending.fault.message})`;
    case 'long':
      return 'does not end';
  }
}

/** A division trap of x86 is a signal that the target sends itself. */
const FPE = 8;
/** The kernel's function that sends it, where there is no C library. */
const KILLED = 'kill of the kernel';

function callDifference(pair: Pair, a: SideRun, other: SideRun, open: Undetermined): string | undefined {
  const last = other.calls[other.calls.length - 1];
  const trapped = a.ending.kind === 'fault' && last?.name === 'raise' && last.args[0] === FPE;
  const alone = a.ending.kind === 'fault' && last?.name === KILLED && last.args[1] === BigInt(FPE);
  // Before it sends it, it sees to it that the signal is not blocked.
  const sent = alone ? other.calls.slice(0, -2) : other.calls;
  const own = trapped ? other.calls.filter((c) => c !== last && !/^(?:sig|pthread_sig)/.test(c.name)) : sent;
  const b = { ...other, calls: own };
  const show = (c: SideRun['calls'][number] | undefined): string =>
    c === undefined
      ? 'nothing'
      : `${c.name}(${[...c.args, ...c.floats].map((v) => (typeof v === 'bigint' ? `0x${BigInt.asUintN(64, v).toString(16)}` : v)).join(', ')})`;
  const count = Math.min(Math.max(a.calls.length, b.calls.length), open.calls);
  for (let i = 0; i < count; i++) {
    const [c, d] = [a.calls[i], b.calls[i]];
    if (c === undefined || d === undefined)
      return `call ${i + 1} is ${show(c)} in the source and ${show(d)} in the target`;
    // Variadic functions are called through those that take a list.
    const known =
      c.name === d.name ||
      d.name === `v${c.name}` ||
      d.name === c.name.replace('__', '__v') ||
      d.name === c.name.replace('_sscanf', '_vsscanf');
    const same =
      c.args.length === d.args.length &&
      c.floats.length === d.floats.length &&
      c.args.every((v, k) => open.arguments.has(`${i} ${k}`) || sameArgument(pair, v, d.args[k])) &&
      c.floats.every((v, k) => open.arguments.has(floatKey(i, k)) || sameFloat(pair, v, d.floats[k]));
    if (!known || (c.name === d.name && !same))
      return `call ${i + 1} is ${show(c)} in the source and ${show(d)} in the target`;
  }
  return undefined;
}

/** What the floating-point argument of a call is called among those that are not determined. */
export const floatKey = (call: number, argument: number): string => `${call} float ${argument}`;

export function sameArgument(pair: Both, v: number | bigint, w: number | bigint | undefined): boolean {
  if (Object.is(v, w)) return true;
  if (typeof v === 'bigint' && typeof w === 'bigint') return alike(pair, v, w);
  return (
    typeof v === 'number' &&
    typeof w === 'number' &&
    alike(pair, BigInt(Math.trunc(v) || 0), BigInt(Math.trunc(w) || 0))
  );
}

/** Two sides with data at the same places. */
export type Both = Pick<Pair, 'source' | 'target'>;

/** Whether two words mean the same: places on the stack, or the same code. */
export function alike(pair: Both, v: bigint, w: bigint): boolean {
  if (v === w) return true;
  const [a, b] = [pair.source.plain(Number(v)), pair.target.plain(Number(w))];
  if (a === -1 && b === -1) return true;
  const names = pair.target.codeNames(Number(w));
  return pair.source.codeNames(Number(v)).some((n) => names.includes(n));
}

/** The memory that is compared. */
export const compared = (layout: Layout): readonly (readonly [from: number, end: number])[] => [
  [layout.stackTop - STACK_ABOVE, layout.dataEnd],
  [layout.arena, layout.heap + HEAP_COMPARED],
];

const PIECE = 4096;

function memoryDifference(pair: Pair, open: Undetermined): string | undefined {
  const [x, y] = [pair.source.machine, pair.target.machine];
  for (const at of differingBytes(pair)) {
    if (open.memory.has(at)) continue;
    return `${placeName(pair, at)} is 0x${x.bytes.get(at).toString(16)} in the source and 0x${y.bytes.get(at).toString(16)} in the target`;
  }
  return undefined;
}

/** The places of bytes that are not the same, and not in words that mean the same. */
export function* differingBytes(pair: Both): Generator<number> {
  const [x, y] = [pair.source.machine, pair.target.machine];
  for (const [from, to] of compared(pair.source.image.layout)) {
    const sameTo = (at: number, end: number): boolean =>
      Buffer.compare(x.bytes.subarray(at, end), y.bytes.subarray(at, end)) === 0;
    if (sameTo(from, to)) continue;
    for (let at = from; at < to; at++) {
      while (at % PIECE === 0 && at + PIECE <= to && sameTo(at, at + PIECE)) at += PIECE;
      if (at >= to) break;
      if (x.bytes.get(at) === y.bytes.get(at)) continue;
      const word = wordAlike(pair, at, from);
      if (word !== undefined) {
        at = word + 7;
        continue;
      }
      yield at;
    }
  }
}

/** Where a word begins that has the byte at a place in it and means the same on both sides: at a multiple of 8, or anywhere. */
function wordAlike(pair: Both, at: number, from: number): number | undefined {
  const [x, y] = [pair.source.machine.view, pair.target.machine.view];
  const means = (word: number): boolean => alike(pair, x.getBigUint64(word, true), y.getBigUint64(word, true));
  const aligned = at - (at % 8);
  if (means(aligned)) return aligned;
  for (let word = at; word > at - 8 && word >= from; word--) if (means(word)) return word;
  return undefined;
}

function placeName(pair: Pair, at: number): string {
  const { layout, files } = pair.source.image;
  if (at >= layout.heap) return `byte ${at - layout.heap} of the heap`;
  if (at >= layout.arena) {
    const buffer = Math.floor((at - layout.arena) / BUFFER_STRIDE);
    return `byte ${at - layout.arena - buffer * BUFFER_STRIDE} of buffer ${buffer}`;
  }
  let best: [string, number] | undefined;
  for (const [name, address] of files[0]?.labels ?? []) {
    if (address <= at && address >= layout.stackTop && address > (best?.[1] ?? 0)) best = [name, address];
  }
  return best === undefined ? `the byte at 0x${at.toString(16)}` : `byte ${at - best[1]} of ${best[0]}`;
}
