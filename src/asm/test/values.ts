// SPDX-License-Identifier: MIT
import type { Random } from '../../base/random.ts';

/** Numbers that are likely to matter: edges, small ones, floats, text, and those that a function names. */

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
export const patternOf = (x: number): bigint => {
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

/** What comes of invalid operations, or leads to them: quiet and signalling NaNs with signs and payloads, infinities, zeros. */
const SPECIAL = [
  0x7ff8_0000_0000_0000n,
  0xfff8_0000_0000_0000n,
  0x7ff8_0000_0000_1234n,
  0xfff8_0000_0000_0001n,
  0x7ff0_0000_0000_0001n,
  0xfff4_0000_0000_0000n,
  0x7ff0_0000_0000_0000n,
  0xfff0_0000_0000_0000n,
  0x8000_0000_0000_0000n,
  0n,
];
/** The same as floats of 32 bits. */
const SPECIAL_FLOATS = [
  0x7fc0_0000n,
  0xffc0_0000n,
  0x7fc0_1234n,
  0xffc0_0001n,
  0x7f80_0001n,
  0xffa0_0000n,
  0x7f80_0000n,
  0xff80_0000n,
  0x8000_0000n,
  0n,
];

export function randomInteger(random: Random, words: readonly bigint[]): bigint {
  if (random.chance(0.1)) return 0n;
  const kind = random.below(13);
  // What is above a number of 32 bits may be anything.
  if (kind === 12) return BigInt(random.below(random.pick([4, 16, 64]))) | (random.bits(32) << 32n);
  if (kind > 9) return BigInt(random.below(random.pick([4, 16, 64])));
  if (kind < 4) return random.pick(EDGES);
  if (kind < 6) {
    // What is done piece by piece, done again with what is left.
    const times = random.chance(0.3) ? BigInt(2 + random.below(2)) : 1n;
    return times * (words.length === 0 ? 0n : random.pick(words)) + BigInt(random.below(3) - 1);
  }
  if (kind < 7) return random.pick(LARGE);
  if (kind < 8) return -random.pick(EDGES);
  return kind < 9 ? BigInt(random.next() & 0xffff) : random.bits(64);
}

export function randomFloat(random: Random): bigint {
  const kind = random.below(5);
  if (kind === 0) return patternOf(random.pick(FLOAT_EDGES));
  if (kind === 4) return random.pick(random.chance(0.6) ? SPECIAL : SPECIAL_FLOATS);
  if (kind === 1) return patternOf((random.next() - 2 ** 31) / 1024);
  // A float of 32 bits in the low half.
  if (kind === 2) {
    view.setFloat32(0, (random.next() - 2 ** 31) / 1024);
    return BigInt(view.getUint32(0));
  }
  return random.bits(64);
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
    const small = kind >= 7 ? BigInt(random.below(random.pick([2, 4, 16, 300]))) : undefined;
    const value = small ?? (kind === 6 ? randomFloat(random) : randomInteger(random, words));
    if (step === 2) data.setUint16(i, Number(value), true);
    else if (step === 4) data.setUint32(i, Number(BigInt.asUintN(32, value)), true);
    else data.setBigUint64(i, BigInt.asUintN(64, value), true);
  }
}
