// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { refusedFor } from '../../src/asm/abi/externals-refused.ts';
import { differences } from './differences.ts';
import { measure } from './layouts.ts';
import { TARGETS } from './targets.ts';

/** Measures where the C libraries of the machines differ, and demands that each difference is taken care of. */

describe.each(TARGETS)('$name', ({ name: machine, runtime: { bridges } }) => {
  const listed = differences(machine);
  const refused = refusedFor(machine);

  test('every difference from the C library of x86-64 is bridged, refused or explained', () => {
    const [x86, target] = [measure('x86_64'), measure(machine)];
    expect(x86.size).toBeGreaterThan(1000);
    expect([...x86.keys()]).toEqual([...target.keys()]);
    expect([...x86].filter(([name, v]) => v === 'none' && target.get(name) === 'none')).toEqual([]);
    const differing = [...x86.keys()].filter((name) => x86.get(name) !== target.get(name));
    expect(differing.filter((name) => !listed.has(name))).toEqual([]);
    const always = [...listed].filter(([, d]) => !('sometimes' in d)).map(([name]) => name);
    expect(always.filter((name) => !differing.includes(name))).toEqual([]);
  });

  test('what is said to be bridged or refused is', () => {
    const names = (d: object, key: string): string[] => Object.entries(d).flatMap(([k, v]) => (k === key ? v : []));
    const all = [...listed.values()];
    expect(all.flatMap((d) => names(d, 'bridged')).filter((name) => bridges[name] === undefined)).toEqual([]);
    expect(all.flatMap((d) => names(d, 'refused')).filter((name) => !refused.has(name))).toEqual([]);
  });

  test('nothing is both bridged and refused', () => {
    expect(Object.keys(bridges).filter((name) => refused.has(name))).toEqual([]);
  });
});
