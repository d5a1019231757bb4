// SPDX-License-Identifier: MIT
import { not, xor } from './bitwise.ts';
import { extendedBit, sumOf } from './linear.ts';
import { carry } from './order.ts';
import { bv, mask, no, yes } from './pool.ts';
import { extract, low } from './slice.ts';
import type { Term } from './term.ts';

interface Summands {
  readonly x: Term;
  readonly y: Term;
  /** Whether the sum is `x + ~y + carryIn` and not `x + y + carryIn`. */
  readonly minus: boolean;
  readonly carryIn: Term;
}

/** A sum of two numbers, or their difference, with a carry in. */
export function summandsOf(sum: Term): Summands | undefined {
  const { terms, coefficients, constant, width } = sumOf(sum);
  const minusOne = mask(width);
  let carryIn: Term = no();
  let rest = constant;
  const numbers: { readonly t: Term; readonly minus: boolean }[] = [];
  for (const [i, t] of terms.entries()) {
    const c = coefficients[i];
    if (c !== 1n && c !== minusOne) return undefined;
    const bit = extendedBit(t);
    if (bit === undefined) numbers.push({ t, minus: c !== 1n });
    else if (carryIn !== no()) return undefined;
    else if (c === 1n) carryIn = bit;
    else {
      // Less a bit is more by its inverse, less 1.
      carryIn = not(bit);
      rest = BigInt.asUintN(width, rest - 1n);
    }
  }
  const [first, second] = numbers;
  if (first === undefined || numbers.length > 2) return undefined;
  if (second === undefined) return first.minus ? undefined : { x: first.t, y: bv(width, rest), minus: false, carryIn };
  const [x, y] = first.minus ? [second, first] : [first, second];
  if (x.minus) return undefined;
  if (!y.minus) return rest === 0n ? { x: x.t, y: y.t, minus: false, carryIn } : undefined;
  // x - y is x + ~y + 1.
  if (rest === minusOne) return { x: x.t, y: y.t, minus: true, carryIn };
  return rest === 0n && carryIn === no() ? { x: x.t, y: y.t, minus: true, carryIn: yes() } : undefined;
}

/** The top bit of a sum of numbers that have no such bit, which is their carry. */
export function topOfSum(sum: Term): Term | undefined {
  const found = summandsOf(sum);
  if (found === undefined) return undefined;
  const { x, y, minus, carryIn } = found;
  const top = sum.width - 1;
  const [ofX, ofY] = [extract(x, top, top), extract(y, top, top)];
  if (ofX !== no() || ofY.op !== 'const') return undefined;
  // The complement of a number without that bit has it.
  if (minus) return ofY === no() ? not(carry(low(x, top), not(low(y, top)), carryIn)) : undefined;
  return xor(ofY, carry(low(x, top), low(y, top), carryIn));
}
