// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { aarch64 } from '../../src/asm/isa/aarch64/index.ts';
import { isDiagnostic } from '../../src/asm/isa/isa.ts';
import { aarch64Assembler } from './gnu-assemble.ts';

/** Every different instruction of the C and mathematics libraries, compiled and hand-written, as objdump shows it. */

/** What the libraries hold and we do not declare, with the reason. */
const gaps: readonly { readonly pattern: RegExp; readonly reason: string }[] = [
  { pattern: /\b[zp]\d+[./]|^(whilelo|cntb|ptrue)\b/, reason: 'the Scalable Vector Extension' },
  { pattern: /^(st2?g|stz2?g|ldg|irg|gmi)\b/, reason: 'the Memory Tagging Extension' },
  { pattern: /\bh\d+\b/, reason: 'half precision' },
  { pattern: /^(mrs|msr|svc|dc|ic)\b/, reason: 'system state beyond nzcv and tpidr_el0' },
];

function instructionsOf(library: string): string[] {
  const path = spawnSync('aarch64-linux-gnu-gcc', [`-print-file-name=${library}`], { encoding: 'utf8' }).stdout.trim();
  const run = spawnSync('aarch64-linux-gnu-objdump', ['-d', '--no-addresses', '--no-show-raw-insn', path], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  expect(run.status, run.stderr).toBe(0);
  return run.stdout
    .split('\n')
    .filter((line) => line.startsWith('\t'))
    .map((line) => line.replace(/\s*\/\/.*/, '').trim());
}

/** Direct branches and page addresses come without a usable target; data shows as directives. */
const isWhole = (line: string): boolean =>
  !/^(b|bl|b\.\w+|adrp?|cbn?z|tbn?z)(\s|$)|^\.|^\W|undefined|<.*>$|^ldr\s+\w+,\s*[0-9a-f]+$/.test(line);

it('reads them all, and prints them to the same bytes', { timeout: 120_000 }, () => {
  const lines = [...new Set(['libc.a', 'libm.a', 'libgcc.a'].flatMap(instructionsOf))].filter(isWhole);
  const unread: string[] = [];
  const original: string[] = [];
  const printed: string[] = [];
  const used = new Set<string>();
  for (const line of lines) {
    const inst = aarch64.readInst(line, 'gnu', { file: 'a.s', line: 1, column: 1, endColumn: 2 });
    if (!isDiagnostic(inst)) {
      original.push(line);
      printed.push(aarch64.printInst(inst, 'gnu'));
      continue;
    }
    const gap = gaps.find((g) => g.pattern.test(line));
    if (gap === undefined) unread.push(`${line}: ${inst.message}`);
    else used.add(gap.reason);
  }
  expect(unread).toEqual([]);
  expect(gaps.map((g) => g.reason).filter((reason) => !used.has(reason))).toEqual([]);
  expect(printed.length).toBeGreaterThan(30_000);
  const [a, b] = [
    aarch64Assembler.assemble(`${original.join('\n')}\n`),
    aarch64Assembler.assemble(`${printed.join('\n')}\n`),
  ];
  expect([...a.errors].map(([i, reason]) => `${original[i]}: ${reason}`)).toEqual([]);
  expect(a.object?.equals(b.object ?? Buffer.alloc(0))).toBe(true);
});
