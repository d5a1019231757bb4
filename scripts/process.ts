// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from '../src/base/assert.ts';

/** What a program did. A run that was ended for taking too long has the status `timeout`. */
export interface Outcome {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** The exit status, or the name of the signal that ended it. */
  readonly status: number | string;
  readonly seconds: number;
}

export interface RunOptions {
  /** What the program is told that it is called. */
  readonly name?: string;
  readonly cwd?: string;
  readonly stdin?: Buffer | string;
  readonly seconds?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end, or until its time is over. */
export function run(command: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const [program, ...args] = command;
  const { cwd = '.', stdin = '', seconds = 120, env, name } = options;
  const start = performance.now();
  return new Promise((done, fail) => {
    const child = spawn(must(program, 'an empty command'), args, {
      cwd,
      stdio: 'pipe',
      ...(name === undefined ? {} : { argv0: name }),
      ...(env === undefined ? {} : { env: { ...process.env, ...env } }),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, seconds * 1000);
    child.stdout.on('data', (d: Buffer) => out.push(d));
    child.stderr.on('data', (d: Buffer) => err.push(d));
    // A program may end without reading all of its input.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    child.on('error', (e) => {
      clearTimeout(timer);
      fail(e);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      done({
        stdout: Buffer.concat(out),
        stderr: Buffer.concat(err),
        status: late ? 'timeout' : (code ?? signal ?? 'unknown'),
        seconds: (performance.now() - start) / 1000,
      });
    });
  });
}

/** Runs a command that must succeed. */
export async function runOrFail(command: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const outcome = await run(command, { seconds: 900, ...options });
  if (outcome.status === 0) return outcome;
  const said = `${outcome.stderr.toString()}${outcome.stdout.toString()}`.slice(-4000);
  throw new Error(`${command.join(' ').slice(0, 500)} ended with ${outcome.status}:\n${said}`);
}

/** Does `work` on all items, `jobs` at a time; results are in the items' order. */
export async function inParallel<T, R>(
  jobs: number,
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) {
      const item = items[i];
      if (item !== undefined) results[i] = await work(item, i);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, items.length) }, worker));
  return results;
}

/** Gives `work` a folder of its own that is gone afterwards. */
export async function withFolder<R>(work: (folder: string) => Promise<R>): Promise<R> {
  const folder = mkdtempSync(join(tmpdir(), 'vouch-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
