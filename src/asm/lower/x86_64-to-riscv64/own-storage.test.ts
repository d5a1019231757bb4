// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { must } from '../../../base/assert.ts';
import { Diagnostics } from '../../../base/diagnostic.ts';
import { findRoute } from '../../pipeline/route.ts';
import { readProgram } from '../../pipeline/session.ts';
import { checkAll } from '../../verify/check-program.ts';

/** Sixteen whole vector registers are kept over a call of a function that leaves them alone: more than there are registers. */

const each = (line: (n: number) => string): string => Array.from({ length: 16 }, (_, n) => `\t${line(n)}\n`).join('');

const SOURCE = `
	.type	count, @function
count:
	addl	$1, %eax
	ret
	.size	count, .-count
	.globl	f
	.type	f, @function
f:
	movl	%edx, %eax
${each((n) => `movdqu ${16 * n}(%rdi), %xmm${n}`)}	call	count
${each((n) => `movdqu %xmm${n}, ${16 * n}(%rsi)`)}	ret
	.size	f, .-f
`;

const route = must(findRoute('x86_64', 'riscv64'), 'a route');

/** What becomes of the proof where the target's text, or the source's, is changed. */
async function judge(
  change: (text: string) => string = (text) => text,
  more = '',
): Promise<{ kind: string; f: string; findings: readonly string[]; assumed: readonly string[] }> {
  const diagnostics = new Diagnostics();
  const source = must(readProgram({ file: 'kept.s', text: SOURCE + more }, route.source).program, 'the source');
  const { text, functions } = route.lower(source, diagnostics, {});
  expect(diagnostics.list).toEqual([]);
  const changed = change(text);
  const target = must(readProgram({ file: 'target.s', text: changed }, route.target, 'target').program, 'the target');
  const { pair, contracts } = route;
  const claim = { source, target, pair, contracts, functions, refused: [] };
  const result = await checkAll(claim, () => ({ kind: 'undecided', reason: 'nobody is asked' }));
  const f = must(
    result.functions.find((v) => v.source === 'f'),
    'f',
  );
  const assumed = f.blocks.flatMap(({ verdict }) => (verdict.kind === 'proved' ? verdict.assumptions : []));
  return { kind: result.kind, f: f.kind, findings: result.findings, assumed };
}

/** Makes the first match another, which must be there. */
const instead = (what: string | RegExp, by: string) => (text: string) => {
  expect(text).toMatch(what);
  return text.replace(what, by);
};

const NAME = '__vouch_kept.f';

describe('storage of the target’s own', () => {
  test('outlives calls', async () => {
    const { kind, findings, assumed } = await judge();
    expect({ kind, findings }).toEqual({ kind: 'proved', findings: [] });
    expect(assumed).toContain('own-storage');
  });
  test('is lost where the function that is called may write it', async () => {
    const write = `\tla.tls.ie\tt3, ${NAME}\n\tadd\tt3, t3, tp\n\tsd\tzero, 0(t3)\n`;
    const { f } = await judge(instead(/(?<=^\.Lvouch_count_0:\n)/m, write));
    expect(f).not.toBe('proved');
  });
  test('is lost where another place is read', async () => {
    const { f } = await judge(instead(/(?<=\tld\tt4, )0(?=\(t3\))/, '8'));
    expect(f).not.toBe('proved');
  });
  test('ends somewhere', async () => {
    expect((await judge(instead(/(?<=\.zero\t)128/, '16'))).f).toBe('undecided');
  });
  test('is read by words', async () => {
    expect((await judge(instead(/\tld\tt4, 0\(t3\)/, '\tlw\tt4, 0(t3)'))).f).toBe('undecided');
  });
  test('is nobody else’s', async () => {
    for (const change of [
      instead(`${NAME}:`, `\t.globl\t${NAME}\n${NAME}:`),
      instead(`${NAME}:`, `\t.set\tother, ${NAME}\n${NAME}:`),
      instead(`${NAME}:`, `other:\n${NAME}:`),
      instead('"awT"', '"aw"'),
    ]) {
      const { kind, findings } = await judge(change);
      expect(kind).not.toBe('proved');
      expect(findings).not.toEqual([]);
    }
    const { kind, findings } = await judge(undefined, `\t.data\n\t.quad\t${NAME}\n`);
    expect(kind).not.toBe('proved');
    expect(findings).not.toEqual([]);
  });
});
