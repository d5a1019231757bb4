// SPDX-License-Identifier: MIT
import type { Random } from './random.ts';

/** What a function is called with: registers, words on the stack, and memory that pointers lead to. */
export interface Input {
  /** The integer arguments in registers, then those on the stack. */
  readonly integers: bigint[];
  /** Patterns of doubles; a float stands in the low half. */
  readonly floats: bigint[];
  readonly buffers: Uint8Array[];
  /** Places that hold the address of a buffer, or of a function. */
  readonly pointers: readonly Pointer[];
}

export interface Pointer {
  readonly at: Place;
  /** The number of a buffer; -1 for a function. */
  readonly to: number;
}

/** An integer argument, or a word of a buffer. */
export type Place = { readonly argument: number } | { readonly buffer: number; readonly offset: number };

export const ARGUMENTS = 10;
export const FLOATS = 8;
export const BUFFER_BYTES = 4096;
/** Buffers lie so far apart that one does not run into the next. */
export const BUFFER_STRIDE = 16384;
export const MOST_BUFFERS = 32;

const EDGES = [
  0n,
  1n,
  2n,
  3n,
  7n,
  8n,
  10n,
  16n,
  31n,
  32n,
  63n,
  64n,
  100n,
  127n,
  128n,
  255n,
  256n,
  1000n,
  4096n,
  65535n,
];
const LARGE = [0x7fffffffn, 0x80000000n, 0xffffffffn, 0x100000000n, (1n << 63n) - 1n, 1n << 63n, (1n << 64n) - 1n];

const view = new DataView(new ArrayBuffer(8));
const patternOf = (x: number): bigint => {
  view.setFloat64(0, x);
  return view.getBigUint64(0);
};
const FLOAT_EDGES = [
  0,
  1,
  -1,
  0.5,
  2,
  10,
  -0,
  1e300,
  1e-300,
  5e-324,
  Infinity,
  -Infinity,
  Number.NaN,
  2 ** 53,
  2 ** 31,
];

export function randomInteger(random: Random, words: readonly bigint[]): bigint {
  if (random.chance(0.1)) return 0n;
  const kind = random.below(12);
  if (kind > 9) return BigInt(random.below(random.pick([4, 16, 64], 4)));
  if (kind < 4) return random.pick(EDGES, 0n);
  if (kind < 6) return random.pick(words, 0n) + BigInt(random.below(3) - 1);
  if (kind < 7) return random.pick(LARGE, 0n);
  if (kind < 8) return -random.pick(EDGES, 0n);
  return kind < 9 ? BigInt(random.next() & 0xffff) : random.bits64();
}

export function randomFloat(random: Random): bigint {
  const kind = random.below(4);
  if (kind === 0) return patternOf(random.pick(FLOAT_EDGES, 0));
  if (kind === 1) return patternOf((random.next() - 2 ** 31) / 1024);
  // A float of 32 bits in the low half.
  if (kind === 2) {
    view.setFloat32(0, (random.next() - 2 ** 31) / 1024);
    return BigInt(view.getUint32(0));
  }
  return random.bits64();
}

const TEXT = 'abc XYZ019.,+-*/%eE(){}[]\n"\'_#=<>x0';

/** Fills a part of a buffer in one of several ways. */
export function fill(bytes: Uint8Array, from: number, size: number, random: Random, words: readonly bigint[]): void {
  const kind = random.below(9);
  const end = Math.min(bytes.length, from + size);
  for (let i = from; i < end; i++) {
    if (kind === 0) bytes[i] = 0;
    else if (kind === 1) bytes[i] = random.next();
    else if (kind === 2) bytes[i] = random.below(4);
    else if (kind === 3) bytes[i] = TEXT.charCodeAt(random.below(TEXT.length));
  }
  if (kind === 3 && end > from) bytes[end - 1] = 0;
  if (kind < 4) return;
  const step = kind === 4 || kind === 7 ? 4 : kind === 8 ? 2 : 8;
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let i = from - (from % step); i + step <= end; i += step) {
    // Small numbers are what lengths, counts and indexes are.
    const small = kind >= 7 ? BigInt(random.below(random.pick([2, 4, 16, 300], 4))) : undefined;
    const value = small ?? (kind === 6 ? randomFloat(random) : randomInteger(random, words));
    if (step === 2) data.setUint16(i, Number(value), true);
    else if (step === 4) data.setUint32(i, Number(BigInt.asUintN(32, value)), true);
    else data.setBigUint64(i, BigInt.asUintN(64, value), true);
  }
}

export function copyOf(input: Input): Input {
  return {
    integers: [...input.integers],
    floats: [...input.floats],
    buffers: input.buffers.map((b) => b.slice()),
    pointers: input.pointers,
  };
}

/** An input in which every number is the same small one. */
export function plainInput(pointers: readonly Pointer[], count: number, value: number): Input {
  return {
    integers: new Array<bigint>(ARGUMENTS).fill(BigInt(value)),
    floats: new Array<bigint>(FLOATS).fill(patternOf(value)),
    buffers: Array.from({ length: count }, () => new Uint8Array(BUFFER_BYTES).fill(value)),
    pointers,
  };
}

/** An input with the same pointers, and other numbers. */
export function randomInput(
  pointers: readonly Pointer[],
  count: number,
  random: Random,
  words: readonly bigint[],
): Input {
  const buffers = Array.from({ length: count }, () => {
    const bytes = new Uint8Array(BUFFER_BYTES);
    fill(bytes, 0, random.pick([8, 32, 64, 256, BUFFER_BYTES], 64), random, words);
    if (random.chance(0.5)) fill(bytes, 0, 128, random, words);
    return bytes;
  });
  return {
    integers: Array.from({ length: ARGUMENTS }, () => randomInteger(random, words)),
    floats: Array.from({ length: FLOATS }, () => randomFloat(random)),
    buffers,
    pointers: random.chance(0.15) ? pointers.filter(() => !random.chance(0.2)) : pointers,
  };
}

/** Now and then a pointer is missing, or leads to what another one leads to. */
function changedPointers(own: readonly Pointer[], all: readonly Pointer[], random: Random): readonly Pointer[] {
  const kind = random.below(16);
  if (kind === 0) return all.filter(() => !random.chance(0.1));
  if (kind === 1) return all;
  if (kind > 4 || own.length === 0) return own;
  const i = random.below(own.length);
  const [p, other] = [own[i], own[random.below(own.length)]];
  return p === undefined || other === undefined ? own : own.with(i, { at: p.at, to: other.to });
}

/** An input that differs from another in a few places. */
export function mutated(input: Input, pointers: readonly Pointer[], random: Random, words: readonly bigint[]): Input {
  const next = { ...copyOf(input), pointers: changedPointers(input.pointers, pointers, random) };
  for (let n = 1 + random.below(3); n > 0; n--) {
    const kind = random.below(8);
    if (kind < 3) next.integers[random.below(6)] = randomInteger(random, words);
    else if (kind === 3) next.floats[random.below(4)] = randomFloat(random);
    else {
      const bytes = next.buffers[random.below(next.buffers.length)];
      if (bytes === undefined) continue;
      const span = random.pick([64, 128, 512, BUFFER_BYTES], 64);
      const at = random.below(span);
      if (kind < 6) fill(bytes, at - (at % 8), random.pick([4, 8, 8, 16, 64], 8), random, words);
      else if (kind === 6) bytes[at] = random.chance(0.5) ? random.next() : Number(random.pick(words, 0n) & 0xffn);
      else bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    }
  }
  return next;
}
