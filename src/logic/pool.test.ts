// SPDX-License-Identifier: MIT
import { afterAll, expect, test } from 'vitest';
import { bv, resetTerms, termCount, withFreshTerms } from './build.ts';

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

test('jobs that wait do not meet', async () => {
  const seen: string[] = [];
  const job = (name: string) => async (): Promise<void> => {
    const mine = bv(64, 1000);
    seen.push(`${name} begins with ${termCount()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    seen.push(`${name} still ${bv(64, 1000) === mine}`);
  };
  const failing = withFreshTerms(() => Promise.reject(new Error('fails')));
  const both = [withFreshTerms(job('a')), withFreshTerms(job('b'))];
  await expect(failing).rejects.toThrow('fails');
  await Promise.all(both);
  expect(seen).toEqual(['a begins with 1', 'a still true', 'b begins with 1', 'b still true']);
});
