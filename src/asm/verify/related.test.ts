// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { bv, concat, extract, variable } from '../../logic/build.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { garbage, garbageBits } from './related.ts';

const chance = garbage(x86_64, 'rsi', 'of a function of the file');
const known = variable('known', 64);

test('bits that a call leaves to chance', () => {
  expect(garbageBits(chance)).toBe(2n ** 64n - 1n);
  expect(garbageBits(concat(extract(chance, 63, 16), extract(known, 15, 8), extract(chance, 7, 0)))).toBe(
    2n ** 64n - 1n - 0xff00n,
  );
});

test('they are no longer left to chance once they were moved', () => {
  expect(garbageBits(known)).toBe(0n);
  expect(garbageBits(concat(extract(chance, 55, 0), bv(8, 0)))).toBe(0n);
  expect(garbageBits(concat(extract(known, 63, 8), extract(chance, 15, 8)))).toBe(0n);
  expect(garbageBits(extract(chance, 31, 0))).toBe(0n);
});
