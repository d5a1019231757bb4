// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { box, example, root } from './cli/vouch.ts';
import { CARRIED_TO } from './support/targets.ts';

/** The examples are proved for each target, and run under QEMU as they run here. */

const b = box();

const EXAMPLES = ['average', 'checksum', 'calculator', 'words'];

test.each(EXAMPLES.flatMap((name) => CARRIED_TO.map((to) => [name, to] as const)))(
  '%s is proved, to %s',
  (name, to) => {
    const ran = b.vouch(['translate', example(`${name}.s`), '--to', to, '--require', 'proved', '-o', `${name}.out.s`]);
    expect(ran.err).toMatch(/all proved\n$/);
    expect(ran.code).toBe(0);
  },
);

test.each([
  ['checksum', ''],
  ['calculator', ''],
  ['calculator', '100 7 % 3 << ~'],
  ['calculator', '-9223372036854775807 3 / 12 ^ 5 &'],
  ['words', ''],
  ['words', 'the cat and the dog and the bird'],
])('%s %s', (name, args) => {
  const run = (on: string, ...more: string[]) =>
    b.vouch(['run', '--on', on, ...more, example(`${name}.s`), '--', ...args.split(' ').filter(Boolean)]);
  const here = run('host');
  expect(here.out).not.toBe('');
  for (const to of CARRIED_TO) expect(run('qemu', '--to', to), to).toEqual(here);
});

test('the C compiles without warnings', () => {
  for (const name of ['checksum', 'calculator', 'words']) {
    const built = spawnSync('gcc', ['-O2', '-fsyntax-only', '-Wall', join(root, 'examples', `${name}.c`)], {
      encoding: 'utf8',
    });
    expect(built.stderr).toBe('');
  }
});
