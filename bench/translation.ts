// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from '../src/asm/pipeline/session.ts';
import { DEFAULT_LIMITS } from '../src/core/budget.ts';

/**
 * Measures translation and checking of one file on one core, in a process of its own: `translation.ts FILE`. Prints one
 * line of JSON. The first checking starts with an empty cache of proved claims, the second with what the first left.
 */
export interface TranslationFigures {
  readonly file: string;
  readonly instructions: number;
  readonly blocks: number;
  readonly translateSeconds: number;
  readonly coldSeconds: number;
  readonly warmSeconds: number;
  readonly proved: number;
  readonly megabytes: number;
}

async function measure(file: string): Promise<TranslationFigures> {
  const source = { file, text: readFileSync(file, 'utf8') };
  // The cache of claims lies in the folder that this names.
  const cache = mkdtempSync(join(tmpdir(), 'vouch-bench-'));
  process.env.XDG_CACHE_HOME = cache;
  try {
    const seconds: number[] = [];
    let [translateSeconds, proved, blocks] = [0, 0, 0];
    let read = { insts: 0, blocks: 0 };
    for (let round = 0; round < 2; round++) {
      const session = new Session({ prover: { cache: true }, limits: DEFAULT_LIMITS });
      let start = performance.now();
      read = await session.open(source, 'x86_64', 'aarch64');
      const lowered = await session.lower({ withStages: false, definedElsewhere: [] });
      if (round === 0) translateSeconds = (performance.now() - start) / 1000;
      const target = { file: file.replace(/\.s$/, '.aarch64.s'), text: lowered.text };
      await session.bind({ target, functions: lowered.functions, refused: [] });
      start = performance.now();
      const verdicts = await session.check(lowered.functions.map((_, i) => i));
      seconds.push((performance.now() - start) / 1000);
      const all = verdicts.flatMap((f) => [f.entry, ...f.blocks]);
      blocks = all.length;
      proved = all.filter((b) => b.verdict.kind === 'proved').length;
      await session.close();
    }
    return {
      file,
      instructions: read.insts,
      blocks,
      translateSeconds,
      coldSeconds: seconds[0] ?? 0,
      warmSeconds: seconds[1] ?? 0,
      proved,
      megabytes: process.resourceUsage().maxRSS / 1024,
    };
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

const [file] = process.argv.slice(2);
if (file !== undefined) console.log(JSON.stringify(await measure(file)));
