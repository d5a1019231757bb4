// SPDX-License-Identifier: MIT
import type { After } from './context.ts';

/** Registers and their bit ranges as the relation names them: the ranges that liveness tells apart. */
export const GENERAL = [
  'rax',
  'rbx',
  'rcx',
  'rdx',
  'rsi',
  'rdi',
  'rbp',
  'r8',
  'r9',
  'r10',
  'r11',
  'r12',
  'r13',
  'r14',
  'r15',
];
export const GENERAL_CHUNKS: readonly (readonly [number, number])[] = [
  [0, 7],
  [8, 15],
  [16, 31],
  [32, 63],
];
export const VECTOR_CHUNKS: readonly (readonly [number, number])[] = [
  [0, 31],
  [32, 63],
  [64, 127],
];

/** The ranges of bits, of those that liveness tells apart, that are live. */
export function liveRanges(
  live: After,
  loc: string,
  chunks: readonly (readonly [number, number])[],
): [number, number][] {
  const ranges: [number, number][] = [];
  for (const [lo, hi] of chunks) {
    if (!live.live(loc, lo, hi)) continue;
    const previous = ranges.at(-1);
    if (previous !== undefined && previous[1] === lo - 1) previous[1] = hi;
    else ranges.push([lo, hi]);
  }
  return ranges;
}
