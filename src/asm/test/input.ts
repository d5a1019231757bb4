// SPDX-License-Identifier: MIT

/** What a function finds when it is called: registers, words on the stack, memory, and what calls of others come to. */
export interface Input {
  /** The integer arguments in registers, then those on the stack. */
  readonly integers: bigint[];
  /** Patterns of doubles; a float stands in the low half. */
  readonly floats: bigint[];
  /** Memory that pointers lead to; what is behind an array's end is zero. */
  readonly buffers: Uint8Array[];
  /** The results of calls of functions outside, in the order of the calls; behind the end, small numbers. */
  readonly answers: bigint[];
  /** The call from which control does not come back, counted like answers; -1 where all come back. */
  leaves: number;
  /** Bytes that calls of functions outside write behind their arguments, by `outKey`. */
  readonly outs: Map<string, number>;
  /** Bytes of the program's own data that are not as its file has them, by their distance from its beginning. */
  readonly data: Map<number, number>;
  /** Places that hold the address of a buffer, of a function or of the program's own data. */
  readonly pointers: Pointer[];
  /** What calls of functions outside write elsewhere, by the number of their answer. */
  readonly writes: ReadonlyMap<number, readonly Write[]>;
  /** How many instructions the source may carry out, where that is more than others may. */
  readonly steps?: number;
}

/** Bytes that a call writes. Pointers in them are addresses already. */
export interface Write {
  readonly at: { readonly buffer: number; readonly offset: number } | { readonly data: number };
  readonly bytes: Uint8Array;
}

export interface Pointer {
  readonly at: Place;
  /** The number of a buffer, or one of those below. */
  readonly to: number;
  /** How far behind the buffer's beginning it leads. */
  readonly plus: number;
  /** Which function, where not any. */
  readonly name?: string;
}

/** `Pointer.to` where it leads to a function, and to the program's own data. */
export const TO_CODE = -1;
export const TO_DATA = -2;

/** Where a word of an input is. */
export type Place =
  | { readonly argument: number }
  | { readonly float: number }
  | { readonly answer: number }
  | { readonly buffer: number; readonly offset: number }
  /** Behind what argument `of` of a call outside leads to, by the number of its answer. */
  | { readonly out: number; readonly of: number; readonly offset: number }
  | { readonly data: number };

const keys = new WeakMap<Place, string>();

/** The same for equal places. */
export function placeKey(at: Place): string {
  let key = keys.get(at);
  if (key === undefined) {
    key = Object.entries(at).flat().join(' ');
    keys.set(at, key);
  }
  return key;
}

/** A place and how many bytes of it, at most 8. */
export interface Spot {
  readonly at: Place;
  readonly bytes: number;
}

export const ARGUMENTS = 10;
export const FLOATS = 8;
/** Buffers lie so far apart that one does not run into the next. */
export const BUFFER_STRIDE = 1 << 16;
/** A new pointer leads so far behind a buffer's beginning, since functions also look at what lies before it. */
export const LEAD = 4096;
export const MOST_BUFFERS = 24;

export function copyOf(input: Input): Input {
  return {
    integers: [...input.integers],
    floats: [...input.floats],
    buffers: input.buffers.map(shared),
    answers: [...input.answers],
    leaves: input.leaves,
    outs: new Map(input.outs),
    data: new Map(input.data),
    pointers: [...input.pointers],
    writes: input.writes,
    ...(input.steps === undefined ? {} : { steps: input.steps }),
  };
}

/** Buffers of more than one input: they are copied when they are first written. */
const SHARED = new WeakSet<Uint8Array>();

function shared(buffer: Uint8Array): Uint8Array {
  SHARED.add(buffer);
  return buffer;
}

export function emptyInput(): Input {
  return {
    integers: new Array<bigint>(ARGUMENTS).fill(0n),
    floats: new Array<bigint>(FLOATS).fill(0n),
    buffers: [],
    answers: [],
    leaves: -1,
    outs: new Map(),
    data: new Map(),
    pointers: [],
    writes: new Map(),
  };
}

/** Room for so many bytes of a buffer, to be written. */
export function bufferOf(input: Input, buffer: number, size: number): Uint8Array {
  const now = input.buffers[buffer] ?? new Uint8Array(0);
  if (now.length >= size && !SHARED.has(now)) return now;
  if (now.length >= size) {
    const own = now.slice();
    input.buffers[buffer] = own;
    return own;
  }
  const larger = new Uint8Array(Math.min(BUFFER_STRIDE, size + 64));
  larger.set(now);
  input.buffers[buffer] = larger;
  return larger;
}

export const outKey = (answer: number, argument: number, offset: number): string => `${answer} ${argument} ${offset}`;

/** What a call that nothing is said about comes to. */
export const usualAnswer = (call: number): bigint => BigInt(((call + 1) * 0x9e3779b1) % 3);

/** Writes a number into an input. */
export function write(input: Input, { at, bytes }: Spot, value: bigint): void {
  const remaining = input.pointers.filter((p) => !overlaps(p.at, at, bytes));
  input.pointers.splice(0, input.pointers.length, ...remaining);
  if ('argument' in at) input.integers[at.argument] = merged(input.integers[at.argument] ?? 0n, value, bytes);
  else if ('float' in at) input.floats[at.float] = merged(input.floats[at.float] ?? 0n, value, bytes);
  else if ('answer' in at) {
    for (let i = input.answers.length; i <= at.answer; i++) input.answers.push(usualAnswer(i));
    input.answers[at.answer] = merged(input.answers[at.answer] ?? 0n, value, bytes);
  } else {
    for (let i = 0; i < bytes; i++) {
      const byte = Number((value >> BigInt(8 * i)) & 0xffn);
      if ('data' in at) input.data.set(at.data + i, byte);
      else if ('out' in at) input.outs.set(outKey(at.out, at.of, at.offset + i), byte);
      else bufferOf(input, at.buffer, at.offset + bytes)[at.offset + i] = byte;
    }
  }
}

/** The low bytes of a word anew, the others as they were. */
function merged(before: bigint, value: bigint, bytes: number): bigint {
  const low = BigInt(8 * bytes);
  return ((BigInt.asUintN(64, before) >> low) << low) | BigInt.asUintN(8 * bytes, value);
}

/** Makes a place lead somewhere. */
export function lead(input: Input, pointer: Pointer): void {
  write(input, { at: pointer.at, bytes: 8 }, 0n);
  input.pointers.push(pointer);
  if (pointer.to >= 0) bufferOf(input, pointer.to, 1);
}

/** Whether the word at `place` has a byte in common with `bytes` bytes at another place. */
function overlaps(place: Place, other: Place, bytes: number): boolean {
  if ('argument' in place) return 'argument' in other && place.argument === other.argument;
  if ('float' in place) return 'float' in other && place.float === other.float;
  if ('answer' in place) return 'answer' in other && place.answer === other.answer;
  if ('data' in place) return 'data' in other && place.data < other.data + bytes && other.data < place.data + 8;
  if ('out' in place) {
    if (!('out' in other) || place.out !== other.out || place.of !== other.of) return false;
    return place.offset < other.offset + bytes && other.offset < place.offset + 8;
  }
  if (!('buffer' in other) || place.buffer !== other.buffer) return false;
  return place.offset < other.offset + bytes && other.offset < place.offset + 8;
}
