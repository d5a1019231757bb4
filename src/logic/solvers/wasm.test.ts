// SPDX-License-Identifier: MIT
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { bv, eq, mul, not, ult, variable } from '../build.ts';
import type { Term } from '../term.ts';
import { wasmSolver } from './wasm.ts';

const timers = (): number => process.getActiveResourcesInfo().filter((r) => r === 'Timeout').length;

/** Products of 64 bits, about which z3 thinks for longer than anybody waits. */
function hard(): Term[] {
  const [x, y, z] = [variable('x', 64), variable('y', 64), variable('z', 64)];
  return [
    eq(mul(mul(x, y), z), bv(64, 0x123456789abcdef1n)),
    eq(mul(x, mul(x, x)), mul(y, z)),
    eq(mul(z, mul(y, y)), mul(x, bv(64, 77777))),
    ...[x, y, z].map((v) => ult(bv(64, 3), v)),
    not(eq(x, y)),
  ];
}

test('a question that is given up leaves nothing behind that keeps the process alive', {
  timeout: 60_000,
}, async () => {
  const solver = wasmSolver();
  const x = variable('x', 8);
  expect((await solver.check([eq(x, bv(8, 1))], 20_000)).status).toBe('sat');
  const before = timers();
  const answer = solver.check(hard(), 600_000);
  await wait(500);
  await solver.close();
  expect((await answer).status).toBe('unknown');
  expect(timers()).toBe(before);
});
