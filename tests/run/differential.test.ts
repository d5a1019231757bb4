// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { aarch64 } from '../../src/asm/isa/aarch64/index.ts';
import type { Isa } from '../../src/asm/isa/isa.ts';
import { riscv64 } from '../../src/asm/isa/riscv64/index.ts';
import { x86_64 } from '../../src/asm/isa/x86_64/index.ts';
import { openProver } from '../../src/asm/pipeline/prover.ts';
import { findRoute } from '../../src/asm/pipeline/route.ts';
import { readProgram } from '../../src/asm/pipeline/session.ts';
import { testFiles } from '../../src/asm/pipeline/side-by-side.ts';
import { runSide } from '../../src/asm/test/call.ts';
import type { TestReport } from '../../src/asm/test/explore.ts';
import { emptyInput } from '../../src/asm/test/input.ts';
import { pairOf } from '../../src/asm/test/side.ts';
import { checkOne } from '../../src/asm/verify/check-program.ts';
import { Context } from '../../src/asm/verify/context.ts';
import { generator } from '../../src/asm/verify/testing.ts';
import { must } from '../../src/base/assert.ts';
import { Diagnostics } from '../../src/base/diagnostic.ts';
import { aarch64Mistakes } from '../mutation/aarch64-mistakes.ts';
import { isDead } from '../mutation/by-tests.ts';
import { mutantsOf } from '../mutation/mutate.ts';

/** Tests by themselves, without any proof: what is right passes, and what is wrong where they have been is found. */

const examples = join(import.meta.dirname, '../../examples');
const example = (name: string): string => readFileSync(join(examples, name), 'utf8');

function translated(source: string): string {
  const route = must(findRoute('x86_64', 'aarch64'), 'a route');
  const { program } = readProgram({ file: 'source.s', text: source }, route.source);
  return route.lower(must(program, 'a program'), new Diagnostics(), { definedElsewhere: new Set() }).text;
}

async function tested(
  source: string,
  target: string,
  runs = 300,
  keepsResults = false,
): Promise<TestReport | undefined> {
  const options = { seed: 1, runs, steps: 50_000, keepsResults };
  return (await testFiles({ file: 's.s', text: source }, { file: 't.s', text: target }, x86_64, aarch64, options))
    .report;
}

describe('translations by the rules', () => {
  test.each(['average.s', 'checksum.s', 'words.s', 'calculator.s'])(
    '%s does the same',
    { timeout: 60_000 },
    async (name) => {
      const source = example(name);
      const report = must(await tested(source, translated(source)), 'a report');
      expect(report.functions.flatMap((f) => f.difference?.what ?? [])).toEqual([]);
      expect(report.functions.every((f) => f.compared > 0)).toBe(true);
    },
  );
  test('every branch of the checksum is taken', async () => {
    const source = example('checksum.s');
    const report = must(await tested(source, translated(source)), 'a report');
    for (const f of report.functions) expect([f.name, f.reached, f.taken]).toEqual([f.name, f.blocks, f.branches]);
  });
});

const NOTHING_DIFFERS: readonly (readonly [what: string, body: string])[] = [
  ['an address of code at an odd place', 'leaq helper(%rip), %rax\nmovq %rax, 4(%rdi)\nret'],
  [
    'the address of a function in memory, which is another on each side',
    'leaq helper(%rip), %rax\ncmpq %rax, (%rdi)\nje .L1\nmovl $1, %eax\nret\n.L1: xorl %eax, %eax\nret',
  ],
  // AArch64's `struct stat` has its members elsewhere, so the translation does not call `stat64` as it is.
  ['a structure of the library in memory of the file', 'leaq info(%rip), %rsi\njmp stat64'],
  [
    'and on the stack, looked into',
    'subq $152, %rsp\nmovq %rsp, %rsi\ncall stat64\ntestl %eax, %eax\njne .L1\nmovl 24(%rsp), %eax\n' +
      'andl $61440, %eax\ncmpl $32768, %eax\njne .L1\nmovl $7, %eax\n.L1: addq $152, %rsp\nret',
  ],
];

