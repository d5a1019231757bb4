// SPDX-License-Identifier: MIT
import type { RegisterRelation } from '../../abi/relation.ts';
import type { AtBlock } from '../from-x86_64/facts.ts';
import { GENERAL, GENERAL_CHUNKS, liveRanges, VECTOR_CHUNKS } from '../from-x86_64/live-ranges.ts';
import { home } from './registers.ts';

const related = new Map<string, readonly RegisterRelation[]>();
const MOST_RELATED = 50_000;

/** Live registers are related to their homes. Places where the same is live share one list. */
export function relatedRegisters(live: AtBlock): readonly RegisterRelation[] {
  const { key } = live;
  const known = key === undefined ? undefined : related.get(key);
  if (known !== undefined) return known;
  const registers: RegisterRelation[] = [];
  for (const source of GENERAL) {
    const bits = liveRanges(live, source, GENERAL_CHUNKS);
    if (bits.length > 0) registers.push({ source, target: `x${home(source)}`, bits });
  }
  for (let n = 0; n < 16; n++) {
    const source = `xmm${n}`;
    const bits = liveRanges(live, source, VECTOR_CHUNKS);
    if (bits.length > 0) registers.push({ source, target: `v${home(source)}`, bits });
  }
  if (related.size >= MOST_RELATED) related.clear();
  if (key !== undefined) related.set(key, registers);
  return registers;
}
