// SPDX-License-Identifier: MIT
import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { hashModels } from '../src/asm/pipeline/version.ts';

/** How what users run is bundled, for the sources under `root`; measurements are taken of the same. */
export function bundleOptions(root: string) {
  return {
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    chunkNames: 'chunk-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['z3-solver'],
    define: { VOUCH_MODEL: JSON.stringify(hashModels(join(root, 'src'))) },
    banner: {
      js: "import { createRequire as vouchRequire } from 'node:module'; const require = vouchRequire(import.meta.url);",
    },
    logLevel: 'warning',
  } satisfies BuildOptions;
}
