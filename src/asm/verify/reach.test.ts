// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { must } from '../../base/assert.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { reachedBlocks } from './reach.ts';
import { program } from './testing.ts';

function reached(text: string): number[] {
  const p = program(x86_64, text);
  return [...reachedBlocks(p, must(p.functions[0], 'function'))].sort();
}

test('only what the entry leads to is reached', () => {
  expect(reached('f:\n\tjmp .L2\n.L1:\n\tincl %eax\n\tjmp .L2\n.L2:\n\tret\n')).toEqual([0, 2]);
});

test('a table leads to all that it mentions', () => {
  const table = '\t.section .rodata\n.T:\t.quad .L1, .L2\n';
  const text = `\t.text\nf:\n\tjmp *.T(,%rdi,8)\n.L1:\n\tnop\n\tret\n.L3:\n\tret\n.L2:\n\tret\n${table}`;
  expect(reached(text)).toEqual([0, 1, 3]);
});
