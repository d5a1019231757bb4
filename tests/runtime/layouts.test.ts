// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { refused } from '../../src/asm/abi/externals-refused.ts';
import { aarch64Runtime } from '../../src/asm/abi/runtime/aarch64/index.ts';
import { DIFFERENCES } from './differences.ts';
import { measure } from './layouts.ts';

/** Measures where the C libraries of the two machines differ, and demands that each difference is taken care of. */

test('every difference between the C libraries is bridged, refused or explained', () => {
  const [x86, arm] = [measure('x86_64'), measure('aarch64')];
  expect(x86.size).toBeGreaterThan(1000);
  expect([...x86.keys()]).toEqual([...arm.keys()]);
  expect([...x86].filter(([name, v]) => v === 'none' && arm.get(name) === 'none')).toEqual([]);
  const differing = [...x86.keys()].filter((name) => x86.get(name) !== arm.get(name));
  expect(differing.filter((name) => !DIFFERENCES.has(name))).toEqual([]);
  expect([...DIFFERENCES.keys()].filter((name) => !differing.includes(name))).toEqual([]);
});

test('what is said to be bridged or refused is', () => {
  const names = (d: object, key: string): string[] => Object.entries(d).flatMap(([k, v]) => (k === key ? v : []));
  const all = [...DIFFERENCES.values()];
  expect(all.flatMap((d) => names(d, 'bridged')).filter((name) => aarch64Runtime.bridges[name] === undefined)).toEqual(
    [],
  );
  expect(all.flatMap((d) => names(d, 'refused')).filter((name) => !refused.has(name))).toEqual([]);
});

test('nothing is both bridged and refused', () => {
  expect(Object.keys(aarch64Runtime.bridges).filter((name) => refused.has(name))).toEqual([]);
});
