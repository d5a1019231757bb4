// SPDX-License-Identifier: MIT
import type { Operand, Reg } from '../../../isa/operand.ts';
import { Refusal } from '../../from-x86_64/context.ts';
import { isReg } from '../../from-x86_64/operands.ts';
import type { Context } from '../context.ts';
import { address, loadVector } from '../memory.ts';
import { home } from '../registers.ts';

/** Reading x86's vector operands and writing results back. Vector registers are numbers: 3 is v3, d3, s3. */

/** `v3.4s` */
export const v = (n: number, arrangement: string): string => `v${n}.${arrangement}`;
/** All of a vector register, for operations that look at no lanes. */
export const bytes = (n: number): string => `v${n}.16b`;
/** A register as a scalar of `width` bits. */
export const f = (n: number, width: number): string => `${width === 64 ? 'd' : 's'}${n}`;
/** The name of a lane of `width` bits. */
export const laneLetter = (width: number): string => ({ 8: 'b', 16: 'h', 32: 's' })[width] ?? 'd';
/** `v3.s[1]` */
export const lane = (n: number, width: number, index: number): string => `v${n}.${laneLetter(width)}[${index}]`;
/** The arrangement of all lanes of `width` bits. */
export const whole = (width: number): string => `${128 / width}${laneLetter(width)}`;

export function vectorRegister(op: Operand | undefined): Reg {
  if (!isReg(op)) throw new Refusal('V0221', 'this operand is not supported here');
  return op.reg;
}

/** The destination's home. */
export const homeOf = (op: Operand | undefined): number => home(vectorRegister(op).loc);

/** A register with the operand in its low `bits` bits: a home, or a temporary that memory was loaded into. */
export function readVector(c: Context, op: Operand | undefined, bits: number): number {
  if (op?.kind !== 'mem') return homeOf(op);
  const t = c.vectorTemp();
  loadVector(c, t, address(c, op, bits / 8), bits / 8);
  return t;
}

/** Whether bits of the register from `width` on are still read after this instruction. */
export function upperIsLive(c: Context, op: Operand | undefined, width: number): boolean {
  return c.after.live(vectorRegister(op).loc, width, 127);
}

/** A register for a scalar result of `width` bits: the home where nobody looks at what is above. */
export function scalarTarget(c: Context, op: Operand | undefined, width: number): number {
  return upperIsLive(c, op, width) ? c.vectorTemp() : homeOf(op);
}

/** Puts the low `width` bits of register `value` into the destination, keeping what is above where somebody looks. */
export function writeScalar(c: Context, op: Operand | undefined, width: number, value: number): void {
  const h = homeOf(op);
  if (h === value) return;
  if (upperIsLive(c, op, width)) c.op('mov', lane(h, width, 0), lane(value, width, 0));
  else c.op('fmov', f(h, width), f(value, width));
}

export function moveVector(c: Context, to: number, from: number): void {
  if (to !== from) c.op('mov', bytes(to), bytes(from));
}

/** The constant of an immediate operand, as the 8 bits that an instruction encodes. */
export function imm8Of(op: Operand | undefined): number {
  if (op?.kind !== 'imm' || op.value.plus !== undefined || op.value.minus !== undefined)
    throw new Refusal('V0221', 'this operand must be a constant');
  return Number(BigInt.asUintN(8, op.value.offset));
}
