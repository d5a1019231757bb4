// SPDX-License-Identifier: MIT
import type { Expr, MemOperand, Operand, Reg } from '../../isa/operand.ts';
import { isNumber } from '../../isa/operand.ts';
import { Refusal } from '../from-x86_64/context.ts';
import { type Extension, isLoaderValue, isSelfPointer, isTableEntry } from '../from-x86_64/operands.ts';
import type { Context } from './context.ts';
import { addConstant, address, addThreadOffset, load, store, symbolAddress, threadOffset } from './memory.ts';
import { home, STACK, THREAD, x, ZERO } from './registers.ts';
import { type Shape, signed, zeroed } from './shape.ts';

/** Reading x86 operands into registers and writing results back. */

/** Whether the operand is a slot that the linker or loader fills, so that its value is known without a load. */
export const isSlot = (m: MemOperand): boolean => isLoaderValue(m) || isTableEntry(m);

/** Reads such a place into register `n`. */
export function slotValue(c: Context, m: MemOperand, n: number): number {
  if (isSelfPointer(m)) c.move(n, THREAD);
  else if (m.disp.modifier === 'gottpoff') threadOffset(c, m.disp, n);
  else {
    c.op('la', x(n), /^[\w.$]+$/.test(m.disp.plus ?? '') ? (m.disp.plus ?? '') : `"${m.disp.plus}"`);
    c.note(n, undefined);
  }
  return n;
}

/** A register with the operand's value in its low `width` bits, extended to 64 as asked; not to be written. */
export function read(c: Context, op: Operand | undefined, width: number, ext: Extension = 'any'): number {
  switch (op?.kind) {
    case 'reg':
      return readRegister(c, op.reg, width, ext);
    case 'mem': {
      if (width === 64 && isSlot(op)) return slotValue(c, op, c.temp());
      if (isTableEntry(op)) {
        const n = slotValue(c, op, c.temp());
        return ext === 'any' ? n : c.extended(n, width, ext, n);
      }
      const t = c.temp();
      // What the address took is free again behind the load.
      c.scoped(() => load(c, t, address(c, op), width / 8, ext));
      return t;
    }
    case 'imm':
      return readImmediate(c, op.value, width, ext);
    default:
      throw new Refusal('V0221', 'this operand is not supported here');
  }
}

function readRegister(c: Context, reg: Reg, width: number, ext: Extension): number {
  if (reg.loc === 'rsp') {
    const t = c.temp();
    stackPointerInto(c, t);
    return t;
  }
  const h = home(reg.loc);
  if (reg.lo > 0) return highByte(c, h, reg.lo, width, ext, c.temp());
  return ext === 'any' ? h : c.extended(h, width, ext);
}

/** Bits from the middle of a register, moved to its end. */
export function highByte(c: Context, h: number, lo: number, width: number, ext: Extension, t: number): number {
  if (ext === 'sign') {
    c.op('slli', x(t), x(h), 64 - lo - width);
    c.op('srai', x(t), x(t), 64 - width);
    c.note(t, signed(width));
  } else {
    c.op('srli', x(t), x(h), lo);
    c.note(t, undefined);
    if (ext === 'zero') {
      c.op('andi', x(t), x(t), 255);
      c.note(t, zeroed(8));
    }
  }
  return t;
}

export function stackPointerInto(c: Context, t: number): void {
  addConstant(c, t, STACK, BigInt(c.rsp - c.sp));
}

function readImmediate(c: Context, e: Expr, width: number, ext: Extension): number {
  if (isNumber(e)) {
    const v = ext === 'zero' ? BigInt.asUintN(width, e.offset) : BigInt.asIntN(width, e.offset);
    return v === 0n ? ZERO : c.constant(v);
  }
  if (width !== 64 && width !== 32) throw new Refusal('V0230', 'an address does not fit into this operand');
  const t = c.temp();
  symbolValue(c, e, t);
  return t;
}

/** Puts an address, or the offset of a thread-local symbol, into register `t`. */
export function symbolValue(c: Context, e: Expr, t: number): void {
  if (e.modifier === 'tpoff') addThreadOffset(c, e, t, ZERO);
  else if (e.modifier === undefined) symbolAddress(c, e, t);
  else throw new Refusal('V0230', `the relocation @${e.modifier} is not supported here`);
}

/** The place that an instruction writes, with its old value already read where `old` asks for it. */
export interface Destination {
  /** The old value (low bits), where it was asked for. */
  readonly old: number;
  /** The register to compute the new value in. */
  readonly into: number;
  /** Puts the value in `into`, or another register, where the operand says; `shape` is what is known of it. */
  write(value?: number, shape?: Shape): void;
}

/** Prepares to write operand `op`; with `old`, reads its present value first (extended as `ext` says). */
export function destination(
  c: Context,
  op: Operand | undefined,
  width: number,
  old: boolean,
  ext: Extension = 'any',
): Destination {
  if (op?.kind === 'reg') {
    const { reg } = op;
    if (reg.loc === 'rsp') throw new Refusal('V0222', 'the stack pointer is changed in a way that is not supported');
    const value = old ? readRegister(c, reg, width, ext) : ZERO;
    const into = c.target(reg);
    return {
      old: value,
      into,
      write: (v = into, shape = v === into ? undefined : c.shape(v)) => {
        if (v !== ZERO) c.note(v, shape);
        c.writeRegister(reg, v);
      },
    };
  }
  if (op?.kind === 'mem') {
    const a = address(c, op);
    const t = c.temp();
    if (old) load(c, t, a, width / 8, ext);
    return { old: t, into: t, write: (v = t) => store(c, v, a, width / 8) };
  }
  throw new Refusal('V0221', 'this operand cannot be written');
}
