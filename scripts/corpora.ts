// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { must } from '../src/base/assert.ts';
import { CORPORA, type Corpus } from './corpora-list.ts';

/** Everything that is fetched or built stays below this folder, which git ignores. */
export const CACHE = resolve(dirname(fileURLToPath(import.meta.url)), '../.cache/corpora');

/** The compilers by the names under which `--cc` takes them. */
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
  return names.map((n) =>
    must(
      CORPORA.find((c) => c.name === n),
      `no corpus is named ${n}`,
    ),
  );
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
  await execute(['apt-get', '-q', ...apt, 'update'], CACHE);
  for (const corpus of missing) {
    const root = join(CACHE, 'src', corpus.name);
    mkdirSync(root, { recursive: true });
    await execute(['apt-get', '-q', ...apt, 'source', corpus.package], root);
    const [dir] = readdirSync(root, { withFileTypes: true }).filter((e) => e.isDirectory());
    const unpacked = join(root, must(dir, `${corpus.package} did not unpack`).name);
    for (const command of corpus.prepare ?? []) await execute(['sh', '-ec', command], unpacked);
    writeFileSync(join(root, '.ready'), '');
    console.error(`fetched ${corpus.name}`);
  }
}

/** Compiles what is out of date, two files at a time, and lists all assembly files of this variant. */
export async function compileCorpus(corpus: Corpus, variant: Variant): Promise<CompiledFile[]> {
  const source = must(
    sourceDir(corpus),
    `${corpus.name} is not there: run \`npm run corpora -- fetch ${corpus.name}\``,
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
  await inParallel(2, stale, (f) => execute([...command, '-S', `${f.name}.c`, '-o', f.path], cwd));
  writeFileSync(stamp, command.join('\n'));
  return files;
}

/** Whether a compiler can be run at all. */
export async function hasCompiler(cc: Compiler): Promise<boolean> {
  return hasProgram([...COMPILERS[cc].command, '--version']);
}

export async function hasProgram(command: readonly string[]): Promise<boolean> {
  return execute(command, '.').then(
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

async function inParallel<T>(jobs: number, items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: jobs }, worker));
}

/** Runs a command; its output is only shown, in the error, when it fails. */
export function execute(command: readonly string[], cwd: string): Promise<string> {
  const [program, ...args] = command;
  return new Promise((done, fail) => {
    const child = spawn(must(program, 'an empty command'), args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (d: Buffer) => {
      output += d.toString();
    });
    child.stderr.on('data', (d: Buffer) => {
      output += d.toString();
    });
    child.on('error', fail);
    child.on('close', (code) => {
      if (code === 0) done(output);
      else fail(new Error(`${command.join(' ')} (in ${cwd}) failed with ${code}:\n${output.slice(-4000)}`));
    });
  });
}

/** The arguments of the command line, or undefined when they are not understood. */
function parseArgs(args: readonly string[]): { action: string; names: string[]; variants: Variant[] } | undefined {
  const names: string[] = [];
  let levels = ['O0', 'O2'];
  let compilers = ['gcc'];
  let intel = false;
  const [action, ...rest] = args;
  for (let i = 0; i < rest.length; i++) {
    const a = rest[i] ?? '';
    if (a === '--levels') levels = (rest[++i] ?? '').split(',');
    else if (a === '--cc') compilers = (rest[++i] ?? '').split(',');
    else if (a === '--intel') intel = true;
    else if (a.startsWith('-')) return undefined;
    else names.push(a);
  }
  if (action !== 'fetch' && action !== 'compile') return undefined;
  const variants = compilers.flatMap((cc) => (isCompiler(cc) ? levels.map((level) => ({ cc, level, intel })) : []));
  return variants.length < compilers.length ? undefined : { action, names, variants };
}

function isCompiler(name: string): name is Compiler {
  return name in COMPILERS;
}

async function main(): Promise<number> {
  const parsed = parseArgs(process.argv.slice(2));
  if (parsed === undefined) {
    console.error(
      `usage: corpora.ts fetch|compile [NAME...] [--levels O0,O2] [--cc ${Object.keys(COMPILERS).join('|')}] [--intel]`,
    );
    return 2;
  }
  const corpora = corporaOf(parsed.names);
  await fetchCorpora(corpora);
  if (parsed.action === 'fetch') return 0;
  for (const corpus of corpora) {
    for (const variant of parsed.variants) {
      const files = await compileCorpus(corpus, variant);
      console.log(
        `${corpus.name} ${variant.cc} -${variant.level}: ${files.length} files in ${buildDir(corpus, variant)}`,
      );
    }
  }
  return 0;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main();
}
