// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { conventionsOf } from '../abi/call-model.ts';
import { x86_64 } from '../isa/x86_64/index.ts';
import { program } from '../verify/testing.ts';
import { stackTakers } from './stack-arguments.ts';

/** Functions by their names: what each does, up to its end. */
function takers(functions: Readonly<Record<string, string>>): Record<string, unknown> {
  const text = Object.entries(functions).map(
    ([name, code]) => `\t.globl ${name}\n\t.type ${name}, @function\n${name}:\n${code}\n\t.size ${name}, .-${name}\n`,
  );
  const found = stackTakers(program(x86_64, `\t.text\n${text.join('')}`), conventionsOf(x86_64));
  return Object.fromEntries(found.map((t) => [t.code.name, [t.takes, ...t.handsTo]]));
}

const THREE = 'mov 24(%rsp), %rax\nret';

test('who jumps to a function takes what it takes', () => {
  expect(
    takers({ f: THREE, g: 'jmp f', h: 'mov 32(%rsp), %rax\njmp g', i: 'sub $8, %rsp\ncall f\nadd $8, %rsp\nret' }),
  ).toEqual({
    f: [3],
    g: [3],
    h: [4],
    i: [0],
  });
});

test('functions that jump to each other come to an end', () => {
  expect(takers({ f: `test %edi, %edi\nje g\n${THREE}`, g: 'dec %edi\njmp f' })).toEqual({ f: [3], g: [3] });
});

test('what another file does with them is not known', () => {
  expect(takers({ f: 'jmp elsewhere' })).toEqual({ f: [0, 'elsewhere'] });
});

test('who jumps to a function that forms their address hands on any number of them', () => {
  expect(takers({ f: 'lea 8(%rsp), %rax\nret', g: 'mov 8(%rsp), %rax\njmp f' })).toEqual({ f: ['open'], g: ['open'] });
  expect(takers({ f: 'movsd 8(%rsp), %xmm0\nret', g: 'jmp f' })).toEqual({ f: ['floats'], g: ['floats'] });
});
