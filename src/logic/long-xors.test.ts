// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { must } from '../base/assert.ts';
import { Deadline } from '../core/budget.ts';
import { add, bv, mul, not, resetTerms, TermsTakeTooLong, variable, withDeadline, xor } from './build.ts';
import { evaluate } from './evaluate.ts';
import type { Term } from './term.ts';

/** Exclusive ors of what has been mixed before, as checksums and ciphers make them. */

const inputs = (count: number, width: number): Term[] =>
  Array.from({ length: count }, (_, i) => variable(`v${i}`, width));

test.each([1, 32, 64])('of %i bits take time in proportion to their number', (width) => {
  const start = performance.now();
  let sum = variable('start', width);
  // Taken apart, each would hold all that went before, and time would grow with the square.
  for (const t of inputs(8000, width)) sum = xor(sum, t);
  expect(sum.args.length).toBeLessThan(200);
  expect(performance.now() - start).toBeLessThan(20_000);
});

test.each([1, 8, 64])('of %i bits mean what they say', (width) => {
  const terms = inputs(1000, width);
  const values = new Map(terms.map((t, i) => [t, BigInt.asUintN(width, BigInt(i) * 0x9e3779b97f4a7c15n + 77n)]));
  const mixed = terms.reduce((sum, t, i) => (i % 300 === 299 ? xor(not(sum), t) : xor(xor(sum, t), bv(width, i & 1))));
  const expected = terms.reduce((sum, t, i) => {
    const value = must(values.get(t), 'a value');
    if (i === 0) return value;
    return BigInt.asUintN(width, i % 300 === 299 ? ~sum ^ value : sum ^ value ^ BigInt(i & 1));
  }, 0n);
  expect(evaluate(mixed, { values })).toBe(expected);
});

test('cancel, and keep constants beside them', () => {
  const [x, k] = [variable('x', 32), bv(32, 77)];
  const long = inputs(500, 32).reduce(xor);
  expect(xor(xor(xor(long, x), k), long)).toBe(xor(x, k));
  expect(xor(xor(long, k), x)).toBe(xor(xor(long, x), k));
  expect(xor(not(long), long)).toBe(bv(32, -1));
  expect(xor(xor(long, k), k)).toBe(long);
});

test('building terms ends at the deadline, and goes on without one', () => {
  const build = (): Term =>
    inputs(2000, 64).reduce((sum, t, i) => add(mul(sum, bv(64, 2 * i + 3)), xor(sum, t)), bv(64, 1));
  expect(() => withDeadline(new Deadline(0), build)).toThrow(TermsTakeTooLong);
  resetTerms();
  expect(withDeadline(new Deadline(600_000), build)).toBe(build());
});
