// SPDX-License-Identifier: MIT
import { afterAll, expect, test } from 'vitest';
import { add, and, bv, carry, eq, extract, load, mul, not, or, ult, variable, xor, zext } from './build.ts';
import type { Solver } from './solver.ts';
import { wasmSolver } from './solvers/wasm.ts';
import { equalBySteps } from './sweep.ts';
import type { Term } from './term.ts';

const solver = wasmSolver();
afterAll(() => solver.close());

const [memory, base] = [variable('memory', 0), variable('base', 64)];
const word = (i: number): Term => load(memory, add(base, bv(64, 8 * i)), 8);
const no = bv(1, 0);

/** The words of a number and of 38 times another one, added: with carries, and with comparisons and conjunctions. */
function sums(words: number, last: (a: Term, b: Term, c: Term) => Term): Term[] {
  const sum: Term[] = [];
  let c: Term = no;
  for (let i = 0; i < words; i++) {
    const [a, b] = [word(i), mul(word(i + 8), bv(64, 38))];
    sum.push(add(add(a, b), zext(c, 64)));
    c = i === words - 1 ? last(a, b, c) : carry(a, b, c);
  }
  return [...sum, zext(c, 64)];
}

function compared(words: number): Term[] {
  const sum: Term[] = [];
  let c: Term = no;
  for (let i = 0; i < words; i++) {
    const [a, b] = [word(i), mul(word(i + 8), bv(64, 38))];
    const partial = add(a, b);
    sum.push(add(partial, zext(c, 64)));
    // The half of the sum that has the multiple of two tells its carry.
    const over = ult(extract(partial, 63, 1), mul(extract(word(i + 8), 62, 0), bv(63, 19)));
    c = not(and(not(over), not(and(c, eq(partial, bv(64, -1))))));
  }
  return [...sum, zext(c, 64)];
}

const claim = (lefts: readonly Term[], rights: readonly Term[], assumptions: readonly Term[] = []) => ({
  assumptions,
  lefts,
  rights,
});

test('carries over products are shown one after the other', { timeout: 120_000 }, async () => {
  expect(await equalBySteps(claim(sums(2, carry), compared(2)), [solver], 20_000)).toBe(true);
});

test('where one step is another, nothing is shown', { timeout: 120_000 }, async () => {
  // Without the carry that goes in at the last word, which seldom matters.
  const wrong = sums(2, (a, b) => carry(a, b, no));
  expect(await equalBySteps(claim(wrong, compared(2)), [solver], 5000)).toBe(false);
  const inverted = sums(2, (a, b, c) => xor(carry(a, b, c), eq(a, bv(64, 0x123456789abcdefn))));
  expect(await equalBySteps(claim(inverted, compared(2)), [solver], 5000)).toBe(false);
});

test('what is assumed counts, and only where it is assumed', { timeout: 60_000 }, async () => {
  const [p, q, r] = [variable('p', 32), variable('q', 32), variable('r', 32)];
  const left = or(ult(p, q), eq(p, q));
  const sides = [[add(r, zext(left, 32))], [add(r, zext(ult(p, add(q, bv(32, 1))), 32))]] as const;
  const least = ult(q, bv(32, 1000));
  expect(await equalBySteps(claim(...sides, [least]), [solver], 5000)).toBe(true);
  expect(await equalBySteps(claim(...sides), [solver], 5000)).toBe(false);
});

test('no solver says more than its word', async () => {
  const silent: Solver = {
    name: 'silent',
    check: () => Promise.resolve({ status: 'unknown', reason: 'silence' }),
    close: () => Promise.resolve(),
  };
  expect(await equalBySteps(claim(sums(2, carry), compared(2)), [silent], 1000)).toBe(false);
});
