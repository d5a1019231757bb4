// SPDX-License-Identifier: MIT
import { afterAll, describe, expect, test } from 'vitest';
import type { LowerOptions } from '../../src/asm/lower/from-x86_64/file.ts';
import { openProver } from '../../src/asm/pipeline/prover.ts';
import { findRoute } from '../../src/asm/pipeline/route.ts';
import { readProgram } from '../../src/asm/pipeline/session.ts';
import { checkAll } from '../../src/asm/verify/check-program.ts';
import { must } from '../../src/base/assert.ts';
import { Diagnostics } from '../../src/base/diagnostic.ts';

/**
 * The seventh and the eighth integer argument of calls and jumps out of the file, which x86-64 has on the stack and targets in registers:
 * where the load of one is left out, or loads the other one, that is refuted.
 */

const prover = openProver({ cache: false });
afterAll(() => prover.close());

const BODIES = {
  pushed:
    '\tsubq $8, %rsp\n\tpushq %rsi\n\tpushq %rdi\n\tsubq $8, %rsp\n\taddq $8, %rsp\n\tcall g\n\taddq $24, %rsp\n\tret',
  one: '\tpushq %rdi\n\tcall g\n\taddq $8, %rsp\n\tret',
  stored: '\tsubq $24, %rsp\n\tmovq %rdi, (%rsp)\n\tmovl %esi, 8(%rsp)\n\tcall g\n\taddq $24, %rsp\n\tret',
  before_another:
    '\tpushq %rbx\n\tsubq $16, %rsp\n\tmovq %rdi, %rbx\n\tmovq %rsi, 8(%rsp)\n\tmovq %rdi, (%rsp)\n\tcall h\n' +
    '\tmovq %rbx, %rdi\n\tcall g\n\taddq $16, %rsp\n\tpopq %rbx\n\tret',
  on_one_way:
    '\tsubq $24, %rsp\n\ttestl %edi, %edi\n\tje 1f\n\tmovq %rsi, 8(%rsp)\n\tmovq %rdi, (%rsp)\n1:\n\tcall g\n' +
    '\taddq $24, %rsp\n\tret',
  through_a_pointer: '\tsubq $8, %rsp\n\tpushq %rsi\n\tpushq %rdi\n\tcall *%rdx\n\taddq $24, %rsp\n\tret',
  bridged: '\tpushq %rdi\n\txorl %eax, %eax\n\tcall printf\n\tpopq %rdx\n\tret',
  handed_on: '\tincq %rdi\n\tjmp g',
  changed: '\tincq 8(%rsp)\n\tjmp g@PLT',
  on_a_condition: '\ttestq %rdi, %rdi\n\tje g\n\tret',
  to_a_pointer: '\tmovq (%rdi), %rax\n\tjmp *%rax',
};

/** Jumps of functions that do not look at what they were passed on the stack: it is assumed that there is nothing. */
const UNSEEN = new Set(['handed_on', 'on_a_condition', 'to_a_pointer']);

/** A line that loads arguments, as it is printed. */
const LOADS: Readonly<Record<string, RegExp>> = {
  aarch64: /^\tldp\tx6, x7, |^\tldr\tx[67], /,
  riscv64: /^\tld\ta[67], /,
};

