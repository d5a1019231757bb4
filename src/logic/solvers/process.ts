// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { PATIENCE, spend } from '../../core/budget.ts';
import { printQuery } from '../smtlib.ts';
import type { Solver, SolverAnswer } from '../solver.ts';
import type { Term } from '../term.ts';
import { askForModel, readAnswer } from './answer.ts';

/** A solver that is a program on this machine: one process per question, which reads SMT-LIB from its input. */
interface Program {
  readonly name: string;
  readonly command: string;
  /** How many of its units of resource it uses up in a millisecond, on hard questions about bit-vectors. */
  readonly unitsInMs: number;
  /** `units` are its limit, and the milliseconds are the clock's. */
  readonly args: (units: number, stopMs: number) => readonly string[];
  /** What it is told at the end so that it says what it has used up. */
  readonly askForUnits: string;
  /** Finds that number in what it says. */
  readonly units: RegExp;
}

const z3: Program = {
  name: 'z3',
  command: 'z3',
  unitsInMs: 1500,
  args: (units, stopMs) => ['-in', `-t:${stopMs}`, `rlimit=${units}`],
  askForUnits: '(get-info :rlimit)\n',
  units: /\(:rlimit (\d+)\)/,
};

const cvc5: Program = {
  name: 'cvc5',
  command: 'cvc5',
  unitsInMs: 100,
  args: (units, stopMs) => [
    '--lang=smt2',
    '--produce-models',
    '--stats-internal',
    `--rlimit=${units}`,
    `--tlimit=${stopMs}`,
    '-q',
  ],
  askForUnits: '',
  units: /^resource::resourceUnitsUsed = (\d+)$/m,
};

interface Output {
  readonly text: string;
  readonly errors: string;
  readonly failed?: string;
}

function runProgram(command: string, args: readonly string[], input: string, timeoutMs: number): Promise<Output> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let text = '';
    let errors = '';
    let failed: string | undefined;
    const timer = setTimeout(() => {
      failed = `no answer within ${timeoutMs} ms`;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk: string) => {
      text += chunk;
    });
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (chunk: string) => {
      errors += chunk;
    });
    // A program that ends before it has read everything is no trouble of ours.
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => {
      failed = error.message;
    });
    child.on('close', () => {
      clearTimeout(timer);
      resolve(failed === undefined ? { text, errors } : { text, errors, failed });
    });
    child.stdin.end(input);
  });
}

function processSolver(program: Program): Solver {
  return {
    name: program.name,
    async check(assertions: readonly Term[], effortMs: number): Promise<SolverAnswer> {
      const query = printQuery(assertions);
      const input = `(set-option :produce-models true)\n${query.text}${askForModel(query)}${program.askForUnits}(exit)\n`;
      const stopMs = PATIENCE * effortMs;
      const args = program.args(Math.ceil(effortMs * program.unitsInMs), stopMs);
      const output = await runProgram(program.command, args, input, stopMs + 500);
      const used = program.units.exec(output.text + output.errors)?.[1];
      spend(used === undefined ? effortMs : Number(used) / program.unitsInMs);
      if (output.failed !== undefined) return { status: 'unknown', reason: output.failed };
      return readAnswer(query, output.text);
    },
    close: () => Promise.resolve(),
  };
}

export const z3Process = (): Solver => processSolver(z3);
export const cvc5Process = (): Solver => processSolver(cvc5);

/** Which of z3 and cvc5 are installed here. */
export async function installedSolvers(): Promise<readonly Solver[]> {
  const found: Solver[] = [];
  for (const program of [z3, cvc5]) {
    const output = await runProgram(program.command, ['--version'], '', 5000);
    if (output.failed === undefined && /version/i.test(output.text)) found.push(processSolver(program));
  }
  return found;
}
