// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { add, and, bv, extract, variable, xor, zext } from './build.ts';
import { Evaluator } from './evaluate.ts';

test('where one sign says alone that a sum is out of range, it stays as it is', () => {
  const [r, f] = [variable('r', 3), variable('f', 1)];
  const sign = extract(add(zext(r, 5), bv(5, 1)), 4, 4);
  const both = and(xor(sign, f), sign);
  for (let n = 0n; n < 8n; n++) {
    const e = new Evaluator({
      values: new Map([
        [r, n],
        [f, n & 1n],
      ]),
    });
    expect(e.value(both)).toBe(e.value(sign) & (e.value(sign) ^ (n & 1n)));
  }
});
