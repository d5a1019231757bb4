// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { add, bv, concat, extract, load, low, mul, variable, zext } from './build.ts';
import { Evaluator } from './evaluate.ts';
import { subterms } from './substitute.ts';
import type { Term } from './term.ts';
import { loadsAsWords, productsAsWords } from './words.ts';

const named = (terms: readonly Term[], prefix: string): readonly Term[] =>
  subterms(terms).filter((t) => t.op === 'var' && t.name.startsWith(prefix));

test('loads that overlap are parts of one word, and others are not', () => {
  const [memory, other, base, far] = [variable('m', 0), variable('n', 0), variable('b', 64), variable('f', 64)];
  const at = (offset: number): Term => add(base, bv(64, offset));
  const loads = [load(memory, at(0), 8), load(memory, at(4), 4), load(memory, at(8), 8)];
  const words = loadsAsWords([...loads, load(other, at(0), 8), load(memory, far, 8)]);
  const [whole, upper, next] = words.applyAll(loads) as [Term, Term, Term];
  expect(upper).toBe(extract(whole, 63, 32));
  expect(next).not.toBe(whole);
  const all = words.applyAll([...loads, load(other, at(0), 8), load(memory, far, 8)]);
  expect(named(all, 'word.').length).toBe(4);
  // Those at unequal distances that meet in the middle.
  const meeting = [load(memory, at(16), 8), load(memory, at(20), 8)];
  const [l, h] = loadsAsWords(meeting).applyAll(meeting) as [Term, Term];
  expect(extract(l, 63, 32)).toBe(extract(h, 31, 0));
});

test('products are the low bits of one, with zeros below and a sign', () => {
  const x = variable('x', 64);
  const wide = zext(x, 128);
  const values = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
  const odd = fc.integer({ min: 1, max: 5000 }).map((n) => 2 * n + 1);
  fc.assert(
    fc.property(values, odd, (v, k) => {
      const products = [
        mul(wide, bv(128, k)),
        mul(x, bv(64, k)),
        mul(x, bv(64, 8 * k)),
        mul(x, bv(64, -k)),
        mul(x, bv(64, -4 * k)),
        mul(low(x, 40), bv(40, k)),
        mul(zext(low(x, 40), 64), bv(64, 2 * k)),
        mul(concat(bv(3, 0), x), bv(67, -2 * k)),
      ];
      const found = productsAsWords(products)?.applyAll(products) ?? products;
      const unknown = named(found, 'product.');
      // Of x, and of its low bits where they are extended and so a number of their own.
      expect(unknown.length).toBe(2);
      const known = new Evaluator({ values: new Map([[x, v]]) });
      const replaced = new Map<Term, bigint>([[x, v]]);
      for (const u of unknown) {
        const factor = u.width > 64 ? v : BigInt.asUintN(40, v);
        replaced.set(u, BigInt.asUintN(u.width, factor * BigInt(k)));
      }
      const general = new Evaluator({ values: replaced });
      expect(found.map((t) => general.value(t))).toEqual(products.map((t) => known.value(t)));
    }),
    { numRuns: 60 },
  );
});
