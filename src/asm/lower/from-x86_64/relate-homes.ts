// SPDX-License-Identifier: MIT
import type { RegisterRelation } from '../../abi/relation.ts';
import { BySet } from '../../program/by-set.ts';
import type { LiveParts } from './facts.ts';

/** Registers and their bit ranges as the relation names them: the ranges that liveness tells apart. */
export const GENERAL = 'rax rbx rcx rdx rsi rdi rbp r8 r9 r10 r11 r12 r13 r14 r15'.split(' ');
export const VECTORS = Array.from({ length: 16 }, (_, n) => `xmm${n}`);

type Ranges = readonly (readonly [lo: number, hi: number])[];

const GENERAL_CHUNKS: Ranges = [
  [0, 7],
  [8, 15],
  [16, 31],
  [32, 63],
];
export const VECTOR_CHUNKS: Ranges = [
  [0, 31],
  [32, 63],
  [64, 127],
];

const MOST_LISTS = 50_000;

/**
 * Relates live registers to their homes: `homeOf` names the target's location, and `vectorChunks` are the parts of vector
 * registers that can be related. Places where the same is live share one list, and all lists share their entries.
 */
export function relateHomes(
  homeOf: (source: string) => string,
  vectorChunks: Ranges,
): (live: LiveParts) => readonly RegisterRelation[] {
  const rows = [
    ...GENERAL.map((source) => ({ source, chunks: GENERAL_CHUNKS })),
    ...VECTORS.map((source) => ({ source, chunks: vectorChunks })),
  ].map((row) => ({ ...row, relations: new Map<number, RegisterRelation>() }));
  const lists = new BySet<readonly RegisterRelation[]>(MOST_LISTS);
  const find = (live: LiveParts): readonly RegisterRelation[] => {
    const list: RegisterRelation[] = [];
    for (const { source, chunks, relations } of rows) {
      const mask = live.parts(source) & ((1 << chunks.length) - 1);
      if (mask === 0) continue;
      const relation = relations.get(mask) ?? { source, target: homeOf(source), bits: joined(chunks, mask) };
      relations.set(mask, relation);
      list.push(relation);
    }
    return list;
  };
  return (live) => live.remembered(lists, () => find(live));
}

/** The ranges whose bit is set in `mask`, with neighbours joined. */
function joined(chunks: Ranges, mask: number): [number, number][] {
  const ranges: [number, number][] = [];
  for (const [k, [lo, hi]] of chunks.entries()) {
    if ((mask & (1 << k)) === 0) continue;
    const previous = ranges.at(-1);
    if (previous !== undefined && previous[1] === lo - 1) previous[1] = hi;
    else ranges.push([lo, hi]);
  }
  return ranges;
}
