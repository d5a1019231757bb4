// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { add, bv, concat, extract, sub, variable, xor } from './build.ts';
import { evaluate } from './evaluate.ts';
import type { Term } from './term.ts';

/** Sums of sums, as hash functions make them. */

const rotate = (t: Term, by: number): Term => concat(extract(t, by - 1, 0), extract(t, t.width - 1, by));
const mix = (t: Term): Term => xor(xor(rotate(t, 6), rotate(t, 11)), rotate(t, 25));

/** Rounds in the manner of SHA-2; `reordered` adds each constant in another place. */
function rounds(count: number, width: number, reordered: boolean): Term[] {
  const w = Array.from({ length: 16 }, (_, i) => variable(`w${i}`, width));
  let state = Array.from({ length: 8 }, (_, i) => variable(`s${i}`, width));
  const at = (list: readonly Term[], i: number): Term => list[i] ?? bv(width, 0);
  for (let i = 0; i < count; i++) {
    const word = at(w, i & 15);
    w[i & 15] = add(add(word, mix(at(w, (i + 14) & 15))), add(at(w, (i + 9) & 15), mix(at(w, (i + 1) & 15))));
    const k = bv(width, 0x428a2f98 + i);
    const [a, e, h] = [at(state, 0), at(state, 4), at(state, 7)];
    const sum = add(h, mix(e));
    const t = reordered ? add(add(sum, k), word) : add(add(sum, word), k);
    state = [add(t, mix(a)), ...state.slice(0, 3), add(at(state, 3), t), ...state.slice(4, 7)];
  }
  return state;
}

test.each([32, 64])('of %i bits do not grow without bounds', (width) => {
  const start = performance.now();
  rounds(64, width, false);
  // Taken apart bit by bit, these took minutes and gigabytes.
  expect(performance.now() - start).toBeLessThan(20_000);
});

test.each([32, 64])('of %i bits are the same wherever constants are added', (width) => {
  const first = rounds(20, width, false);
  expect(rounds(20, width, true).map((t) => t.id)).toEqual(first.map((t) => t.id));
  const long = Array.from({ length: 50 }, (_, i) => variable(`v${i}`, width)).reduce(add);
  const [x, k] = [variable('x', width), bv(width, 77)];
  expect(add(add(long, k), x)).toBe(add(add(long, x), k));
});

test('mean what they say', () => {
  const width = 32;
  const numbers = new Map<string, bigint>();
  for (let i = 0; i < 16; i++) numbers.set(`w${i}`, BigInt(0x9e3779b9 * (i + 1)) & 0xffffffffn);
  for (let i = 0; i < 8; i++) numbers.set(`s${i}`, BigInt(0x85ebca6b * (i + 3)) & 0xffffffffn);
  // The same in JavaScript's own numbers.
  const rotated = (x: number, by: number): number => (x >>> by) | (x << (32 - by));
  const mixed = (x: number): number => rotated(x, 6) ^ rotated(x, 11) ^ rotated(x, 25);
  const w = Array.from({ length: 16 }, (_, i) => Number(numbers.get(`w${i}`)) | 0);
  let state = Array.from({ length: 8 }, (_, i) => Number(numbers.get(`s${i}`)) | 0);
  const at = (list: readonly number[], i: number): number => list[i] ?? 0;
  for (let i = 0; i < 64; i++) {
    const word = at(w, i & 15);
    w[i & 15] = (word + mixed(at(w, (i + 14) & 15)) + at(w, (i + 9) & 15) + mixed(at(w, (i + 1) & 15))) | 0;
    const t = (at(state, 7) + mixed(at(state, 4)) + word + 0x428a2f98 + i) | 0;
    state = [(t + mixed(at(state, 0))) | 0, ...state.slice(0, 3), (at(state, 3) + t) | 0, ...state.slice(4, 7)];
  }
  const values = new Map([...numbers].map(([name, n]) => [variable(name, width), n]));
  expect(rounds(64, width, false).map((t) => evaluate(t, { values }))).toEqual(state.map((x) => BigInt(x >>> 0)));
});

test('cancel, and complement', () => {
  const long = Array.from({ length: 50 }, (_, i) => variable(`v${i}`, 32)).reduce(add);
  const x = variable('x', 32);
  expect(sub(add(add(long, x), bv(32, 5)), long)).toBe(add(x, bv(32, 5)));
  const complement = sub(bv(32, -1), long);
  expect(sub(bv(32, -1), complement)).toBe(long);
  expect(add(complement, long)).toBe(bv(32, -1));
});
