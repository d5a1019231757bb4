// SPDX-License-Identifier: MIT
import type { Operand } from '../../isa/operand.ts';
import { Refusal } from '../from-x86_64/context.ts';
import { constantOf, isReg } from '../from-x86_64/operands.ts';
import type { Parts } from '../from-x86_64/rule.ts';
import type { StackPlace } from '../from-x86_64/target.ts';
import type { Context } from './context.ts';
import { addConstant, baseOffset, effectiveAddress, loadGeneral, storeGeneral } from './memory.ts';
import { home, x } from './registers.ts';
import { destination, read } from './values.ts';

const isStackPointer = (op: Operand | undefined): boolean => isReg(op) && op.reg.loc === 'rsp';

/** Lowers instructions that move the stack pointer; false for all others. */
export function changeStack(c: Context, i: Parts, at: StackPlace): boolean {
  switch (i.mnemonic) {
    case 'push':
      push(c, i, at);
      return true;
    case 'pop':
      pop(c, i);
      return true;
    case 'leave':
      leaveFrame(c, at);
      return true;
    case 'cmp':
    case 'test':
      return false;
    default:
      if (!isStackPointer(i.ops[0])) return false;
      setStackPointer(c, i, at);
      return true;
  }
}

/** Keeps the target's stack pointer at or below the source's. */
function follow(c: Context, at: StackPlace): void {
  const lowest = at.dynamic ? c.rsp - (((c.rsp % 16) + 16) % 16) : at.plan.align(c.rsp);
  if (c.sp > lowest) {
    addConstant(c, 'sp', 'sp', BigInt(lowest - c.sp), 64);
    c.sp = lowest;
  }
}

function push(c: Context, i: Parts, at: StackPlace): void {
  const bytes = i.width / 8;
  // The operand is read with the stack pointer as it was before.
  const n = read(c, i.ops[0], i.width, 'sign', i.width === 64 ? 64 : 32);
  c.rsp -= bytes;
  follow(c, at);
  storeGeneral(c, n, baseOffset(c, 'sp', c.rsp - c.sp, bytes), bytes);
}

function pop(c: Context, i: Parts): void {
  const bytes = i.width / 8;
  const dst = i.ops[0];
  if (isReg(dst) && bytes === 8) {
    loadGeneral(c, home(dst.reg.loc), baseOffset(c, 'sp', c.rsp - c.sp, 8), 8);
    c.rsp += 8;
    return;
  }
  const t = c.temp();
  loadGeneral(c, t, baseOffset(c, 'sp', c.rsp - c.sp, bytes), bytes);
  // The address of a memory operand is computed after the stack pointer has moved.
  c.rsp += bytes;
  destination(c, dst, i.width, false).write(t);
}

/** The source position that holds after this instruction, where analysis knows it. */
function positionAfter(at: StackPlace): number | undefined {
  return at.facts.stack(at.index + 1);
}

function leaveFrame(c: Context, at: StackPlace): void {
  const rbp = home('rbp');
  const next = positionAfter(at);
  if (next === undefined) throw new Refusal('V0222', 'the frame pointer does not point into the frame here');
  if (!at.dynamic && c.frames.has('rbp')) {
    c.rsp = next;
    loadGeneral(c, rbp, baseOffset(c, 'sp', next - 8 - c.sp, 8), 8);
    return;
  }
  const t = c.temp();
  loadGeneral(c, t, baseOffset(c, x(rbp), 0, 8), 8);
  // rbp is at next - 8.
  const sp = at.plan.align(next);
  addConstant(c, 'sp', x(rbp), BigInt(sp - (next - 8)), 64);
  c.op('mov', x(rbp), x(t));
  c.rsp = next;
  c.sp = sp;
}

function setStackPointer(c: Context, i: Parts, at: StackPlace): void {
  if (c.anyLive()) throw new Refusal('V0222', 'the flags of a stack pointer adjustment are used');
  const [, src] = i.ops;
  const v = constantOf(src, 64);
  const next = positionAfter(at);
  if (i.mnemonic === 'add' && v !== undefined) {
    c.rsp += Number(v);
    return;
  }
  if (i.mnemonic === 'sub' && v !== undefined) {
    c.rsp -= Number(v);
    follow(c, at);
    return;
  }
  if (
    i.mnemonic === 'lea' &&
    src?.kind === 'mem' &&
    src.base?.loc === 'rsp' &&
    src.index === undefined &&
    src.disp.plus === undefined
  ) {
    c.rsp += Number(src.disp.offset);
    follow(c, at);
    return;
  }
  if (next !== undefined) return backToStatic(c, i, at, next);
  computed(c, i, at);
}

/** The stack pointer is taken from a register that is known to point into the frame. */
function backToStatic(c: Context, i: Parts, at: StackPlace, next: number): void {
  const src = i.ops[1];
  const base = isReg(src) ? src.reg : src?.kind === 'mem' && src.index === undefined ? src.base : undefined;
  if (base === undefined) throw new Refusal('V0222', 'the stack pointer is set in a way that is not supported');
  if (!at.dynamic && (c.frames.has(base.loc) || base.loc === 'rsp')) {
    c.rsp = next;
    if (c.sp > at.plan.align(next)) follow(c, at);
    return;
  }
  const offset = src?.kind === 'mem' ? Number(src.disp.offset) : 0;
  const sp = at.plan.align(next);
  addConstant(c, 'sp', x(home(base.loc)), BigInt(sp - (next - offset)), 64);
  c.rsp = next;
  c.sp = sp;
}

/** A computed adjustment (alloca, alignment): afterwards both stack pointers are equal. */
function computed(c: Context, i: Parts, _at: StackPlace): void {
  const [, src] = i.ops;
  const k = c.rsp - c.sp;
  const current = (): string => {
    if (k === 0) return 'sp';
    const t = c.temp();
    addConstant(c, x(t), 'sp', BigInt(k), 64);
    return x(t);
  };
  if ((i.mnemonic === 'sub' || i.mnemonic === 'add') && src !== undefined) {
    const n = read(c, src, 64);
    c.op(i.mnemonic, 'sp', current(), x(n), 'uxtx');
  } else if (i.mnemonic === 'and') {
    const v = constantOf(src, 64);
    if (v === undefined) throw new Refusal('V0222', 'the stack pointer is masked with a register');
    const t = c.temp();
    addConstant(c, x(t), 'sp', BigInt(k), 64);
    c.op('and', 'sp', x(t), `#${BigInt.asUintN(64, v)}`);
  } else if (i.mnemonic === 'mov' && (isReg(src) || src?.kind === 'mem')) {
    const n = read(c, src, 64);
    c.op('mov', 'sp', x(n));
  } else if (i.mnemonic === 'lea' && src?.kind === 'mem') {
    const t = c.temp();
    effectiveAddress(c, src, t, false);
    c.op('mov', 'sp', x(t));
  } else throw new Refusal('V0222', 'the stack pointer is changed in a way that is not supported');
  c.rsp = 0;
  c.sp = 0;
}
