// SPDX-License-Identifier: MIT
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run, runOrFail, withFolder } from '../../scripts/process.ts';
import { linkNative, missingTools } from '../../scripts/translation.ts';
import { x86_64 } from '../../src/asm/isa/x86_64/index.ts';
import { runTexts } from './embedded.ts';

/** Random programs print the same checksum on the machine within vouch as on the processor. */

const SEEDS = Array.from({ length: 6 }, (_, i) => 9100 + i);
const missing = await missingTools(['csmith']);

describe.skipIf(missing.length > 0)('random programs', () => {
  test.each(['O0', 'O2'])('-%s', { timeout: 300_000 }, async (level) => {
    let compared = 0;
    for (const seed of SEEDS) {
      await withFolder(async (at) => {
        const [source, assembly, native] = [join(at, 'p.c'), join(at, 'p.s'), join(at, 'p')];
        const { stdout } = await runOrFail(['csmith', '--seed', String(seed)], { cwd: at });
        writeFileSync(source, stdout);
        const includes = ['/usr/include/csmith', '/usr/include/csmith-2.3.0'].map((d) => `-I${d}`);
        await runOrFail(['gcc', '-w', `-${level}`, ...includes, '-S', source, '-o', assembly]);
        await linkNative([assembly], native, []);
        const expected = await run([native], { cwd: at, name: 'p', seconds: 5 });
        if (expected.status !== 0) return;
        const got = runTexts([readFileSync(assembly, 'utf8')], x86_64);
        expect([seed, got.diagnostics, got.out]).toEqual([seed, [], expected.stdout.toString('latin1')]);
        compared++;
      });
    }
    expect(compared).toBeGreaterThan(SEEDS.length / 2);
  });
});
