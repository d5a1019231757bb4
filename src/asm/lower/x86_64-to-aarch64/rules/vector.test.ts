// SPDX-License-Identifier: MIT
import { afterAll, expect, test } from 'vitest';
import { QueryCache } from '../../../../logic/generalise.ts';
import { prove } from '../../../../logic/prove.ts';
import { wasmSolver } from '../../../../logic/solvers/wasm.ts';
import { x86_64 } from '../../../isa/x86_64/index.ts';
import { tryRule } from './proving.ts';

/** Each form of SSE to SSE4.2 with registers, one register twice, and memory: proved for all states. */

const solver = wasmSolver();
const cache = new QueryCache();
afterAll(() => solver.close());

/** Counts in registers reach AArch64's instruction as signed bytes, which normal forms do not see through. */
const NEEDS_SOLVER = /^x64\.(ps(ll|rl|ra)[wdq]|ptest)\.xmm_xmmm/;

const forms = x86_64.forms.filter((f) => f.operands.some(([, k]) => k.name.includes('xmm')));

test('there are forms to prove', () => {
  expect(forms.length).toBeGreaterThan(200);
});

test.each(forms.map((f) => [f.id, f] as const))('%s', { timeout: 60_000 }, async (id, form) => {
  const { proved, open, refused, wrong } = tryRule(form);
  expect({ wrong, refused }).toEqual({ wrong: [], refused: [] });
  expect(open.length > 0, 'whether a solver is needed').toBe(NEEDS_SOLVER.test(id));
  for (const claim of open) {
    const result = await prove(claim, { solvers: [solver], cache, timeoutMs: 20_000 });
    expect(result.kind, `${claim.of}: ${claim.what}`).toBe('proved');
  }
  expect(proved + open.length).toBeGreaterThan(0);
});