test('what a call has left that never comes back is no argument of the next one, and everything else is', async () => {
  const body = 'subq $8, %rsp\ncmpb $0, (%rdi)\njne .L1\ncall gone\n.L1: movl $4, %esi\ncall next\naddq $8, %rsp\nret';
  const source = `.text\n.globl f\n.type f, @function\nf:\n${body}\n.size f, .-f\n`;
  const right = translated(source);
  const found = async (target: string): Promise<string | undefined> =>
    must((await tested(source, target, 300, true))?.functions[0], 'a report').difference?.what;
  expect(await found(right)).toBeUndefined();
  expect(await found(right.replace('movz\tw1, #4', 'movz\tw1, #5'))).toMatch(
    /^call \d is next\(0x\w+, 0?x?4\) in the source/,
  );
  const ahead = right.replace('\tcbnz\tw16, .L1\n', '\tadd\tx0, x0, #8\n\tcbnz\tw16, .L1\n');
  expect(await found(ahead)).toMatch(/^call 1 is next/);
});

test('what nobody has written to the stack is no result, and what somebody has is one', async () => {
  const wrap = (body: string, sign: string): string =>
    `.text\n.globl f\n.type f, ${sign}function\nf:\n${body}\nret\n.size f, .-f\n`;
  const found = async (before: string): Promise<string | undefined> => {
    const source = wrap(`${before}movzbl -100(%rsp), %eax`, '@');
    return must((await tested(source, wrap('mov w0, #5', '%')))?.functions[0], 'a report').difference?.what;
  };
  expect(await found('')).toBeUndefined();
  expect(await found('movb $1, -100(%rsp)\n')).toBe('the result is 0x1 in the source and 0x5 in the target');
});

test.each(NOTHING_DIFFERS)('%s is no difference', async (_, body) => {
  const source = `.text\n.globl f\n.type f, @function\nf:\n${body}\n.size f, .-f\n.type helper, @function\nhelper:\nret\n.size helper, .-helper\n.lcomm info,144\n`;
  const report = must(await tested(source, translated(source)), 'a report');
  const f = must(report.functions[0], 'a function');
  expect(f.difference).toBeUndefined();
  expect([f.reached, f.taken]).toEqual([f.blocks, f.branches]);
});

test('what a run has written far below its stack is gone in the next one', () => {
  const body = 'movl $1, %eax\naddl -524288(%rsp), %eax\nmovl %eax, -524288(%rsp)\nret';
  const text = `.text\n.globl f\n.type f, @function\nf:\n${body}\n.size f, .-f\n`;
  const program = must(readProgram({ file: 's.s', text }, x86_64).program, 'a program');
  const pair = pairOf(program, program);
  if (typeof pair === 'string') throw new Error(pair);
  const { source: side } = pair;
  const results = [1, 2].map(() => {
    runSide(side, must(side.fn('f'), 'a function'), emptyInput(), 1000);
    return side.machine.register('rax');
  });
  expect(results).toEqual([1n, 1n]);
});

describe('what is wrong', () => {
  test('a lost carry', async () => {
    const [f] = must(await tested(example('average.s'), example('average.wrong.s')), 'a report').functions;
    expect(f?.difference?.what).toMatch(/^the result is 0x[89a-f]\w{15} in the source and 0x\w+ in the target$/);
  });
  test('the same inputs follow from the same seed', async () => {
    const both = [1, 2].map(() => tested(example('average.s'), example('average.wrong.s')));
    expect(await both[0]).toEqual(await both[1]);
  });
  test('a register that is not given back', async () => {
    const source = '\t.text\n\t.globl f\n\t.type f, @function\nf:\n\tmovq %rdi, %rax\n\tret\n';
    const target = '\t.text\n\t.globl f\n\t.type f, %function\nf:\n\tmov x19, x0\n\tret\n';
    expect((await tested(source, target))?.functions[0]?.difference?.what).toBe('x19 is not given back by the target');
  });
  test('another argument for a function outside', async () => {
    const source = '\t.text\n\t.globl f\n\t.type f, @function\nf:\n\tmovl $65, %edi\n\tjmp putchar\n';
    const target = '\t.text\n\t.globl f\n\t.type f, %function\nf:\n\tmov w0, #66\n\tb putchar\n';
    expect((await tested(source, target))?.functions[0]?.difference?.what).toBe(
      'call 1 is putchar(65) in the source and putchar(66) in the target',
    );
  });
});

