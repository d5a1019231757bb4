// SPDX-License-Identifier: MIT
import { type Command, InvalidArgumentError } from 'commander';
import { findIsa } from '../asm/pipeline/route.ts';
import { carvedFor } from '../asm/test/carve/carved.ts';
import type { FunctionReport } from '../asm/test/explorer.ts';
import { guessIsa } from '../asm/text/guess.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { readInput } from './files.ts';
import { addJson, afterDashes, cpuOption, percent, positive } from './options.ts';
import { about, EXIT, exitCodeOf, printDiagnostics, printJson, Stop } from './outcome.ts';
import { addRecordOptions, type RecordFlags, recordedCalls } from './recorded.ts';
import { coverageText, percentTaken, shortfall } from './tests.ts';
import { readWitness, writeInput } from './witness.ts';

interface Flags extends RecordFlags {
  readonly function?: readonly string[];
  readonly cpu?: string;
  readonly seed: number;
  readonly runs: number;
  readonly require?: number;
  readonly input?: string;
  readonly json?: boolean;
}

const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value];

export function testCommand(program: Command, finish: (code: number) => void): void {
  const command = program
    .command('test')
    .description('run functions of two programs side by side, on the machine within vouch, and compare what they do')
    .argument('<source>', 'an assembler file')
    .argument('<target>', 'its translation, or a port of it')
    .argument('[argument...]', 'with --run, behind --: what the program is given')
    .option('--function <name>', 'only this function; may be given several times', collect)
    .addOption(cpuOption())
    .option('--seed <n>', 'the inputs follow from this number', number, 1)
    .option('--runs <n>', 'inputs for each function', positive, 1000)
    .option('--require <percent>', 'fail unless so many of all branches were taken', percent)
    .option('--input <file>', 'run one function with the input in this file, as a report gives it, and show the way');
  addRecordOptions(command);
  addJson(command).action(async (source: string, target: string, args: readonly string[], flags: Flags) => {
    if (args.length !== afterDashes().length) throw new Stop(about('input', 'V0303', 'too many files'));
    finish(await runTest(source, target, flags));
  });
}

function number(value: string): number {
  const n = Number(value);
  if (!Number.isFinite(n) || n < 0) throw new InvalidArgumentError('a number is needed');
  return n;
}

async function runTest(sourcePath: string, targetPath: string, flags: Flags): Promise<number> {
  const [source, target] = [readInput(sourcePath), readInput(targetPath)];
  const from = findIsa(guessIsa(source.text) ?? 'x86_64', flags.cpu);
  const to = findIsa(guessIsa(target.text) ?? 'aarch64');
  if (from === undefined || to === undefined) {
    throw new Stop(about('input', 'V0606', 'the files are for machines that cannot be run', { file: source.file }));
  }
  const { replayFiles, testFiles } = await import('../asm/pipeline/side-by-side.ts');
  if (flags.input !== undefined) {
    const { name, input } = readWitness(flags.input);
    const { objects } = carvedFor(source.file, await recordedCalls([source], from, flags));
    const { diagnostics, result } = replayFiles(source, target, from, to, name, input, objects);
    printDiagnostics(diagnostics, [source, target]);
    if (result === undefined) return exitCodeOf(diagnostics);
    const { difference } = result;
    if (flags.json === true) printJson({ command: 'test', function: name, ...result, difference: difference ?? null });
    else {
      process.stdout.write(`${name}: ${difference ?? 'the same'}\n`);
      process.stdout.write(`  source, the latest first: ${result.source.join(', ')}\n`);
      process.stdout.write(`  target, the latest first: ${result.target.join(', ')}\n`);
    }
    return difference === undefined ? EXIT.ok : EXIT.different;
  }
  const { seed, runs } = flags;
  const only = flags.function === undefined ? {} : { only: flags.function };
  const recorded = carvedFor(source.file, await recordedCalls([source], from, flags));
  const tested = await testFiles(source, target, from, to, { seed, runs, steps: 100_000, ...only, ...recorded });
  const { report } = tested;
  if (report === undefined) {
    if (flags.json === true) printJson({ command: 'test', diagnostics: tested.diagnostics });
    else printDiagnostics(tested.diagnostics, [source, target]);
    return exitCodeOf(tested.diagnostics);
  }
  const { functions } = report;
  if (functions.length === 0)
    throw new Stop(about('input', 'V0303', 'no function is in both files', { file: source.file }));
  const found = [...tested.diagnostics, ...functions.flatMap((f) => differenceIn(f, source.file))];
  const different = functions.filter((f) => f.difference !== undefined).length;
  const short = flags.require === undefined ? [] : shortfall(source.file, functions, flags.require);
  found.push(...short);
  if (flags.json === true) {
    printJson({
      command: 'test',
      seed,
      runs,
      percent: percentTaken(functions),
      functions: functions.map(plain),
      diagnostics: found,
    });
  } else {
    printDiagnostics(found, [source, target]);
    for (const f of functions) process.stdout.write(`${line(f)}\n`);
    const verdict = different === 0 ? 'no difference' : `${different} different`;
    process.stdout.write(`${source.file}: ${coverageText(functions)}: ${verdict}\n`);
  }
  return different > 0 ? EXIT.different : exitCodeOf(short);
}

function line(f: FunctionReport): string {
  const what = f.difference === undefined ? (f.compared === 0 ? 'NOT TESTED' : 'same') : 'DIFFERENT';
  const missed =
    f.missed.length === 0
      ? ''
      : `; not reached: line ${f.missed.slice(0, 8).join(', ')}${f.missed.length > 8 ? ', ...' : ''}`;
  return `  ${f.name}: ${what}, ${f.compared} inputs, ${f.reached} of ${f.blocks} blocks, ${f.taken} of ${f.branches} branches${f.unreachable === 0 ? '' : `, ${f.unreachable} unreachable`}${missed}`;
}

function differenceIn(f: FunctionReport, file: string): Diagnostic[] {
  if (f.difference === undefined) return [];
  const { what, input } = f.difference;
  const notes = [
    `input: ${JSON.stringify({ function: f.name, ...writeInput(input) })}`,
    'with that in a file, `--input` runs it again',
  ];
  return [about('input', 'V0631', `${f.name} is different: ${what}`, { file, notes })];
}

const plain = (f: FunctionReport): unknown =>
  f.difference === undefined
    ? f
    : { ...f, difference: { what: f.difference.what, input: writeInput(f.difference.input) } };
