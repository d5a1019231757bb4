// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { tryCase } from '../../scripts/fuzz.ts';
import { inParallel } from '../../scripts/process.ts';
import { missingTools, type Target } from '../../scripts/translation.ts';
import { CARRIED_TO } from '../support/targets.ts';

/** Random programs with fixed seeds; `npm run fuzz` tries others. */

interface Plan {
  readonly seeds: number;
  /** How many must have been the same: csmith's programs need not be defined, and those are skipped. */
  readonly least: number;
  /** How many may be refused, for want of registers. None may be wrong. */
  readonly refused: number;
}

const PLANS: Readonly<Record<Target, Plan>> = {
  aarch64: { seeds: 370, least: 300, refused: 0 },
  riscv64: { seeds: 60, least: 45, refused: 4 },
};
/**
 * Seeds of which csmith 2.3.0 makes programs that do not end natively. To wait for each of them at every level would
 * take a tenth of all the tests' time; another version's endless programs are skipped after two seconds each.
 */
const ENDLESS: ReadonlySet<number> = new Set([
  9017, 9023, 9030, 9034, 9040, 9044, 9046, 9052, 9058, 9067, 9079, 9082, 9086, 9087, 9109, 9111, 9117, 9124, 9128,
  9137, 9147, 9148, 9151, 9155, 9160, 9163, 9165, 9166, 9171, 9172, 9187, 9202, 9207, 9214, 9215, 9218, 9220, 9226,
  9230, 9232, 9243, 9247, 9264, 9266, 9278, 9280, 9281, 9282, 9291, 9296, 9302, 9316, 9322, 9324, 9325, 9336, 9337,
  9345, 9355, 9367,
]);
const missing = await missingTools(['csmith']);

describe.skipIf(missing.length > 0)('random programs', () => {
  test.each(CARRIED_TO.flatMap((to) => ['O0', 'O2'].map((level) => ({ level, to }))))(
    '-$level to $to',
    async ({ level, to }) => {
      const plan = PLANS[to];
      const counts = { same: 0, skipped: 0, refused: 0, different: 0 };
      const different: string[] = [];
      const seeds = Array.from({ length: plan.seeds }, (_, i) => 9000 + i).filter((s) => !ENDLESS.has(s));
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
