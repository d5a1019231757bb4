// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { bv, eq, variable } from '../../logic/build.ts';
import { set, setLater } from './effect.ts';
import { SymbolicState } from './state.ts';
import { x86_64 } from './x86_64/index.ts';

const state = (): SymbolicState => new SymbolicState(x86_64, 's.');
const rax = variable('s.rax', 64);
const isZero = eq(rax, bv(64, 0));

test('a value that is made later is the value before whatever came between', () => {
  const s = state();
  s.apply([setLater('zf', () => isZero)]);
  s.apply([set('rax', bv(64, 1))]);
  expect(s.get('zf')).toBe(isZero);
});

test('what is set later counts as set', () => {
  const s = state();
  s.apply([setLater('zf', () => isZero)]);
  expect(s.holds('zf')).toBe(true);
  expect(s.holds('cf')).toBe(false);
  expect([...s.values]).toEqual([['zf', isZero]]);
});

test('the last of several values counts, made at once or later', () => {
  const s = state();
  s.apply([setLater('zf', () => isZero)]);
  s.apply([set('zf', bv(1, 1))]);
  expect(s.get('zf')).toBe(bv(1, 1));
  s.apply([setLater('zf', () => isZero)]);
  expect(s.values.get('zf')).toBe(isZero);
  s.apply([setLater('zf', () => bv(1, 0))]);
  s.values.set('zf', bv(1, 1));
  expect(s.get('zf')).toBe(bv(1, 1));
});

test('a copy goes its own way', () => {
  const s = state();
  s.apply([setLater('zf', () => isZero)]);
  const copy = s.clone();
  copy.apply([set('zf', bv(1, 1))]);
  expect(s.get('zf')).toBe(isZero);
  expect(copy.get('zf')).toBe(bv(1, 1));
  expect(s.clone().get('zf')).toBe(isZero);
});

test('what is never looked at is never made', () => {
  const s = state();
  let made = 0;
  const make = () => {
    made++;
    return isZero;
  };
  s.apply([setLater('zf', make)]);
  s.apply([set('zf', bv(1, 1))]);
  expect(made).toBe(0);
  s.apply([setLater('zf', make)]);
  s.get('zf');
  s.get('zf');
  expect(made).toBe(1);
});
