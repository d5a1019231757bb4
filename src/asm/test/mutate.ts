// SPDX-License-Identifier: MIT

import type { Random } from '../../base/random.ts';
import {
  BUFFER_STRIDE,
  bufferOf,
  copyOf,
  FLOATS,
  type Input,
  LEAD,
  lead,
  placeKey,
  type Spot,
  write,
} from './input.ts';
import { fill, randomFloat, randomInteger } from './values.ts';

/** An input with the same pointers, and everything else anew. */
export function shuffled(input: Input, spots: readonly Spot[], random: Random, words: readonly bigint[]): Input {
  const next = copyOf(input);
  const leads = (at: Spot['at']): boolean => next.pointers.some((p) => same(p.at, at));
  for (let i = 0; i < next.integers.length; i++) {
    if (!leads({ argument: i })) next.integers[i] = BigInt.asUintN(64, randomInteger(random, words));
  }
  for (let i = 0; i < next.floats.length; i++) if (!leads({ float: i })) next.floats[i] = randomFloat(random);
  for (let b = 0; b < next.buffers.length; b++) {
    const holds = next.pointers.some((p) => 'buffer' in p.at && p.at.buffer === b);
    if (holds) continue;
    const size = random.pick([8, 32, 64, 256, 1024, 4096]);
    if (random.chance(0.5)) {
      const bytes = bufferOf(next, b, LEAD + 4096);
      for (let i = 0; i < 4096; i++) bytes[LEAD + i] = random.chance(0.1) ? 0xff : random.next();
    } else fill(bufferOf(next, b, LEAD + size), LEAD, size, random, words);
  }
  for (const spot of spots) {
    if (leads(spot.at) || !('buffer' in spot.at || 'answer' in spot.at) || random.chance(0.5)) continue;
    if (
      'buffer' in spot.at &&
      !next.pointers.some((p) => 'buffer' in p.at && 'buffer' in spot.at && p.at.buffer === spot.at.buffer)
    )
      continue;
    write(next, spot, randomInteger(random, words));
  }
  return next;
}

/** An input that differs from another in a few places; `spots` are those that the function is known to read. */
export function mutated(input: Input, spots: readonly Spot[], random: Random, words: readonly bigint[]): Input {
  const next = copyOf(input);
  for (let n = 1 + random.below(random.chance(0.2) ? 12 : 3); n > 0; n--) change(next, spots, random, words);
  return next;
}

function change(next: Input, spots: readonly Spot[], random: Random, words: readonly bigint[]): void {
  if (next.steps !== undefined) {
    const kind = random.below(10);
    if (kind < 3) return disturb(next, random, words);
    if (kind < 6) return repeat(next, spots, random);
  }
  const spot = spots[random.below(spots.length)];
  const kind = random.below(16);
  if (spot !== undefined && kind < 9) {
    // What is a pointer mostly stays one.
    if (spot.bytes === 8 && next.pointers.some((p) => same(p.at, spot.at)) && !random.chance(0.1)) return;
    const value = random.chance('float' in spot.at || random.chance(0.1) ? 1 : 0)
      ? randomFloat(random)
      : randomInteger(random, words);
    write(next, spot, value);
  } else if (kind === 9 && next.pointers.length > 0) {
    // Where one pointer leads, another may lead as well; or it is missing.
    const i = random.below(next.pointers.length);
    const [p, other] = [next.pointers[i], next.pointers[random.below(next.pointers.length)]];
    if (p === undefined || other === undefined || p.to < 0 || other.to < 0) return;
    if (random.chance(0.2)) write(next, { at: p.at, bytes: 8 }, 0n);
    else
      lead(next, {
        at: p.at,
        to: other.to,
        plus: random.chance(0.7) ? other.plus : other.plus + random.pick([1, 2, 4, 8, 8]) * random.below(8),
      });
  } else if (kind === 10 && next.buffers.length > 0) {
    const b = random.below(next.buffers.length);
    const size = random.pick([4, 8, 16, 64, 256]);
    const bytes = bufferOf(next, b, LEAD + size);
    const at = LEAD + 8 * random.below(random.pick([1, 2, 8, 64]));
    if (at + size > BUFFER_STRIDE || next.pointers.some((p) => 'buffer' in p.at && p.at.buffer === b)) return;
    fill(bytes, at, size, random, words);
  } else if (kind < 13) {
    const i = random.below(6);
    if (next.pointers.some((p) => 'argument' in p.at && p.at.argument === i)) return;
    next.integers[i] = BigInt.asUintN(64, randomInteger(random, words));
  } else if (kind === 13) next.floats[random.below(FLOATS / 2)] = randomFloat(random);
  else if (spot !== undefined) {
    const bit = random.below(8 * spot.bytes);
    flip(next, spot, bit);
  }
}

