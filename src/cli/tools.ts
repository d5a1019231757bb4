// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';

/** Programs that vouch uses where they are installed, and what each is for. */

export interface Tool {
  readonly command: string;
  readonly args: readonly string[];
  readonly purpose: string;
  /** The Debian package. */
  readonly package: string;
}

export const TOOLS = {
  z3: { command: 'z3', args: ['--version'], purpose: 'decides what normalising leaves open', package: 'z3' },
  cvc5: { command: 'cvc5', args: ['--version'], purpose: 'a second solver', package: 'cvc5' },
  gcc: { command: 'gcc', args: ['--version'], purpose: 'links for `vouch run --on host`', package: 'gcc' },
  crossGcc: {
    command: 'aarch64-linux-gnu-gcc',
    args: ['--version'],
    purpose: 'links for `vouch run --on qemu`',
    package: 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross',
  },
  qemu: {
    command: 'qemu-aarch64',
    args: ['--version'],
    purpose: 'runs AArch64 programs for `vouch run --on qemu`',
    package: 'qemu-user',
  },
} as const satisfies Record<string, Tool>;

/** The first line that the tool says of its version; undefined where it is not there. */
export function toolVersion(tool: Tool): string | undefined {
  const { error, stdout, status } = spawnSync(tool.command, [...tool.args], { encoding: 'utf8', timeout: 10_000 });
  if (error !== undefined || status !== 0) return undefined;
  const lines = stdout.split('\n').map((l) => l.trim());
  return lines.find((l) => /\d+\.\d+/.test(l)) ?? lines[0] ?? '';
}
