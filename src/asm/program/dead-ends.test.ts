// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { readProgram } from '../../../tests/support/x86-program.ts';
import { deadEnds } from './dead-ends.ts';

const before = '\t.text\n\t.globl f\n\t.type f, @function\nf:\n\tjne .Lend\n\tret\n\t.size f, .-f\n';
const ends = (text: string): string[] => [...deadEnds(readProgram(before + text).program)];

test('a part without an instruction is one', () => {
  expect(ends('\t.section .text.unlikely,"ax",@progbits\nf.cold:\n.Lend:\n\t.size f.cold, .-f.cold\n')).toEqual([
    'f.cold',
    '.Lend',
  ]);
});

test.each([
  ['an instruction behind it', 'f.cold:\n.Lend:\n\tnop\n\t.size f.cold, .-f.cold\n'],
  ['bytes behind it', 'f.cold:\n.Lend:\n\t.byte 0xc3\n\t.size f.cold, .-f.cold\n'],
  ['space behind it', 'f.cold:\n.Lend:\n\t.skip 4\n\t.size f.cold, .-f.cold\n'],
  ['code of something else behind it', '.Lend:\ng:\n\tret\n\t.size g, .-g\n'],
  ['no size', '.Lend:\n'],
  ['another name with a size', '.Lend:\n\t.size f, .-f\n'],
  ['a name for others', '\t.globl .Lend\n.Lend:\n\t.size .Lend, .-.Lend\n'],
  ['a place among data', '\t.data\n.Lend:\n\t.size .Lend, .-.Lend\n'],
])('%s makes it none', (_, text) => {
  expect(ends(text)).toEqual([]);
});
