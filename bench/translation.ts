// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isTarget, type Target } from '../scripts/translation.ts';
import { Session } from '../src/asm/pipeline/session.ts';
import { definitionsOfOthers } from '../src/asm/pipeline/translate.ts';
import { DEFAULT_LIMITS } from '../src/core/budget.ts';

/**
 * Measures translation and checking of a program's files on one core, in a process of its own: `translation.ts TARGET FILE...`.
 * Prints one line of JSON. The first checking starts with an empty cache of proved claims, the second with what the
 * first left. Times are processor times, which others on the machine disturb less than those on the wall.
 */
export interface TranslationFigures {
  readonly files: number;
  readonly instructions: number;
  readonly blocks: number;
  readonly proved: number;
  /** Read and lower, in a process that has only begun and in one that did the same before. */
  readonly translateSeconds: { readonly cold: number; readonly warm: number };
  readonly coldSeconds: number;
  readonly warmSeconds: number;
  /** The most memory the process had, in all. */
  readonly megabytes: number;
}

async function measure(to: Target, files: readonly string[]): Promise<TranslationFigures> {
  const sources = files.map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  const elsewhere = definitionsOfOthers(sources);
  // The cache of claims lies in the folder that this names.
  const cache = mkdtempSync(join(tmpdir(), 'vouch-bench-'));
  process.env.XDG_CACHE_HOME = cache;
  const seconds = { translate: { cold: 0, warm: 0 }, check: { cold: 0, warm: 0 } };
  const spent = { instructions: 0, blocks: 0, proved: 0 };
  try {
    for (const round of ['cold', 'warm'] as const) {
      const session = new Session({ prover: { cache: true }, limits: DEFAULT_LIMITS });
      Object.assign(spent, { instructions: 0, blocks: 0, proved: 0 });
      for (const source of sources) {
        const opening = process.cpuUsage();
        const read = await session.open(source, 'x86_64', to);
        const lowered = await session.lower({ withStages: false, definedElsewhere: elsewhere(source), features: [] });
        seconds.translate[round] += since(opening);
        spent.instructions += read.insts;
        const target = { file: source.file.replace(/\.s$/, `.${to}.s`), text: lowered.text };
        const binding = process.cpuUsage();
        await session.bind({ target, functions: lowered.functions, refused: [] });
        for (const [i] of lowered.functions.entries()) {
          const [f] = await session.check([i]);
          const all = f === undefined ? [] : [f.entry, ...f.blocks];
          spent.blocks += all.length;
          spent.proved += all.filter((b) => b.verdict.kind === 'proved').length;
        }
        seconds.check[round] += since(binding);
      }
      await session.close();
    }
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
  return {
    files: files.length,
    ...spent,
    translateSeconds: seconds.translate,
    coldSeconds: seconds.check.cold,
    warmSeconds: seconds.check.warm,
    megabytes: process.resourceUsage().maxRSS / 1024,
  };
}

function since(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

const [to, ...files] = process.argv.slice(2);
if (to !== undefined && isTarget(to) && files.length > 0) console.log(JSON.stringify(await measure(to, files)));
