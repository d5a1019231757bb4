// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { conventionsOf } from '../abi/call-model.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { program } from '../verify/testing.ts';
import { returnOffsets } from './return-offsets.ts';

/** How far above its entry's stack pointer each function looks for where to return to; `?` where that is not known. */
function offsets(functions: Readonly<Record<string, string>>): Record<string, number | '?'> {
  const text = Object.entries(functions).map(
    ([name, code]) => `\t.globl ${name}\n\t.type ${name}, @function\n${name}:\n${code}\n\t.size ${name}, .-${name}\n`,
  );
  const found = returnOffsets(program(x86_64, `\t.text\n${text.join('')}`), conventionsOf(x86_64));
  return Object.fromEntries([...found].map(([code, offset]) => [code.name, offset ?? '?']));
}

const POPS = 'pop %rbx\npop %rbp\nret';

test('a function that takes off what others have pushed looks above that', () => {
  expect(offsets({ f: 'push %rbp\npush %rbx\njmp g', g: POPS, h: 'push %rbx\npop %rbx\nret' })).toEqual({
    f: 0,
    g: 16,
    h: 0,
  });
});

test('and so does one that leaves that to a third', () => {
  expect(offsets({ f: 'pop %r12\njmp g', g: POPS })).toEqual({ f: 24, g: 16 });
  expect(offsets({ f: 'test %edi, %edi\nje g\npop %rbx\npop %rbp\nret', g: POPS })).toEqual({ f: 16, g: 16 });
});

test('where ways differ it is not known', () => {
  expect(offsets({ f: 'test %edi, %edi\nje g\nret', g: POPS })).toEqual({ f: '?', g: 16 });
  expect(offsets({ f: 'push %rax\njmp f', g: 'jmp f' })).toEqual({ f: '?', g: '?' });
  expect(offsets({ f: 'test %edi, %edi\nje 1f\nret\n1:\npop %rax\njmp f' })).toEqual({ f: '?' });
});

test('functions that jump to each other', () => {
  expect(offsets({ f: 'dec %edi\njmp g', g: 'test %edi, %edi\njne f\nret' })).toEqual({ f: 0, g: 0 });
});
