// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Outcome, run, runOrFail, withFolder } from '../../scripts/process.ts';
import { emulated, missingTools, TARGETS, type Target } from '../../scripts/translation.ts';
import { CARRIED_TO } from '../support/targets.ts';

/** C++ with exceptions, as people compile it: where none is thrown it does what it did, and one that is thrown ends it. */

const missing = await missingTools();
const vouch = join(import.meta.dirname, '../../vouch');
const HERE = import.meta.dirname;

/** Compiles a program, carries it over, and gives both to `work`, as commands. */
const carried = (
  name: string,
  to: Target,
  work: (native: readonly string[], target: readonly string[], evidence: () => string) => Promise<void>,
): Promise<void> =>
  withFolder(async (folder) => {
    const at = (file: string): string => join(folder, file);
    await runOrFail(['g++', '-std=c++17', '-O2', '-S', join(HERE, `${name}.cc`), '-o', at('p.s')]);
    await runOrFail(['g++', at('p.s'), '-o', at('native'), '-pthread']);
    const options = [
      '--to',
      to,
      '--exceptions',
      'end',
      '--require',
      'proved',
      '-o',
      at('t.s'),
      '--evidence',
      at('e.json'),
    ];
    await runOrFail([vouch, 'translate', at('p.s'), ...options]);
    await runOrFail([TARGETS[to].cc.replace(/gcc$/, 'g++'), at('t.s'), '-o', at('target'), '-static', '-pthread']);
    await work([at('native')], emulated(to, at('target'), 'p'), () => readFileSync(at('e.json'), 'utf8'));
  });

const shown = ({ status, stdout }: Outcome): unknown => [status, stdout.toString()];

describe.skipIf(missing.length > 0).concurrent.each(CARRIED_TO)('to %s', (to) => {
  test.each(['standard-library', 'language'])('%s', { timeout: 120_000 }, async (name) => {
    await carried(name, to, async (native, target, evidence) => {
      expect(shown(await run(target))).toEqual(shown(await run(native)));
      expect(evidence()).toContain('"exceptions-end"');
    });
  });

  test('what is thrown ends the program', { timeout: 120_000 }, async () => {
    await carried('thrown', to, async (native, target) => {
      for (const args of [[], ['x']])
        expect(shown(await run([...target, ...args]))).toEqual(shown(await run([...native, ...args])));
      for (const [args, type] of [
        [['x', 'y'], 'std::runtime_error'],
        [['x', 'y', 'z'], 'std::out_of_range'],
      ] as const) {
        expect(shown(await run([...native, ...args]))).toEqual([3, 'before\ncaught\n']);
        const ended = await run([...target, ...args]);
        expect(ended.stdout.toString()).toBe('before\n');
        expect([134, 'SIGABRT']).toContain(ended.status);
        expect(ended.stderr.toString()).toContain(type);
      }
    });
  });
});

test.skipIf(missing.length > 0)('without the option such code is refused', { timeout: 120_000 }, () =>
  withFolder(async (folder) => {
    const at = (file: string): string => join(folder, file);
    await runOrFail(['g++', '-O2', '-S', join(HERE, 'thrown.cc'), '-o', at('p.s')]);
    const { status, stderr } = await run([vouch, 'translate', at('p.s'), '--to', 'aarch64', '-o', at('t.s')]);
    expect(status).toBe(3);
    expect(stderr.toString()).toContain('V0241: __cxa_throw ');
    expect(stderr.toString()).toContain('--exceptions end');
  }),
);
