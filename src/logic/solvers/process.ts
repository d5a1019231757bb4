// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { printQuery } from '../smtlib.ts';
import type { Solver, SolverAnswer } from '../solver.ts';
import type { Term } from '../term.ts';
import { askForModel, readAnswer } from './answer.ts';

/** A solver that is a program on this machine: one process per question, which reads SMT-LIB from its input. */
interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: (timeoutMs: number) => readonly string[];
}

const z3: Program = {
  name: 'z3',
  command: 'z3',
  args: (timeoutMs) => ['-in', `-t:${timeoutMs}`],
};

const cvc5: Program = {
  name: 'cvc5',
  command: 'cvc5',
  args: (timeoutMs) => ['--lang=smt2', '--produce-models', `--tlimit=${timeoutMs}`, '-q'],
};

interface Output {
  readonly text: string;
  readonly failed?: string;
}

function runProgram(command: string, args: readonly string[], input: string, timeoutMs: number): Promise<Output> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    let text = '';
    let failed: string | undefined;
    const timer = setTimeout(() => {
      failed = `no answer within ${timeoutMs} ms`;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk: string) => {
      text += chunk;
    });
    // A program that ends before it has read everything is no trouble of ours.
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => {
      failed = error.message;
    });
    child.on('close', () => {
      clearTimeout(timer);
      resolve(failed === undefined ? { text } : { text, failed });
    });
    child.stdin.end(input);
  });
}

function processSolver(program: Program): Solver {
  return {
    name: program.name,
    async check(assertions: readonly Term[], timeoutMs: number): Promise<SolverAnswer> {
      const query = printQuery(assertions);
      const input = `(set-option :produce-models true)\n${query.text}${askForModel(query)}(exit)\n`;
      const output = await runProgram(program.command, program.args(timeoutMs), input, timeoutMs + 500);
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
