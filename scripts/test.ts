// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { corporaOf, fetchCorpora } from './corpora.ts';

/**
 * Runs all checks and tests and counts them. A check counts as one; the test runner's report says how many tests there
 * were. Nothing run is a failure. Arguments go to the test runner, to run only some tests.
 */
const root = new URL('../', import.meta.url).pathname;
const bin = (name: string): string => join(root, 'node_modules', name);

let passed = 0;
let failed = 0;

function count(name: string, ok: boolean): void {
  if (ok) passed++;
  else failed++;
  if (!ok) console.log(`test: ${name} failed`);
}

function run(args: readonly string[]): boolean {
  return spawnSync(process.execPath, [...args], { cwd: root, stdio: 'inherit' }).status === 0;
}

/** Of vitest's JSON report, what is counted. */
const report = z.object({
  numPassedTests: z.number().int(),
  numFailedTests: z.number().int(),
  numFailedTestSuites: z.number().int(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

function runTests(args: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'vouch-test-'));
  const file = join(folder, 'report.json');
  try {
    const vitest = [
      bin('vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ];
    const ok = run([...vitest, ...args]);
    const found = report.parse(JSON.parse(readFileSync(file, 'utf8')));
    passed += found.numPassedTests;
    failed += found.numFailedTests;
    // A file that fails before its first test.
    const broken = found.testResults.filter((f) => f.status === 'failed' && f.assertionResults.length === 0).length;
    failed += broken;
    if (found.numPassedTests === 0) count('running any test', false);
    if (!ok && found.numFailedTests + broken === 0) count('the test runner', false);
  } catch (error) {
    console.log(String(error));
    count('the test runner', false);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Programs that others wrote, of which some tests take a part. They need Debian's package sources. */
async function fetch(names: readonly string[]): Promise<void> {
  try {
    await fetchCorpora(corporaOf(names));
  } catch (error) {
    console.log(String(error));
    count(`fetching ${names.join(', ')}`, false);
  }
}

const only = process.argv.slice(2);
if (only.length === 0) {
  count('tsc', run([bin('typescript/bin/tsc'), '--noEmit']));
  count('biome', run([bin('@biomejs/biome/bin/biome'), 'check', '.']));
  count('knip', run([bin('knip/bin/knip.js')]));
}
if (only.length === 0) await fetch(['lua', 'zlib', 'bzip2']);
runTests(only);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
