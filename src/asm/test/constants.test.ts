// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { must } from '../../base/assert.ts';
import { Diagnostics } from '../../base/diagnostic.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { recoverProgram } from '../program/recover.ts';
import { readAsm } from '../text/read.ts';
import { constantsAt } from './constants.ts';

/** What registers may hold at a label of a function; a call of `g` keeps rbx, one of `own` nothing. */
function at(label: string, body: string): Record<string, readonly number[]> {
  const lines = body.split(';').map((l) => (l.trim().endsWith(':') ? l.trim() : `\t${l.trim()}`));
  const text = `\t.text\n\t.globl f\n\t.type f, @function\nf:\n${lines.join('\n')}\n\t.size f, .-f\n`;
  const diagnostics = new Diagnostics();
  const program = recoverProgram(readAsm({ file: 'f.s', text }, x86_64, diagnostics), diagnostics);
  expect(diagnostics.list).toEqual([]);
  const code = must(program.functions[0], 'a function');
  const kept = constantsAt(code, x86_64, ({ flow }) => (flow.kind === 'call' && flow.target === 'g' ? ['rbx'] : []));
  const block = code.blockAt[code.indexOfLabel.get(label) ?? -1] ?? -1;
  const found = [...must(kept[block], 'the block is reached')];
  return Object.fromEntries(found.map(([loc, values]) => [loc, [...values].map(Number).sort((a, b) => a - b)]));
}

test('numbers from both sides', () => {
  const body = 'movl $7, %ecx; testl %edi, %edi; je .L1; movl $138, %ecx; .L1:; movl %ecx, %eax; ret';
  expect(at('.L1', body)).toEqual({ rcx: [7, 138] });
});

test('what a borrow makes', () => {
  const body = 'cmpl $1, %edi; sbbl %eax, %eax; andl $131, %eax; addl $7, %eax; jmp .L1; .L1:; ret';
  expect(at('.L1', body)).toEqual({ rax: [7, 138] });
});

test('round a loop, and not where a loop counts', () => {
  const body =
    'movl $3, %ecx; xorl %eax, %eax; .L1:; addl $1, %eax; testl %edi, %edi; je .L2; movl $4, %ecx; .L2:; cmpl %esi, %eax; jne .L1; ret';
  expect(at('.L1', body)).toEqual({ rcx: [3, 4] });
});

test('where one side says nothing', () => {
  expect(at('.L1', 'movl $7, %ecx; testl %edi, %edi; je .L1; movl %esi, %ecx; .L1:; ret')).toEqual({});
});

test('behind calls', () => {
  const body = (name: string): string => `movl $5, %ebx; movl $6, %r12d; call ${name}; jmp .L1; .L1:; ret`;
  expect(at('.L1', body('g'))).toEqual({ rbx: [5] });
  expect(at('.L1', body('own'))).toEqual({});
});

test('a repeated instruction runs often, or not at all', () => {
  expect(at('.L1', 'movl $2, %ecx; xorl %eax, %eax; rep stosb; jmp .L1; .L1:; ret')).toEqual({
    rax: [0],
    rcx: [0, 1],
  });
});

test('the first block begins with anything, though it is jumped to', () => {
  expect(at('f', 'movl $5, %eax; testl %edi, %edi; jne f; ret')).toEqual({});
});
