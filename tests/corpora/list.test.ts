// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { CORPORA, filesOf } from '../../scripts/corpora-list.ts';

describe.each(CORPORA)('$name', (corpus) => {
  test.each(corpus.programs)('$name is linked from files of the package', (program) => {
    const files = filesOf(corpus, program);
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((f) => !corpus.files.includes(f))).toEqual([]);
  });
});
