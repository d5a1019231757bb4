// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { tryCase } from '../../scripts/fuzz.ts';
import { inParallel } from '../../scripts/process.ts';
import { missingTools } from '../../scripts/translation.ts';
import { CARRIED_TO } from '../support/targets.ts';

/** Random programs with fixed seeds; `npm run fuzz` tries others. */

const SEEDS = Array.from({ length: 360 }, (_, i) => 9000 + i);
/** Programs that end and whose behaviour is defined; csmith promises neither. */
const LEAST_TRIED = 300;
const missing = await missingTools(['csmith']);

describe.skipIf(missing.length > 0)('random programs', () => {
  test.each(CARRIED_TO.flatMap((to) => ['O0', 'O2'].map((level) => ({ level, to }))))(
    '-$level to $to',
    async ({ level, to }) => {
      const counts = { same: 0, skipped: 0, different: 0 };
      const different: string[] = [];
      await inParallel(2, SEEDS, async (seed) => {
        const result = await tryCase({ seed, cc: 'gcc', level, to }, false);
        counts[result.kind]++;
        if (result.kind === 'different') different.push(`seed ${seed}: ${result.what}`);
      });
      console.log(
        `random programs at -${level} to ${to}: same ${counts.same} / different ${counts.different} / skipped ${counts.skipped}`,
      );
      expect(different).toEqual([]);
      expect(counts.same).toBeGreaterThanOrEqual(LEAST_TRIED);
    },
    900_000,
  );
});
