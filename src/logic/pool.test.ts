// SPDX-License-Identifier: MIT
import { afterAll, expect, test } from 'vitest';
import { bv, resetTerms, termCount } from './build.ts';

afterAll(resetTerms);

test('too many terms are refused before the memory is full', () => {
  const fill = (): void => {
    for (let i = 0; i < 2 ** 24; i++) bv(64, i);
  };
  expect(fill).toThrow(new RangeError('too many terms'));
  resetTerms();
  expect(termCount()).toBe(0);
  expect(bv(64, 2000).op).toBe('const');
}, 60_000);
