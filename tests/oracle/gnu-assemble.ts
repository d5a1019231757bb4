// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** GNU as, as the judge of what is an instruction and which bytes it is. */
export interface Assembler {
  assemble(text: string): Assembled;
  /**
   * The lines that the assembler rejects, with its reasons. Some errors only come out once all lines can be parsed, so
   * the rest is tried again until nothing more is rejected.
   */
  rejected(lines: readonly string[]): Map<number, string>;
}

/** `command` with its options. */
export function gnuAssembler(...command: readonly string[]): Assembler {
  const run = (text: string): Assembled => assemble(command, text);
  return { assemble: run, rejected: (lines) => rejected(run, lines) };
}

export const aarch64Assembler = gnuAssembler('aarch64-linux-gnu-as', '-march=armv8-a+crc+lse');
export const riscv64Assembler = gnuAssembler('riscv64-linux-gnu-as', '-march=rv64gcv_zihintpause_zba_zbb_zbs');

export interface Assembled {
  /** By line number from 0: what the assembler says against it. */
  readonly errors: ReadonlyMap<number, string>;
  readonly warnings: ReadonlyMap<number, string>;
  /** The object file, where there was no error. */
  readonly object: Buffer | undefined;
}

function assemble([program = '', ...options]: readonly string[], text: string): Assembled {
  const folder = mkdtempSync(join(tmpdir(), 'vouch-as-'));
  try {
    const source = join(folder, 'in.s');
    const output = join(folder, 'out.o');
    writeFileSync(source, text);
    const run = spawnSync(program, [...options, '-o', output, source], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (run.error !== undefined) throw run.error;
    const said = (what: string): Map<number, string> => {
      const found = new Map<number, string>();
      for (const m of run.stderr.matchAll(new RegExp(`:(\\d+): ${what}: (.*)`, 'g'))) {
        found.set(Number(m[1]) - 1, m[2] ?? '');
      }
      return found;
    };
    return {
      errors: said('Error'),
      warnings: said('Warning'),
      object: run.status === 0 ? readFileSync(output) : undefined,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function rejected(run: (text: string) => Assembled, lines: readonly string[]): Map<number, string> {
  const all = new Map<number, string>();
  for (;;) {
    const text = lines.map((line, i) => (all.has(i) ? '' : line)).join('\n');
    const { errors, object } = run(`${text}\n`);
    if (object !== undefined) return all;
    const before = all.size;
    for (const [line, reason] of errors) all.set(line, reason);
    if (all.size === before) throw new Error('the assembler fails without saying where');
  }
}
