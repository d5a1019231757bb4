// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import type { FunctionRelation } from '../abi/relation.ts';
import { checkFunction } from './check-function.ts';
import { Context } from './context.ts';
import { claim, functionRelation, guessing, related } from './testing.ts';

/** What is found of a jump to what the instructions make of the label `.L1`, which `x8` and `rax` hold. */
async function jumping(source: string, target: string): Promise<string> {
  const around = (name: string, body: string): string =>
    `\t.text\n\t.globl f\n\t.type f, ${name}\nf:\n${body}\n\t.size f, .-f\n`;
  const x86 = `lea .L1(%rip), %rax\n${source}\njmp *%rax\n.L1:\nret`;
  const end = 'ldr x30, [sp, #8]\nmov x0, x8\nmov x1, x2\nadd sp, sp, #16\nret';
  const a64 = `sub sp, sp, #16\nstr x30, [sp, #8]\n.B0:\nadrp x8, .L1\nadd x8, x8, :lo12:.L1\n${target}\nbr x8\n.L1:\n${end}`;
  const relation = functionRelation('f', [
    ['.B0', related()],
    ['.L1', related()],
  ]);
  const c = claim(around('@function', x86), around('%function', a64), [relation]);
  const { blocks } = await checkFunction(new Context(c, guessing()), c.functions[0] as FunctionRelation);
  const verdict = blocks[0]?.verdict;
  return verdict?.kind === 'undecided' ? verdict.reason : String(verdict?.kind);
}

test('a jump to a label is proved', async () => expect(await jumping('', '')).toBe('proved'));

test('so is one to a label and what a table holds, which may be the distance of another one', async () => {
  expect(await jumping('addq (%rdi), %rax', 'ldr x16, [x0]\nadd x8, x8, x16')).toBe('proved');
  expect(await jumping('addq %rdi, %rax', 'add x8, x8, x0')).toBe('proved');
  expect(await jumping('movslq %edi, %rdi\naddq %rdi, %rax', 'sxtw x0, w0\nadd x8, x8, x0')).toBe('proved');
});

test.each([
  ['a number of steps', 'shlq $6, %rdi\naddq %rdi, %rax', 'lsl x0, x0, #6\nadd x8, x8, x0'],
  ['a number of steps back', 'subq %rdi, %rax', 'sub x8, x8, x0'],
  ['a few steps', 'andl $15, %edi\naddq %rdi, %rax', 'and x0, x0, #15\nadd x8, x8, x0'],
  ['some bytes', 'addq $8, %rax', 'add x8, x8, #8'],
])('one to a label and %s goes nobody knows where', async (_, source, target) => {
  expect(await jumping(source, target)).toMatch(/computed from the one of \.L1/);
});
