// SPDX-License-Identifier: MIT
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { hasCompiler } from '../../scripts/corpora.ts';
import { missingTools } from '../../scripts/translation.ts';
import { type Compilation, differenceOf, wishes } from '../support/run-program.ts';
import { CARRIED_TO } from '../support/targets.ts';
import { knownGaps } from './known-gaps.ts';

/**
 * The smallest programs that vouch once translated wrongly, refused or did not prove. Their exit status or output shows
 * the result, and every block must be proved, but for what stands in the list of known gaps.
 */

const folder = dirname(fileURLToPath(import.meta.url));
const missing = await missingTools();
const clang = await hasCompiler('clang');
const sources = readdirSync(folder).filter((f) => /\.[cs]$/.test(f));

test('known gaps are files', () => {
  for (const gaps of Object.values(knownGaps))
    expect([...gaps.keys()].filter((name) => !sources.includes(name))).toEqual([]);
});

/** One file at one of the levels that it asks for. */
const compilations = sources.flatMap((name) => {
  const source = join(folder, name);
  const levels = wishes(source, 'level');
  return (levels.length === 0 ? ['O2'] : levels).map((level) => {
    const what = source.endsWith('.c') ? `${name} -${level}` : name;
    return [what, { name, source, level }] as const;
  });
});

describe.skipIf(missing.length > 0).each(CARRIED_TO)('bugs of the past, to %s', (to) => {
  test.each(compilations)(
    '%s',
    async (_, { name, source, level }) => {
      const how: Compilation = {
        cc: wishes(source, 'compiler')[0] === 'clang' ? 'clang' : 'gcc',
        level,
        flags: wishes(source, 'flags'),
      };
      if (how.cc === 'clang' && !clang) throw new Error('clang is missing');
      const found = await differenceOf(source, how, { to, libraries: wishes(source, 'library'), proved: true });
      const gap = knownGaps[to].get(name);
      if (gap === undefined) expect(found).toBeUndefined();
      else expect(found ?? 'proved: take it off the list of known gaps').toMatch(new RegExp(`^${gap.fails}: `));
    },
    120_000,
  );
});
