// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { append, largest, smallest } from './lists.ts';

test('a million items are no trouble', () => {
  const many = Array.from({ length: 1_000_000 }, (_, i) => i - 5);
  expect([largest(many), smallest(many)]).toEqual([999_994, -5]);
  const list = [7];
  append(list, many);
  expect([list.length, list[0], list[1]]).toEqual([1_000_001, 7, -5]);
});

test('of nothing', () => {
  expect([largest([], 3), largest([1], 3), largest([])]).toEqual([3, 3, Number.NEGATIVE_INFINITY]);
  expect(smallest([])).toBe(Number.POSITIVE_INFINITY);
});
