// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { add, and, bv, concat, eq, extract, lshr, mul, not, slt, ult, variable, xor } from './build.ts';
import { evaluate } from './evaluate.ts';
import { related, search, variablesOf } from './search.ts';
import type { Term } from './term.ts';

/** What is found must hold by evaluation, which knows nothing of how it was found. */
function finds(conditions: readonly Term[], start: ReadonlyMap<Term, bigint> = new Map()): void {
  let state = 1;
  const below = (n: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  const random = { below, bits: () => (BigInt(below(2 ** 32)) << 32n) | BigInt(below(2 ** 32)) };
  const values = search(conditions, start, random, 400);
  expect(values).toBeDefined();
  for (const c of conditions) expect(evaluate(c, { values: values ?? new Map() })).toBe(1n);
}

const x = (): Term => variable('x', 64);
const y = (): Term => variable('y', 32);

test('an equation through sums, products and slices', () => {
  finds([eq(add(mul(x(), bv(64, 12)), bv(64, 5)), bv(64, 0x1235))]);
  finds([eq(extract(x(), 47, 32), bv(16, 0xbeef)), eq(extract(x(), 7, 0), bv(8, 3))]);
  finds([eq(concat(y(), bv(32, 7)), bv(64, 0x1234_0000_0007n))]);
});

test('orders, signed and unsigned, at once', () => {
  finds([ult(x(), bv(64, 100)), ult(bv(64, 97), x()), eq(and(x(), bv(64, 1)), bv(64, 1))]);
  finds([slt(y(), bv(32, 0)), not(ult(y(), bv(32, 0xfffffff0)))]);
});

test('two variables that hang together', () => {
  finds([eq(xor(extract(x(), 31, 0), y()), bv(32, 0xff)), eq(lshr(x(), bv(64, 8)), bv(64, 0x77))]);
});

test('no answer where there is none', () => {
  const random = { below: () => 0, bits: () => 5n };
  expect(search([ult(x(), bv(64, 3)), ult(bv(64, 5), x())], new Map(), random, 50)).toBeUndefined();
});

test('what shares no variable with a goal is left out', () => {
  const [a, b, c] = [eq(x(), bv(64, 1)), eq(y(), bv(32, 2)), ult(extract(x(), 31, 0), y())];
  expect(related(c, [a, b], variablesOf)).toEqual([a, b]);
  expect(related(a, [b], variablesOf)).toEqual([]);
});
