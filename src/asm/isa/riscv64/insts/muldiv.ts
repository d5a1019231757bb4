// SPDX-License-Identifier: MIT
import { bv, eq, extract, ite, mul, sdiv, sext, srem, udiv, urem, zext } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import type { InstDef } from '../../define.ts';
import { type Binary, onWords, registerForm } from './common.ts';

/** Multiplication and division: the extension M (chapter 7). Nothing traps. */

const high =
  (left: typeof sext, right: typeof sext): Binary =>
  (a, b) =>
    extract(mul(left(a, 128), right(b, 128)), 127, 64);

/** Where the divisor is zero, a quotient is all ones and a remainder the dividend; the overflow of -1 wraps. */
const unlessZero =
  (f: Binary, otherwise: (a: Term) => Term): Binary =>
  (a, b) =>
    ite(eq(b, bv(b.width, 0)), otherwise(a), f(a, b));

const allOnes = (a: Term): Term => bv(a.width, -1);
const dividend = (a: Term): Term => a;

const wide: readonly (readonly [string, Binary])[] = [
  ['mulh', high(sext, sext)],
  ['mulhu', high(zext, zext)],
  ['mulhsu', high(sext, zext)],
];

const both: readonly (readonly [string, Binary])[] = [
  ['mul', mul],
  ['div', unlessZero(sdiv, allOnes)],
  ['divu', unlessZero(udiv, allOnes)],
  ['rem', unlessZero(srem, dividend)],
  ['remu', unlessZero(urem, dividend)],
];

export const muldivForms: readonly InstDef[] = [
  ...both.flatMap(([name, f]) => [
    registerForm({ name, width: 64, f, ref: '7.1' }),
    registerForm({ name: `${name}w`, width: 32, f: onWords(f), ref: '7.2' }),
  ]),
  ...wide.map(([name, f]) => registerForm({ name, width: 64, f, ref: '7.1' })),
];
