// SPDX-License-Identifier: MIT

import { append } from '../base/lists.ts';
import { significantBits, trailingZeros } from './bits.ts';
import { and, xor } from './bitwise.ts';
import { ite } from './choice.ts';
import { eq } from './equal.ts';
import { add, isLinear, neg, scale, sumOf } from './linear.ts';
import { arg, bv, byId, isConst, isOnes, isZero, mask, node, same } from './pool.ts';
import { extendedMultiple } from './remainder.ts';
import { lshr } from './shift.ts';
import { concat, low, msb, repeat, sext, signedBits, zext } from './slice.ts';
import type { Term } from './term.ts';

/** Products and divisions. A product has its constant factor in a sum, and no more bits than its factors need. */

export function mul(a: Term, b: Term): Term {
  same(a, b);
  if (a.width === 1) return and(a, b);
  if (a.op === 'const') return scale(b, a.value);
  if (b.op === 'const') return scale(a, b.value);
  const [x, y] = [unlessZero(a, b), unlessZero(b, a)];
  if (x !== a || y !== b) return mul(x, y);
  const factors: Term[] = [];
  let coefficient = 1n;
  const gather = (t: Term): void => {
    if (isLinear(t) || t.op === 'sext' || (t.op === 'concat' && isZero(arg(t, t.args.length - 1)))) {
      const s = sumOf(t);
      const [only, c] = [s.terms[0], s.coefficients[0]];
      if (s.terms.length === 1 && only !== undefined && c !== undefined && s.constant === 0n && c !== 1n) {
        coefficient *= c;
        gather(only);
        return;
      }
      // Of a sum and its negative the one with the positive first coefficient is the factor.
      if (c !== undefined && c > 1n << BigInt(t.width - 1)) {
        coefficient = -coefficient;
        t = scale(t, -1n);
      }
    }
    if (t.op === 'mul' && !isConst(arg(t, t.args.length - 1))) append(factors, t.args);
    else factors.push(t);
  };
  gather(a);
  gather(b);
  const product = productOf(factors, a.width);
  return coefficient === 1n ? product : scale(product, coefficient);
}

function productOf(factors: Term[], width: number): Term {
  for (const f of factors) {
    if (significantBits(f) === 1) {
      const rest = factors.slice();
      rest.splice(rest.indexOf(f), 1);
      return ite(low(f, 1), rest.length === 1 ? (rest[0] as Term) : rest.reduce(mul), bv(width, 0));
    }
  }
  let size = 0;
  for (const f of factors) size += significantBits(f);
  if (size < width) {
    return zext(
      productOf(
        factors.map((f) => low(f, size)),
        size,
      ),
      width,
    );
  }
  return extendedMultiple(factors, width) ?? node('mul', width, factors.sort(byId));
}

/** What `a` stands for in a product with `b`: of a choice on whether `b` is 0, the case that it is does not matter. */
function unlessZero(a: Term, b: Term): Term {
  if (a.op !== 'ite') return a;
  return arg(a, 0) === eq(b, bv(b.width, 0)) ? arg(a, 2) : a;
}

/** The unsigned quotient; all ones when `b` is 0. */
export function udiv(a: Term, b: Term): Term {
  same(a, b);
  if (b.op === 'const') {
    if (a.op === 'const') return bv(a.width, b.value === 0n ? -1n : a.value / b.value);
    if (b.value === 0n) return bv(a.width, -1n);
    if (b.value === 1n) return a;
    if ((b.value & (b.value - 1n)) === 0n) return lshr(a, bv(a.width, trailingZeros(b.value)));
  }
  const size = Math.max(significantBits(a), significantBits(b), 1);
  if (size < a.width) {
    // Only what is divided by 0 has more bits.
    const [x, y] = [low(a, size), low(b, size)];
    return concat(repeat(eq(y, bv(size, 0)), a.width - size), udiv(x, y));
  }
  return node('udiv', a.width, [a, b]);
}

/** The unsigned remainder; `a` when `b` is 0. */
export function urem(a: Term, b: Term): Term {
  same(a, b);
  if (b.op === 'const') {
    if (b.value === 0n) return a;
    if (a.op === 'const') return bv(a.width, a.value % b.value);
    if (b.value === 1n) return bv(a.width, 0);
    if ((b.value & (b.value - 1n)) === 0n) return zext(low(a, trailingZeros(b.value)), a.width);
  }
  const size = Math.max(significantBits(a), significantBits(b), 1);
  if (size < a.width) return zext(urem(low(a, size), low(b, size)), a.width);
  // Targets without a remainder instruction compute it so; by SMT-LIB's division by zero it is `a` there as well.
  return add(a, neg(mul(b, udiv(a, b))));
}

/** The signed quotient, rounded towards zero; when `b` is 0, 1 for a negative `a` and else all ones. */
export function sdiv(a: Term, b: Term): Term {
  same(a, b);
  if (a.op === 'const' && b.op === 'const') return bv(a.width, signedQuotient(a.width, a.value, b.value));
  if (b.op === 'const' && b.value === 1n && a.width > 1) return a;
  if (isOnes(b) && a.width > 1) return neg(a);
  const size = Math.max(signedBits(a), signedBits(b), 2);
  if (size < a.width) {
    // Only the most negative number over -1 does not fit its own width: there the sign is the other one.
    const [x, y] = [low(a, size), low(b, size)];
    const quotient = sdiv(x, y);
    const wraps = and(eq(x, bv(size, 1n << BigInt(size - 1))), eq(y, bv(size, -1)));
    return concat(repeat(xor(msb(quotient), wraps), a.width - size), quotient);
  }
  return node('sdiv', a.width, [a, b]);
}

/** The signed remainder, with the sign of `a`; `a` when `b` is 0. */
export function srem(a: Term, b: Term): Term {
  same(a, b);
  if (a.op === 'const' && b.op === 'const') return bv(a.width, signedRemainder(a.width, a.value, b.value));
  if (isZero(b)) return a;
  if ((b.op === 'const' && b.value === 1n) || isOnes(b)) return bv(a.width, 0);
  const size = Math.max(signedBits(a), signedBits(b), 2);
  if (size < a.width) return sext(srem(low(a, size), low(b, size)), a.width);
  return add(a, neg(mul(b, sdiv(a, b))));
}

export function signedQuotient(width: number, a: bigint, b: bigint): bigint {
  const x = BigInt.asIntN(width, a);
  const y = BigInt.asIntN(width, b);
  if (y === 0n) return x < 0n ? 1n : mask(width);
  return BigInt.asUintN(width, x / y);
}

export function signedRemainder(width: number, a: bigint, b: bigint): bigint {
  const x = BigInt.asIntN(width, a);
  const y = BigInt.asIntN(width, b);
  return y === 0n ? a : BigInt.asUintN(width, x % y);
}
