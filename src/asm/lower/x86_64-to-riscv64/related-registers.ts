// SPDX-License-Identifier: MIT
import type { RegisterRelation } from '../../abi/relation.ts';
import type { AtBlock } from '../from-x86_64/facts.ts';
import { GENERAL, GENERAL_CHUNKS, liveRanges } from '../from-x86_64/live-ranges.ts';
import { home, loc } from './registers.ts';

/** The low halves of vector registers. */
const LOW_CHUNKS: readonly (readonly [number, number])[] = [
  [0, 31],
  [32, 63],
];

/** Live registers are related to their homes. */
export function relatedRegisters(live: AtBlock): readonly RegisterRelation[] {
  const registers: RegisterRelation[] = [];
  for (const source of GENERAL) {
    const bits = liveRanges(live, source, GENERAL_CHUNKS);
    if (bits.length > 0) registers.push({ source, target: loc(home(source)), bits });
  }
  for (let n = 0; n < 16; n++) {
    const source = `xmm${n}`;
    const bits = liveRanges(live, source, LOW_CHUNKS);
    if (bits.length > 0) registers.push({ source, target: `f${home(source)}`, bits });
  }
  return registers;
}
