// SPDX-License-Identifier: MIT
import type { Expr, MemOperand, Operand, Reg } from '../../isa/operand.ts';
import { isNumber } from '../../isa/operand.ts';
import { Refusal } from '../from-x86_64/context.ts';
import { type Extension, isLoaderValue, isSelfPointer, isTableEntry } from '../from-x86_64/operands.ts';
import type { Context } from './context.ts';
import {
  type Address,
  addConstant,
  address,
  addThreadOffset,
  loadGeneral,
  storeGeneral,
  symbolAddress,
  threadOffset,
} from './memory.ts';
import { home, w, x, ZERO } from './registers.ts';

/** Reading x86 operands into registers and writing results back. */

/** Reads such a place into register `n`. Linkers simplify the pair of instructions, and want one register in both. */
export function loaderValue(c: Context, m: MemOperand, n: number): number {
  if (isSelfPointer(m)) c.op('mrs', x(n), 'tpidr_el0');
  else threadOffset(c, m.disp, n);
  return n;
}

/** A register with the operand's value in its low `width` bits; a home, a temporary or the zero register. */
export function read(
  c: Context,
  op: Operand | undefined,
  width: number,
  ext: Extension = 'any',
  to: 32 | 64 = 32,
): number {
  switch (op?.kind) {
    case 'reg':
      return readRegister(c, op.reg, width, ext, to);
    case 'mem': {
      if (width === 64 && isLoaderValue(op)) return loaderValue(c, op, c.temp());
      if (width < 64 && isTableEntry(op)) return partOfEntry(c, op, width, ext, to);
      const a = address(c, op, width / 8);
      const t = c.temp();
      loadGeneral(c, t, a, width / 8, ext === 'sign', to);
      return t;
    }
    case 'imm':
      return readImmediate(c, op.value, width, ext, to);
    default:
      throw new Refusal('V0221', 'this operand is not supported here');
  }
}

/** Reads the low bits of an address in the global offset table. */
function partOfEntry(c: Context, m: MemOperand, width: number, ext: Extension, to: 32 | 64): number {
  const t = c.temp();
  loadGeneral(c, t, address(c, m, 8), 8);
  if (ext === 'sign') c.op('sbfx', (to === 64 ? x : w)(t), (to === 64 ? x : w)(t), '#0', `#${width}`);
  else if (ext === 'zero') c.op('ubfx', x(t), x(t), '#0', `#${width}`);
  return t;
}

function readRegister(c: Context, reg: Reg, width: number, ext: Extension, to: 32 | 64): number {
  if (reg.loc === 'rsp') {
    const t = c.temp();
    stackPointerInto(c, t);
    return t;
  }
  const h = home(reg.loc);
  if (width === 64 || (width === 32 && (to === 32 || ext === 'any')) || (ext === 'any' && reg.lo === 0)) return h;
  const t = c.temp();
  const name = to === 64 && ext === 'sign' ? x : w;
  if (width === 32) {
    if (ext === 'sign') c.op('sxtw', x(t), w(h));
    else c.op('mov', w(t), w(h));
  } else if (ext === 'sign') c.op('sbfx', name(t), name(h), `#${reg.lo}`, `#${width}`);
  else c.op('ubfx', w(t), w(h), `#${reg.lo}`, `#${width}`);
  return t;
}

export function stackPointerInto(c: Context, t: number): void {
  addConstant(c, x(t), 'sp', BigInt(c.rsp - c.sp), 64);
}

function readImmediate(c: Context, e: Expr, width: number, ext: Extension, to: 32 | 64): number {
  if (isNumber(e)) {
    const v = ext === 'zero' ? BigInt.asUintN(width, e.offset) : BigInt.asIntN(width, e.offset);
    if (v === 0n) return ZERO;
    return c.constant(BigInt.asUintN(Math.max(to, width), v), Math.max(to, width));
  }
  if (width !== 64 && width !== 32) throw new Refusal('V0230', 'an address does not fit into this operand');
  const t = c.temp();
  symbolValue(c, e, t);
  return t;
}

/** Puts an address, or the offset of a thread-local symbol, into register `t`. */
export function symbolValue(c: Context, e: Expr, t: number): void {
  if (e.modifier === 'tpoff') {
    c.op('mov', x(t), 'xzr');
    addThreadOffset(c, e, t, x(t));
  } else if (e.modifier === undefined) symbolAddress(c, e, t);
  else throw new Refusal('V0230', `the relocation @${e.modifier} is not supported here`);
}

/** The place that an instruction writes, with its old value already read where `old` asks for it. */
export interface Destination {
  readonly width: number;
  /** The old value (low bits), where it was asked for. */
  readonly old: number;
  /** The register to compute the new value in. */
  readonly into: number;
  /** Puts the value in `into` (or another register) where the operand says. */
  write(value?: number): void;
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
    const value = old ? readRegister(c, reg, width, ext, 32) : ZERO;
    const into = c.target(reg);
    return {
      width,
      old: value,
      into,
      write: (v = into) => {
        if (v === into && into === home(reg.loc)) return;
        c.writeRegister(reg, v);
      },
    };
  }
  if (op?.kind === 'mem') return memoryDestination(c, op, width, old, ext);
  throw new Refusal('V0221', 'this operand cannot be written');
}

function memoryDestination(c: Context, op: MemOperand, width: number, old: boolean, ext: Extension): Destination {
  const a: Address = address(c, op, width / 8);
  const t = c.temp();
  if (old) loadGeneral(c, t, a, width / 8, ext === 'sign');
  return { width, old: t, into: t, write: (v = t) => storeGeneral(c, v, a, width / 8) };
}
