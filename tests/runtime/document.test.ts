// SPDX-License-Identifier: MIT
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generated, PART_NAMES } from './abi-document.ts';

const PATH = new URL('../../docs/abi.md', import.meta.url);

test('docs/abi.md says what the data says (BLESS=1 rewrites it)', () => {
  const document = readFileSync(PATH, 'utf8');
  if (process.env.BLESS === '1') writeFileSync(PATH, generated(document));
  const now = readFileSync(PATH, 'utf8');
  for (const name of PART_NAMES) expect(now).toContain(`<!-- generated: ${name} -->`);
  expect(now).toBe(generated(now));
});
