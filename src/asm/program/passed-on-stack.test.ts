// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { must } from '../../base/assert.ts';
import { stackPassedBy } from '../abi/passed-on-stack.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { program } from '../verify/testing.ts';

/** What the calls of a function may pass on the stack, in their order: how many words, with an f where floating-point numbers may be among them. */
function passed(code: string): string {
  const text = `\t.text\n\t.globl f\n\t.type f, @function\nf:\n${code}\n\t.size f, .-f\n`;
  const read = program(x86_64, text);
  const f = must(read.functions[0], 'a function');
  const of = stackPassedBy(read, f);
  const calls = f.blocks.filter((b) => b.flow.kind === 'call').map((b) => of(b));
  return calls.map(({ words, floats }) => `${words}${floats ? 'f' : ''}`).join(' ');
}

describe('words that a call may pass on the stack', () => {
  test.each([
    ['sub $8, %rsp\ncall g\nadd $8, %rsp\nret', '0'],
    ['sub $8, %rsp\npush $7\npush %rdi\ncall g\nadd $24, %rsp\nret', '2'],
    ['sub $24, %rsp\nmov %rdi, 8(%rsp)\nmov %edi, (%rsp)\ncall g\nadd $24, %rsp\nret', '2'],
    ['sub $24, %rsp\nmov %rdi, 8(%rsp)\ncall g\nadd $24, %rsp\nret', '0'],
    ['sub $24, %rsp\nmovsd %xmm0, (%rsp)\nmov %rdi, 8(%rsp)\ncall g\nadd $24, %rsp\nret', '2f'],
    ['sub $24, %rsp\nmovsd %xmm0, (%rsp)\nmov %rdi, (%rsp)\ncall g\nadd $24, %rsp\nret', '1'],
    ['sub $24, %rsp\nmovups %xmm0, (%rsp)\ncall g\nadd $24, %rsp\nret', '2f'],
    ['mov %rdi, -16(%rsp)\nsub $24, %rsp\nmov %rdi, (%rsp)\ncall g\nadd $24, %rsp\nret', '2'],
    ['mov %rdi, -24(%rsp)\nsub $24, %rsp\ncall g\nadd $24, %rsp\nret', '1'],
  ])('%s', (code, words) => expect(passed(code)).toBe(words));

  test('through other registers that point into the frame', () => {
    const code = 'push %rbp\nmov %rsp, %rbp\nsub $16, %rsp\nmov %rdi, -16(%rbp)\ncall g\nleave\nret';
    expect(passed(code)).toBe('1');
  });

  test('what is kept over the call is no argument', () => {
    expect(passed('push %rbx\nmov %rdi, %rbx\ncall g\nadd %rbx, %rax\npop %rbx\nret')).toBe('0');
    expect(passed('sub $8, %rsp\nmov %rdi, (%rsp)\ncall g\nadd (%rsp), %rax\nadd $8, %rsp\nret')).toBe('0');
    expect(passed('push %rdi\ncall g\npop %rdi\njmp *%rdi')).toBe('0');
  });

  test('a word that is popped and not looked at has only been given back', () => {
    expect(passed('push %rdi\ncall g\npop %rdx\nret')).toBe('1');
    expect(passed('push %rdi\ncall g\npop %rdi\nsub $8, %rsp\ncall g\nadd $8, %rsp\nret')).toBe('1 0');
  });

  test('it may be read behind the next call, and stored before the last', () => {
    const frame = (between: string): string => `sub $8, %rsp\nmov %rdi, (%rsp)\ncall g\n${between}\nadd $8, %rsp\nret`;
    expect(passed(frame('call h'))).toBe('1 1');
    expect(passed(frame('call h\nmov (%rsp), %rax'))).toBe('0 0');
    expect(passed(frame('mov %rax, (%rsp)\ncall h'))).toBe('1 1');
    expect(passed(frame('mov %rax, (%rsp)\ncall h\nmov (%rsp), %rax'))).toBe('1 0');
  });

  test('on some way', () => {
    const stores = 'sub $8, %rsp\ntest %edi, %edi\nje 1f\nmov %rdi, (%rsp)\n1:\ncall g\nadd $8, %rsp\nret';
    expect(passed(stores)).toBe('1');
    const loads =
      'sub $8, %rsp\nmov %rdi, (%rsp)\ncall g\ntest %eax, %eax\nje 1f\nmov (%rsp), %rax\n1:\nadd $8, %rsp\nret';
    expect(passed(loads)).toBe('0');
    const round = 'push %rbx\nsub $16, %rsp\n1:\ncall g\nmov %rax, (%rsp)\ncall h\njmp 1b';
    expect(passed(round)).toBe('1 1');
  });

  test('what is pushed in a loop', () => {
    const code = 'push %rbp\nmov %rsp, %rbp\n1:\npush %rdi\ndec %rsi\njne 1b\ncall g\npop %rdx\njmp 1b';
    expect(passed(code)).toBe('64');
    expect(passed('1:\npop %rax\ncall g\njmp 1b')).toBe('0');
  });

  test('what has been given back is gone', () => {
    const code = 'push %rdi\npush %rdi\ncall g\nadd $16, %rsp\nsub $8, %rsp\npush %rdi\ncall g\nadd $16, %rsp\nret';
    expect(passed(code)).toBe('2 1');
  });

  test('nothing from before the stack was moved by what the run decides', () => {
    const frame = (inside: string): string =>
      `push %rbp\nmov %rsp, %rbp\npush %rbx\npush %rdi\nsub %rsi, %rsp\n${inside}\nmov %rbp, %rsp\npop %rbp\nret`;
    expect(passed(frame('call g'))).toBe('0');
    expect(passed(frame('sub $8, %rsp\npush %rdi\ncall g\nadd $16, %rsp'))).toBe('1');
    expect(passed(frame('sub $16, %rsp\nmov %rdi, 8(%rsp)\nmov %rdi, (%rsp)\ncall g'))).toBe('2');
  });
});
