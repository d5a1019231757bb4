// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { GENERAL_TEMPS, r } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { bytes, f, homeOf, imm8Of, lane, readVector, scalarTarget, v, whole, writeScalar } from './vector-operands.ts';

/**
 * Floating-point arithmetic. Where the result is a number, both machines agree. x86 returns the first operand that is a
 * NaN, quieted, or for an invalid operation the negative default NaN; AArch64 prefers signalling NaNs and its default
 * NaN is positive. A result that is a NaN is therefore replaced, out of line.
 */

/** The quiet bit of a NaN. */
const quietBit = (width: number): bigint => (width === 64 ? 1n << 51n : 1n << 22n);
const negativeDefaultNaN = (width: number): bigint => (width === 64 ? 0xfff8n << 48n : 0xffc00000n);

/** A constant in the low lane of a vector register, by way of a general one that is free in a stub. */
function scalarConstant(c: Context, into: number, value: bigint, width: number): void {
  const t = c.constant(value, width, GENERAL_TEMPS[0]);
  c.op('fmov', f(into, width), r(t, width));
}

/**
 * `result` is what the operation gave for `operands`; where it is a NaN, goes out of line to make it x86's. Changes
 * NZCV.
 */
function correctNaN(c: Context, result: number, operands: readonly number[], width: number): void {
  const back = c.freshLabel('number');
  const [chosen, constant] = [c.vectorTemp(), c.vectorTemp()];
  const stub = c.stub('nan', () => {
    const [a, b = a] = operands as [number, number?];
    let first = a;
    c.op('fcmp', f(a, width), f(a, width));
    if (b !== a) {
      c.op('fcsel', f(chosen, width), f(a, width), f(b, width), 'vs');
      c.op('fcmp', f(chosen, width), f(chosen, width));
      first = chosen;
    }
    scalarConstant(c, constant, quietBit(width), width);
    c.op('orr', v(chosen, '8b'), v(first, '8b'), v(constant, '8b'));
    scalarConstant(c, constant, negativeDefaultNaN(width), width);
    c.op('fcsel', f(result, width), f(chosen, width), f(constant, width), 'vs');
    c.op('b', back);
  });
  c.op('fcmp', f(result, width), f(result, width));
  c.op('b.vs', stub);
  c.label(back);
}

const OPERATIONS: Readonly<Record<string, string>> = { add: 'fadd', sub: 'fsub', mul: 'fmul', div: 'fdiv' };

function scalarArithmetic(c: Context, { ops: [dst, src], mnemonic, width }: Parts): void {
  c.freeNzcv();
  const a = homeOf(dst);
  const b = readVector(c, src, width);
  // The stub still needs both operands.
  const result = c.vectorTemp();
  c.op(OPERATIONS[mnemonic.slice(0, 3)] ?? '', f(result, width), f(a, width), f(b, width));
  correctNaN(c, result, a === b ? [a] : [a, b], width);
  writeScalar(c, dst, width, result);
}

function scalarRoot(c: Context, { ops: [dst, src], width }: Parts): void {
  c.freeNzcv();
  const b = readVector(c, src, width);
  const target = scalarTarget(c, dst, width);
  const result = target === b ? c.vectorTemp() : target;
  c.op('fsqrt', f(result, width), f(b, width));
  correctNaN(c, result, [b], width);
  writeScalar(c, dst, width, result);
}

/** The second operand where neither is less: on ties, and where one is a NaN. */
function scalarExtreme(c: Context, { ops: [dst, src], mnemonic, width }: Parts): void {
  c.freeNzcv();
  const a = homeOf(dst);
  const b = readVector(c, src, width);
  const [less, more] = mnemonic.startsWith('min') ? [a, b] : [b, a];
  c.op('fcmp', f(less, width), f(more, width));
  const result = scalarTarget(c, dst, width);
  c.op('fcsel', f(result, width), f(a, width), f(b, width), 'mi');
  writeScalar(c, dst, width, result);
}

const packedWidth = (mnemonic: string): 32 | 64 => (mnemonic.endsWith('ps') ? 32 : 64);

/** All lanes set to a constant whose bits lie in its top 16 bits. */
function packedConstant(c: Context, into: number, value: bigint, width: 32 | 64): void {
  const t = c.constant(value, width);
  c.op('dup', v(into, whole(width)), r(t, width));
}

/**
 * As `correctNaN` for each lane. Without branches: out of line is left what is rare, whole vectors are tested at once.
 */
function correctNaNs(c: Context, result: number, operands: readonly number[], width: 32 | 64): void {
  const arrangement = whole(width);
  const lanes = (n: number) => v(n, arrangement);
  const [a, b = a] = operands as [number, number?];
  const [number, chosen, constant] = [c.vectorTemp(), c.vectorTemp(), c.vectorTemp()];
  let first = a;
  if (b !== a) {
    c.op('fcmeq', lanes(chosen), lanes(a), lanes(a));
    c.op('bsl', bytes(chosen), bytes(b), bytes(a));
    first = chosen;
  }
  c.op('fcmeq', lanes(number), lanes(first), lanes(first));
  packedConstant(c, constant, quietBit(width), width);
  c.op('orr', bytes(chosen), bytes(first), bytes(constant));
  packedConstant(c, constant, negativeDefaultNaN(width), width);
  c.op('bif', bytes(constant), bytes(chosen), bytes(number));
  c.op('fcmeq', lanes(number), lanes(result), lanes(result));
  c.op('bif', bytes(result), bytes(constant), bytes(number));
}

