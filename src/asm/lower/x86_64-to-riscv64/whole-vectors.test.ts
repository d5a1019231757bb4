// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { must } from '../../../base/assert.ts';
import { Diagnostics } from '../../../base/diagnostic.ts';
import { findRoute } from '../../pipeline/route.ts';
import { readProgram } from '../../pipeline/session.ts';
import { checkAll } from '../../verify/check-program.ts';

/** Whole vectors are passed and given back through a pointer, and by a name that another definition may answer to. */
const source = (call: string): string => `
	.globl	twice
	.type	twice, @function
twice:
	paddd	%xmm0, %xmm0
	ret
	.size	twice, .-twice
	.globl	f
	.type	f, @function
f:
	pushq	%rbx
	movq	%rdi, %rbx
	movdqu	(%rdi), %xmm0
	${call}
	movdqu	%xmm0, (%rbx)
	popq	%rbx
	ret
	.size	f, .-f
`;

const route = must(findRoute('x86_64', 'riscv64'), 'a route');

async function judge(call: string, change: (text: string) => string = (text) => text): Promise<string> {
  const diagnostics = new Diagnostics();
  const program = must(readProgram({ file: 'f.s', text: source(call) }, route.source).program, 'the source');
  const { text, functions } = route.lower(program, diagnostics, {});
  expect(diagnostics.list).toEqual([]);
  const target = must(readProgram({ file: 'g.s', text: change(text) }, route.target, 'target').program, 'the target');
  const { pair, contracts } = route;
  const claim = { source: program, target, pair, contracts, functions, refused: [] };
  return (await checkAll(claim, () => ({ kind: 'undecided', reason: 'nobody is asked' }))).kind;
}

const without = (line: RegExp) => (text: string) => {
  expect(text).toMatch(line);
  return text.replace(line, '');
};

describe.each([['call\t*%rsi'], ['call\ttwice@PLT']])('%s', (call) => {
  test('passes and takes whole vectors', async () => expect(await judge(call)).toBe('proved'));
  test('is not proved where the higher half is not passed', async () =>
    expect(await judge(call, without(/(?<=\tfmv\.d\tft0, ft9\n)\tfmv\.d\tft8, ft0\n/))).not.toBe('proved'));
  test('is not proved where the function does not give it', async () =>
    expect(await judge(call, without(/(?<=\tfmv\.d\.x\tft0, t4\n)\tfmv\.d\tft8, ft0\n/))).not.toBe('proved'));
});
