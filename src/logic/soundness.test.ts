// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resetTerms } from './build.ts';
import { node } from './pool.ts';
import { show } from './show.ts';
import { printQuery } from './smtlib.ts';
import { z3Process } from './solvers/process.ts';
import { identities, products } from './testing/identities.ts';
import { naive } from './testing/naive.ts';
import { assignments, initialByte, RandomProgram, type Step, variablesOf } from './testing/random-programs.ts';

/** Normal forms mean what was asked for: random programs are evaluated beside their terms, and z3 proves the patterns. */

const number = fc.nat({ max: 1_000_000 });
const step: fc.Arbitrary<Step> = fc.record({ op: number, a: number, b: number, c: number, k: number });

function checkProgram(kind: 'wide' | 'narrow', seeds: readonly number[], steps: readonly Step[]): void {
  resetTerms();
  const variables = variablesOf(kind);
  const program = new RandomProgram(assignments(seeds, variables), variables);
  const evaluators = program.evaluators();
  for (const s of steps) program.run(s);
  for (const { term, values } of program.entries) {
    evaluators.forEach((e, i) => {
      if (e.value(term) !== values[i]) throw new Error(`${e.value(term)}, not ${values[i]}: ${show(term)}`);
    });
  }
  for (const { term, values } of program.memories) {
    evaluators.forEach((e, i) => {
      const memory = e.memory(term);
      const written = values[i] as ReadonlyMap<bigint, number>;
      for (const at of [...written.keys()].flatMap((a) => [a, BigInt.asUintN(64, a + 1n)])) {
        const expected = written.get(at) ?? initialByte(at);
        if (memory(at) !== expected) throw new Error(`byte ${at} is ${memory(at)}, not ${expected}: ${show(term)}`);
      }
    });
  }
}

describe('random programs', () => {
  for (const [kind, count] of [
    ['wide', 6],
    ['narrow', 24],
  ] as const) {
    test(`${kind} variables`, { timeout: 60_000 }, () => {
      fc.assert(
        fc.property(
          fc.array(number, { minLength: count, maxLength: count }),
          fc.array(step, { minLength: 20, maxLength: 60 }),
          (seeds, steps) => checkProgram(kind, seeds, steps),
        ),
        { numRuns: kind === 'wide' ? 250 : 150 },
      );
    });
  }
});

const hasZ3 = spawnSync('z3', ['--version']).status === 0;

describe.skipIf(!hasZ3)('z3 proves', () => {
  const z3 = z3Process();
  for (const [name, pairs] of Object.entries({ ...identities(naive), products: products(naive, 5) })) {
    test(name, { timeout: 120_000 }, async () => {
      for (const [left, right] of pairs) {
        // Without the builders, so that z3 sees both sides as they were written.
        const differ = left.width === 0 ? memoriesDiffer(left, right) : naive.ne(left, right);
        const answer = await z3.check([differ], 20_000);
        expect(answer.status, `${show(left)}\nand\n${show(right)}\n${printQuery([differ]).text}`).toBe('unsat');
      }
    });
  }
});

function memoriesDiffer(left: Parameters<typeof show>[0], right: Parameters<typeof show>[0]) {
  const at = naive.variable('at', 64);
  return naive.ne(node('load', 8, [left, at]), node('load', 8, [right, at]));
}
