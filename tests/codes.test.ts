// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CODES } from '../src/base/codes.ts';

const root = new URL('../src/', import.meta.url).pathname;

test('every diagnostic code that the source uses is explained', () => {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts') && !f.endsWith('base/codes.ts'));
  const used = new Map<string, string>();
  for (const f of sources) {
    for (const [, code] of readFileSync(join(root, f), 'utf8').matchAll(/'(V0\d{3})'/g)) if (code) used.set(code, f);
  }
  expect(used.size).toBeGreaterThan(20);
  expect([...used].filter(([code]) => !CODES.has(code))).toEqual([]);
});