/** Changes a piece of the memory of a call that was recorded, wherever it is, but no pointer. */
function disturb(next: Input, random: Random, words: readonly bigint[]): void {
  const total = next.buffers.reduce((n, b) => n + b.length, 0);
  if (total === 0) return;
  const at = random.below(total);
  const [b, place] = [Math.floor(at / BUFFER_STRIDE), at % BUFFER_STRIDE];
  const bytes = random.pick([1, 1, 2, 4, 8]);
  const offset = place - (place % bytes);
  const size = bytes * random.pick([1, 1, 1, 4, 16]);
  if (offset + size > (next.buffers[b]?.length ?? 0)) return;
  const touches = next.pointers.some(
    (p) => 'buffer' in p.at && p.at.buffer === b && p.at.offset < offset + size && offset < p.at.offset + 8,
  );
  if (touches) return;
  const to = bufferOf(next, b, offset + size);
  if (size > bytes) {
    // Something from elsewhere, or the same again and again.
    const from = random.below(Math.max(1, to.length - size));
    if (random.chance(0.5)) to.copyWithin(offset, from, from + size);
    else to.fill(random.chance(0.5) ? 0 : random.next(), offset, offset + size);
    return;
  }
  const value = random.chance(0.3) ? BigInt(1 << random.below(8 * Math.min(bytes, 3))) : randomInteger(random, words);
  for (let i = 0; i < bytes; i++) to[offset + i] = Number((value >> BigInt(8 * i)) & 0xffn);
}

/** Gives several neighbouring words that the function reads the value of one that it also reads. */
function repeat(next: Input, spots: readonly Spot[], random: Random): void {
  const [first, from] = [random.below(spots.length), spots[random.below(spots.length)]];
  const spot = spots[first];
  if (spot === undefined || from === undefined || !('buffer' in spot.at) || !('buffer' in from.at)) return;
  const leads = (at: Spot['at']): boolean => next.pointers.some((p) => same(p.at, at));
  if (leads(from.at)) return;
  const bytes = next.buffers[from.at.buffer] ?? new Uint8Array(0);
  let value = 0n;
  for (let i = from.bytes - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[from.at.offset + i] ?? 0);
  const { buffer, offset } = spot.at;
  const near = spots.filter(({ at, bytes: size }) => {
    return (
      'buffer' in at && at.buffer === buffer && at.offset >= offset && at.offset < offset + 256 && size === spot.bytes
    );
  });
  near.sort((a, b) => ('buffer' in a.at && 'buffer' in b.at ? a.at.offset - b.at.offset : 0));
  for (const { at } of near.slice(0, 1 + random.below(random.pick([1, 4, 16, 150])))) {
    if (!leads(at)) write(next, { at, bytes: Math.min(spot.bytes, from.bytes) }, value);
  }
}

function same(a: Spot['at'], b: Spot['at']): boolean {
  return placeKey(a) === placeKey(b);
}

function flip(input: Input, { at, bytes }: Spot, bit: number): void {
  if (input.pointers.some((p) => same(p.at, at))) return;
  if ('argument' in at) input.integers[at.argument] = (input.integers[at.argument] ?? 0n) ^ (1n << BigInt(bit));
  else if ('float' in at) input.floats[at.float] = (input.floats[at.float] ?? 0n) ^ (1n << BigInt(bit));
  else if ('buffer' in at) {
    const buffer = bufferOf(input, at.buffer, at.offset + bytes);
    const i = at.offset + (bit >> 3);
    buffer[i] = (buffer[i] ?? 0) ^ (1 << (bit & 7));
  }
}
