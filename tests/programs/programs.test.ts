// SPDX-License-Identifier: MIT
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { hasCompiler } from '../../scripts/corpora.ts';
import { missingTools, type Target } from '../../scripts/translation.ts';
import { type Compilation, differenceOf } from '../support/run-program.ts';
import { CARRIED_TO } from '../support/targets.ts';

/** Each program here, compiled in several ways, must do the same when it is translated. */

const folder = dirname(fileURLToPath(import.meta.url));
const missing = await missingTools();
/** Code that is not position independent has addresses in other places. */
const compilations: Compilation[] = [
  ...['O0', 'O1', 'O2', 'O3', 'Os'].map((level) => ({ cc: 'gcc' as const, level })),
  { cc: 'gcc', level: 'O1', flags: ['-fno-pie'] },
];
if (await hasCompiler('clang')) compilations.push({ cc: 'clang', level: 'O2' });
const ways = CARRIED_TO.flatMap((to) =>
  compilations.map((how) => ({ to, how, way: [how.cc, `-${how.level}`, ...(how.flags ?? [])].join(' ') })),
);

const sources = readdirSync(folder).filter((f) => f.endsWith('.c'));

test('there are programs', () => expect(sources.length).toBeGreaterThan(20));

describe.skipIf(missing.length > 0).concurrent.each(ways)('$way to $to', ({ to, how }) => {
  test.each(sources)(
    '%s',
    async (name) => {
      const found = await differenceOf(join(folder, name), how, { to, libraries: ['m', 'pthread'] });
      expect(found).toBeUndefined();
    },
    120_000,
  );
});

/** What machines have beyond their base architecture. */
const FEATURES: Readonly<Record<Target, readonly string[]>> = { aarch64: ['lse'], riscv64: ['zba', 'zbb', 'zbs'] };
const EXTENDED: Readonly<Record<Target, readonly string[]>> = {
  aarch64: ['atomics.c'],
  riscv64: ['bitfields.c', 'longlong.c'],
};

describe.skipIf(missing.length > 0).concurrent.each(CARRIED_TO)('with features, to %s', (to) => {
  test.each(EXTENDED[to])('%s', { timeout: 120_000 }, async (name) => {
    const how: Compilation = { cc: 'gcc', level: 'O1' };
    const options = { to, libraries: ['m', 'pthread'], features: FEATURES[to], proved: true };
    expect(await differenceOf(join(folder, name), how, options)).toBeUndefined();
  });
});

/** Programs with vectors, on machines with the least of V and with more: nothing may depend on how long registers are. */
const VECTORS = ['sse.c', 'sse-checksums.c', 'sse-later.c', 'vectors.c'];

describe.skipIf(missing.length > 0).concurrent.each([128, 256])('with V of %i bits, to riscv64', (bits) => {
  test.each(VECTORS)('%s', { timeout: 120_000 }, async (name) => {
    const how: Compilation = { cc: 'gcc', level: 'O2' };
    const cpu = `rv64,v=true,vlen=${bits}`;
    const options = { to: 'riscv64', libraries: ['m', 'pthread'], features: ['v'], cpu, proved: true } as const;
    expect(await differenceOf(join(folder, name), how, options)).toBeUndefined();
  });
});
