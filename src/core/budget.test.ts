// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { Deadline, PATIENCE, spend, spendSteps } from './budget.ts';

function wait(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test('work counts and not the time that it takes', () => {
  const deadline = new Deadline(20);
  wait(40);
  expect(deadline.left()).toBe(20);
  spend(15);
  expect(deadline.left()).toBe(5);
  expect(deadline.passed).toBe(false);
  spendSteps(1_000_000);
  expect(deadline.passed).toBe(true);
  expect(deadline.left()).toBe(0);
});

test('a clock ends what takes many times as long', () => {
  const deadline = new Deadline(5);
  wait(5 * PATIENCE + 1);
  expect(deadline.passed).toBe(true);
  expect(deadline.left()).toBe(0);
});
