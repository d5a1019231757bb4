// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import { test } from 'vitest';
import * as build from './build.ts';
import { Evaluator } from './evaluate.ts';
import { node } from './pool.ts';
import { show } from './show.ts';
import type { Term } from './term.ts';
import { naive } from './testing/naive.ts';

/** Random combinations of comparisons, NaN tests and choices mean the same with and without the rules. */

const exponent = 0x7ffn << 52n;
const quiet = 1n << 51n;
const sign = 1n << 63n;
const one = 0x3ffn << 52n;
const patterns = [
  0n,
  sign,
  one,
  one | sign,
  one + 1n,
  exponent,
  exponent | sign,
  exponent | 1n,
  exponent | quiet,
].concat([exponent | quiet | sign | 3n, exponent | sign | 5n, 1n]);

const names = ['a', 'b', 'c'];

interface Pair {
  readonly normal: Term;
  readonly plain: Term;
}

const number = fc.nat({ max: 1_000_000 });
const steps = fc.array(fc.tuple(number, number, number, number), { minLength: 4, maxLength: 30 });

function isNaNPlain(a: Term): Term {
  return node('fp.isNaN', 1, [a]);
}

function grow(list: readonly (readonly [number, number, number, number])[]): readonly Pair[] {
  const numbers: Pair[] = names.map((n) => ({ normal: build.variable(n, 64), plain: build.variable(n, 64) }));
  numbers.push({ normal: build.negativeDefaultNaN(64), plain: build.negativeDefaultNaN(64) });
  const bits: Pair[] = [{ normal: build.variable('f', 1), plain: build.variable('f', 1) }];
  for (const [op, x, y, z] of list) {
    const pick = (from: readonly Pair[], i: number) => from[from.length - 1 - (i % Math.min(from.length, 6))] as Pair;
    const [a, b, c] = [pick(numbers, x), pick(numbers, y), numbers[z % 4] as Pair];
    const [p, q] = [pick(bits, x), pick(bits, y)];
    const variable = numbers[x % 3] as Pair;
    const other = numbers[y % 3] as Pair;
    switch (op % 12) {
      case 0:
      case 1: {
        const compare = (['fp.eq', 'fp.lt', 'fp.le'] as const)[z % 3] as 'fp.eq';
        bits.push({
          normal: build.fpCompare(compare, variable.normal, other.normal),
          plain: node(compare, 1, [variable.plain, other.plain]),
        });
        if (op % 12 === 1) {
          // Of the same operands, and the inverse.
          const again = (['fp.eq', 'fp.lt', 'fp.le'] as const)[x % 3] as 'fp.eq';
          bits.push({
            normal: build.and(
              (bits.at(-1) as Pair).normal,
              build.not(build.fpCompare(again, variable.normal, other.normal)),
            ),
            plain: naive.and((bits.at(-1) as Pair).plain, naive.not(node(again, 1, [variable.plain, other.plain]))),
          });
        }
        break;
      }
      case 2:
        bits.push({ normal: build.isNaNPattern(a.normal), plain: isNaNPlain(a.plain) });
        break;
      case 3:
        bits.push({ normal: build.and(p.normal, q.normal), plain: naive.and(p.plain, q.plain) });
        break;
      case 4:
        bits.push({ normal: build.or(p.normal, q.normal), plain: naive.or(p.plain, q.plain) });
        break;
      case 5:
        bits.push({ normal: build.xor(p.normal, q.normal), plain: naive.xor(p.plain, q.plain) });
        break;
      case 6:
        bits.push({ normal: build.not(p.normal), plain: naive.not(p.plain) });
        break;
      case 7: {
        const arith = (['fp.add', 'fp.sub', 'fp.mul', 'fp.div'] as const)[z % 4] as 'fp.add';
        const core = {
          normal: build.fpArith(arith, variable.normal, other.normal),
          plain: node(arith, 64, [variable.plain, other.plain]),
        };
        numbers.push(core);
        const [make, name] =
          x % 2 ? ([build.nanResultArm, 'fp.nanArm'] as const) : ([build.nanResultX86, 'fp.nanX86'] as const);
        // Sometimes of operands that the operation does not have.
        const foreign = numbers[z % 3] as Pair;
        const operands = [[variable], [variable, other], [other, variable], [other, foreign]][y % 4] as readonly Pair[];
        numbers.push({
          normal: make(
            core.normal,
            operands.map((o) => o.normal),
          ),
          plain: node(name, 64, [core.plain, ...operands.map((o) => o.plain)]),
        });
        break;
      }
      case 8:
        numbers.push({
          normal: build.quieted(c.normal),
          plain: naive.or(c.plain, build.bv(64, quiet)),
        });
        break;
      case 9:
        numbers.push({ normal: build.ite(p.normal, a.normal, b.normal), plain: naive.ite(p.plain, a.plain, b.plain) });
        break;
      default: {
        // What code does about NaNs: a choice by whether something is one.
        const test = { normal: build.isNaNPattern(b.normal), plain: isNaNPlain(b.plain) };
        if (b.normal.op === b.plain.op && (b.normal.op === 'fp.nanArm' || b.normal.op === 'fp.nanX86')) {
          const [core, plainCore] = [b.normal.args[0] as Term, b.plain.args[0] as Term];
          const nanDefault = build.negativeDefaultNaN(64);
          numbers.push({
            normal: build.ite(build.isNaNPattern(core), nanDefault, b.normal),
            plain: naive.ite(isNaNPlain(plainCore), nanDefault, b.plain),
          });
        }
        const nan = z % 3 === 0 ? (numbers[3] as Pair) : pick(numbers, z);
        const rest = op % 12 === 10 ? b : a;
        numbers.push({
          normal: build.ite(test.normal, nan.normal, rest.normal),
          plain: naive.ite(test.plain, nan.plain, rest.plain),
        });
      }
    }
  }
  return [...bits, ...numbers];
}

test('comparisons and NaNs', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(steps, fc.array(number, { minLength: 20, maxLength: 20 }), (list, seeds) => {
      build.resetTerms();
      const pairs = grow(list);
      for (const seed of seeds) {
        const values = new Map<Term, bigint>();
        names.forEach((n, i) => {
          values.set(build.variable(n, 64), patterns[Math.floor(seed / 13 ** i) % patterns.length] as bigint);
        });
        values.set(build.variable('f', 1), BigInt(seed & 1));
        const e = new Evaluator({ values });
        for (const { normal, plain } of pairs) {
          if (e.value(normal) !== e.value(plain)) throw new Error(`${show(normal)}\nis not\n${show(plain)}`);
        }
      }
    }),
    { numRuns: 1500 },
  );
});
