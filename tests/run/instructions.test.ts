// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { aarch64 } from '../../src/asm/isa/aarch64/index.ts';
import { riscv64 } from '../../src/asm/isa/riscv64/index.ts';
import { x86_64 } from '../../src/asm/isa/x86_64/index.ts';
import { Random } from '../../src/base/random.ts';
import { bench, differenceOf, randomise, trialsOf } from './instructions.ts';

/**
 * The code that is made of a meaning computes what the meaning says. That the meaning is right is what `tests/oracle`
 * finds out; so the machine within vouch does what the processor does.
 */

const STATES = 4;

describe.each([
  [x86_64, 700],
  [aarch64, 900],
  [riscv64, 150],
] as const)('every form of $name', (isa, atLeast) => {
  test('does what its meaning says', { timeout: 300_000 }, () => {
    const random = new Random(77);
    const trials = trialsOf(isa, random, isa === aarch64 ? 1 : 2);
    const b = bench(isa, trials);
    const different: string[] = [];
    const tried = new Set<string>();
    trials.forEach((t, i) => {
      for (let s = 0; s < STATES; s++) {
        if (!randomise(isa, t, b, b.next(i), random)) continue;
        const found = differenceOf(isa, t, i, b);
        tried.add(t.inst.def.id);
        if (found !== undefined) {
          different.push(`${t.inst.def.id}: ${isa.printInst(t.inst, isa.dialects[0] ?? 'gnu')}: ${found}`);
          return;
        }
      }
    });
    expect(different).toEqual([]);
    expect(tried.size).toBeGreaterThan(atLeast);
  });
});
