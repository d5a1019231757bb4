// SPDX-License-Identifier: MIT
import { availableParallelism, totalmem } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { PROCESSOR_NAMES } from '../asm/isa/x86_64/levels.ts';
import { SOLVER_NAMES, type SolverName } from '../asm/pipeline/solver-names.ts';
import type { Work } from '../asm/pipeline/translate.ts';
import { DEFAULT_LIMITS } from '../core/budget.ts';
import { progressOn } from './progress.ts';

/** Options that several commands share, and what they come to. */

export interface WorkFlags {
  readonly jobs?: number;
  readonly solver?: SolverName | 'none';
  readonly cache?: boolean;
  readonly dumpSmt?: string;
  readonly timeout?: number;
  readonly json?: boolean;
}

/** What follows `--` on the command line: it is for a program that is run. */
export function afterDashes(): readonly string[] {
  const at = process.argv.indexOf('--');
  return at < 0 ? [] : process.argv.slice(at + 1);
}

export function positive(value: string): number {
  const n = Number(value);
  if (!Number.isInteger(n) || n < 1 || n > 1_000_000) throw new InvalidArgumentError('a number from 1 on is needed');
  return n;
}

export function percent(value: string): number {
  const n = Number(value);
  if (!(n >= 0 && n <= 100)) throw new InvalidArgumentError('a number from 0 to 100 is needed');
  return n;
}

export function addWorkOptions(command: Command, canCache: boolean): Command {
  command
    .option('--jobs <n>', 'how many threads check at once (default: one for each core)', positive)
    .addOption(new Option('--solver <name>', 'ask only this solver').choices([...SOLVER_NAMES, 'none']))
    .option('--timeout <ms>', 'work for each question to a solver, in milliseconds of an idle machine', positive)
    .option('--dump-smt <dir>', 'write each question to a solver to a file in this folder');
  if (canCache) command.option('--no-cache', 'do not use or keep what solvers proved in earlier runs');
  return addJson(command);
}

/** What x86-64 files are taken to run on. */
export function cpuOption(): Option {
  const what = 'take x86-64 files to run on a processor of exactly this level: instructions that it lacks trap';
  return new Option('--cpu <level>', what).choices(PROCESSOR_NAMES);
}

export function addJson(command: Command): Command {
  return command.option('--json', 'print machine-readable output');
}

/** A thread needs about this much memory for the largest files. */
const THREAD_BYTES = 1.5 * 2 ** 30;

export function workOf(flags: WorkFlags, canCache: boolean): Work {
  const fitting = Math.max(1, Math.floor(totalmem() / THREAD_BYTES));
  const queryMs = flags.timeout ?? DEFAULT_LIMITS.queryMs;
  const { solver, dumpSmt } = flags;
  return {
    jobs: flags.jobs ?? Math.min(availableParallelism(), fitting),
    limits: { queryMs, blockMs: Math.max(DEFAULT_LIMITS.blockMs, 4 * queryMs) },
    prover: {
      cache: canCache && flags.cache !== false,
      ...(solver === undefined ? {} : { solvers: solver === 'none' ? [] : [solver] }),
      ...(dumpSmt === undefined ? {} : { dumpTo: dumpSmt }),
    },
    progress: progressOn(process.stderr),
  };
}
