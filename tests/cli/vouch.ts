// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Runs the command line as a user does: the executable, in a process of its own, in a folder of its own. */

export const root = new URL('../../', import.meta.url).pathname;
export const example = (name: string): string => join(root, 'examples', name);

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Box {
  readonly path: string;
  vouch(args: readonly string[], options?: { readonly stdin?: string; readonly env?: NodeJS.ProcessEnv }): Ran;
  write(name: string, content: string | Uint8Array): string;
  read(name: string): string;
  /** What lies in the folder, the cache apart. */
  files(): string[];
}

/** A new folder, removed when the tests of the file have ended. */
export function box(): Box {
  const path = mkdtempSync(join(tmpdir(), 'vouch-cli-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    vouch: (args, options = {}) => {
      const env = { ...process.env, XDG_CACHE_HOME: join(path, '.cache'), ...options.env };
      const input = options.stdin ?? '';
      const ran = spawnSync(join(root, 'vouch'), [...args], { cwd: path, env, input, encoding: 'utf8' });
      return { code: ran.status, out: ran.stdout, err: ran.stderr };
    },
    write: (name, content) => {
      writeFileSync(join(path, name), content);
      return join(path, name);
    },
    read: (name) => readFileSync(join(path, name), 'utf8'),
    files: () => readdirSync(path).filter((f) => f !== '.cache'),
  };
}

/** A function that proves at once. */
export const ADD = `	.text
	.globl	add
	.type	add, @function
add:
	leaq	(%rdi,%rsi), %rax
	ret
	.size	add, .-add
	.section	.note.GNU-stack,"",@progbits
`;

/** What an error for people must never show. */
export const STACK_TRACE = /^\s+at .*:\d+:\d+|node:internal|TypeError|ReferenceError/m;
