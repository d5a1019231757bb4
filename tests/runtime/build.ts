// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Compiles small programs for the machines and runs them: here, and under QEMU. */

export type TargetName = 'aarch64' | 'riscv64';
export type Machine = 'x86_64' | TargetName;

export interface Ran {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export function scratch(): string {
  return mkdtempSync(join(tmpdir(), 'runtime-'));
}

function must(command: string, args: readonly string[], cwd: string): void {
  const ran = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: 120_000 });
  if (ran.error !== undefined) throw ran.error;
  if (ran.status !== 0) throw new Error(`${command} ${args.join(' ')}\n${ran.stderr}`);
}

/** Files by name; returns the path of the program. */
export function build(
  machine: Machine,
  files: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): string {
  const folder = scratch();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const sources = Object.keys(files).filter((f) => /\.[cs]$/.test(f));
  const compiler = machine === 'x86_64' ? 'gcc' : `${machine}-linux-gnu-gcc`;
  must(compiler, ['-O1', '-w', '-o', 'program', ...sources, ...flags, '-lm', '-lpthread'], folder);
  return join(folder, 'program');
}

export function run(
  machine: Machine,
  program: string,
  args: readonly string[] = [],
  input: string | Buffer = '',
  cwd?: string,
): Ran {
  const emulator = [`qemu-${machine}`, '-L', `/usr/${machine}-linux-gnu`];
  const command = [...(machine === 'x86_64' ? [] : emulator), program, ...args];
  const ran = spawnSync(command[0] ?? '', command.slice(1), {
    input,
    timeout: 120_000,
    maxBuffer: 1 << 28,
    ...(cwd === undefined ? {} : { cwd }),
  });
  if (ran.error !== undefined) throw ran.error;
  return { status: ran.status, signal: ran.signal, stdout: ran.stdout, stderr: ran.stderr.toString('utf8') };
}
