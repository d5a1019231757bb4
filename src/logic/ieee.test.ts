// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { type Rounding, roundNumber } from './ieee.ts';

/** The number just below a half: adding anything to it, or subtracting it from anything, rounds. */
const almostHalf = 0.49999999999999994;

describe('rounding to an integral number', () => {
  it.each<[Rounding, number, number]>([
    ['rna', almostHalf, 0],
    ['rna', -almostHalf, -0],
    ['rne', -almostHalf, -0],
    ['rna', 0.5, 1],
    ['rna', -0.5, -1],
    ['rne', 0.5, 0],
    ['rne', -0.5, -0],
    ['rne', 1.5, 2],
    ['rne', -2.5, -2],
    ['rna', -2.5, -3],
    ['rtz', -0.9, -0],
    ['rtp', -0.9, -0],
    ['rtn', 0.9, 0],
    ['rtn', -0.1, -1],
    ['rne', 4503599627370495.5, 4503599627370496],
    ['rna', 4503599627370494.5, 4503599627370495],
  ])('%s of %d', (mode, x, expected) => {
    expect(roundNumber(mode, x)).toBe(expected);
  });
});
