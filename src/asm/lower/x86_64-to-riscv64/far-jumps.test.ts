// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { must } from '../../../base/assert.ts';
import { Diagnostics } from '../../../base/diagnostic.ts';
import { findRoute } from '../../pipeline/route.ts';
import { readProgram } from '../../pipeline/session.ts';
import { checkOne } from '../../verify/check-program.ts';
import { Context } from '../../verify/context.ts';
import { lowerFile } from '../from-x86_64/file.ts';
import { relaxFarJumps } from './far-jumps.ts';
import { toRiscv64 } from './target.ts';

/** Functions that reach 400 bytes are as good as those that reach a million. */
const REACH = 400;

const filler = (n: number): string => '\taddl\t%esi, %eax\n\txorl\t%eax, %esi\n'.repeat(n);
const SOURCE = `
	.globl	f
	.type	f, @function
f:
	movl	%edi, %eax
.Lagain:
	testl	%esi, %esi
	je	.Lend
	cmpl	$7, %eax
	jg	.Lmiddle
${filler(60)}
.Lmiddle:
	subl	$3, %eax
	js	.Lagain
${filler(60)}
	cmpl	%esi, %eax
	jb	.Lagain
	jmp	.Lmiddle
${filler(40)}
.Lend:
	ret
	.size	f, .-f
`;

/** The most bytes between a jump and its label; every line counts for 8. */
function farthest(text: string): number {
  const labels = new Map<string, number>();
  const jumps: { at: number; to: string }[] = [];
  let at = 0;
  for (const line of text.split('\n')) {
    const label = /^([.\w]+):$/.exec(line)?.[1];
    if (label !== undefined) labels.set(label, at);
    else at += 8;
    const to = /^\t(?:j|b\w+)\t(?:.*, )?(\S+)$/.exec(line)?.[1];
    if (to !== undefined) jumps.push({ at, to });
  }
  return Math.max(...jumps.map((j) => Math.abs(must(labels.get(j.to), j.to) - j.at)));
}

test('no jump goes far, and every block is proved', async () => {
  const route = must(findRoute('x86_64', 'riscv64'), 'a route');
  const source = must(readProgram({ file: 'far.s', text: SOURCE }, route.source).program, 'the source');
  const near = {
    ...toRiscv64,
    relaxBranches: (lines: readonly string[], label: () => string) => relaxFarJumps(lines, label, REACH),
  };
  const diagnostics = new Diagnostics();
  const { text, functions } = lowerFile(near, source, diagnostics, {});
  expect(diagnostics.list).toEqual([]);
  expect(farthest(route.lower(source, diagnostics, {}).text)).toBeGreaterThan(2 * REACH);
  expect(farthest(text)).toBeLessThan(1.5 * REACH);
  const target = must(readProgram({ file: 'target.s', text }, route.target, 'target').program, 'the target');
  const { pair, contracts } = route;
  const claim = { source, target, pair, contracts, functions, refused: [] };
  const context = new Context(claim, () => ({ kind: 'undecided', reason: 'nobody is asked' }));
  for (const f of functions) expect((await checkOne(context, f)).kind).toBe('proved');
});

test('small functions stay as they are', () => {
  const lines = ['f:', '\tbeqz\ta0, .L1', '\tj\tf', '.L1:', '\tret'];
  expect(relaxFarJumps(lines, () => 'label')).toBe(lines);
});
