// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import * as build from './build.ts';
import { show } from './show.ts';
import { identities, products } from './testing/identities.ts';

const all = { ...identities(build), products: [...products(build, 32), ...products(build, 64)] };

for (const [name, pairs] of Object.entries(all)) {
  test(name, () => {
    for (const [x, y] of pairs) expect(x === y, `${show(x)}\nis not\n${show(y)}`).toBe(true);
  });
}

test('terms that differ stay different', () => {
  const { eq, load, store, variable, yes } = build;
  const [a, b, c] = [variable('a', 64), variable('b', 64), variable('c', 64)];
  const memory = variable('memory', 0);
  expect(eq(a, b)).not.toBe(yes());
  expect(load(store(memory, a, b), c, 8)).not.toBe(load(memory, c, 8));
  expect(store(store(memory, a, b), c, b)).not.toBe(store(store(memory, c, b), a, b));
});
