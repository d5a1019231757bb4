// SPDX-License-Identifier: MIT
import { afterAll, expect, test } from 'vitest';
import { Deadline, PATIENCE } from '../../core/budget.ts';
import { bv, eq, mul, ult, variable, zext } from '../build.ts';
import type { Solver } from '../solver.ts';
import type { Term } from '../term.ts';
import { cvc5Process, installedSolvers, z3Process } from './process.ts';
import { wasmSolver } from './wasm.ts';

/** What a solver does is counted in its own units, so that it gets as far on a busy machine. */

const [x, y] = [variable('x', 32), variable('y', 32)];

/** The factors of a product of two primes. */
const hard: readonly Term[] = [eq(mul(zext(x, 64), zext(y, 64)), bv(64, 4294967291n * 4294967279n)), ult(x, y)];

/** What a question has cost, what became of it, and whether the clock ended it: on a machine as busy as that. */
async function cost(solver: Solver, question: readonly Term[], effortMs: number) {
  const deadline = new Deadline(1_000_000);
  const start = performance.now();
  const { status } = await solver.check(question, effortMs);
  const stopped = performance.now() - start >= PATIENCE * effortMs;
  return { status, spent: 1_000_000 - deadline.left(), stopped };
}

const installed = new Set((await installedSolvers()).map((s) => s.name));
const opened: Solver[] = [];
afterAll(async () => {
  for (const s of opened) await s.close();
});

for (const make of [z3Process, cvc5Process, wasmSolver]) {
  const solver = make();
  opened.push(solver);
  const there = solver.name === 'z3-wasm' || installed.has(solver.name);
  test.skipIf(!there)(`${solver.name} gives up after as much work as it was allowed`, { timeout: 60_000 }, async () => {
    const first = await cost(solver, hard, 300);
    const second = await cost(solver, hard, 300);
    expect([first.status, second.status]).toEqual(['unknown', 'unknown']);
    if (!first.stopped) expect(first.spent).toBeGreaterThan(295);
    expect(first.spent).toBeLessThan(600);
    // An instance that has been asked before begins elsewhere.
    if (solver.name === 'z3-wasm' || first.stopped || second.stopped) expect(second.spent).toBeLessThan(600);
    else expect(second.spent).toBeCloseTo(first.spent, 3);
  });
  test.skipIf(!there)(`${solver.name} counts little for what is easy`, { timeout: 60_000 }, async () => {
    const { status, spent } = await cost(solver, [ult(x, y), ult(y, bv(32, 3))], 5000);
    expect(status).toBe('sat');
    expect(spent).toBeGreaterThan(0);
    expect(spent).toBeLessThan(500);
  });
}
