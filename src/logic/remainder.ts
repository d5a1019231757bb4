// SPDX-License-Identifier: MIT

import { significantBits } from './bits.ts';
import { emptySum, finish, gather, type Sum, sumOf } from './linear.ts';
import { arg, bv, isZero, mask } from './pool.ts';
import { mul, sdiv, srem, udiv, urem } from './product.ts';
import { low, sext, signedBits, zext } from './slice.ts';
import type { Term } from './term.ts';

/**
 * Remainders are written as sums, `x - y*(x/y)`. What is multiplied back is no farther from 0 than `x`, and neither is the
 * remainder: so both, of extended numbers, are the extensions of those of the numbers themselves. The normal form
 * extends last where a remainder stands alone, and first where it is part of a longer sum.
 */

type Kind = 'unsigned' | 'signed';

const EXTEND = { unsigned: zext, signed: sext } as const;
const DIVIDE = { unsigned: udiv, signed: sdiv } as const;
const REMAINDER = { unsigned: urem, signed: srem } as const;

/** A quotient as wide as it is, or cut, or extended. */
function quotientOf(t: Term): Term | undefined {
  if (t.op === 'concat') t = arg(t, t.args.length - 1);
  if (t.op === 'extract') t = arg(t, 0);
  return t.op === 'udiv' || t.op === 'sdiv' ? t : undefined;
}

/** The quotient that a summand is a multiple of. */
function quotientIn(t: Term): Term | undefined {
  if (t.op === 'mul' && arg(t, t.args.length - 1).op === 'const') t = arg(t, 0);
  if (t.op === 'concat') t = arg(t, t.args.length - 1);
  if (t.op !== 'mul') return quotientOf(t);
  for (const f of t.args) {
    const quotient = quotientOf(f);
    if (quotient !== undefined) return quotient;
  }
  return undefined;
}

const kindOf = (quotient: Term): Kind => (quotient.op === 'udiv' ? 'unsigned' : 'signed');

/** How many bits of `x` and `y` say all, when both are extended in this way. */
function sizeOf(kind: Kind, x: Term, y: Term): number {
  if (kind === 'unsigned') return Math.max(significantBits(x), significantBits(y), 1);
  return Math.max(signedBits(x), signedBits(y), 2);
}

/** `x - y*(x/y)` as a sum of that many terms. */
function expanded(kind: Kind, x: Term, y: Term): Sum {
  const s = emptySum(x.width);
  gather(s, x, 1n, 0);
  gather(s, mul(y, DIVIDE[kind](x, y)), -1n, 0);
  finish(s);
  return s;
}

function sameSum(a: Sum, b: Sum): boolean {
  if (a.constant !== b.constant || a.terms.length !== b.terms.length) return false;
  return a.terms.every((t, i) => t === b.terms[i] && a.coefficients[i] === b.coefficients[i]);
}

/** The dividend and the divisor when a finished sum is a remainder. */
function partsOf(s: Sum): { readonly kind: Kind; readonly x: Term; readonly y: Term } | undefined {
  if (s.terms.length > 2 || (s.terms.length === 1) === (s.constant === 0n)) return undefined;
  for (const [i, t] of s.terms.entries()) {
    const quotient = quotientIn(t);
    if (quotient === undefined) continue;
    const kind = kindOf(quotient);
    const other = s.terms[1 - i];
    if (other !== undefined && s.coefficients[1 - i] !== 1n) continue;
    const x = other ?? bv(s.width, s.constant);
    const [divisor, k] = [arg(quotient, 1), s.coefficients[i] as bigint];
    let y: Term | undefined;
    if (divisor.op === 'const') y = bv(s.width, -k);
    else if (k === mask(s.width)) y = EXTEND[kind](low(divisor, Math.min(divisor.width, s.width)), s.width);
    if (y !== undefined && !isZero(y) && sameSum(expanded(kind, x, y), s)) return { kind, x, y };
  }
  return undefined;
}

/** What a finished sum is when it is a remainder of extended numbers: an extension. */
export function extendedRemainder(s: Sum): Term | undefined {
  const parts = partsOf(s);
  if (parts === undefined) return undefined;
  const { kind, x, y } = parts;
  const size = sizeOf(kind, x, y);
  return size < s.width ? EXTEND[kind](REMAINDER[kind](low(x, size), low(y, size)), s.width) : undefined;
}

/** The summands of `t`, when it is an extended remainder and nothing else. */
export function remainderOfExtended(t: Term): readonly [x: Term, product: Term] | undefined {
  const r = t.op === 'concat' && t.args.length === 2 ? arg(t, 1) : undefined;
  if (r === undefined || r.op !== 'add' || r.args.length > 2) return undefined;
  if (!r.args.some((a) => quotientIn(a) !== undefined)) return undefined;
  const parts = partsOf(sumOf(r));
  if (parts === undefined) return undefined;
  const extend = EXTEND[parts.kind];
  if (extend(r, t.width) !== t) return undefined;
  const [x, y] = [extend(parts.x, t.width), extend(parts.y, t.width)];
  return [x, mul(y, DIVIDE[parts.kind](x, y))];
}

/** The product of a divisor and its quotient, when both are of extended numbers. */
export function extendedMultiple(factors: readonly Term[], width: number): Term | undefined {
  if (factors.length !== 2) return undefined;
  for (const [i, f] of factors.entries()) {
    const quotient = quotientOf(f);
    const y = factors[1 - i];
    if (quotient === undefined || y === undefined || quotient.width > width) continue;
    const kind = kindOf(quotient);
    const x = EXTEND[kind](arg(quotient, 0), width);
    const size = sizeOf(kind, x, y);
    if (size >= width || DIVIDE[kind](x, y) !== f) continue;
    return EXTEND[kind](mul(low(y, size), DIVIDE[kind](low(x, size), low(y, size))), width);
  }
  return undefined;
}
