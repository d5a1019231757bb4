// SPDX-License-Identifier: MIT
import {
  BUFFER_STRIDE,
  emptyInput,
  type Input,
  type Place,
  type Pointer,
  TO_CODE,
  TO_DATA,
  type Write,
} from '../input.ts';
import type { Side } from '../side.ts';
import type { Carved, OwnData, Target, Word } from './carved.ts';

/** How many buffers the memory of a call takes. */
export const buffersFor = (carved: Carved): number => Math.ceil(carved.memory.length / BUFFER_STRIDE);

/** The steps that a run may take with an input that took so many in its program. */
const MOST_STEPS = 30_000_000;

/** A call of a function as an input of tests: the memory lies in buffers, and its pointers lead there. */
export function inputOf(carved: Carved, side: Side): Input {
  return new Relocation(side).input(carved);
}

class Relocation {
  private readonly side: Side;
  private readonly addresses: Float64Array;

  constructor(side: Side) {
    this.side = side;
    this.addresses = side.image.files[0]?.addresses ?? new Float64Array(0);
  }

  input(carved: Carved): Input {
    const input: Input = {
      ...emptyInput(),
      steps: Math.min(MOST_STEPS, 2 * carved.steps),
      writes: this.writes(carved),
    };
    carved.integers.forEach((w, i) => {
      input.integers[i] = this.put(input.pointers, { argument: i }, w);
    });
    carved.floats.forEach((v, i) => {
      input.floats[i] = v;
    });
    for (let at = 0; at < carved.memory.length; at += BUFFER_STRIDE) {
      input.buffers.push(carved.memory.slice(at, at + BUFFER_STRIDE));
    }
    for (let i = 0; i + 1 < carved.inner.length; i += 2) {
      const pointer = this.pointer(placeIn(carved.inner[i] ?? 0), { memory: carved.inner[i + 1] ?? 0 });
      if (pointer !== undefined) input.pointers.push(pointer);
    }
    for (const [offset, to] of carved.pointers) {
      const pointer = this.pointer(placeIn(offset), to);
      if (pointer !== undefined) input.pointers.push(pointer);
    }
    for (const [at, word, bytes] of carved.data) {
      const data = this.dataAt(at);
      if (data === undefined) continue;
      const value = BigInt.asUintN(64, this.put(input.pointers, { data }, word));
      for (let i = 0; i < bytes; i++) input.data.set(data + i, Number((value >> BigInt(8 * i)) & 0xffn));
    }
    for (const w of carved.answers) {
      input.answers.push(this.put(input.pointers, { answer: input.answers.length }, w));
    }
    input.leaves = carved.leaves;
    return input;
  }

  /** The number that stands there; where it is a pointer, that is noted, and it is 0. */
  private put(pointers: Pointer[], at: Place, word: Word): bigint {
    if (typeof word === 'bigint') return word;
    const pointer = this.pointer(at, word);
    if (pointer !== undefined) pointers.push(pointer);
    return 0n;
  }

  private pointer(at: Place, to: Target): Pointer | undefined {
    if ('memory' in to) {
      const buffer = Math.floor(to.memory / BUFFER_STRIDE);
      return { at, to: buffer, plus: to.memory - buffer * BUFFER_STRIDE };
    }
    if ('code' in to) return { at, to: TO_CODE, plus: 0, name: to.code };
    const plus = 'object' in to ? this.objectAt(to.object, to.plus) : this.dataAt(to);
    return plus === undefined ? undefined : { at, to: TO_DATA, plus };
  }

  private objectAt(name: string, plus: number): number | undefined {
    const { objects, layout } = this.side.image;
    const address = objects.get(name);
    return address === undefined ? undefined : address + plus - layout.stackTop;
  }

  /** As the distance from the beginning of all data. */
  private dataAt({ statement, plus }: OwnData): number | undefined {
    const address = this.addresses[statement] ?? -1;
    return address < 0 ? undefined : address + plus - this.side.image.layout.stackTop;
  }

  private writes(carved: Carved): Map<number, Write[]> {
    const found = new Map<number, Write[]>();
    const { layout } = this.side.image;
    for (const { answer, at, bytes, pointers } of carved.writes) {
      const data = typeof at === 'number' ? undefined : this.dataAt(at);
      if (typeof at !== 'number' && data === undefined) continue;
      const copy = bytes.slice();
      const view = new DataView(copy.buffer);
      for (const [offset, to] of pointers) {
        const address = 'memory' in to ? layout.arena + to.memory : this.addressOf(to);
        view.setBigUint64(offset, BigInt(address), true);
      }
      const list = found.get(answer) ?? [];
      found.set(answer, list);
      if (data !== undefined) list.push({ at: { data }, bytes: copy });
      else if (typeof at === 'number') list.push({ at: bufferPlace(at), bytes: copy });
    }
    return found;
  }

  /** Of what is not in a buffer; a function is any, since its address is another on each side. */
  private addressOf(to: Exclude<Target, { memory: number }>): number {
    const pointer = 'code' in to ? undefined : this.pointer({ argument: 0 }, to);
    return pointer === undefined ? this.side.codeAt(undefined) : this.side.image.layout.stackTop + pointer.plus;
  }
}

function bufferPlace(at: number): { buffer: number; offset: number } {
  const buffer = Math.floor(at / BUFFER_STRIDE);
  return { buffer, offset: at - buffer * BUFFER_STRIDE };
}

const placeIn = (at: number): Place => bufferPlace(at);
