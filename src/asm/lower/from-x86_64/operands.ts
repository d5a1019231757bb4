// SPDX-License-Identifier: MIT
import { isNumber, type MemOperand, type Operand, type Reg } from '../../isa/operand.ts';
import { Refusal } from './context.ts';

/** Questions about x86 operands. */

/** What the bits above the operand's width must be. */
export type Extension = 'any' | 'zero' | 'sign';

/** The value of a constant immediate, as a signed number of `width` bits; undefined for symbols and other operands. */
export function constantOf(op: Operand | undefined, width: number): bigint | undefined {
  if (op?.kind !== 'imm' || !isNumber(op.value)) return undefined;
  return BigInt.asIntN(width, op.value.offset);
}

/** `%fs:0`, where x86's thread block keeps its own address, or a slot with the offset of a thread-local variable. */
export function isLoaderValue(m: MemOperand): boolean {
  return m.disp.modifier === 'gottpoff' || isSelfPointer(m);
}

/** A slot of the global offset table, which the linker or loader fills with an address. */
export const isTableEntry = (m: MemOperand): boolean => m.disp.modifier?.startsWith('GOTPCREL') === true;

export const isSelfPointer = (m: MemOperand): boolean =>
  m.segment === 'fs' && m.base === undefined && m.index === undefined && isNumber(m.disp) && m.disp.offset === 0n;

export function isReg(op: Operand | undefined): op is { kind: 'reg'; reg: Reg } {
  return op?.kind === 'reg';
}

export const sameRegister = (a: Operand | undefined, b: Operand | undefined): boolean =>
  isReg(a) && isReg(b) && a.reg.name === b.reg.name;

/** The base register of an address; none where a symbol says where it is. */
export function baseOf({ base, disp }: MemOperand): Reg | undefined {
  if (base?.class !== 'ip') return base;
  if (disp.plus === undefined)
    throw new Refusal('V0234', 'the address is given by its distance from the instruction', 'give the place a label');
  return undefined;
}
