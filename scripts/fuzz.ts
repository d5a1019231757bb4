// SPDX-License-Identifier: MIT
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isLevel, namesIn, oneOf, runScript, UsageError } from './options.ts';
import { inParallel, run, runOrFail, withFolder } from './process.ts';
import { emulated, isTarget, linkNative, linkTarget, missingTools, type Target, translateFile } from './translation.ts';

/** Random C programs, by seed: compiled, translated, run, and compared with the original. */

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const USAGE = 'fuzz.ts [--to aarch64] [--seeds A-B] [--levels O0,O2] [--cc gcc] [--check] [--keep FOLDER]';

export interface FuzzCase {
  readonly seed: number;
  readonly cc: 'gcc' | 'clang';
  readonly level: string;
  readonly to: Target;
}

export type FuzzResult =
  | { readonly kind: 'same' }
  /** The original does not end in time, or does not compile: nothing is known. */
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'different'; readonly what: string };

/** How long an original may run; csmith's programs end at once or hardly ever. */
const NATIVE_SECONDS = 2;
const TARGET_SECONDS = 60;

/** What csmith is asked for: every second program has floats as well, and every third one compilers' builtins. */
function optionsFor(seed: number): string[] {
  const options = ['--no-argc', '--max-funcs', '8', '--max-block-depth', '4'];
  if (seed % 2 === 0) options.push('--float');
  // The others need instructions that not every machine has.
  if (seed % 3 === 0) options.push('--builtins', '--disable-builtin-kinds', 'x86');
  return options;
}

export async function generate(seed: number, path: string): Promise<void> {
  await runOrFail(['csmith', '--seed', String(seed), ...optionsFor(seed), '-o', path], {
    cwd: dirname(path),
    seconds: 60,
  });
}

/** Tries one program. Where the translation differs, its files are kept below `keep`. */
export function tryCase({ seed, cc, level, to }: FuzzCase, check: boolean, keep?: string): Promise<FuzzResult> {
  return withFolder(async (folder) => {
    const at = (name: string): string => join(folder, name);
    await generate(seed, at('p.c'));
    const own = cc === 'clang' ? ['-fno-addrsig'] : [];
    await runOrFail([cc, '-w', `-${level}`, ...own, '-I/usr/include/csmith', '-S', at('p.c'), '-o', at('p.s')]);
    await linkNative([at('p.s')], at('native'), []);
    const expected = await run([at('native')], { cwd: folder, name: 'p', seconds: NATIVE_SECONDS });
    if (expected.status === 'timeout') return { kind: 'skipped', reason: 'the original does not end' };
    // Where csmith lets something undefined through, compilers may leave out the rest of the program.
    if (!expected.stdout.includes('checksum'))
      return { kind: 'skipped', reason: 'the original does not get to its end' };
    const different = (what: string): FuzzResult => {
      if (keep !== undefined) save(folder, join(keep, `${seed}-${cc}-${level}-${to}`), what);
      return { kind: 'different', what };
    };
    let translated: Awaited<ReturnType<typeof translateFile>>;
    try {
      translated = await translateFile(at('p.s'), { to, check });
    } catch (error) {
      return different(`failed: ${String(error)}`);
    }
    if (translated.target === undefined) return different(`refused: ${translated.complaints.slice(0, 3).join('; ')}`);
    if ((translated.verdicts?.refuted ?? 0) > 0) return different(`${translated.verdicts?.refuted} blocks refuted`);
    const linked = await linkTarget(to, [translated.target], at('target'), []).then(
      () => undefined,
      (e: unknown) => String(e),
    );
    if (linked !== undefined) return different(linked);
    const got = await run(emulated(to, at('target'), 'p'), { cwd: folder, name: 'p', seconds: TARGET_SECONDS });
    if (got.status !== expected.status) return different(`ended with ${got.status}, not ${expected.status}`);
    if (!got.stdout.equals(expected.stdout)) return different(`printed ${got.stdout}, not ${expected.stdout}`);
    return { kind: 'same' };
  });
}

function save(from: string, to: string, what: string): void {
  mkdirSync(to, { recursive: true });
  for (const f of readdirSync(from).filter((name) => name.startsWith('p.'))) {
    copyFileSync(join(from, f), join(to, f));
  }
  writeFileSync(join(to, 'what.txt'), `${what}\n`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      to: { type: 'string', default: 'aarch64' },
      seeds: { type: 'string', default: '1-20' },
      levels: { type: 'string', default: 'O0,O2' },
      cc: { type: 'string', default: 'gcc' },
      check: { type: 'boolean', default: false },
      keep: { type: 'string', default: join(ROOT, 'reports/fuzz') },
    },
  });
  const range = /^(\d+)(?:-(\d+))?$/.exec(values.seeds);
  if (range === null) throw new UsageError(`seeds are a number or two with a dash between, not '${values.seeds}'`);
  const isCompiler = (name: string): name is FuzzCase['cc'] => name === 'gcc' || name === 'clang';
  const [cc, to] = [oneOf(values.cc, isCompiler, 'compiler'), oneOf(values.to, isTarget, 'target')];
  const levels = namesIn(values.levels, isLevel, 'level');
  const missing = await missingTools(['csmith']);
  if (missing.length > 0) throw new UsageError(`needs ${missing.join(', ')}`);
  const [first, last] = [Number(range[1]), Number(range[2] ?? range[1])];
  const cases: FuzzCase[] = [];
  for (let seed = first; seed <= last; seed++) for (const level of levels) cases.push({ seed, cc, level, to });
  const counts = { same: 0, skipped: 0, different: 0 };
  await inParallel(2, cases, async (c) => {
    const result = await tryCase(c, values.check, values.keep);
    counts[result.kind]++;
    if (result.kind === 'different') console.log(`seed ${c.seed} ${c.cc} -${c.level}: ${result.what.slice(0, 500)}`);
  });
  console.log(`${counts.same} passed, ${counts.different} failed, ${counts.skipped} skipped`);
  return counts.different > 0 || counts.same === 0 ? 1 : 0;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await runScript(USAGE, main);
}
