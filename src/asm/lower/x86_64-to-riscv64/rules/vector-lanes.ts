// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import type { Operand } from '../../../isa/operand.ts';
import type { Context, HalfPlace } from '../context.ts';
import { bitsOf } from '../halves.ts';
import { x, ZERO } from '../registers.ts';
import { isExtended } from '../shape.ts';
import { type Halves, readHalves, wanted, writeBits } from './vector-operands.ts';

/**
 * Lane by lane: without vector instructions a half is taken apart in general registers and put together again. A lane
 * is a general register of which the low bits count.
 */

const BOTH = { low: true, high: true };

export function bothHalves(c: Context, op: Operand | undefined): Halves {
  return readHalves(c, op, BOTH);
}

/** Half 0 or 1. */
export const half = (h: Halves, k: number): HalfPlace => must(k === 0 ? h.low : h.high, 'a half');

/** Lane `index` of `width` bits of a half, in a general register with anything above it. */
export function laneOf(c: Context, n: HalfPlace, width: number, index: number, into = c.temp()): number {
  bitsOf(c, n, into);
  if (index > 0) c.op('srli', x(into), x(into), width * index);
  c.note(into, index > 0 && width * (index + 1) === 64 ? { bits: width, signed: false } : undefined);
  return into;
}

/** Puts the low `width` bits of `value` at lane `index` of the half that is built up in `acc`. Changes `value`. */
export function placeLane(c: Context, acc: number, value: number, width: number, index: number): void {
  const last = width * (index + 1) === 64;
  if (!last && value !== ZERO && !isExtended(c.shape(value), width, 'zero')) {
    const name = width === 8 ? 'b' : width === 16 ? 'h' : 'w';
    if (width === 8) c.op('andi', x(value), x(value), 255);
    else c.op(`zext.${name}`, x(value), x(value));
  }
  if (index === 0) {
    c.move(acc, value);
    return;
  }
  if (value === ZERO) return;
  c.op('slli', x(value), x(value), width * index);
  c.op('or', x(acc), x(acc), x(value));
}

/** Makes each wanted half of the destination in a general register of its own, and then writes both. */
export function buildHalves(c: Context, dst: Operand | undefined, build: (k: number, acc: number) => void): void {
  const which = wanted(c, dst);
  const made = [which.low, which.high].map((needed, k) => {
    if (!needed) return undefined;
    const acc = c.temp();
    c.scoped(() => build(k, acc));
    c.note(acc, undefined);
    return acc;
  });
  writeBits(c, dst, made[0], made[1]);
}

/** What is done to one lane of each source: returns a register with the result in its low bits. */
export type LaneBody = (lanes: readonly number[], index: number) => number;

/** Lanes of the destination from the lanes of the sources at the same place. */
export function perLane(
  c: Context,
  dst: Operand | undefined,
  sources: readonly (Operand | undefined)[],
  width: number,
  body: LaneBody,
): void {
  const which = wanted(c, dst);
  if (!which.low && !which.high) return;
  const halves = sources.map((s) => readHalves(c, s, which));
  buildHalves(c, dst, (k, acc) => {
    for (let i = 0; i < 64 / width; i++) {
      c.scoped(() => {
        const lanes = halves.map((h) => laneOf(c, half(h, k), width, i));
        placeLane(c, acc, body(lanes, k * (64 / width) + i), width, i);
      });
    }
  });
}

/** A lane of one of several vectors: which, and its place among all lanes of its width. */
export interface Pick {
  readonly from: Halves;
  readonly lane: number;
}

/** Puts a vector together of lanes of others; `undefined` is zero. Lanes that lie beside each other move together. */
export function gather(
  c: Context,
  dst: Operand | undefined,
  width: number,
  picks: readonly (Pick | undefined)[],
): void {
  const each = 64 / width;
  buildHalves(c, dst, (k, acc) => {
    let i = 0;
    let first = true;
    while (i < each) {
      const start = i;
      const pick = picks[k * each + i];
      i++;
      const follows = (): boolean => {
        const next = picks[k * each + i];
        if (pick === undefined || next === undefined) return pick === next;
        const lane = pick.lane + (i - start);
        return (
          next.from === pick.from && next.lane === lane && Math.floor(lane / each) === Math.floor(pick.lane / each)
        );
      };
      while (i < each && follows()) i++;
      if (pick === undefined) continue;
      takeRun(c, pick, { width, each, acc, start, count: i - start, first });
      first = false;
    }
    if (first) c.constant(0n, acc);
  });
}

interface Run {
  readonly width: number;
  /** Lanes in a half. */
  readonly each: number;
  readonly acc: number;
  readonly start: number;
  readonly count: number;
  /** Nothing is in `acc` yet. */
  readonly first: boolean;
}

/** Moves `count` lanes from where the pick is to `start`. */
function takeRun(c: Context, pick: Pick, { width, each, acc, start, count, first }: Run): void {
  c.scoped(() => {
    const t = first ? acc : c.temp();
    bitsOf(c, half(pick.from, Math.floor(pick.lane / each)), t);
    const at = pick.lane % each;
    const bits = count * width;
    if (bits < 64) {
      // Up to the top, down to the bottom, and to its place.
      const up = 64 - (at + count) * width;
      const down = 64 - bits;
      const place = start * width;
      if (up > 0) c.op('slli', x(t), x(t), up);
      if (down - place > 0 || place > 0) c.op('srli', x(t), x(t), down);
      if (place > 0) c.op('slli', x(t), x(t), place);
    }
    if (!first) c.op('or', x(acc), x(acc), x(t));
  });
}
