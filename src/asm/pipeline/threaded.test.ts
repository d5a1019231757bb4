// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { must } from '../../base/assert.ts';
import { Diagnostics } from '../../base/diagnostic.ts';
import { DEFAULT_LIMITS } from '../../core/budget.ts';
import { prove } from '../../logic/prove.ts';
import { assignmentOf } from '../../logic/refute.ts';
import { checkFunction, type FunctionVerdict } from '../verify/check-function.ts';
import { Context } from '../verify/context.ts';
import type { Prover } from '../verify/discharge.ts';
import { ROUTES, type Route } from './route.ts';
import { readProgram } from './session.ts';

const LABELS = 120;

/** A threaded interpreter that is entered with the stack aligned and not; its second variant finds labels by comparing. */
function threaded(): string {
  const next = '\tmovzbl\t(%rdi), %eax\n\tincq\t%rdi\n\tjmp\t*.Ltable(,%rax,8)\n';
  const handlers = Array.from({ length: LABELS }, (_, n) => {
    return `.L${n}:\n\taddl\t$${n}, %esi\n${n % 40 === 7 ? next : '\tmovl\t%esi, %eax\n\tret\n'}`;
  });
  const table = Array.from({ length: LABELS }, (_, n) => `\t.quad\t.L${n}\n`);
  return [
    '\t.text\n\t.type\trun, @function\nrun:\n',
    next,
    ...handlers,
    '\t.size\trun, .-run\n\t.globl\tg\n\t.type\tg, @function\ng:\n\tcall\trun\n\tret\n\t.size\tg, .-g\n',
    '\t.globl\th\n\t.type\th, @function\nh:\n\tsubq\t$8, %rsp\n\tcall\trun\n\taddq\t$8, %rsp\n\tret\n\t.size\th, .-h\n',
    '\t.section\t.rodata\n\t.align\t8\n.Ltable:\n',
    ...table,
  ].join('');
}

interface Checked {
  readonly verdicts: readonly FunctionVerdict[];
  /** The most questions for one function. */
  readonly questions: number;
  readonly target: string;
}

/** Checks the translation, or what `change` makes of it, with no solver to ask. */
async function check(route: Route, change: (target: string) => string = (t) => t): Promise<Checked> {
  const source = must(readProgram({ file: 't.s', text: threaded() }, route.source).program, 'the source');
  const diagnostics = new Diagnostics();
  const lowered = route.lower(source, diagnostics, {});
  expect(diagnostics.list).toEqual([]);
  const text = change(lowered.text);
  const read = readProgram({ file: 'o.s', text: route.runtime.without(text) }, route.target, 'target');
  const target = must(read.program, 'the target');
  let questions = 0;
  const prover: Prover = async (q) => {
    questions++;
    const result = await prove(q);
    if (result.kind === 'refuted') return { kind: 'refuted', model: assignmentOf(result.witness) };
    return result.kind === 'proved' ? { kind: 'proved', by: 'normaliser' } : result;
  };
  const { pair, contracts } = route;
  const claim = { source, target, pair, functions: lowered.functions, contracts, refused: [] };
  const context = new Context(claim, prover, DEFAULT_LIMITS);
  const verdicts: FunctionVerdict[] = [];
  let most = 0;
  for (const relation of lowered.functions) {
    questions = 0;
    verdicts.push(await checkFunction(context, relation));
    most = Math.max(most, questions);
  }
  return { verdicts, questions: most, target: text };
}

describe.each(ROUTES)('threaded code to $target.name', (route) => {
  test('takes few questions for many labels', async () => {
    const { verdicts, questions } = await check(route);
    expect(verdicts.map((v) => v.target)).toContain('run.vouch_local');
    expect(verdicts.map((v) => v.kind)).toEqual(verdicts.map(() => 'proved'));
    expect(questions).toBeLessThan(2 * LABELS);
  }, 60_000);

  test('that goes to another label is not proved', async () => {
    const { verdicts } = await check(route, (t) => {
      const changed = t.replace(/^(\s+(?:b\.?eq|cbz).*)\.L5(\.vouch\S+)$/m, '$1.L6$2');
      expect(changed).not.toBe(t);
      return changed;
    });
    expect(verdicts.some((v) => v.kind === 'refuted' || v.kind === 'undecided')).toBe(true);
  }, 60_000);
});
