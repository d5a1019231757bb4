// SPDX-License-Identifier: MIT
import type { Random } from '../../src/base/random.ts';

/** Values to try instructions on: the edges of every format, and seeded random bits. */

const view = new DataView(new ArrayBuffer(8));

function bits64(value: number): bigint {
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

function bits32(value: number): bigint {
  view.setFloat32(0, value);
  return BigInt(view.getUint32(0));
}

const numbers = [
  ...[0, 1, 0.5, 1.5, 2, 2.5, 3, 0.1, 100, 127.5, 32767, 65535.5, 2 ** 24, 2 ** 24 + 1, 1e10, 1e30, 1e300, 1e-300],
  ...[2 ** 31, 2 ** 31 - 1, 2 ** 31 - 0.5, 2 ** 31 - 128, 2 ** 31 + 0.5, 2 ** 31 + 1, 2 ** 32, 2 ** 32 - 1],
  ...[2 ** 53, 2 ** 62, 2 ** 63, 2 ** 63 - 1024, 2 ** 64, Number.EPSILON, 1 + Number.EPSILON, Number.MAX_VALUE],
  ...[3.4028234663852886e38, 3.4028235677973366e38, 1.1754943508222875e-38, 1e-40, 1e-46, 7.006492321624085e-46],
  Number.POSITIVE_INFINITY,
].flatMap((n) => [n, -n]);

/** Quiet and signalling NaNs of both signs, with and without payload, and denormals. */
const doubles = [
  ...numbers.map(bits64),
  ...[0x7ff8000000000000n, 0x7ff0000000000001n, 0x7ff4deadbeef0123n, 0x7ffcafe123456789n, 0x7fffffffffffffffn],
  ...[0xfff8000000000000n, 0xfff0000000000001n, 0xfff7ffffffffffffn, 0xfff8deadbeefcafen, 0x7ff0000020000000n],
  ...[1n, 0x000fffffffffffffn, 0x0010000000000000n, 0x8000000000000001n, 0x0008000000000000n],
];

const singles = [
  ...numbers.map(bits32),
  ...[0x7fc00000n, 0x7f800001n, 0x7fa12345n, 0x7fedcba9n, 0x7fffffffn],
  ...[0xffc00000n, 0xff800001n, 0xffbfffffn, 0xffdeadben],
  ...[1n, 0x007fffffn, 0x00800000n, 0x80000001n, 0x00400000n],
];

/** An integer of `width` bits that is likely to sit at some edge. */
export function edgeInteger(random: Random, width: number): bigint {
  const w = BigInt(width);
  switch (random.below(10)) {
    case 0:
      return 0n;
    case 1:
      return (1n << w) - 1n;
    case 2:
      return 1n << (w - 1n);
    case 3:
      return (1n << (w - 1n)) - 1n;
    case 4:
      return BigInt.asUintN(width, 1n << BigInt(random.below(width)));
    case 5:
      return BigInt.asUintN(width, (1n << BigInt(random.below(width))) - 1n);
    case 6:
      return BigInt.asUintN(width, BigInt(random.below(9) - 4));
    case 7:
      return random.bits(width) >> BigInt(random.below(width));
    default:
      return random.bits(width);
  }
}

/** A general register's value: an edge at one of the widths by which it can be read. */
export function gprValue(random: Random): bigint {
  const width = random.pick([8, 16, 32, 64, 64, 64]);
  const value = edgeInteger(random, width);
  switch (random.below(3)) {
    case 0:
      return value;
    case 1:
      return BigInt.asUintN(64, BigInt.asIntN(width, value));
    default:
      return width === 64 ? value : ((random.bits(64) >> BigInt(width)) << BigInt(width)) | value;
  }
}

function floatLane(random: Random, width: 32 | 64): bigint {
  switch (random.below(4)) {
    case 0:
    case 1:
      return random.pick(width === 64 ? doubles : singles);
    case 2: {
      // A number of ordinary size with a fraction.
      const value = (random.next() / 2 ** 31 - 1) * 2 ** (random.below(70) - 4);
      return width === 64 ? bits64(value) : bits32(value);
    }
    default:
      return random.bits(width);
  }
}

/** 128 bits whose lanes are edges of one format. */
export function vectorValue(random: Random): bigint {
  const width = random.pick([8, 16, 32, 64, 32, 64, 32, 64]);
  const float = (width === 32 || width === 64) && random.chance(0.75);
  let value = 0n;
  for (let i = 0; i < 128; i += width) {
    value = (value << BigInt(width)) | (float ? floatLane(random, width) : edgeInteger(random, width));
  }
  return value;
}

/** The area's words before the patches, as the harness fills it. */
export function fillArea(area: DataView, seed: number): void {
  let x = seed | 0;
  for (let i = 0; i < area.byteLength; i += 4) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    area.setInt32(i, x, true);
  }
}