/** What may be wrong with one. */
function mistakes(line: string): string[] {
  const found = [''];
  const swapped = line.replace(/x6, x7/, 'x7, x6');
  if (swapped !== line) found.push(swapped);
  const address = /\[sp(?:, #(\d+))?\]|(\d+)\(sp\)/.exec(line);
  const [whole, a, b] = must(address, 'an address');
  const at = Number(a ?? b ?? 0) + 8;
  found.push(line.replace(whole, b === undefined ? `[sp, #${at}]` : `${at}(sp)`));
  return found;
}

/** A translation in lines, and what is thought of it when some of them are others. */
function translated(target: string, body: string, options: LowerOptions = {}, others = '') {
  const route = must(findRoute('x86_64', target), 'a route');
  const text = `\t.text\n\t.globl f\n\t.type f, @function\nf:\n${body}\n\t.size f, .-f\n${others}`;
  const source = must(readProgram({ file: 'f.s', text }, route.source).program, 'a program');
  const diagnostics = new Diagnostics();
  const lowered = route.lower(source, diagnostics, options);
  expect(diagnostics.list.filter((d) => d.severity === 'error')).toEqual([]);
  const { pair, contracts } = route;
  const lines = route.runtime.without(lowered.text).split('\n');
  const judged = async (changed: ReadonlyMap<number, string>): Promise<string> => {
    const mine = lines.map((l, i) => changed.get(i) ?? l).join('\n');
    const read = must(readProgram({ file: 'f.target.s', text: mine }, route.target, 'target').program, 'a program');
    const claim = { source, target: read, pair, contracts, functions: lowered.functions, refused: [] };
    const { kind, functions } = await checkAll(claim, prover.prover);
    const each = functions.flatMap((f) => f.blocks.map((b) => b.verdict));
    const assumes = each.some((v) => v.kind === 'proved' && v.assumptions.includes('nothing-handed-on'));
    return assumes ? 'assumed' : kind;
  };
  return { lines, judged };
}

describe.each(['aarch64', 'riscv64'])('%s', (target) => {
  test.each(Object.entries(BODIES))('%s', async (name, body) => {
    const expected = UNSEEN.has(name) ? /: (assumed|undecided|refuted)$/ : /: refuted$/;
    const { lines, judged } = translated(target, body);
    expect(await judged(new Map())).toBe('proved');
    let tried = 0;
    for (const [at, line] of lines.entries()) {
      if (!must(LOADS[target], 'loads').test(line)) continue;
      for (const wrong of mistakes(line)) {
        expect(`${wrong}: ${await judged(new Map([[at, wrong]]))}`).toMatch(expected);
        tried++;
      }
    }
    expect(tried).toBeGreaterThan(1);
  });

  test('what is laid out for native code', async () => {
    const pushes = ['%r8', '%rcx', '%rdx', '%rsi', '%rdi'].map((r) => `\tpushq ${r}\n`).join('');
    const nativeEntries = { wanted: 'all', takes: new Map() } as const;
    const { lines, judged } = translated(target, `${pushes}\tcall g\n\taddq $40, %rsp\n\tret`, { nativeEntries });
    expect(await judged(new Map())).toBe('proved');
    const call = lines.findIndex((l) => /^\t(?:bl|call)\tg$/.test(l));
    const moves = lines.slice(0, call).findLastIndex((l) => /^\t(?:sub|addi)\tsp, sp, /.test(l));
    // The copies of three words, each loaded and stored.
    const copies = lines.slice(moves + 1, call).map((_, i) => moves + 1 + i);
    expect(copies.length).toBe(6);
    for (const at of copies) {
      const line = must(lines[at], 'a line');
      const [whole, a, b] = must(/\[sp(?:, #(\d+))?\]|(\d+)\(sp\)/.exec(line), 'an address');
      const other = Number(a ?? b ?? 0) + 8;
      for (const wrong of ['', line.replace(whole, b === undefined ? `[sp, #${other}]` : `${other}(sp)`)])
        expect(`${wrong}: ${await judged(new Map([[at, wrong]]))}`).toMatch(/: (?:refuted|undecided)$/);
    }
    expect(await judged(new Map([[must(copies[1], 'a store'), '']]))).toBe('refuted');
    expect(
      await judged(new Map([[moves, must(lines[moves], 'a line').replace(/-?\d+$/, (n) => `${2 * Number(n)}`)]])),
    ).not.toBe('proved');
  });

  test.each([
    ['taken off', '\tpopq %rbx\n\tpopq %rbp\n', true],
    ['not taken off', '', false],
    ['taken off in part', '\tpopq %rbx\n', false],
  ])('words pushed for another function that are %s', async (_, pops, proved) => {
    const g = `\t.type g, @function\ng:\n\tincq %rbx\n${pops}\tret\n\t.size g, .-g\n`;
    const { judged } = translated(target, '\tpushq %rbp\n\tpushq %rbx\n\tjmp g', {}, g);
    expect((await judged(new Map())) === 'proved').toBe(proved);
  });
});
