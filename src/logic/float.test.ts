// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import {
  add,
  and,
  bv,
  concat,
  eq,
  extract,
  fpArith,
  fpCompare,
  fpConvert,
  fpFma,
  fpFromInt,
  fpRound,
  fpSqrt,
  fpToInt,
  isNaNPattern,
  isSignallingPattern,
  ite,
  nanResultArm,
  nanResultX86,
  negativeDefaultNaN,
  no,
  not,
  or,
  quieted,
  select,
  sext,
  variable,
  xor,
  zext,
} from './build.ts';
import { Evaluator } from './evaluate.ts';
import { show } from './show.ts';
import type { Term } from './term.ts';

function same(a: Term, b: Term): void {
  expect(a === b, `${show(a)}\nis not\n${show(b)}`).toBe(true);
}

function double(x: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  return view.getBigUint64(0);
}

const d = (x: number) => bv(64, double(x));

for (const width of [32, 64]) {
  const a = variable('a', width);
  const b = variable('b', width);
  // What AArch64 code does to get x86's NaNs.
  const repaired = (arm: Term, operands: readonly Term[]): Term => {
    const chosen = operands.reduceRight((rest, t) => ite(isNaNPattern(t), t, rest));
    const nan = ite(isNaNPattern(chosen), quieted(chosen), negativeDefaultNaN(width));
    return ite(isNaNPattern(arm), nan, arm);
  };

  test(`x86's NaNs made of AArch64's, ${width} bits`, () => {
    for (const op of ['fp.add', 'fp.sub', 'fp.mul', 'fp.div'] as const) {
      const core = fpArith(op, a, b);
      const arm = nanResultArm(core, [a, b]);
      same(repaired(arm, [a, b]), nanResultX86(core, [a, b]));
      same(repaired(nanResultArm(fpArith(op, a, b), [b, a]), [a, b]), nanResultX86(core, [a, b]));
      same(repaired(nanResultArm(fpArith(op, a, a), [a, a]), [a, a]), nanResultX86(fpArith(op, a, a), [a]));
    }
    const root = fpSqrt(a);
    same(repaired(nanResultArm(root, [a]), [a]), nanResultX86(root, [a]));
    const core = fpArith('fp.add', a, b);
    const arm = nanResultArm(core, [a, b]);
    const byOne = ite(isNaNPattern(arm), negativeDefaultNaN(width), arm);
    same(ite(isNaNPattern(a), quieted(a), ite(isNaNPattern(b), quieted(b), byOne)), nanResultX86(core, [a, b]));
    // By masks instead of branches.
    const mask = sext(isNaNPattern(arm), width);
    const chosen = ite(isNaNPattern(a), a, b);
    const nan = ite(isNaNPattern(chosen), quieted(chosen), negativeDefaultNaN(width));
    same(select(mask, nan, arm), nanResultX86(core, [a, b]));
    const lanes = select(concat(mask, not(mask)), concat(nan, arm), concat(arm, nan));
    same(lanes, concat(nanResultX86(core, [a, b]), nanResultX86(core, [a, b])));
  });

  test(`NaN results by their definition, ${width} bits`, () => {
    const core = fpArith('fp.div', a, b);
    const x86 = nanResultX86(core, [a, b]);
    const arm = nanResultArm(core, [a, b]);
    const x86Meaning = (e: Evaluator) => {
      if (e.value(isNaNPattern(a)) === 1n) return e.value(quieted(a));
      if (e.value(isNaNPattern(b)) === 1n) return e.value(quieted(b));
      return e.value(isNaNPattern(core)) === 1n ? e.value(negativeDefaultNaN(width)) : e.value(core);
    };
    const armMeaning = (e: Evaluator) => {
      for (const t of [a, b]) if (e.value(isSignallingPattern(t)) === 1n) return e.value(quieted(t));
      for (const t of [a, b]) if (e.value(isNaNPattern(t)) === 1n) return e.value(t);
      return e.value(core);
    };
    const exponent = width === 64 ? 0x7ffn << 52n : 0xffn << 23n;
    const quiet = width === 64 ? 1n << 51n : 1n << 22n;
    const patterns = [0n, 1n, exponent, exponent | 1n, exponent | quiet, exponent | quiet | 5n, exponent >> 1n];
    for (const x of patterns) {
      for (const y of patterns) {
        const e = new Evaluator({
          values: new Map([
            [a, x | (1n << BigInt(width - 1))],
            [b, y],
          ]),
        });
        expect(e.value(x86)).toBe(x86Meaning(e));
        expect(e.value(arm)).toBe(armMeaning(e));
      }
    }
  });

  test(`choices by a NaN between numbers of few bits, ${width} bits`, () => {
    const [three, one] = [variable('three', 3), variable('one', 1)];
    const sum = add(concat(bv(2, 0), one), three);
    const chosen = ite(isNaNPattern(a), three, sum);
    for (const [x, wanted] of [
      [-1n, 5n],
      [0n, 6n],
    ] as const) {
      const values = new Map([
        [three, 5n],
        [one, 1n],
        [a, BigInt.asUintN(width, x)],
      ]);
      expect(new Evaluator({ values }).value(chosen)).toBe(wanted);
    }
  });

  test(`NaN patterns, ${width} bits`, () => {
    const sign = bv(width, 1n << BigInt(width - 1));
    same(isNaNPattern(xor(a, sign)), isNaNPattern(a));
    same(isNaNPattern(and(a, not(sign))), isNaNPattern(a));
    same(isNaNPattern(fpFromInt(true, a, width)), no());
    const v = variable('v', 128);
    const lane = extract(v, width + width - 1, width);
    same(
      isNaNPattern(concat(not(extract(lane, width - 1, width - 1)), extract(lane, width - 2, 0))),
      isNaNPattern(lane),
    );
  });

  test(`comparisons, ${width} bits`, () => {
    const less = fpCompare('fp.lt', a, b);
    const equal = fpCompare('fp.eq', a, b);
    const unordered = or(isNaNPattern(a), isNaNPattern(b));
    // x86: CF = unordered or less, ZF = unordered or equal, PF = unordered. AArch64: N = less, Z = equal, C = !less,
    // V = unordered.
    const [cf, zf] = [or(unordered, less), or(unordered, equal)];
    const [n, z, c, v] = [less, equal, not(less), unordered];
    same(xor(n, v), cf);
    same(or(z, v), zf);
    same(and(not(cf), not(zf)), and(not(z), not(xor(n, v))));
    same(and(not(cf), not(zf)), fpCompare('fp.lt', b, a));
    same(not(cf), fpCompare('fp.le', b, a));
    same(and(zf, not(unordered)), equal);
    same(and(cf, not(unordered)), less);
    same(or(less, equal), fpCompare('fp.le', a, b));
    same(and(c, not(v)), fpCompare('fp.le', b, a));
    same(xor(less, fpCompare('fp.le', b, a)), not(unordered));
    const [i, j] = [fpFromInt(true, variable('i', 32), width), fpFromInt(false, variable('j', 16), width)];
    same(eq(fpCompare('fp.le', i, j), not(fpCompare('fp.lt', j, i))), bv(1, 1));
    const other = variable('c', 1);
    same(and(less, not(and(other, not(isNaNPattern(a))))), and(less, not(other)));
    same(and(less, not(and(other, isNaNPattern(b)))), less);
    same(isNaNPattern(ite(less, a, b)), isNaNPattern(b));
    same(ite(less, not(isNaNPattern(a)), other), or(less, other));
    same(fpCompare('fp.eq', a, a), not(isNaNPattern(a)));
    same(fpCompare('fp.eq', a, b), fpCompare('fp.eq', b, a));
  });
}