/**
 * Two judges that know nothing of each other: for mistakes planted in one place each, what is proved must never differ in
 * a test, and what is refuted should.
 */
test('a float that is returned has ones above it on RISC-V', async () => {
  const wrap = (body: string, sign: string): string =>
    `\t.text\n\t.globl f\n\t.type f, ${sign}function\nf:\n${body}\n\tret\n\t.size f, .-f\n`;
  const options = { seed: 1, runs: 100, steps: 1000, keepsResults: true };
  const differences = async (isa: Isa, body: string): Promise<string | undefined> => {
    const [source, target] = [wrap('\tcvtsi2ssl %edi, %xmm0', '@'), wrap(body, '%')];
    const tests = await testFiles({ file: 's.s', text: source }, { file: 't.s', text: target }, x86_64, isa, options);
    return must(tests.report?.functions[0], 'a report').difference?.what;
  };
  expect(await differences(riscv64, '\tfcvt.s.w fa0, a0')).toBeUndefined();
  expect(await differences(riscv64, '\tfcvt.s.wu fa0, a0')).toMatch(/the floating-point result is/);
  expect(await differences(riscv64, '\tfcvt.s.w fa0, a0\n\tfcvt.d.s fa0, fa0')).toMatch(/the floating-point result is/);
  // Elsewhere it has not.
  expect(await differences(aarch64, '\tmov w9, #-1\n\tscvtf s0, w0\n\tins v0.s[1], w9')).toMatch(/result is/);
});

test('proofs and tests agree on planted mistakes', { timeout: 1_200_000 }, async () => {
  const route = must(findRoute('x86_64', 'aarch64'), 'a route');
  const text = example('checksum.s');
  const source = must(readProgram({ file: 's.s', text }, route.source).program, 'a program');
  const made = route.lower(source, new Diagnostics(), { definedElsewhere: new Set() });
  const lines = made.text.split('\n');
  const own = route.runtime.without(made.text);
  const good = must(readProgram({ file: 't.s', text: own }, route.target, 'target').program, 'the translation');
  const end = lines.findIndex((l) => l.includes('.size\tchecksum'));
  const random = generator(5);
  const isCode = (line: number): boolean => line < end && /^\t[a-z]/.test(lines[line - 1] ?? '');
  const mutants = mutantsOf(lines, isCode, aarch64Mistakes, random).filter(() => random() % 16n === 0n);
  const prover = openProver({ cache: false, solvers: [] });
  const total = { proved: 0, refuted: 0, found: 0 };
  const survivors: string[] = [];
  for (const m of mutants) {
    const changed = lines.with(m.line - 1, m.after);
    if (m.kind === 'order') changed.splice(m.line, 1);
    const checked = route.runtime.without(changed.join('\n'));
    const target = readProgram({ file: 't.s', text: checked }, route.target, 'target').program;
    if (target === undefined) continue;
    const { pair, contracts } = route;
    const claim = { source, target, pair, contracts, functions: made.functions, refused: [] };
    const context = new Context(claim, prover.prover, { blockMs: 4000, queryMs: 1000 });
    const kinds = new Set<string>();
    for (const f of made.functions) kinds.add((await checkOne(context, f)).kind);
    const differs = (await tested(text, changed.join('\n'), 300, true))?.functions.some(
      (f) => f.difference !== undefined,
    );
    const what = `${m.kind}, line ${m.line}: ${m.before.trim()} -> ${m.after.trim()}`;
    if (kinds.size === 1 && kinds.has('proved')) {
      total.proved++;
      expect(differs, `proved, and different in a test: ${what}`).not.toBe(true);
    } else if (kinds.has('refuted')) {
      if (differs === true) total.found++;
      else if (made.functions.some((f) => isDead({ target: good, route }, target, f))) continue;
      else survivors.push(what);
      total.refuted++;
    }
  }
  await prover.close();
  expect(total.refuted).toBeGreaterThan(20);
  expect(total.proved).toBeGreaterThan(10);
  expect(total.found / total.refuted, survivors.join('\n')).toBeGreaterThan(LEAST_FOUND);
});

/** Few are planted here; of those in tests/mutation, at least 95 % must be found. */
const LEAST_FOUND = 0.9;
