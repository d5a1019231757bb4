// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { useAssumptions } from './assume.ts';
import { resetTerms } from './build.ts';
import type { Evaluator } from './evaluate.ts';
import { show } from './show.ts';
import type { Term } from './term.ts';
import { assignments, RandomProgram, type Step, variablesOf } from './testing/random-programs.ts';

const number = fc.nat({ max: 1_000_000 });
const step: fc.Arbitrary<Step> = fc.record({ op: number, a: number, b: number, c: number, k: number });

test('where the assumptions hold, nothing changes its value', { timeout: 60_000 }, () => {
  let used = 0;
  fc.assert(
    fc.property(
      fc.array(number, { minLength: 24, maxLength: 24 }),
      fc.array(step, { minLength: 20, maxLength: 40 }),
      fc.array(number, { minLength: 1, maxLength: 4 }),
      (seeds, steps, chosen) => {
        resetTerms();
        const variables = variablesOf('narrow');
        const program = new RandomProgram(assignments(seeds, variables), variables);
        for (const s of steps) program.run(s);
        const bits = program.entries.filter((e) => e.term.width === 1);
        const assumed = chosen.map((n) => bits[n % bits.length] as (typeof bits)[number]);
        const claim = assumed.map((e) => e.term);
        const [left, right] = program.entries.slice(-2) as [(typeof bits)[number], (typeof bits)[number]];
        const simplified = useAssumptions(claim, left.term, right.term);
        program.evaluators().forEach((e: Evaluator, i: number) => {
          if (assumed.some((x) => x.values[i] !== 1n)) return;
          used++;
          const values: (readonly [Term, bigint | undefined])[] = [
            [simplified.left, left.values[i]],
            [simplified.right, right.values[i]],
            ...simplified.assumptions.map((t) => [t, 1n] as const),
            ...simplified.eliminated.map(({ from, to }) => [from, e.value(to)] as const),
          ];
          expect(simplified.vacuous).toBe(false);
          for (const [t, value] of values)
            expect(e.value(t), `${show(t)} under ${claim.map((c) => show(c))}`).toBe(value);
        });
      },
    ),
    { numRuns: 300 },
  );
  expect(used).toBeGreaterThan(300);
});
