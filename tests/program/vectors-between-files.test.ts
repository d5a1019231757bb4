// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { translate } from '../../src/asm/pipeline/translate.ts';
import { must } from '../../src/base/assert.ts';
import { DEFAULT_LIMITS } from '../../src/core/budget.ts';

/** On RISC-V only functions of the same file pass all of a vector register; others would pass half of it in silence. */

const func = (name: string, body: string): string =>
  `\t.text\n\t.globl ${name}\n\t.type ${name}, @function\n${name}:\n${body}\n\tret\n\t.size ${name}, .-${name}\n`;
const SUM = func('sum', '\tpshufd $78, %xmm0, %xmm1\n\tpaddq %xmm1, %xmm0\n\tmovq %xmm0, %rax');
const CALLER = func('caller', '\tsubq $8, %rsp\n\tmovdqu (%rdi), %xmm0\n\tcall sum\n\taddq $8, %rsp');
const OTHER = func('other', '\tmovl $1, %eax');

const codesOf = async (to: 'aarch64' | 'riscv64', ...texts: readonly string[]): Promise<readonly string[]> => {
  const files = texts.map((text, i) => ({ file: `${i}.s`, text }));
  const done = await translate(files, {
    ...{ prover: { cache: false }, limits: DEFAULT_LIMITS, jobs: 1, progress: () => undefined },
    ...{ from: 'x86_64', to, targetName: (name) => name, features: [], withStages: false },
  });
  return must(done[0], 'a file')
    .diagnostics.filter((d) => d.severity === 'error')
    .map((d) => d.code);
};

test('a function that another file names', async () => {
  expect(await codesOf('riscv64', SUM, CALLER)).toEqual(['V0227']);
  expect(await codesOf('aarch64', SUM, CALLER)).toEqual([]);
});

test('one that only its own file names', async () => {
  expect(await codesOf('riscv64', SUM, OTHER)).toEqual([]);
  expect(await codesOf('riscv64', `${SUM}${CALLER}`, OTHER)).toEqual([]);
  expect(await codesOf('riscv64', SUM, OTHER.replaceAll('other', 'sum_of_others'))).toEqual([]);
});
