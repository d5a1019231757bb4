// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { aarch64 } from '../../src/asm/isa/aarch64/index.ts';
import type { FunctionCode } from '../../src/asm/program/types.ts';
import { program } from '../../src/asm/verify/testing.ts';
import { must } from '../../src/base/assert.ts';
import { changesDeadOnly } from './dead-change.ts';

const BODY = [
  'cbz x0, .L1',
  'mov x8, x1',
  'bl puts',
  '.L1:',
  'ldr x30, [sp, #8]',
  'add sp, sp, #16',
  'mov x0, x8',
  'ret',
];
const START = ['sub sp, sp, #16', 'str x30, [sp, #8]'];

function functionOf(lines: readonly string[]): FunctionCode {
  const text = `\t.text\n\t.type f, %function\nf:\n${lines.map((l) => `${l}\n`).join('')}\t.size f, .-f\n`;
  return must(program(aarch64, text).functions[0], 'f');
}

/** Whether putting `after` in the place of a line changes only what nobody reads. */
const dead = (lines: readonly string[], before: string, after: string, convention = true): boolean => {
  const at = lines.indexOf(before);
  const changed = [...lines.slice(0, at), ...(after === '' ? [] : after.split('; ')), ...lines.slice(at + 1)];
  return changesDeadOnly(functionOf(lines), functionOf(changed), aarch64, { convention, isOutside: () => true });
};

const f = [...START, ...BODY];
const leaf = [...START, 'mov x8, x1', 'ldr x30, [sp, #8]', 'add sp, sp, #16', 'mov x0, x8', 'ret'];

test.each([
  ['a register that a call loses', f, 'mov x8, x1', 'mov x8, x1; mov x9, x16', true],
  ['one that a call may take', f, 'mov x8, x1', 'mov x8, x1; mov x3, x16', false],
  ['one that is to be given back', f, 'mov x8, x1', 'mov x8, x1; mov x19, x16', false],
  ['the place of an indirect result', f, 'mov x8, x1', 'mov x8, x2', false],
  ['the result', f, 'mov x0, x8', 'mov x0, x1', false],
  ['what may be a second result', leaf, 'mov x0, x8', 'mov x0, x8; mov x1, x2', false],
  ['a scratch register at the end', leaf, 'mov x0, x8', 'mov x0, x8; mov x16, x2', true],
  ['another access', leaf, 'mov x8, x1', 'mov x8, x1; ldr x16, [x2]', false],
  ['another store', leaf, 'mov x8, x1', 'mov x8, x1; str x16, [sp]', false],
  ['the stack pointer', leaf, 'mov x8, x1', 'mov x8, x1; sub sp, sp, #16', false],
  ['the order of what does not meet', leaf, 'mov x8, x1', 'mov x9, x2; mov x8, x1', true],
  ['a return address that nobody has changed', leaf, 'ldr x30, [sp, #8]', '', true],
  ['one that a call has changed', f, 'ldr x30, [sp, #8]', '', false],
  ['code behind the end', leaf, 'ret', 'ret; mov x0, x2', true],
] as const)('%s', (_, lines, before, after, expected) => {
  expect(dead(lines, before, after)).toBe(expected);
});

test('what is no convention may be read by anybody', () => {
  expect(dead(leaf, 'mov x0, x8', 'mov x0, x8; mov x16, x2', false)).toBe(false);
});
