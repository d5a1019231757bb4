// SPDX-License-Identifier: MIT
import type { Command } from 'commander';
import type { Isa } from '../asm/isa/isa.ts';
import type { Carving } from '../asm/test/carve/carved.ts';
import type { SourceText } from '../base/source.ts';
import { readData, readInput } from './files.ts';
import { afterDashes } from './options.ts';
import { about, printDiagnostics, Stop } from './outcome.ts';

/** A run of the program that the tested functions are part of: what they are called with there are inputs of tests. */
export interface RecordFlags {
  readonly run?: boolean;
  readonly with: readonly string[];
  readonly file: readonly string[];
  readonly stdin?: string;
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export function addRecordOptions(command: Command): void {
  command
    .option(
      '--run',
      'also run the program, with what follows --, and test functions with what they are called with there',
    )
    .option(
      '--with <file>',
      'another file of the program, for its tables and for --run; may be given several times',
      collect,
      [],
    )
    .option('--file <name>', 'a file that the program may read; may be given several times', collect, [])
    .option('--stdin <file>', "the program's standard input");
}

/** What was recorded; none where no run was asked for. */
export async function recordedCalls(
  sources: readonly SourceText[],
  isa: Isa,
  flags: RecordFlags,
): Promise<readonly Carving[]> {
  if (flags.run !== true && flags.with.length === 0) return [];
  const { openCarver } = await import('../asm/pipeline/carve.ts');
  const program = [...sources, ...flags.with.map((path) => readInput(path))];
  const opened = openCarver(
    program,
    isa,
    sources.map((s) => s.file),
  );
  if (!('carver' in opened)) {
    const [first, ...others] = opened.diagnostics;
    printDiagnostics(others, program);
    throw new Stop(first ?? about('input', 'V0606', 'the program cannot be run'));
  }
  const { carver } = opened;
  if (flags.run !== true) return [carver.carving];
  const name = sources[0]?.file ?? 'program';
  const files = new Map(flags.file.map((path) => [path, readData(path)]));
  const stdin = flags.stdin === undefined ? new Uint8Array(0) : readData(flags.stdin);
  carver.run({ name, args: afterDashes(), files, stdin });
  return [carver.carving];
}
