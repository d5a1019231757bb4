// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { add, bv, carry, eq, neg, sub, ult, variable, zext } from './build.ts';
import { Evaluator } from './evaluate.ts';
import { subterms } from './substitute.ts';
import type { Term } from './term.ts';
import { inFewerSummands } from './unknowns.ts';

const [x, y, z, b] = [variable('x', 16), variable('y', 16), variable('z', 16), variable('b', 1)];
const sum = add(add(x, y), zext(b, 16));
const claim = [carry(sum, z, b), eq(add(sum, z), bv(16, -1)), ult(sub(neg(sum), bv(16, 1)), z)];

const variablesOf = (terms: readonly Term[]): readonly Term[] => subterms(terms).filter((t) => t.op === 'var');

test('a sum that is used again and again becomes an unknown', () => {
  const changed = inFewerSummands(claim);
  expect(variablesOf(changed).map((t) => t.name)).not.toContain('x');
  expect(subterms(changed).length).toBeLessThan(subterms(claim).length);
});

test('the claim is the same of other numbers', () => {
  const changed = inFewerSummands(claim);
  const [unknown] = variablesOf(changed).filter((t) => t.name.startsWith('sum.')) as [Term];
  const word = fc.bigInt({ min: 0n, max: 0xffffn });
  const bit = fc.bigInt({ min: 0n, max: 1n });
  fc.assert(
    fc.property(word, word, word, bit, (vx, vy, vz, vb) => {
      const before = new Evaluator({
        values: new Map([
          [x, vx],
          [y, vy],
          [z, vz],
          [b, vb],
        ]),
      });
      const after = new Evaluator({
        values: new Map([
          [unknown, before.value(sum)],
          [x, vx],
          [y, vy],
          [z, vz],
          [b, vb],
        ]),
      });
      expect(changed.map((t) => after.value(t))).toEqual(claim.map((t) => before.value(t)));
    }),
  );
});
