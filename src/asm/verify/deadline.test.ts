// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import type { FunctionRelation } from '../abi/relation.ts';
import { checkFunction } from './check-function.ts';
import { Context } from './context.ts';
import { claim, functionRelation, guessing, related } from './testing.ts';

/** Blocks whose meaning cannot be written down in time. */

const around = (body: string): string => `\t.text\n\t.globl f\n\t.type f, @function\nf:\n${body}\n\t.size f, .-f\n`;

const STEPS = 200;
const source = 'imul $37, %rsi, %rdx\nrol $7, %rdx\nxor %rdx, %rsi\nlea (%rsi,%rdx,4), %rsi\n'.repeat(STEPS);
const target = 'mov x16, #37\nmul x2, x1, x16\nror x2, x2, #57\neor x1, x1, x2\nadd x1, x1, x2, lsl #2\n'.repeat(STEPS);
const before = 'sub sp, sp, #16\nstr x30, [sp, #8]\n.B0:\n';
const after = 'ldr x30, [sp, #8]\nmov x0, x8\nmov x1, x2\nadd sp, sp, #16\nret\n';

async function verdict(blockMs: number): Promise<string> {
  const relations = [functionRelation('f', [['.B0', related()]])];
  const c = claim(around(`${source}ret`), around(`${before}${target}${after}`), relations);
  const context = new Context(c, guessing(), { blockMs, queryMs: 1000 });
  const { blocks } = await checkFunction(context, c.functions[0] as FunctionRelation);
  const found = blocks[0]?.verdict;
  return found?.kind === 'undecided' ? `undecided: ${found.reason}` : (found?.kind ?? 'nothing');
}

test('are undecided, and are not refuted', { timeout: 120_000 }, async () => {
  const start = performance.now();
  expect(await verdict(20)).toBe('undecided: out of time before both sides were stated');
  expect(performance.now() - start).toBeLessThan(60_000);
});

test('a block that can be is checked afterwards', { timeout: 120_000 }, async () => {
  expect(await verdict(20)).toMatch(/^undecided/);
  const c = claim(around('lea (%rdi,%rsi), %rax\nret'), around(`${before}add x8, x0, x1\n${after}`), [
    functionRelation('f', [['.B0', related()]]),
  ]);
  const { kind } = await checkFunction(new Context(c, guessing()), c.functions[0] as FunctionRelation);
  expect(kind).toBe('proved');
});
