// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { compileCorpus, corporaOf, sourceDir } from '../../scripts/corpora.ts';
import { judge } from '../../scripts/judges.ts';
import { must } from '../../src/base/assert.ts';

/**
 * Proofs and tests of a share of the functions of programs that others wrote, another share with each VOUCH_SHARE: where
 * one judge says yes and the other no, one of them is wrong. `npm run coverage-of-corpora -- --prove` judges all.
 */

/** One function of so many. */
const PARTS = { lua: 60, zlib: 20, bzip2: 20 } as const;
const SHARE = Number(process.env.VOUCH_SHARE ?? 0);

describe.each(Object.entries(PARTS))('%s', (name, parts) => {
  const corpus = must(corporaOf([name])[0], 'a corpus');
  test.skipIf(sourceDir(corpus) === undefined)('proofs and tests agree', { timeout: 600_000 }, async () => {
    const paths = (await compileCorpus(corpus, { cc: 'gcc', level: 'O2' })).map((f) => f.path);
    let count = 0;
    const { judged, skipped } = await judge(paths, {
      ...{ to: 'aarch64', prove: true, runs: 150 },
      wanted: () => count++ % parts === SHARE % parts,
    });
    expect(skipped).toEqual([]);
    expect(judged.length).toBeGreaterThan(1);
    expect(judged.flatMap((j) => (j.conflict === undefined ? [] : `${j.file}: ${j.name}: ${j.conflict}`))).toEqual([]);
    expect(judged.filter((j) => j.verdict === 'proved').length).toBeGreaterThan(judged.length / 2);
  });
});
