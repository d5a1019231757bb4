// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { aarch64 } from '../../src/asm/isa/aarch64/index.ts';
import { x86_64 } from '../../src/asm/isa/x86_64/index.ts';
import { findRoute } from '../../src/asm/pipeline/route.ts';
import { readProgram } from '../../src/asm/pipeline/session.ts';
import { testFiles } from '../../src/asm/pipeline/side-by-side.ts';
import type { TestReport } from '../../src/asm/test/explore.ts';
import { generator } from '../../src/asm/verify/testing.ts';
import { must } from '../../src/base/assert.ts';
import { Diagnostics } from '../../src/base/diagnostic.ts';
import { mutantsOf } from '../mutation/mutate.ts';

/** Tests by themselves, without any proof: what is right passes, and what is wrong where they have been is found. */

const examples = join(import.meta.dirname, '../../examples');
const example = (name: string): string => readFileSync(join(examples, name), 'utf8');

function translated(source: string): string {
  const route = must(findRoute('x86_64', 'aarch64'), 'a route');
  const { program } = readProgram({ file: 'source.s', text: source }, route.source);
  return route.lower(must(program, 'a program'), new Diagnostics(), { definedElsewhere: new Set() }).text;
}

function tested(source: string, target: string, runs = 300): TestReport | undefined {
  const options = { seed: 1, runs, steps: 50_000 };
  return testFiles({ file: 's.s', text: source }, { file: 't.s', text: target }, x86_64, aarch64, options).report;
}

describe('translations by the rules', () => {
  test.each(['average.s', 'checksum.s', 'words.s', 'calculator.s'])('%s does the same', { timeout: 60_000 }, (name) => {
    const source = example(name);
    const report = must(tested(source, translated(source)), 'a report');
    expect(report.functions.flatMap((f) => f.difference?.what ?? [])).toEqual([]);
    expect(report.functions.every((f) => f.compared > 0)).toBe(true);
  });
  test('every branch of the checksum is taken', () => {
    const source = example('checksum.s');
    const report = must(tested(source, translated(source)), 'a report');
    for (const f of report.functions) expect([f.name, f.reached, f.taken]).toEqual([f.name, f.blocks, f.branches]);
  });
});

describe('what is wrong', () => {
  test('a lost carry', () => {
    const [f] = must(tested(example('average.s'), example('average.wrong.s')), 'a report').functions;
    expect(f?.difference?.what).toMatch(/^the result is 0x[89a-f]\w{15} in the source and 0x\w+ in the target$/);
  });
  test('the same inputs follow from the same seed', () => {
    const both = [1, 2].map(() => tested(example('average.s'), example('average.wrong.s')));
    expect(both[0]).toEqual(both[1]);
  });
  test('a register that is not given back', () => {
    const source = '\t.text\n\t.globl f\n\t.type f, @function\nf:\n\tmovq %rdi, %rax\n\tret\n';
    const target = '\t.text\n\t.globl f\n\t.type f, %function\nf:\n\tmov x19, x0\n\tret\n';
    expect(tested(source, target)?.functions[0]?.difference?.what).toBe('x19 is not given back by the target');
  });
  test('another argument for a function outside', () => {
    const source = '\t.text\n\t.globl f\n\t.type f, @function\nf:\n\tmovl $65, %edi\n\tjmp putchar\n';
    const target = '\t.text\n\t.globl f\n\t.type f, %function\nf:\n\tmov w0, #66\n\tb putchar\n';
    expect(tested(source, target)?.functions[0]?.difference?.what).toBe(
      'call 1 is putchar(65) in the source and putchar(66) in the target',
    );
  });

  /** Mistakes planted in one place each of what the rules make of the checksum. */
  test('most mistakes that are planted are found', { timeout: 300_000 }, () => {
    const source = example('checksum.s');
    const lines = translated(source).split('\n');
    const end = lines.findIndex((l) => l.includes('.size\tchecksum'));
    const isCode = (line: number): boolean => line < end && /^\t[a-z]/.test(lines[line - 1] ?? '');
    const random = generator(5);
    const mutants = mutantsOf(lines, isCode, random).filter(() => random() % 4n === 0n);
    let [found, same] = [0, 0];
    const survivors: string[] = [];
    for (const m of mutants) {
      const text = lines.with(m.line - 1, m.after);
      if (m.kind === 'order') text.splice(m.line, 1);
      const report = tested(source, text.join('\n'), 100);
      if (report === undefined) continue;
      if (report.functions.some((f) => f.difference !== undefined)) found++;
      else {
        same++;
        survivors.push(`${m.kind}: ${m.before.trim()} -> ${m.after.trim()}`);
      }
    }
    expect(found + same).toBeGreaterThan(30);
    // Those that are left do the same, most of them by moving what does not depend on its neighbour.
    expect(found / (found + same), survivors.join('\n')).toBeGreaterThan(0.6);
  });
});
