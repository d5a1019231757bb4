// SPDX-License-Identifier: MIT
import { relateHomes, VECTOR_CHUNKS } from '../from-x86_64/relate-homes.ts';
import { home } from './registers.ts';

/** Live registers are related to their homes. */
export const relatedRegisters = relateHomes(
  (source) => `${source.startsWith('xmm') ? 'v' : 'x'}${home(source)}`,
  VECTOR_CHUNKS,
);
