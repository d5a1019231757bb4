// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { add, bv, load, store, variable } from './build.ts';
import type { Term } from './term.ts';

const memory = variable('memory', 0);
const base = variable('base', 64);
const at = (offset: bigint): Term => add(base, bv(64, offset));

/** Numbers that look random, the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Loads from memory after many stores give what was stored last, byte by byte. */
function compare(offsets: (next: (below: number) => number, k: number) => bigint, seed: number): void {
  const next = numbers(seed);
  const stored = new Map<bigint, bigint>();
  let after: Term = memory;
  for (let k = 0; k < 600; k++) {
    const offset = offsets(next, k);
    const bytes = [1, 2, 4, 8][next(4)] ?? 8;
    const value = (BigInt(next(2 ** 31)) << 33n) | BigInt(next(2 ** 31));
    after = store(after, at(offset), bv(8 * bytes, BigInt.asUintN(8 * bytes, value)));
    for (let i = 0; i < bytes; i++) stored.set(BigInt.asIntN(64, offset + BigInt(i)), (value >> BigInt(8 * i)) & 255n);
    if (k % 3 > 0) continue;
    const from = BigInt.asIntN(64, offsets(next, next(k + 1)) + BigInt(next(12) - 6));
    for (let i = 0n; i < 8n; i++) {
      const expected = stored.get(BigInt.asIntN(64, from + i));
      const found = load(after, at(from + i), 1);
      if (expected !== undefined) expect(found).toBe(bv(8, expected));
      else expect(found.op).toBe('load');
    }
    const whole = Array.from({ length: 8 }, (_, i) => stored.get(BigInt.asIntN(64, from + BigInt(i))));
    if (whole.some((b) => b === undefined)) continue;
    const expected = whole.reduceRight<bigint>((v, b) => (v << 8n) | (b ?? 0n), 0n);
    expect(load(after, at(from), 8)).toBe(bv(64, expected));
  }
}

test('loads look through many stores', () => {
  for (const seed of [1, 2, 3]) {
    compare((next) => BigInt(next(4000)), seed);
    compare((_, k) => BigInt(8 * k), seed);
    compare((_, k) => BigInt(-8 * k), seed);
    compare((next, k) => BigInt(next(2) === 0 ? 8 * k : next(100_000)), seed);
  }
});

test('offsets that wrap, or are too large to be numbers, are told apart', () => {
  const far = 1n << 62n;
  compare((next) => (next(2) === 0 ? far : -far) + BigInt(next(400)), 5);
  compare((next) => BigInt.asIntN(64, (1n << 63n) - 200n + BigInt(next(400))), 6);
});

test('a load behind tens of thousands of stores takes few steps', () => {
  let after: Term = memory;
  const start = performance.now();
  for (let k = 0; k < 20_000; k++) {
    const value = load(after, at(BigInt(8 * k)), 8);
    expect(value.op).toBe('load');
    after = store(after, at(BigInt(8 * k)), add(value, bv(64, 1)));
  }
  // One by one, it would be two hundred million.
  expect(performance.now() - start).toBeLessThan(8000);
});
