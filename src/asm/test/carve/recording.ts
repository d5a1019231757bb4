// SPDX-License-Identifier: MIT

import type { Process } from '../../run/libc/process.ts';
import type { LinkedFunction } from '../../run/link/image.ts';
import type { LinkedFile } from '../../run/link/symbols.ts';
import type { Machine } from '../../run/machine.ts';
import { ARGUMENTS, FLOATS } from '../input.ts';
import type { Carved, CarvedWrite, OwnData, Word } from './carved.ts';
import type { Places } from './places.ts';
import { Snapshot } from './snapshot.ts';

/** So many bytes that calls outside write are kept, and so many calls are looked at. */
const MOST_WRITTEN = 1 << 18;
const MOST_CALLS = 256;
/** What lies between changes that are so near is written as well. */
const NEAR = 16;

interface Range {
  readonly from: number;
  readonly end: number;
  readonly at: number | OwnData;
}

/** One call of a function, from its beginning to its end. */
export class Recording {
  readonly fn: LinkedFunction;
  /** The stack pointer at entry. */
  readonly slot: number;
  private readonly machine: Machine;
  private readonly process: Process;
  private readonly places: Places;
  private readonly snapshot: Snapshot;
  private readonly started: number;
  private readonly integers: Word[] = [];
  private readonly floats: bigint[] = [];
  private readonly data: [OwnData, Word, number][] = [];
  private readonly own: readonly (readonly [from: number, end: number])[];
  private readonly answers: Word[] = [];
  private readonly writes: CarvedWrite[] = [];
  private written = 0;
  private leaves = -1;
  /** Memory in front of the call outside that runs now. */
  private before: { readonly range: Range; readonly bytes: Uint8Array }[] | undefined;

  constructor(
    process: Process,
    places: Places,
    fn: LinkedFunction,
    pristine: (from: number, end: number) => Uint8Array,
  ) {
    const { machine } = process;
    const { abi } = machine;
    this.process = process;
    this.machine = machine;
    this.places = places;
    this.fn = fn;
    this.slot = machine.stack;
    this.started = machine.executed;
    const arguments_ = this.slot + abi.stackArguments;
    this.snapshot = new Snapshot(process, places, fn.file, arguments_);
    this.own = places.ranges(fn.file);
    for (let i = 0; i < ARGUMENTS; i++) {
      const register = abi.integers[i];
      const at = arguments_ + 8 * (i - abi.integers.length);
      const onStack = at + 8 <= places.image.layout.stackTop ? machine.view.getBigUint64(at, true) : 0n;
      this.integers.push(this.snapshot.word(register === undefined ? onStack : machine.register(register)));
    }
    for (let i = 0; i < FLOATS; i++) this.floats.push(machine.register(abi.floats[i] ?? abi.floatResult));
    for (const [from, end] of this.own) this.takeData(from, end, pristine(from, end));
    this.snapshot.follow();
  }

  get file(): LinkedFile {
    return this.fn.file;
  }

  private takeData(from: number, end: number, pristine: Uint8Array): void {
    const { bytes } = this.machine;
    const pointers = new Map(this.snapshot.pointersIn(from, end));
    for (let at = from; at < end; ) {
      const size = Math.min(end - at, 8 - (at % 8));
      let value = 0n;
      let same = true;
      for (let i = size - 1; i >= 0; i--) {
        value = (value << 8n) | BigInt(bytes.get(at + i));
        same &&= bytes.get(at + i) === pristine[at + i - from];
      }
      const owner = same ? undefined : this.places.ownerAt(at);
      if (owner !== undefined) {
        this.data.push([{ statement: owner.statement, plus: owner.plus }, pointers.get(at) ?? value, size]);
      }
      at += size;
    }
  }

  /** Whether a call outside of the file runs now. */
  get isOutside(): boolean {
    return this.before !== undefined;
  }

  /** A function outside is about to run. */
  leave(): void {
    this.before = [];
    if (this.answers.length >= MOST_CALLS || this.written >= MOST_WRITTEN) return;
    const { bytes } = this.machine;
    const add = (range: Range): void => void this.before?.push({ range, bytes: bytes.slice(range.from, range.end) });
    for (const p of this.snapshot.all()) add(p);
    for (const [from, end] of this.own) {
      const owner = this.places.ownerAt(from);
      if (owner !== undefined) add({ from, end, at: { statement: owner.statement, plus: owner.plus } });
    }
  }

  /** It has come back: `float` says that its result is in a floating-point register. */
  comeBack(float: boolean): void {
    const before = this.before ?? [];
    this.before = undefined;
    const { machine, snapshot } = this;
    const { integerResults, floatResult } = machine.abi;
    const answer = this.answers.length;
    if (answer >= MOST_CALLS) return;
    snapshot.renew(this.process);
    const value = machine.register(float ? floatResult : integerResults[0]);
    this.answers.push(float ? value : snapshot.word(value));
    for (const b of before) this.compare(answer, b.range, b.bytes);
    // What is new is there from the beginning, with what was in it now.
    snapshot.follow();
  }

  /** It will not come back. */
  abandon(): void {
    if (this.before !== undefined && this.leaves < 0) this.leaves = this.answers.length;
    this.before = undefined;
  }

  private compare(answer: number, { from, end, at }: Range, before: Uint8Array): void {
    const now = this.machine.bytes.subarray(from, end);
    if (Buffer.compare(now, before) === 0) return;
    for (let i = 0; i < now.length && this.written < MOST_WRITTEN; i++) {
      if (now[i] === before[i]) continue;
      let last = i;
      for (let k = i; k < now.length && k <= last + NEAR; k++) if (now[k] !== before[k]) last = k;
      // Whole words, so that pointers are seen.
      const [start, stop] = [Math.max(0, i - ((from + i) % 8)), Math.min(now.length, last + 8 - ((from + last) % 8))];
      const pointers = this.snapshot.pointersIn(from + start, from + stop);
      const place = typeof at === 'number' ? at + start : { statement: at.statement, plus: at.plus + start };
      this.writes.push({
        answer,
        at: place,
        bytes: now.slice(start, stop),
        pointers: pointers.map(([p, to]) => [p - from - start, to] as const),
      });
      this.written += stop - start;
      i = stop - 1;
    }
  }

  finish(): Carved {
    this.abandon();
    const { snapshot } = this;
    return {
      function: this.fn.code.name,
      integers: this.integers,
      floats: this.floats,
      memory: snapshot.memory.slice(0, snapshot.size),
      inner: Uint32Array.from(snapshot.inner),
      pointers: snapshot.pointers,
      data: this.data,
      answers: this.answers,
      writes: this.writes,
      leaves: this.leaves,
      steps: this.machine.executed - this.started,
    };
  }
}
