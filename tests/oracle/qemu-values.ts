// SPDX-License-Identifier: MIT
import type { Random } from '../../src/base/random.ts';
import { edgeInteger, gprValue, vectorValue } from './x86-host-values.ts';

/** Values to try instructions on: what x86-host-values.ts knows, and operands that are close to each other. */

const view = new DataView(new ArrayBuffer(8));

function patternOf(x: number, width: number): bigint {
  if (width === 64) {
    view.setFloat64(0, x);
    return view.getBigUint64(0);
  }
  view.setFloat32(0, x);
  return BigInt(view.getUint32(0));
}

const ones = (width: number): bigint => (1n << BigInt(width)) - 1n;

/** Zeros, infinities, ordinary numbers, quiet and signalling NaNs with payloads, denormals, limits; of both signs. */
function edges(width: number, payload: bigint): bigint[] {
  const fraction = BigInt(width === 64 ? 52 : 23);
  const exponent = ones(width - 1) ^ ones(Number(fraction));
  const quiet = exponent | (1n << (fraction - 1n));
  const one = patternOf(1, width);
  const positive = [
    ...[0, 1, 2, 3, 0.5, 1.5, 2.5, 1e10, 0.1].map((x) => patternOf(x, width)),
    ...[exponent, exponent - 1n, one + 1n, one - 1n],
    ...[1n, ones(Number(fraction)), 1n << fraction, 1n << (fraction - 1n)],
    ...[quiet, quiet | payload, quiet | 1n, exponent | 1n, exponent | payload, exponent | (1n << (fraction - 2n))],
  ];
  return positive.flatMap((x) => [x, x | (1n << BigInt(width - 1))]);
}

const doubles = edges(64, 0x2345678abcdefn);
const singles = edges(32, 0x12345an);

/** A number that lies at, or next to, the middle of two that a conversion or a rounding can give. */
function halfway(random: Random, width: number): bigint {
  const nudge = BigInt(random.below(3) - 1);
  switch (random.below(4)) {
    case 0: {
      // Between two singles, as a double.
      const single = BigInt.asUintN(32, random.bits(32));
      view.setUint32(0, Number(single));
      const x = view.getFloat32(0);
      if (width === 32 || Number.isNaN(x)) return BigInt.asUintN(width, single);
      return BigInt.asUintN(64, patternOf(x, 64) + 0x10000000n + nudge);
    }
    case 1: {
      // Between two integers.
      const size = 2 ** random.below(width === 64 ? 52 : 23);
      const x = Math.floor((random.next() / 2 ** 32) * size) + 0.5;
      return BigInt.asUintN(width, patternOf(random.chance(0.5) ? x : -x, width) + nudge);
    }
    case 2: {
      // Around the limits of the integers.
      const x = 2 ** random.pick([7, 8, 15, 16, 31, 32, 63, 64]);
      return BigInt.asUintN(width, patternOf(random.chance(0.5) ? x : -x, width) + nudge);
    }
    default: {
      const fraction = width === 64 ? 52n : 23n;
      // Few bits set in the fraction, or almost all, so that sums and products tie.
      const few = 1n << BigInt(random.below(Number(fraction)));
      const exponent = BigInt(random.below(width === 64 ? 2046 : 254) + 1);
      const sign = BigInt(random.below(2)) << BigInt(width - 1);
      return sign | (exponent << fraction) | (random.chance(0.5) ? few : ones(Number(fraction)) ^ few);
    }
  }
}

/** A number related to `other`: equal, negated, next to it, or about an ulp's size of it. */
function related(random: Random, other: bigint, width: number): bigint {
  const fraction = width === 64 ? 52 : 23;
  const sign = 1n << BigInt(width - 1);
  switch (random.below(6)) {
    case 0:
      return other;
    case 1:
      return other ^ sign;
    case 2:
      return BigInt.asUintN(width, other + BigInt(random.below(5) - 2));
    case 3:
      return BigInt.asUintN(width, (other ^ sign) + BigInt(random.below(5) - 2));
    default: {
      const shift = BigInt(fraction + random.below(4) - 1) << BigInt(fraction);
      const exponentOf = other & (ones(width - 1) ^ ones(fraction));
      const moved = exponentOf > shift ? other - shift : other;
      return moved ^ (random.chance(0.5) ? sign : 0n) ^ (random.chance(0.5) ? 0n : random.bits(2));
    }
  }
}

/** What sorts of values an instruction wants in its vector registers. */
export interface Wanted {
  /** The width of its lanes; 0 when unknown. */
  readonly lane: number;
  readonly float: boolean;
}

/** 128 bits for a vector register; `previous` is what another operand has. */
export function vectorFor(random: Random, wanted: Wanted, previous: bigint | undefined): bigint {
  const { lane } = wanted;
  if (lane === 0 || random.chance(0.15)) return vectorValue(random);
  if (!wanted.float && previous !== undefined && random.chance(0.15)) return previous;
  const isFloat = wanted.float && (lane === 32 || lane === 64);
  let value = 0n;
  for (let at = 0; at < 128; at += lane) {
    const other = previous === undefined ? undefined : BigInt.asUintN(lane, previous >> BigInt(at));
    value |= (isFloat ? floatLane(random, lane, other) : integerLane(random, lane, other)) << BigInt(at);
  }
  return value;
}

function floatLane(random: Random, lane: number, other: bigint | undefined): bigint {
  switch (random.below(other === undefined ? 5 : 7)) {
    case 0:
    case 1:
    case 2:
      return random.pick(lane === 64 ? doubles : singles);
    case 3:
      return halfway(random, lane);
    case 4: {
      const x = (random.next() / 2 ** 31 - 1) * 2 ** (random.below(70) - 4);
      return patternOf(x, lane);
    }
    default:
      return related(random, other ?? 0n, lane);
  }
}

function integerLane(random: Random, lane: number, other: bigint | undefined): bigint {
  if (other !== undefined && random.chance(0.15)) return BigInt.asUintN(lane, other + BigInt(random.below(3) - 1));
  return edgeInteger(random, lane);
}

/** 64 bits for a general register; `previous` is what another operand has. */
export function generalFor(random: Random, previous: bigint | undefined): bigint {
  if (previous !== undefined && random.chance(0.1)) return BigInt.asUintN(64, previous + BigInt(random.below(3) - 1));
  if (random.chance(0.1)) {
    // An integer between two that a conversion can give.
    const top = random.below(64);
    const tie = (1n << BigInt(top)) | (1n << BigInt(Math.max(0, top - random.pick([24, 25, 53, 54]))));
    return BigInt.asUintN(64, (random.chance(0.5) ? tie : -tie) + BigInt(random.below(3) - 1));
  }
  return gprValue(random);
}
