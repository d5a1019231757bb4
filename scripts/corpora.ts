// SPDX-License-Identifier: MIT
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { must } from '../src/base/assert.ts';
import { CORPORA, type Corpus } from './corpora-list.ts';
import { UsageError } from './options.ts';
import { inParallel, runOrFail } from './process.ts';

/** Everything that is fetched or built stays below this folder, which git ignores. */
export const CACHE = resolve(dirname(fileURLToPath(import.meta.url)), '../.cache/corpora');

/** The compilers by name. */
export const COMPILERS = {
  gcc: { command: ['gcc'], isa: 'x86_64' },
  // GNU as does not know clang's directives for its own linker.
  clang: { command: ['clang', '-fno-addrsig'], isa: 'x86_64' },
  'aarch64-gcc': { command: ['aarch64-linux-gnu-gcc'], isa: 'aarch64' },
  // Without fused multiplication and addition, which x86-64 does not have, so that results are the same.
  'riscv64-gcc': { command: ['riscv64-linux-gnu-gcc'], isa: 'riscv64' },
  'riscv64-gcc-exact': { command: ['riscv64-linux-gnu-gcc', '-ffp-contract=off'], isa: 'riscv64' },
  'riscv64-gcc-zb': {
    command: ['riscv64-linux-gnu-gcc', '-ffp-contract=off', '-march=rv64gc_zba_zbb_zbs'],
    isa: 'riscv64',
  },
  'aarch64-gcc-exact': { command: ['aarch64-linux-gnu-gcc', '-ffp-contract=off'], isa: 'aarch64' },
  'aarch64-clang': { command: ['clang', '--target=aarch64-linux-gnu', '-fPIE'], isa: 'aarch64' },
} as const;
export type Compiler = keyof typeof COMPILERS;

export interface Variant {
  readonly cc: Compiler;
  /** `O0`, `O2`, `Os`, ... */
  readonly level: string;
  readonly intel?: boolean;
}

export interface CompiledFile {
  readonly corpus: string;
  readonly variant: Variant;
  /** The C file's name within its corpus, without `.c`. */
  readonly name: string;
  /** The assembly file. */
  readonly path: string;
}

/** The corpora of these names, or all. */
export function corporaOf(names: readonly string[]): readonly Corpus[] {
  if (names.length === 0) return CORPORA;
  return names.map((n) => {
    const found = CORPORA.find((c) => c.name === n);
    if (found === undefined)
      throw new UsageError(`no corpus is named ${n}; there are ${CORPORA.map((c) => c.name).join(', ')}`);
    return found;
  });
}

/** Where the unpacked source package is, or undefined before it was fetched. */
export function sourceDir(corpus: Corpus): string | undefined {
  const root = join(CACHE, 'src', corpus.name);
  if (!existsSync(join(root, '.ready'))) return undefined;
  const [dir] = readdirSync(root, { withFileTypes: true }).filter((e) => e.isDirectory());
  return dir === undefined ? undefined : join(root, dir.name);
}

/** Where a variant's assembly files are put. */
export function buildDir(corpus: Corpus, { cc, level, intel }: Variant): string {
  return join(CACHE, 'build', corpus.name, `${cc}-${level}${intel === true ? '-intel' : ''}`);
}

/** Fetches and unpacks the source packages that are not there yet. */
export async function fetchCorpora(corpora: readonly Corpus[]): Promise<void> {
  const missing = corpora.filter((c) => sourceDir(c) === undefined);
  if (missing.length === 0) return;
  const apt = privateApt();
  await runOrFail(['apt-get', '-q', ...apt, 'update'], { cwd: CACHE });
  for (const corpus of missing) {
    const root = join(CACHE, 'src', corpus.name);
    mkdirSync(root, { recursive: true });
    await runOrFail(['apt-get', '-q', ...apt, 'source', corpus.package], { cwd: root });
    const [dir] = readdirSync(root, { withFileTypes: true }).filter((e) => e.isDirectory());
    const unpacked = join(root, must(dir, `${corpus.package} did not unpack`).name);
    for (const command of corpus.prepare ?? []) await runOrFail(['sh', '-ec', command], { cwd: unpacked });
    writeFileSync(join(root, '.ready'), '');
    console.error(`fetched ${corpus.name}`);
  }
}

/** Compiles what is out of date, two files at a time, and lists all assembly files of this variant. */
export async function compileCorpus(corpus: Corpus, variant: Variant): Promise<CompiledFile[]> {
  const source = must(
    sourceDir(corpus),
    `${corpus.name} is not there: \`npm run corpora -- ${corpus.name}\` fetches it`,
  );
  const out = buildDir(corpus, variant);
  mkdirSync(out, { recursive: true });
  const cwd = join(source, corpus.dir);
  const command = commandOf(corpus, variant);
  const stamp = join(out, '.command');
  const same = existsSync(stamp) && readFileSync(stamp, 'utf8') === command.join('\n');
  const files = corpus.files.map((name) => {
    return { corpus: corpus.name, variant, name, path: join(out, `${name.replaceAll('/', '-')}.s`) };
  });
  const stale = files.filter((f) => !same || !isNewer(f.path, join(cwd, `${f.name}.c`)));
  await inParallel(2, stale, (f) => runOrFail([...command, '-S', `${f.name}.c`, '-o', f.path], { cwd }));
  writeFileSync(stamp, command.join('\n'));
  return files;
}

/** Whether a compiler can be run at all. */
export async function hasCompiler(cc: Compiler): Promise<boolean> {
  return hasProgram([...COMPILERS[cc].command, '--version']);
}

export async function hasProgram(command: readonly string[]): Promise<boolean> {
  return runOrFail(command).then(
    () => true,
    () => false,
  );
}

function commandOf(corpus: Corpus, { cc, level, intel }: Variant): string[] {
  return [
    ...COMPILERS[cc].command,
    `-${level}`,
    '-w',
    ...(intel === true ? ['-masm=intel'] : []),
    ...corpus.defines.map((d) => `-D${d}`),
    ...(corpus.includes ?? []).map((i) => `-I${i}`),
  ];
}

/** Options that make apt-get use lists and caches of our own, so that the machine's configuration stays as it is. */
function privateApt(): string[] {
  const root = join(CACHE, 'apt');
  for (const d of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(root, d), { recursive: true });
  const list = join(root, 'sources.list');
  const signed = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]';
  writeFileSync(list, `deb-src ${signed} http://deb.debian.org/debian bookworm main\n`);
  return [
    `Dir::Etc::sourcelist=${list}`,
    'Dir::Etc::sourceparts=-',
    `Dir::State::lists=${join(root, 'lists')}`,
    `Dir::Cache=${join(root, 'cache')}`,
    'APT::Sandbox::User=root',
  ].flatMap((o) => ['-o', o]);
}

function isNewer(target: string, source: string): boolean {
  return existsSync(target) && statSync(target).mtimeMs >= statSync(source).mtimeMs;
}
