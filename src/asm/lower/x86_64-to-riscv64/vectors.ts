// SPDX-License-Identifier: MIT
import type { Operand } from '../../isa/operand.ts';
import type { Context } from './context.ts';
import { copyHalf, floatOf } from './halves.ts';
import { f, x } from './registers.ts';
import { half } from './rules/vector-lanes.ts';
import { highOf, lowOf, readHalves, vectorName, writeBits } from './rules/vector-operands.ts';

/**
 * Work in vector registers, for machines with V. The halves of x86's registers stay where they are: an instruction puts
 * them together in a vector register, works there, and takes the result apart. Every machine with V has 128 bits in a
 * register and may have more, which nothing here looks at.
 */

/** Which halves of a register are meant. */
export interface Which {
  readonly low: boolean;
  readonly high: boolean;
}
export const BOTH: Which = { low: true, high: true };

export const v = (n: number): string => `v${n}`;

/** Makes instructions work on all elements of `width` bits of a register. */
export function useElements(c: Context, width: number): void {
  c.configure(`${128 / width}, e${width}, m1, ta, ma`);
}

/** The same for half a register, whose upper half is kept. */
export function useHalf(c: Context, width: number): void {
  c.configure(`${64 / width}, e${width}, mf2, tu, ma`);
}

/** A vector register with the operand's halves in their places; one that is not asked for is anything. */
export function whole(c: Context, op: Operand | undefined, which: Which): number {
  const from = c.scopedGeneral(() => readHalves(c, op, which));
  useElements(c, 64);
  const t = c.vectorTemp();
  c.op('vfmv.v.f', v(t), f(floatOf(c, half(from, which.high ? 1 : 0))));
  if (!which.high || !which.low) return t;
  const both = c.vectorTemp();
  c.op('vfslide1up.vf', v(both), v(t), f(floatOf(c, half(from, 0))));
  return both;
}

/** Puts the halves of a vector register into the destination, where each is wanted. */
export function takeApart(c: Context, dst: Operand | undefined, result: number, { low, high }: Which): void {
  if (low) takeLow(c, dst, result);
  if (!high) return;
  const t = c.vectorTemp();
  useElements(c, 64);
  c.op('vslide1down.vx', v(t), v(result), 'zero');
  takeHigh(c, dst, t);
}

/** Puts the lowest 64 bits of a vector register into the low half of the destination. */
export function takeLow(c: Context, dst: Operand | undefined, result: number): void {
  useElements(c, 64);
  if (c.readsAnything && !c.after.surelyLive(vectorName(dst), 32, 63)) {
    c.scoped(() => {
      const t = c.temp();
      c.op('vmv.x.s', x(t), v(result));
      writeBits(c, dst, t, undefined);
    });
    return;
  }
  c.op('vfmv.f.s', f(lowOf(dst)), v(result));
  c.setFloatState(vectorName(dst), 'exact');
}

/** The same for the high half. */
export function takeHigh(c: Context, dst: Operand | undefined, result: number): void {
  const place = highOf(c, dst);
  useElements(c, 64);
  c.scoped(() => {
    const into = typeof place === 'number' ? place : c.floatTemp();
    c.op('vfmv.f.s', f(into), v(result));
    copyHalf(c, place, into);
  });
}
