// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { Diagnostics } from '../../../base/diagnostic.ts';
import { x86_64 } from '../../isa/x86_64/index.ts';
import { recoverProgram } from '../../program/recover.ts';
import { readAsm } from '../../text/read.ts';
import { offeredBy } from './native-entries.ts';

/** What functions of these names, each with its code, take on the stack as others know them. */
function taken(functions: Readonly<Record<string, string>>): Record<string, unknown> {
  const each = Object.entries(functions).map(
    ([name, code]) => `\t.globl ${name}\n\t.type ${name}, @function\n${name}:\n${code}\n\t.size ${name}, .-${name}\n`,
  );
  const diagnostics = new Diagnostics();
  const ast = readAsm({ file: 'f.s', text: `\t.text\n${each.join('')}` }, x86_64, diagnostics);
  const program = recoverProgram(ast, diagnostics);
  expect(diagnostics.list).toEqual([]);
  return Object.fromEntries(offeredBy(program).map((o) => [o.names.join(' '), o.takes]));
}

const SAVES = `test %al, %al
je .Lnone
movaps %xmm7, -40(%rsp)
.Lnone: lea 8(%rsp), %rdx
mov (%rdx), %rax
ret`;

test('who takes all registers for floating-point numbers may take more of them on the stack', () => {
  expect(taken({ f: 'addsd %xmm7, %xmm0\nmov 8(%rsp), %rax\nret' })).toEqual({ f: 'floats' });
  expect(taken({ f: 'addsd %xmm6, %xmm0\nmov 8(%rsp), %rax\nret' })).toEqual({ f: 1 });
  expect(taken({ f: 'addsd %xmm7, %xmm0\nret' })).toEqual({});
});

test('who calls a function with variable arguments and passes no vectors takes none', () => {
  const call = 'sub $8, %rsp\nxor %eax, %eax\ncall g\nmov 16(%rsp), %rax\nadd $8, %rsp\nret';
  expect(taken({ f: call, g: SAVES })).toEqual({ f: 1, g: 'open' });
  // One that surely reads them is passed them.
  expect(taken({ f: call, g: 'addsd %xmm7, %xmm0\nret' })).toEqual({ f: 'floats' });
});

test('who takes nothing itself takes no floating-point numbers', () => {
  expect(taken({ f: 'addsd %xmm7, %xmm0\njmp elsewhere' })).toEqual({ f: 0 });
});
