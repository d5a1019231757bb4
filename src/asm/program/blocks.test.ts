// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { functionNamed, programOf } from '../../../tests/support/x86-program.ts';

/** Per block: first and last instruction, how it ends, where it goes. */
function blocks(body: string): [number, number, string, readonly number[]][] {
  const code = functionNamed(programOf(`	.globl	f\nf:\n${body}`), 'f');
  return code.blocks.map((b) => [b.start, b.end - 1, b.flow.kind, b.successors]);
}

test('a conditional jump goes both ways', () => {
  expect(blocks('	testl %edi, %edi\n	je .L1\n	incl %edi\n.L1:\n	ret\n')).toEqual([
    [0, 1, 'jump', [2, 1]],
    [2, 2, 'next', [2]],
    [3, 3, 'return', []],
  ]);
});

test('a call ends a block, labels that nobody mentions begin none', () => {
  expect(blocks('	pushq %rbx\n	call g\n.LVL1:\n	popq %rbx\n.LVL2:\n	ret\n')).toEqual([
    [0, 1, 'call', [1]],
    [2, 3, 'return', []],
  ]);
});

test('a repeated string instruction is a block of its own and follows itself', () => {
  expect(blocks('	movl $8, %ecx\n	rep stosq\n	ret\n')).toEqual([
    [0, 0, 'next', [1]],
    [1, 1, 'repeat', [1, 2]],
    [2, 2, 'return', []],
  ]);
});

test('a trap goes nowhere', () => {
  expect(blocks('	testl %edi, %edi\n	jne .L1\n	ud2\n.L1:\n	ret\n').map((b) => b[3])).toEqual([[2, 1], [], []]);
});

test('a jump to the own entry stays in the function, through the PLT it leaves', () => {
  expect(blocks('	incl %edi\n	jmp f\n')).toEqual([[0, 1, 'jump', [0]]]);
  const code = functionNamed(programOf('	.globl	f\nf:\n	incl %edi\n	jmp f@PLT\n'), 'f');
  expect(code.blocks[0]).toMatchObject({ successors: [], tailCall: 'f' });
});

test('a conditional tail call also goes on', () => {
  const code = functionNamed(programOf('	.globl	f\nf:\n	testl %edi, %edi\n	je g\n	ret\n'), 'f');
  expect(code.blocks[0]).toMatchObject({ successors: [1], tailCall: 'g' });
});