test('integers of any width become the same float', () => {
  const i = variable('i', 32);
  same(fpFromInt(true, sext(i, 64), 64), fpFromInt(true, i, 64));
  same(fpFromInt(true, zext(i, 64), 64), fpFromInt(false, i, 64));
});

test('constants are folded as the operators say', () => {
  const NaNs = 0x7ff8_0000_0000_0000n;
  expect(fpArith('fp.add', d(0.1), d(0.2)).value).toBe(double(0.1 + 0.2));
  expect(fpArith('fp.sub', d(Infinity), d(Infinity)).value).toBe(NaNs);
  expect(fpArith('fp.mul', d(0), d(Infinity)).value).toBe(NaNs);
  expect(fpArith('fp.div', d(1), d(-0)).value).toBe(double(-Infinity));
  expect(fpSqrt(d(-1)).value).toBe(NaNs);
  expect(fpSqrt(d(-0)).value).toBe(double(-0));
  expect(fpFma(d(1 + 2 ** -52), d(1 - 2 ** -52), d(-1)).value).toBe(double(-(2 ** -104)));
  expect(fpFma(d(2 ** -1074), d(0.5), d(2 ** -1074)).value).toBe(double(2 ** -1073));
  expect(fpFma(d(Number.MAX_VALUE), d(2), d(-Infinity)).value).toBe(double(-Infinity));
  expect(fpFma(d(Number.MAX_VALUE), d(2), d(0)).value).toBe(double(Infinity));
  expect(fpFma(d(0), d(-1), d(-0)).value).toBe(double(-0));
  expect(fpFma(d(1), d(-1), d(1)).value).toBe(0n);
  expect(fpRound('rne', d(2.5)).value).toBe(double(2));
  expect(fpRound('rne', d(-0.5)).value).toBe(double(-0));
  expect(fpRound('rna', d(-2.5)).value).toBe(double(-3));
  expect(fpRound('rtp', d(-0.25)).value).toBe(double(-0));
  expect(fpRound('rtn', d(-0.25)).value).toBe(double(-1));
  expect(fpRound('rtz', d(-1.75)).value).toBe(double(-1));
  expect(fpRound('rne', bv(64, 0xfff0_0000_0000_0001n)).value).toBe(0xfff8_0000_0000_0001n);
  // Once rounded, not twice.
  expect(fpFromInt(false, bv(64, 0x8000_0080_0000_0001n), 32).value).toBe(0x5f00_0001n);
  expect(fpFromInt(true, bv(64, -1), 64).value).toBe(double(-1));
  expect(fpFromInt(false, bv(64, -1), 64).value).toBe(double(2 ** 64));
  expect(fpToInt(true, 'rtz', d(-1e30), 64).value).toBe(1n << 63n);
  expect(fpToInt(true, 'rtz', d(1e30), 32).value).toBe(0x7fff_ffffn);
  expect(fpToInt(false, 'rtz', d(-3), 64).value).toBe(0n);
  expect(fpToInt(true, 'rtn', d(-2.5), 32).value).toBe(0xffff_fffdn);
  expect(fpToInt(true, 'rtz', bv(64, NaNs), 32).value).toBe(0n);
  expect(fpConvert(bv(64, 0xfff0_1234_5000_0000n), 32).value).toBe(0xffc0_91a2n);
  expect(fpConvert(bv(32, 0x7f80_0001n), 64).value).toBe(0x7ff8_0000_2000_0000n);
  expect(fpConvert(d(1e-45), 32).value).toBe(1n);
  expect(fpConvert(d(1e39), 32).value).toBe(0x7f80_0000n);
});
