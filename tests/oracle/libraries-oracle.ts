// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { type Isa, isDiagnostic } from '../../src/asm/isa/isa.ts';
import type { Assembler } from './gnu-assemble.ts';

/** Every different instruction of the C and mathematics libraries, compiled and hand-written, as objdump shows it. */
export interface LibraryCase {
  readonly isa: Isa;
  readonly assembler: Assembler;
  /** What the names of its tools begin with. */
  readonly tools: string;
  readonly comment: RegExp;
  /** Lines that are no whole instructions: direct branches and addresses come without a usable target. */
  readonly notWhole: RegExp;
  /** What the libraries hold and we do not declare, with the reason. */
  readonly gaps: readonly { readonly pattern: RegExp; readonly reason: string }[];
}

function instructionsOf({ tools, comment }: LibraryCase, library: string): string[] {
  const path = spawnSync(`${tools}gcc`, [`-print-file-name=${library}`], { encoding: 'utf8' }).stdout.trim();
  const run = spawnSync(`${tools}objdump`, ['-d', '--no-addresses', '--no-show-raw-insn', path], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  expect(run.status, run.stderr).toBe(0);
  return run.stdout
    .split('\n')
    .filter((line) => line.startsWith('\t'))
    .map((line) => line.replace(comment, '').trim());
}

export function testLibraries(c: LibraryCase): void {
  it('reads them all, and prints them to the same bytes', { timeout: 120_000 }, () => {
    const all = new Set(['libc.a', 'libm.a', 'libgcc.a'].flatMap((library) => instructionsOf(c, library)));
    const lines = [...all].filter((line) => !c.notWhole.test(line));
    const unread: string[] = [];
    const original: string[] = [];
    const printed: string[] = [];
    const used = new Set<string>();
    for (const line of lines) {
      const inst = c.isa.readInst(line, 'gnu', { file: 'a.s', line: 1, column: 1, endColumn: 2 });
      if (!isDiagnostic(inst)) {
        original.push(line);
        printed.push(c.isa.printInst(inst, 'gnu'));
        continue;
      }
      const gap = c.gaps.find((g) => g.pattern.test(line));
      if (gap === undefined) unread.push(`${line}: ${inst.message}`);
      else used.add(gap.reason);
    }
    expect(unread).toEqual([]);
    expect(c.gaps.map((g) => g.reason).filter((reason) => !used.has(reason))).toEqual([]);
    expect(printed.length).toBeGreaterThan(30_000);
    const { assemble } = c.assembler;
    const [a, b] = [assemble(`${original.join('\n')}\n`), assemble(`${printed.join('\n')}\n`)];
    expect([...a.errors].map(([i, reason]) => `${original[i]}: ${reason}`)).toEqual([]);
    expect(a.object?.equals(b.object ?? Buffer.alloc(0))).toBe(true);
  });
}
