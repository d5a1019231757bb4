// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { add, bv, sext, zext } from '../../logic/build.ts';
import type { Term } from '../../logic/term.ts';
import {
  clampSigned,
  clampSignedToUnsigned,
  clampUnsigned,
  fill,
  join,
  lanes,
  lanes2,
  roundedShift,
  signedAbs,
  signedDistance,
  signedMax,
  signedMin,
  split,
  unsignedDistance,
  unsignedMax,
} from './lanes.ts';

const value = (t: Term): bigint => {
  expect(t.op).toBe('const');
  return t.value;
};
const byte = (n: number): Term => bv(8, n);

describe('lanes', () => {
  it('splits from the lowest bits and joins again', () => {
    const parts = split(8, bv(32, 0x44332211));
    expect(parts.map(value)).toEqual([0x11n, 0x22n, 0x33n, 0x44n]);
    expect(value(join(parts))).toBe(0x44332211n);
  });

  it('maps lanes and pairs of lanes', () => {
    expect(value(lanes(16, bv(32, 0x0001ffff), (t) => add(t, bv(16, 1))))).toBe(0x00020000n);
    expect(value(lanes2(8, bv(16, 0x01ff), bv(16, 0x0102), add))).toBe(0x0201n);
    expect(value(lanes(8, bv(16, 0xff01), (t) => zext(t, 16)))).toBe(0x00ff0001n);
  });

  it('fills a lane from a condition', () => {
    expect(value(fill(bv(1, 1), 8))).toBe(0xffn);
    expect(value(fill(bv(1, 0), 8))).toBe(0n);
  });
});

describe('saturation', () => {
  const signed = (n: number): bigint => value(clampSigned(bv(16, n), 8));
  it('clamps to the signed range', () => {
    expect([127, 128, 32767, -128, -129, -32768, 5].map(signed)).toEqual([127n, 127n, 127n, 128n, 128n, 128n, 5n]);
  });

  it('clamps signed numbers to the unsigned range', () => {
    const f = (n: number): bigint => value(clampSignedToUnsigned(bv(16, n), 8));
    expect([255, 256, -1, -32768, 200].map(f)).toEqual([255n, 255n, 0n, 0n, 200n]);
  });

  it('clamps unsigned numbers', () => {
    const f = (n: number): bigint => value(clampUnsigned(bv(16, n), 8));
    expect([255, 256, 65535, 7].map(f)).toEqual([255n, 255n, 255n, 7n]);
  });
});

describe('choices', () => {
  it('orders by sign where it has to', () => {
    expect(value(signedMax(byte(0x80), byte(1)))).toBe(1n);
    expect(value(signedMin(byte(0x80), byte(1)))).toBe(0x80n);
    expect(value(unsignedMax(byte(0x80), byte(1)))).toBe(0x80n);
  });

  it('measures distances', () => {
    expect(value(unsignedDistance(byte(1), byte(255)))).toBe(254n);
    expect(value(signedDistance(byte(1), byte(255)))).toBe(2n);
    expect(value(signedAbs(byte(0x80)))).toBe(0x80n);
    expect(value(signedAbs(byte(0xff)))).toBe(1n);
  });
});

describe('a rounded shift', () => {
  it.each([
    [false, 0xff, 1, 0x80],
    [false, 0xff, 8, 1],
    [false, 0x7f, 8, 0],
    [false, 0x05, 2, 1],
    [false, 0x06, 2, 2],
    [true, 0xff, 1, 0],
    [true, 0xfd, 1, 0xff],
    [true, 0x7f, 1, 0x40],
    [true, 0x80, 8, 0],
    [true, 0x80, 100, 0],
  ])('signed %s: %i by %i', (signed, n, count, expected) => {
    expect(value(roundedShift(signed, byte(n), byte(count)))).toBe(BigInt(expected));
  });

  it('keeps the sign of wide lanes', () => {
    expect(value(roundedShift(true, sext(byte(-100), 64), bv(64, 3)))).toBe(BigInt.asUintN(64, -12n));
  });
});
