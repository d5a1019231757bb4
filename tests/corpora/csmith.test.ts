// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { tryCase } from '../../scripts/fuzz.ts';
import { inParallel } from '../../scripts/process.ts';
import { missingTools, type Target } from '../../scripts/translation.ts';
import { CARRIED_TO } from '../support/targets.ts';

/** Random programs with fixed seeds; `npm run fuzz` tries others. */

interface Plan {
  readonly seeds: number;
  /** How many must have been the same: csmith's programs need not end, nor be defined, and those are skipped. */
  readonly least: number;
  /** How many may be refused, for want of registers. None may be wrong. */
  readonly refused: number;
}

const PLANS: Readonly<Record<Target, Plan>> = {
  aarch64: { seeds: 370, least: 300, refused: 0 },
  riscv64: { seeds: 60, least: 45, refused: 4 },
};
const missing = await missingTools(['csmith']);

describe.skipIf(missing.length > 0)('random programs', () => {
  test.each(CARRIED_TO.flatMap((to) => ['O0', 'O2'].map((level) => ({ level, to }))))(
    '-$level to $to',
    async ({ level, to }) => {
      const plan = PLANS[to];
      const counts = { same: 0, skipped: 0, refused: 0, different: 0 };
      const different: string[] = [];
      const seeds = Array.from({ length: plan.seeds }, (_, i) => 9000 + i);
      await inParallel(2, seeds, async (seed) => {
        const result = await tryCase({ seed, cc: 'gcc', level, to }, false);
        const what = result.kind === 'different' ? result.what : '';
        const kind = what.startsWith('refused: ') ? 'refused' : result.kind;
        counts[kind]++;
        if (kind === 'different' || kind === 'refused') different.push(`seed ${seed}: ${what}`);
      });
      const { same, refused, skipped } = counts;
      console.log(
        `random programs at -${level} to ${to}: same ${same} / different ${counts.different} / refused ${refused} / skipped ${skipped}`,
      );
      if (counts.different > 0 || refused > plan.refused) expect(different).toEqual([]);
      expect(same).toBeGreaterThanOrEqual(plan.least);
    },
    900_000,
  );
});
