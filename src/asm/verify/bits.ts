// SPDX-License-Identifier: MIT
import { concat, extract } from '../../logic/build.ts';
import type { Term } from '../../logic/term.ts';

/** Sets of a register's bits, as masks. */
export type Bits = bigint;

export function lowest(count: number): Bits {
  return (1n << BigInt(count)) - 1n;
}

export function ofRanges(ranges: readonly (readonly [lo: number, hi: number])[]): Bits {
  let bits = 0n;
  for (const [lo, hi] of ranges) bits |= lowest(hi - lo + 1) << BigInt(lo);
  return bits;
}

export interface Run {
  readonly lo: number;
  readonly hi: number;
  readonly inside: boolean;
}

/** By width, then by set: relations name few different ones. */
const known = new Map<number, Map<Bits, readonly Run[]>>();
const MOST_KNOWN = 10_000;

/** The runs of bits that are in the set (`inside`) and that are not, from the lowest up to `width`. */
export function runs(bits: Bits, width: number): readonly Run[] {
  const ofWidth = known.get(width) ?? new Map<Bits, readonly Run[]>();
  known.set(width, ofWidth);
  const before = ofWidth.get(bits);
  if (before !== undefined) return before;
  if (ofWidth.size >= MOST_KNOWN) ofWidth.clear();
  const found = findRuns(bits, width);
  ofWidth.set(bits, found);
  return found;
}

function findRuns(bits: Bits, width: number): Run[] {
  const list: { lo: number; hi: number; inside: boolean }[] = [];
  const digits = BigInt.asUintN(width, bits).toString(2).padStart(width, '0');
  for (let i = 0; i < width; i++) {
    const inside = digits[width - 1 - i] === '1';
    const last = list[list.length - 1];
    if (last?.inside === inside) last.hi = i;
    else list.push({ lo: i, hi: i, inside });
  }
  return list;
}

/** `value`, which may be narrower, in the bits of the set, `rest` in the others. */
export function merge(bits: Bits, value: Term, rest: Term): Term {
  const parts = runs(bits, rest.width).map((r) => extract(r.inside ? value : rest, r.hi, r.lo));
  return concat(...parts.reverse());
}
