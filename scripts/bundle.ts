// SPDX-License-Identifier: MIT
import { mkdirSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.ts';

/**
 * Bundles the command line into build/, so that it starts at once. `vouch` runs this whenever a source is newer than
 * the bundle.
 */
const root = new URL('../', import.meta.url).pathname;
const begun = new Date();
const folder = join(root, `build-${process.pid}`);
const built = await build({
  entryPoints: {
    vouch: join(root, 'src/cli/main.ts'),
    worker: join(root, 'src/asm/pipeline/worker.ts'),
    runner: join(root, 'src/asm/pipeline/runner.ts'),
  },
  outdir: folder,
  ...bundleOptions(root),
}).catch(() => undefined);
// What is wrong has been printed.
if (built === undefined) process.exit(1);
// What changed while the bundle was made is newer than it.
utimesSync(join(folder, 'vouch.mjs'), begun, begun);
const place = join(root, 'build/cli');
mkdirSync(join(root, 'build'), { recursive: true });
const old = `${folder}-old`;
try {
  renameSync(place, old);
} catch {
  // The first bundle.
}
try {
  renameSync(folder, place);
} catch {
  // Somebody else was quicker, from the same sources.
}
rmSync(old, { recursive: true, force: true });
rmSync(folder, { recursive: true, force: true });
