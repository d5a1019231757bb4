// SPDX-License-Identifier: MIT
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../scripts/process.ts';

/** A command for long suites says how it is used, and takes nothing in silence that it does not know. */

const ROOT = join(import.meta.dirname, '../..');
const script = (...args: string[]) =>
  run([process.execPath, '--import', 'tsx', 'scripts/fuzz.ts', ...args], { cwd: ROOT });

test('help', async () => {
  const { status, stdout, stderr } = await script('--help');
  expect([status, stderr.toString()]).toEqual([0, '']);
  expect(stdout.toString()).toMatch(/^usage: fuzz\.ts /);
});

test.each([
  ['--to', 'aarch64x'],
  ['--levels', 'O2,O9'],
  ['--nothing', ''],
])('%s %s', async (option, value) => {
  const { status, stderr } = await script(option, ...(value === '' ? [] : [value]));
  expect(status).toBe(2);
  expect(stderr.toString()).toContain(value === '' ? option : `'${value.split(',').pop()}'`);
  expect(stderr.toString()).not.toMatch(/^ +at /m);
});
