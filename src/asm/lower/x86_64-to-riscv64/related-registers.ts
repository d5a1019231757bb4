// SPDX-License-Identifier: MIT
import { relateHomes } from '../from-x86_64/relate-homes.ts';
import { home, loc } from './registers.ts';

/** Live registers are related to their homes, vector registers by their low halves. */
export const relatedRegisters = relateHomes(
  (source) => (source.startsWith('xmm') ? `f${home(source)}` : loc(home(source))),
  [
    [0, 31],
    [32, 63],
  ],
);
