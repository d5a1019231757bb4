// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { takenByAll } from './native-entries.ts';

test('what functions hand on shows in the files of others', () => {
  const taken = takenByAll([
    { names: ['a', 'also_a'], takes: 1, handsTo: ['b'] },
    { names: ['b'], takes: 0, handsTo: ['c', 'unknown'] },
    { names: ['c'], takes: 3, handsTo: ['a'] },
    { names: ['d'], takes: 2, handsTo: ['open'] },
    { names: ['open'], takes: 'open', handsTo: [] },
  ]);
  expect(Object.fromEntries(taken)).toEqual({ a: 3, also_a: 3, b: 3, c: 3, d: 'open', open: 'open' });
});
