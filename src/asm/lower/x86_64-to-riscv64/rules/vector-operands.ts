// SPDX-License-Identifier: MIT
import type { Operand } from '../../../isa/operand.ts';
import { Refusal } from '../../from-x86_64/context.ts';
import { isReg } from '../../from-x86_64/operands.ts';
import type { Context, HalfPlace } from '../context.ts';
import { mayReadLoose, single } from '../floats.ts';
import { copyHalf, floatOf, setBits } from '../halves.ts';
import { address, addressPair, loadFloat, storeFloat } from '../memory.ts';
import { f, home, x } from '../registers.ts';

/**
 * Reading x86's vector operands and writing results back. A vector register is two halves of 64 bits, each in a
 * floating-point register; of the high one only what is surely read is kept.
 */

export type Width = 32 | 64;

/** `d` or `s`, as instructions end in. */
export const letter = (width: number): string => (width === 64 ? 'd' : 's');

export function vectorName(op: Operand | undefined): string {
  if (!isReg(op) || op.reg.class !== 'vec') throw new Refusal('V0221', 'this operand is not supported here');
  return op.reg.loc;
}

/** The home of the low half. */
export const lowOf = (op: Operand | undefined): number => home(vectorName(op));
export const highOf = (c: Context, op: Operand | undefined): HalfPlace => c.high(vectorName(op));

/** Which halves of a destination somebody reads. */
export function wanted(c: Context, op: Operand | undefined): { readonly low: boolean; readonly high: boolean } {
  const name = vectorName(op);
  return { low: c.after.live(name, 0, 63), high: c.after.surelyLive(name, 64, 127) };
}

/** A register with the operand as a float: a home, or a temporary that it was loaded into or boxed in. */
export function readScalar(c: Context, op: Operand | undefined, width: Width): number {
  if (op?.kind !== 'mem') {
    return width === 64 ? lowOf(op) : single(c, vectorName(op));
  }
  const t = c.floatTemp();
  c.scoped(() => loadFloat(c, t, address(c, op), width / 8));
  return t;
}

/** Whether bits of the low half above `width` are surely read after this instruction. */
export const restIsWanted = (c: Context, op: Operand | undefined, width: Width): boolean =>
  width === 32 && c.after.surelyLive(vectorName(op), 32, 63);

/** A register to compute a scalar result in that is not to be merged: the home where it can be. */
export function scalarTarget(c: Context, op: Operand | undefined, width: Width): number {
  return restIsWanted(c, op, width) ? c.floatTemp() : lowOf(op);
}

/** Puts the float in register `value` into the destination, keeping what is above where somebody looks. */
export function writeScalar(c: Context, op: Operand | undefined, width: Width, value: number): void {
  const h = lowOf(op);
  const name = vectorName(op);
  if (!restIsWanted(c, op, width)) {
    if (h !== value) c.op('fmv.d', f(h), f(value));
    c.setFloatState(name, width === 64 ? 'exact' : 'boxed');
    return;
  }
  c.scoped(() => {
    const [t, u] = [c.temp(), c.temp()];
    c.op('fmv.x.d', x(t), f(h));
    c.op('srli', x(t), x(t), 32);
    c.op('slli', x(t), x(t), 32);
    c.op('fmv.x.w', x(u), f(value));
    c.op('zext.w', x(u), x(u));
    c.op('or', x(t), x(t), x(u));
    c.op('fmv.d.x', f(h), x(t));
  });
  c.setFloatState(name, 'exact');
}

/** Where the halves of an operand are: in their homes, or in temporaries that they were loaded into from memory. */
export interface Halves {
  readonly low: number | undefined;
  readonly high: HalfPlace | undefined;
}

/** The halves that are asked for. */
export function readHalves(c: Context, op: Operand | undefined, which: { low: boolean; high: boolean }): Halves {
  if (op?.kind !== 'mem') {
    const state = c.floatState(vectorName(op));
    if (which.low && (state === 'boxed' || state === 'either')) c.readsAnything = true;
    return {
      low: which.low ? lowOf(op) : undefined,
      // Only what is read needs to have a place.
      get high() {
        return which.high ? highOf(c, op) : undefined;
      },
    };
  }
  return c.scopedGeneral(() => {
    const [first, second] = addressPair(c, op);
    const load = (a: typeof first): number => {
      const t = c.floatTemp();
      loadFloat(c, t, a, 8);
      return t;
    };
    return { low: which.low ? load(first) : undefined, high: which.high ? load(second) : undefined };
  });
}

/** Copies halves to the destination, where each is wanted. */
export function writeHalves(c: Context, op: Operand | undefined, { low, high }: Halves): void {
  if (low !== undefined) {
    if (lowOf(op) !== low) c.op('fmv.d', f(lowOf(op)), f(low));
    c.setFloatState(vectorName(op), 'exact');
  }
  if (high !== undefined) copyHalf(c, highOf(c, op), high);
}

/** Puts general registers into the halves of the destination. */
export function writeBits(
  c: Context,
  op: Operand | undefined,
  low: number | undefined,
  high: number | undefined,
): void {
  if (low !== undefined) {
    const boxed = c.readsAnything && !c.after.surelyLive(vectorName(op), 32, 63) && mayReadLoose(c);
    c.op(boxed ? 'fmv.w.x' : 'fmv.d.x', f(lowOf(op)), x(low));
    c.setFloatState(vectorName(op), boxed ? 'boxed' : 'exact');
  }
  if (high !== undefined) setBits(c, highOf(c, op), high);
}

export function storeHalves(c: Context, op: Operand | undefined, src: Operand | undefined): void {
  if (op?.kind !== 'mem') throw new Refusal('V0221', 'this move is not supported');
  const [first, second] = addressPair(c, op);
  storeFloat(c, lowOf(src), first, 8);
  storeFloat(c, floatOf(c, highOf(c, src)), second, 8);
}

/** The constant of an immediate operand, as the 8 bits that an instruction encodes. */
export function imm8Of(op: Operand | undefined): number {
  if (op?.kind !== 'imm' || op.value.plus !== undefined || op.value.minus !== undefined)
    throw new Refusal('V0221', 'this operand must be a constant');
  return Number(BigInt.asUintN(8, op.value.offset));
}