function packedArithmetic(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const width = packedWidth(mnemonic);
  const a = homeOf(dst);
  const b = readVector(c, src, 128);
  const result = c.vectorTemp();
  c.op(OPERATIONS[mnemonic.slice(0, 3)] ?? '', v(result, whole(width)), v(a, whole(width)), v(b, whole(width)));
  correctNaNs(c, result, a === b ? [a] : [a, b], width);
  c.op('mov', bytes(a), bytes(result));
}

function packedRoot(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const width = packedWidth(mnemonic);
  const b = readVector(c, src, 128);
  const to = homeOf(dst);
  const result = to === b ? c.vectorTemp() : to;
  c.op('fsqrt', v(result, whole(width)), v(b, whole(width)));
  correctNaNs(c, result, [b], width);
  if (to !== result) c.op('mov', bytes(to), bytes(result));
}

function packedExtreme(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const lanes = (n: number) => v(n, whole(packedWidth(mnemonic)));
  const a = homeOf(dst);
  const b = readVector(c, src, 128);
  const isFirst = c.vectorTemp();
  const [greater, less] = mnemonic.startsWith('min') ? [b, a] : [a, b];
  c.op('fcmgt', lanes(isFirst), lanes(greater), lanes(less));
  c.op('bif', bytes(a), bytes(b), bytes(isFirst));
}

/** Sums or differences of neighbours. */
function neighbours(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const width = packedWidth(mnemonic);
  const lanes = (n: number) => v(n, whole(width));
  const a = homeOf(dst);
  const b = readVector(c, src, 128);
  const [even, odd, result] = [c.vectorTemp(), c.vectorTemp(), c.vectorTemp()];
  c.op('uzp1', lanes(even), lanes(a), lanes(b));
  c.op('uzp2', lanes(odd), lanes(a), lanes(b));
  c.op(mnemonic.startsWith('hadd') ? 'fadd' : 'fsub', lanes(result), lanes(even), lanes(odd));
  correctNaNs(c, result, [even, odd], width);
  c.op('mov', bytes(a), bytes(result));
}

/** Differences in even lanes, sums in odd ones. */
function alternating(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const width = packedWidth(mnemonic);
  const lanes = (n: number) => v(n, whole(width));
  const a = homeOf(dst);
  const b = readVector(c, src, 128);
  const [result, sum] = [c.vectorTemp(), c.vectorTemp()];
  c.op('fsub', lanes(result), lanes(a), lanes(b));
  c.op('fadd', lanes(sum), lanes(a), lanes(b));
  for (let i = 1; i < 128 / width; i += 2) c.op('mov', lane(result, width, i), lane(sum, width, i));
  correctNaNs(c, result, a === b ? [a] : [a, b], width);
  c.op('mov', bytes(a), bytes(result));
}

const ROUNDINGS = ['frintn', 'frintm', 'frintp', 'frintz'] as const;
/** Bit 2 asks for the mode at program start, which is to nearest; bit 3 only silences an exception. */
const rounding = (by: number): string => must(by & 4 ? 'frintn' : ROUNDINGS[by & 3], 'a mode');

function roundScalar(c: Context, { ops: [dst, src, imm], width }: Parts): void {
  const b = readVector(c, src, width);
  const result = scalarTarget(c, dst, width);
  c.op(rounding(imm8Of(imm)), f(result, width), f(b, width));
  writeScalar(c, dst, width, result);
}

function roundPacked(c: Context, { ops: [dst, src, imm], mnemonic }: Parts): void {
  const lanes = (n: number) => v(n, whole(packedWidth(mnemonic)));
  c.op(rounding(imm8Of(imm)), lanes(homeOf(dst)), lanes(readVector(c, src, 128)));
}

const named = (names: readonly string[], suffixes: readonly string[]): string[] =>
  names.flatMap((n) => suffixes.map((s) => n + s));
const ARITHMETIC = Object.keys(OPERATIONS);

export const vectorFloatRules: readonly Rule[] = [
  rule({ name: 'float_arithmetic', from: named(ARITHMETIC, ['ss', 'sd']), to: scalarArithmetic }),
  rule({ name: 'float_sqrt', from: ['sqrtss', 'sqrtsd'], to: scalarRoot }),
  rule({ name: 'float_min_max', from: named(['min', 'max'], ['ss', 'sd']), to: scalarExtreme }),
  rule({ name: 'float_arithmetic_packed', from: named(ARITHMETIC, ['ps', 'pd']), to: packedArithmetic }),
  rule({ name: 'float_neighbours', from: named(['hadd', 'hsub'], ['ps', 'pd']), to: neighbours }),
  rule({ name: 'float_alternating', from: ['addsubps', 'addsubpd'], to: alternating }),
  rule({ name: 'float_round', from: ['roundss', 'roundsd'], to: roundScalar }),
  rule({ name: 'float_round_packed', from: ['roundps', 'roundpd'], to: roundPacked }),
  rule({ name: 'float_sqrt_packed', from: ['sqrtps', 'sqrtpd'], to: packedRoot }),
  rule({ name: 'float_min_max_packed', from: named(['min', 'max'], ['ps', 'pd']), to: packedExtreme }),
];
