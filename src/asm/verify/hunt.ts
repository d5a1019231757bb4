// SPDX-License-Identifier: MIT
import { Deadline } from '../../core/budget.ts';
import { type Assignment, type Bytes, Evaluator } from '../../logic/evaluate.ts';
import { subterms } from '../../logic/substitute.ts';
import type { Term } from '../../logic/term.ts';
import type { Stated } from './compare.ts';
import { firstDifference } from './witness.ts';

/**
 * Where nothing was decided, a difference may still be found by trying. Solvers know little of floats, so the values
 * tried here are those at which float instructions of different machines part: infinities, NaNs of both kinds, zeros of
 * both signs.
 */

const TRIES = 400;
/** Of work as `core/budget.ts` counts it. */
const MOST_MS = 200;

const DOUBLES = [
  0x0000000000000000n,
  0x8000000000000000n,
  0x3ff0000000000000n,
  0xbff8000000000000n,
  0x7ff0000000000000n,
  0xfff0000000000000n,
  0x7ff8000000000001n,
  0xfff8000000000000n,
  0x7ff4000000000002n,
  0xfff0000000000003n,
  0x0000000000000001n,
  0x7fefffffffffffffn,
  0x41dfffffffc00000n,
  0xc3e0000000000000n,
  0x43f0000000000000n,
];
const SINGLES = [
  0x00000000n,
  0x80000000n,
  0x3f800000n,
  0xbfc00000n,
  0x7f800000n,
  0xff800000n,
  0x7fc00001n,
  0xffc00000n,
  0x7fa00002n,
  0xff800003n,
  0x00000001n,
  0x7f7fffffn,
  0x4f000000n,
  0xdf000000n,
];

/** An assignment under which some obligation does not hold, if trying finds one. */
export function hunt(stated: Stated): Assignment | undefined {
  const open = stated.duties.flatMap((d) => d.open);
  const roots = [stated.sp, ...stated.always, ...open.flatMap((o) => [...o.path, o.left, o.right])];
  const variables = subterms(roots).filter((t) => t.op === 'var');
  const random = generator(0x2545f491);
  const deadline = new Deadline(MOST_MS);
  for (let i = 0; i < TRIES && !deadline.passed; i++) {
    const values = new Map<Term, bigint>();
    const memories = new Map<Term, Bytes>();
    for (const v of variables) {
      if (v.width > 0) values.set(v, valueFor(v, random));
      else memories.set(v, floatBytes(random()));
    }
    const assignment = { values, memories };
    const evaluator = new Evaluator(assignment);
    if (stated.always.some((t) => evaluator.value(t) !== 1n)) continue;
    if (firstDifference(stated, evaluator) !== undefined) return assignment;
  }
  return undefined;
}

function valueFor(v: Term, random: () => number): bigint {
  if (v.width < 32) return BigInt(random()) & ((1n << BigInt(v.width)) - 1n);
  if (v.width === 64 && (v.name.endsWith('.sp') || random() % 3 === 0)) return BigInt(random() % 4096) * 16n;
  const single = random() % 3 === 0;
  let value = 0n;
  for (let at = 0; at < v.width; at += 64) value = (value << 64n) | floatWord(random(), single);
  return BigInt.asUintN(v.width, value);
}

/** Eight bytes that are one double or two singles. */
function floatWord(choice: number, single: boolean): bigint {
  if (!single) return DOUBLES[choice % DOUBLES.length] ?? 0n;
  const [lower, upper] = [SINGLES[choice % SINGLES.length], SINGLES[(choice >>> 8) % SINGLES.length]];
  return ((upper ?? 0n) << 32n) | (lower ?? 0n);
}

/** A memory of which each aligned word is such a float. */
function floatBytes(seed: number): Bytes {
  return (address) => {
    const word = Number((address >> 3n) & 0xffffffn);
    const mixed = Math.imul(word ^ seed, 0x9e3779b1) >>> 0;
    return Number((floatWord(mixed >>> 4, (mixed & 3) === 0) >> (8n * (address & 7n))) & 0xffn);
  };
}

/** Numbers of 32 bits that look random, the same ones every time (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}
