// SPDX-License-Identifier: MIT
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { missingTools } from '../../scripts/translation.ts';
import { differenceOf, wishes } from '../support/run-program.ts';

/** The smallest programs that vouch once translated wrongly or refused. Their exit status or output shows the result. */

const folder = dirname(fileURLToPath(import.meta.url));
const missing = await missingTools();

describe.skipIf(missing.length > 0)('bugs of the past', () => {
  const sources = readdirSync(folder).filter((f) => /\.[cs]$/.test(f));

  test.each(sources)(
    '%s',
    async (name) => {
      const source = join(folder, name);
      const level = wishes(source, 'level')[0] ?? 'O2';
      expect(
        await differenceOf(source, { cc: 'gcc', level }, { libraries: wishes(source, 'library') }),
      ).toBeUndefined();
    },
    60_000,
  );
});
