// SPDX-License-Identifier: MIT

import type { Random } from '../../base/random.ts';
import { bv, sub, ult } from '../../logic/build.ts';
import { sumOf } from '../../logic/linear.ts';
import { related, search, variablesOf } from '../../logic/search.ts';
import { subterms } from '../../logic/substitute.ts';
import type { Term } from '../../logic/term.ts';
import { bufferAddress } from './call.ts';
import { BUFFER_STRIDE, bufferOf, copyOf, type Input, LEAD, lead, TO_CODE } from './input.ts';
import type { Side } from './side.ts';
import { withValues } from './steer.ts';
import type { Walk } from './walk.ts';

/**
 * Inputs with which an access that failed finds memory: the word that the address begins with becomes a pointer to memory
 * of its own, whose contents are part of the input from then on (objects made when they are first used; Ramos, Engler:
 * Under-constrained symbolic execution, USENIX Security 2015).
 */
export function repaired(side: Side, input: Input, w: Walk, random: Random): Input[] {
  const { fault } = w;
  if (fault === undefined || fault.address.op === 'const') return [];
  if (fault.kind === 'count') {
    const few = ult(fault.address, bv(fault.address.width, random.pick([8, 64, 1024])));
    return reaching(side, input, w, few, new Set(), random);
  }
  const { terms, coefficients } = sumOf(fault.address);
  const words = terms.filter((t, i) => coefficients[i] === 1n && w.spots.get(t)?.bytes === 8);
  const inArena = (t: Term): boolean => bufferAt(side, input, w.values.get(t) ?? 0n) !== undefined;
  const bases = words.filter(inArena);
  const found: Input[] = [];
  if (bases.length === 0) {
    for (const t of words.slice(0, 2)) {
      const spot = w.spots.get(t);
      if (spot === undefined) continue;
      const next = copyOf(input);
      if (fault.kind === 'jump') lead(next, { at: spot.at, to: TO_CODE, plus: 0 });
      else lead(next, { at: spot.at, to: freshBuffer(side, next, random), plus: LEAD });
      found.push(next);
    }
    if (found.length > 0 || fault.kind === 'jump') return found;
  }
  // What is added to a pointer is too much, or the word is not a word of its own.
  const next = copyOf(input);
  const base = bases[0];
  const buffer = (base && bufferAt(side, input, w.values.get(base) ?? 0n)) ?? freshBuffer(side, next, random);
  const start = bv(64, bufferAddress(side, buffer, LEAD));
  const goal = ult(sub(fault.address, start), bv(64, random.pick([8, 64, 1024])));
  return reaching(side, next, w, goal, new Set(bases), random);
}

/** An input that reaches a goal, on the same way if possible, and with the same pointers. */
function reaching(side: Side, input: Input, w: Walk, goal: Term, pointers: ReadonlySet<Term>, random: Random): Input[] {
  const before = [...new Set(w.branches.slice(-MOST_BEFORE).map((b) => b.condition))];
  const path = related(goal, before, variablesOf);
  const conditions = [...path, goal];
  const small = subterms(conditions).length <= LARGEST;
  for (let tries = small ? 0 : 4; tries < 8; tries++) {
    const asked = tries < 4 ? conditions : [goal];
    const values = search(asked, w.values, random, 30);
    if (values === undefined) continue;
    const changed = variablesOf(goal).filter((v) => values.get(v) !== w.values.get(v));
    const moved = changed.filter((v) => pointers.has(v));
    // A pointer that is moved away to make up for what is added to it would have to come back with the next repair.
    if (tries % 4 < 3 ? moved.length > 0 : moved.some((v) => bufferAt(side, input, values.get(v) ?? 0n) === undefined))
      continue;
    const made = withValues(side, input, w, values);
    if (made !== undefined) return [made];
  }
  return [];
}

/** So many conditions before the end are kept, where they are no larger. */
const MOST_BEFORE = 200;
const LARGEST = 500;

function bufferAt(side: Side, input: Input, address: bigint): number | undefined {
  const distance = Number(address) - side.image.layout.arena;
  const buffer = Math.floor(distance / BUFFER_STRIDE);
  return distance >= 0 && buffer < input.buffers.length ? buffer : undefined;
}

function freshBuffer(side: Side, input: Input, random: Random): number {
  const count = input.buffers.length;
  if (count >= side.buffers) return random.below(count);
  bufferOf(input, count, 1);
  return count;
}
