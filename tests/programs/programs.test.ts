// SPDX-License-Identifier: MIT
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { hasCompiler } from '../../scripts/corpora.ts';
import { missingTools } from '../../scripts/translation.ts';
import { type Compilation, differenceOf } from '../support/run-program.ts';
import { CARRIED_TO } from '../support/targets.ts';

/** Each program here, compiled in several ways, must do the same when it is translated. */

const folder = dirname(fileURLToPath(import.meta.url));
const missing = await missingTools();
const compilations: Compilation[] = ['O0', 'O1', 'O2', 'O3', 'Os'].map((level) => ({ cc: 'gcc', level }));
if (await hasCompiler('clang')) compilations.push({ cc: 'clang', level: 'O2' });
const ways = CARRIED_TO.flatMap((to) => compilations.map((how) => ({ to, how, ...how })));

const sources = readdirSync(folder).filter((f) => f.endsWith('.c'));

test('there are programs', () => expect(sources.length).toBeGreaterThan(20));

describe.skipIf(missing.length > 0).concurrent.each(ways)('$cc -$level to $to', ({ to, how }) => {
  test.each(sources)(
    '%s',
    async (name) => {
      expect(await differenceOf(join(folder, name), how, { to, libraries: ['m', 'pthread'] })).toBeUndefined();
    },
    120_000,
  );
});
