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
  aarch64Gcc: cross('aarch64', 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross'),
  aarch64Qemu: emulator('aarch64', 'AArch64'),
  riscv64Gcc: cross('riscv64', 'gcc-riscv64-linux-gnu libc6-dev-riscv64-cross'),
  riscv64Qemu: emulator('riscv64', 'RISC-V'),
} satisfies Record<string, Tool>;

/** What links and what runs a target's programs, and where the emulator finds the target's libraries. */
export const TARGET_TOOLS = {
  aarch64: { gcc: TOOLS.aarch64Gcc, qemu: TOOLS.aarch64Qemu, libraries: '/usr/aarch64-linux-gnu' },
  riscv64: { gcc: TOOLS.riscv64Gcc, qemu: TOOLS.riscv64Qemu, libraries: '/usr/riscv64-linux-gnu' },
} as const;
export type RunTarget = keyof typeof TARGET_TOOLS;

function cross(name: string, packages: string): Tool {
  const purpose = `links for \`vouch run --on qemu --to ${name}\``;
  return { command: `${name}-linux-gnu-gcc`, args: ['--version'], purpose, package: packages };
}

function emulator(name: string, machine: string): Tool {
  const purpose = `runs ${machine} programs for \`vouch run --on qemu\``;
  return { command: `qemu-${name}`, args: ['--version'], purpose, package: 'qemu-user' };
}

/** The first line that the tool says of its version; undefined where it is not there. */
export function toolVersion(tool: Tool): string | undefined {
  const { error, stdout, status } = spawnSync(tool.command, [...tool.args], { encoding: 'utf8', timeout: 10_000 });
  if (error !== undefined || status !== 0) return undefined;
  const lines = stdout.split('\n').map((l) => l.trim());
  return lines.find((l) => /\d+\.\d+/.test(l)) ?? lines[0] ?? '';
}
