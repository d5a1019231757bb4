// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { tryCase } from '../../scripts/fuzz.ts';
import { inParallel } from '../../scripts/process.ts';
import { missingTools } from '../../scripts/translation.ts';

/** Random programs with fixed seeds; `npm run fuzz` tries others. */

const SEEDS = Array.from({ length: 20 }, (_, i) => 9000 + i);
const missing = await missingTools(['csmith']);

describe.skipIf(missing.length > 0)('random programs', () => {
  test.each(['O0', 'O2', 'O3'])(
    '-%s',
    async (level) => {
      const different: string[] = [];
      let tried = 0;
      await inParallel(2, SEEDS, async (seed) => {
        const result = await tryCase({ seed, cc: 'gcc', level }, false);
        if (result.kind === 'different') different.push(`seed ${seed}: ${result.what}`);
        if (result.kind !== 'skipped') tried++;
      });
      expect(different).toEqual([]);
      expect(tried).toBeGreaterThan(SEEDS.length / 2);
    },
    300_000,
  );
});
