// SPDX-License-Identifier: MIT
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { runEmbedded } from '../asm/pipeline/embedded.ts';
import type { HashedText } from '../asm/pipeline/hashed.ts';
import { beginsAlone } from '../asm/program/entry.ts';
import { type GuessedIsa, guessIsa, MACHINE_NAMES } from '../asm/text/guess.ts';
import { must } from '../base/assert.ts';
import type { SourceText } from '../base/source.ts';
import { type Output, readData, readInput, reason, removeFile, writeOutputs } from './files.ts';
import { afterDashes, cpuOption, positive, workOf } from './options.ts';
import { about, EXIT, type ExitCode, exitCodeOf, printDiagnostics, Stop } from './outcome.ts';
import { type RunTarget, TARGET_TOOLS, TOOLS, type Tool, toolVersion } from './tools.ts';
import { exitCodeFor, verdictDiagnostics } from './verdicts.ts';

interface Flags {
  readonly on: 'embedded' | 'qemu' | 'host';
  readonly to?: RunTarget;
  readonly cpu?: string;
  readonly link: readonly string[];
  readonly file: readonly string[];
  readonly write: readonly string[];
  readonly count?: boolean;
  readonly trace?: boolean;
  readonly maxInstructions?: number;
  readonly maxMemory?: number;
  readonly maxSeconds?: number;
  readonly maxOutput: number;
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export function runCommand(program: Command, finish: (code: number) => void): void {
  program
    .command('run')
    .description('run the program that assembly files make; its exit status becomes ours')
    .argument('<file...>', 'x86-64, AArch64 or RISC-V assembler files; what follows -- goes to the program')
    .addOption(
      new Option('--on <machine>', 'embedded: within vouch; host: this machine; qemu: the target under QEMU')
        .choices(['embedded', 'qemu', 'host'])
        .default('embedded'),
    )
    .addOption(
      new Option(
        '--to <target>',
        'translate x86-64 files first; --on qemu always does, to AArch64 where nothing else is said',
      ).choices(Object.keys(TARGET_TOOLS)),
    )
    .addOption(cpuOption())
    .option('--file <name>', 'embedded: a file that the program may read; may be given several times', collect, [])
    .option(
      '--write <name>',
      'embedded: a file that the program may write, and read where it is there; may be given several times',
      collect,
      [],
    )
    .option('--count', 'embedded: tell how often instructions of each form were carried out')
    .option('--trace', 'embedded: tell of each block that is entered')
    .option('--max-instructions <n>', 'embedded: end the program after so many', amount)
    .option('--max-memory <MiB>', 'embedded: memory for code, data, stack and heap together (default: 512)', positive)
    .option('--max-seconds <n>', 'embedded: end the program after so long', amount)
    .option('--max-output <MiB>', 'embedded: end the program when it has written so much', positive, 1024)
    .option('--link <argument>', 'host, qemu: a further argument for linking, such as -lm', collect, [])
    .usage('[options] <file...> [-- <argument...>]')
    .action(async (files: string[], flags: Flags) => {
      const args = afterDashes();
      finish(await runRun(files.slice(0, files.length - args.length), args, flags));
    });
}

async function runRun(paths: readonly string[], args: readonly string[], flags: Flags): Promise<number> {
  if (paths.length === 0) throw new Stop(about('input', 'V0303', 'no file to run'));
  const inputs = paths.map((path) => readInput(path));
  if (flags.on === 'embedded') return runWithin(inputs, args, flags);
  if (flags.on === 'host') {
    if (flags.cpu !== undefined) throw new Stop(about('input', 'V0303', 'the processor of the host cannot be chosen'));
    return runHost(inputs, args, flags);
  }
  const foreign = inputs.filter((f) => machineOf(f) === 'x86_64');
  const native = inputs.filter((f) => !foreign.includes(f));
  const to = flags.to ?? native.map(machineOf).find((m) => m !== 'x86_64') ?? 'aarch64';
  const { gcc, qemu, libraries } = TARGET_TOOLS[to];
  for (const f of native) if (machineOf(f) !== to) throw notFor(f, `and the others are run on ${MACHINE_NAMES[to]}`);
  needTools(gcc, qemu);
  const translated = await translateAll(foreign, to, flags.cpu);
  if (typeof translated === 'number') return translated;
  const texts = [...native.map((f) => f.text), ...translated];
  return linkAndRun(texts, [gcc.command, ...flags.link], (program) => [
    qemu.command,
    '-L',
    libraries,
    program,
    ...args,
  ]);
}

/** On the machine within vouch: what it reads is only what it was given. */
async function runWithin(inputs: readonly HashedText[], args: readonly string[], flags: Flags): Promise<number> {
  let sources: readonly SourceText[] = inputs;
  if (flags.to !== undefined) {
    const foreign = inputs.filter((f) => machineOf(f) === 'x86_64');
    const translated = await translateAll(foreign, flags.to, flags.cpu);
    if (typeof translated === 'number') return translated;
    const made = translated.map((text, i) => ({ file: `${foreign[i]?.file ?? ''} (translated)`, text }));
    sources = [...inputs.filter((f) => !foreign.includes(f)), ...made];
  }
  const { maxInstructions, maxMemory, maxSeconds } = flags;
  const given = [...flags.file, ...flags.write.filter((name) => existsSync(name))];
  const files = new Map(given.map((name) => [name, readData(name)]));
  const outcome = await runEmbedded({
    sources: sources.map(({ file, text }) => ({ file, text })),
    args,
    name: basename(inputs[0]?.file ?? '').replace(/\.s$/i, ''),
    files,
    wanted: flags.write,
    maxOutputBytes: flags.maxOutput * MIB,
    counting: flags.count === true,
    trace: flags.trace === true,
    processor: flags.to === undefined ? flags.cpu : undefined,
    ...(maxInstructions === undefined ? {} : { maxInstructions }),
    ...(maxMemory === undefined ? {} : { maxMemoryBytes: maxMemory * MIB }),
    ...(maxSeconds === undefined ? {} : { maxSeconds }),
  });
  keep(flags.write, outcome.left, files);
  printDiagnostics(outcome.diagnostics, sources);
  if (flags.count === true && outcome.status !== undefined) {
    const lines = outcome.counts.map(([form, count]) => `${String(count).padStart(15)}  ${form}\n`);
    process.stderr.write(`${String(outcome.executed).padStart(15)}  instructions\n${lines.join('')}`);
  }
  return outcome.status ?? exitCodeOf(outcome.diagnostics);
}

/** Leaves the files that the program may write as it has left them: changed, made or removed. */
function keep(
  names: readonly string[],
  left: ReadonlyMap<string, Uint8Array | undefined>,
  before: ReadonlyMap<string, Uint8Array>,
): void {
  const changed: Output[] = [];
  for (const [path, text] of left) {
    const old = before.get(path);
    if (text !== undefined && (old === undefined || Buffer.compare(old, text) !== 0)) changed.push({ path, text });
  }
  writeOutputs(changed);
  if (left.size === 0) return;
  for (const name of names) if (left.get(name) === undefined && before.has(name)) removeFile(name);
}

const MIB = 2 ** 20;

function amount(value: string): number {
  const n = Number(value);
  if (!(n > 0) || !Number.isFinite(n)) throw new InvalidArgumentError('a number above 0 is needed');
  return n;
}

function runHost(inputs: readonly HashedText[], args: readonly string[], flags: Flags): Promise<number> {
  const here = process.arch === 'x64' ? 'x86_64' : process.arch === 'arm64' ? 'aarch64' : undefined;
  for (const f of inputs) {
    if (machineOf(f) !== here) throw notFor(f, 'and this machine is another');
  }
  needTools(TOOLS.gcc);
  const texts = inputs.map((f) => f.text);
  return linkAndRun(texts, [TOOLS.gcc.command, ...flags.link], (program) => [program, ...args]);
}

/** Which machine a file is for; a file with no instructions that tell is taken for the source machine. */
function machineOf(input: HashedText): 'x86_64' | RunTarget {
  const guess: GuessedIsa = guessIsa(input.text) ?? 'x86_64';
  if (guess === 'x86_64' || guess === 'aarch64' || guess === 'riscv64') return guess;
  throw notFor(input, 'which cannot be run', guess);
}

function notFor(input: HashedText, why: string, machine: GuessedIsa = machineOf(input)): Stop {
  return new Stop(about('input', 'V0303', `the file is for ${MACHINE_NAMES[machine]}, ${why}`, { file: input.file }));
}

function needTools(...tools: readonly Tool[]): void {
  const missing = tools.filter((t) => toolVersion(t) === undefined);
  if (missing.length === 0) return;
  const names = missing.map((t) => t.command).join(' and ');
  const notes = [`on Debian: apt-get install ${missing.map((t) => t.package).join(' ')}`];
  throw new Stop(about('unsupported', 'V0305', `${names} is needed and not installed`, { notes }));
}

/** The translations, or the exit code where some file cannot be translated or is refuted. */
async function translateAll(
  inputs: readonly HashedText[],
  to: RunTarget,
  cpu: string | undefined,
): Promise<string[] | ExitCode> {
  // What only runs does not wait for these.
  const { findRoute } = await import('../asm/pipeline/route.ts');
  const { translate } = await import('../asm/pipeline/translate.ts');
  const route = must(findRoute('x86_64', to, cpu), 'route');
  const results = await translate(inputs, {
    ...workOf({}, true),
    from: route.source.name,
    to: route.target.name,
    processor: route.source.processor,
    targetName: (source) => `${source} (translated)`,
    features: [],
    withStages: false,
  });
  const texts: string[] = [];
  let exit: ExitCode = EXIT.ok;
  for (const t of results) {
    const found = t.verdict === undefined ? [] : verdictDiagnostics(t.verdict, t.source, false);
    printDiagnostics([...t.diagnostics, ...found], [t.source]);
    const code = t.verdict === undefined ? exitCodeOf(t.diagnostics) : exitCodeFor(t.verdict.kind, false);
    if (exit === EXIT.ok) exit = code;
    if (t.target !== undefined) texts.push(t.target.text);
  }
  return exit === EXIT.ok ? texts : exit;
}

async function linkAndRun(
  texts: readonly string[],
  link: readonly string[],
  command: (program: string) => readonly string[],
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'vouch-run-'));
  try {
    const files = texts.map((text, i) => {
      const file = join(folder, `${i}.s`);
      writeFileSync(file, text);
      return file;
    });
    const program = join(folder, 'program');
    const alone = texts.some(beginsAlone) ? ['-nostdlib', '-static'] : [];
    const [linker = '', ...options] = [...link, ...alone];
    const linked = spawnSync(linker, ['-o', program, ...files, ...options], { encoding: 'utf8' });
    if (linked.status !== 0) {
      const notes = linked.stderr.trim().split('\n').slice(0, 20);
      throw new Stop(about('input', 'V0310', `${linker} could not link the files`, { notes }));
    }
    return await execute(command(program));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the program with our streams. A signal that ends it gives the status that shells give. */
function execute(command: readonly string[]): Promise<number> {
  const [file = '', ...args] = command;
  return new Promise((resolve, reject) => {
    // What interrupts the program is for it to deal with; we go on and clean up.
    const ignore = (): void => undefined;
    process.on('SIGINT', ignore);
    const child = spawn(file, args, { stdio: 'inherit' });
    child.on('error', (error) =>
      reject(new Stop(about('unsupported', 'V0310', `${file} cannot be run: ${reason(error)}`))),
    );
    child.on('close', (status, signal) => {
      process.off('SIGINT', ignore);
      resolve(status ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
