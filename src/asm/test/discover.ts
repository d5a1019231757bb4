// SPDX-License-Identifier: MIT
import type { Fault } from '../run/fault.ts';
import { TARGET } from '../run/layout.ts';
import type { LinkedFunction } from '../run/link/image.ts';
import { runSide } from './call.ts';
import { ARGUMENTS, BUFFER_BYTES, FLOATS, fill, type Input, MOST_BUFFERS, type Place, type Pointer } from './input.ts';
import type { Random } from './random.ts';
import type { Side } from './side.ts';

/** Which arguments, and which words behind them, are pointers. */
export interface Shape {
  readonly pointers: readonly Pointer[];
  readonly buffers: number;
}

/**
 * Finds pointers by what happens when they are none: each word is given a number that nothing else has and that is no
 * address; where the function uses it as one, the fault's address tells which word it was.
 */
export function discover(
  side: Side,
  fn: LinkedFunction,
  random: Random,
  words: readonly bigint[],
  steps: number,
): Shape {
  const pointers: Pointer[] = [];
  let buffers = 0;
  for (let round = 0; round < ROUNDS; round++) {
    // At first all words are marked; then numbers stand for some of those that are no pointers as far as is known.
    const marks = { integers: MARKED[round % MARKED.length] ?? 1, memory: MARKED[(3 * round) % MARKED.length] ?? 1 };
    for (let tries = 0; tries < 40; tries++) {
      const input = marked(pointers, buffers, marks, random, words);
      const run = runSide(side, fn, input, steps);
      if (run.ending.kind !== 'fault') break;
      const found = placeOf(addressOf(side, run.ending.fault));
      if (found === undefined || pointers.some((p) => same(p.at, found))) break;
      if (run.ending.fault.kind === 'jump') pointers.push({ at: found, to: -1 });
      else {
        const fresh = buffers < MOST_BUFFERS;
        pointers.push({ at: found, to: fresh ? buffers : random.below(buffers) });
        if (fresh) buffers++;
        else if (pointers.length > 4 * MOST_BUFFERS) break;
      }
    }
  }
  return { pointers, buffers };
}

/** How often a word is marked, from round to round. */
const MARKED = [1, 0.5, 0.8, 0.3, 0];
const ROUNDS = 25;

const MARK = 0x7e00_0000_0000_0000n;
const STEP = 32n;

/** Marks say their place in their upper half: arguments first, then the words of each buffer. */
function markOf(place: Place): bigint {
  const index = 'argument' in place ? place.argument : 64 + place.buffer * (BUFFER_BYTES / 8) + place.offset / 8;
  return MARK + ((BigInt(index) + 1n) << STEP);
}

function placeOf(address: bigint): Place | undefined {
  // Offsets may be negative.
  const index = Number((address - MARK + (1n << (STEP - 1n))) >> STEP) - 1;
  if (index >= 0 && index < ARGUMENTS) return { argument: index };
  const word = index - 64;
  if (word < 0 || word >= (MOST_BUFFERS * BUFFER_BYTES) / 8) return undefined;
  return { buffer: Math.floor(word / (BUFFER_BYTES / 8)), offset: 8 * (word % (BUFFER_BYTES / 8)) };
}

function same(a: Place, b: Place): boolean {
  if ('argument' in a || 'argument' in b) return 'argument' in a && 'argument' in b && a.argument === b.argument;
  return a.buffer === b.buffer && a.offset === b.offset;
}

function addressOf(side: Side, fault: Fault): bigint {
  const named = /0x([0-9a-f]+)/.exec(fault.message)?.[1];
  return named === undefined ? side.machine.view.getBigUint64(TARGET, true) : BigInt(`0x${named}`);
}

function marked(
  pointers: readonly Pointer[],
  count: number,
  marks: { readonly integers: number; readonly memory: number },
  random: Random,
  words: readonly bigint[],
): Input {
  const small = (): bigint => BigInt(random.below(8));
  const buffers = Array.from({ length: count }, (_, buffer) => {
    const bytes = new Uint8Array(BUFFER_BYTES);
    fill(bytes, 0, 256, random, words);
    const data = new DataView(bytes.buffer);
    for (let offset = 0; offset < BUFFER_BYTES; offset += 8) {
      if (random.chance(marks.memory)) data.setBigUint64(offset, markOf({ buffer, offset }), true);
    }
    return bytes;
  });
  return {
    integers: Array.from({ length: ARGUMENTS }, (_, argument) =>
      random.chance(marks.integers) ? markOf({ argument }) : small(),
    ),
    floats: new Array<bigint>(FLOATS).fill(0n),
    buffers,
    pointers,
  };
}
