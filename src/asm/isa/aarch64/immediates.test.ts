// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { isAddImmediate, isBitmaskImmediate, isMoveImmediate } from './immediates.ts';

/** All bitmask immediates as the manual builds them: element size, number of ones, rotation. */
function bitmasks(width: number): Set<bigint> {
  const all = new Set<bigint>();
  for (let size = 2; size <= width; size *= 2) {
    for (let ones = 1; ones < size; ones++) {
      for (let rotation = 0; rotation < size; rotation++) {
        let value = 0n;
        for (let i = 0; i < width; i++) if ((i + rotation) % size < ones) value |= 1n << BigInt(i);
        all.add(value);
      }
    }
  }
  return all;
}

test.each([
  [32, 1302],
  [64, 5334],
])('all bitmask immediates of %i bits are known, and their neighbours are not', (width, count) => {
  const all = bitmasks(width);
  expect(all.size).toBe(count);
  let neighbours = 0;
  for (const value of all) {
    expect(isBitmaskImmediate(value, width)).toBe(true);
    expect(isBitmaskImmediate(BigInt.asIntN(width, value), width)).toBe(true);
    for (let i = 0; i < width; i += 5) {
      const other = value ^ (1n << BigInt(i));
      if (isBitmaskImmediate(other, width) !== all.has(other)) throw new Error(other.toString(16));
      neighbours++;
    }
  }
  expect(neighbours).toBeGreaterThan(count * 6);
});

test('no bitmask is all zeros, all ones or too wide', () => {
  for (const v of [0n, -1n, 0xffffffffn, 0x1_0000_0001n]) expect(isBitmaskImmediate(v, 32)).toBe(false);
});

test('add immediates', () => {
  const accepted = [0n, 4095n, 4096n, 4095n * 4096n, -1n, -4096n].map(isAddImmediate);
  expect(accepted).toEqual([true, true, true, true, true, true]);
  expect([4097n, 4096n * 4096n, -4097n].map(isAddImmediate)).toEqual([false, false, false]);
});

test('move immediates', () => {
  const accepted = (width: number, ...vs: bigint[]) => vs.map((v) => isMoveImmediate(v, width));
  expect(accepted(32, 0n, 0xffffn, 0xffff0000n, -1n, 0x55555555n)).toEqual([true, true, true, true, true]);
  expect(accepted(64, 0xffff_0000_0000n, -0x1_0000n, 0x12345n)).toEqual([true, true, false]);
  expect(accepted(32, 0x1_0000_0000n, -0x8000_0001n)).toEqual([false, false]);
});
