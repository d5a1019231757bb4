// SPDX-License-Identifier: MIT
import type { Operand } from '../../isa/operand.ts';
import { type BlockContext, Refusal } from './context.ts';
import type { FunctionFacts } from './facts.ts';
import { FLAGS, type FlagName } from './flags.ts';
import { constantOf, type Extension, isReg } from './operands.ts';
import type { Parts } from './rule.ts';
import { type FramePlan, isLooseAfter } from './stack.ts';

/** Where a stack instruction stands. */
export interface StackPlace {
  readonly facts: FunctionFacts;
  readonly index: number;
  readonly plan: FramePlan;
  readonly dynamic: boolean;
}

/** How a target does what stack instructions are made of. Registers are given by their numbers. */
export interface StackOperations<C extends BlockContext> {
  home(loc: string): number;
  temp(c: C): number;
  /** Adds to the target's stack pointer. */
  addToStack(c: C, delta: number): void;
  /** Sets the target's stack pointer to register `n` plus `delta`. */
  setStack(c: C, n: number, delta: number): void;
  move(c: C, to: number, from: number): void;
  read(c: C, op: Operand | undefined, width: number, ext: Extension, to: 32 | 64): number;
  /** Writes the low `width` bits of register `n` where the operand says. */
  write(c: C, op: Operand | undefined, width: number, n: number): void;
  /** Loads from, and stores at, `offset` bytes from the target's stack pointer. */
  loadFromStack(c: C, n: number, offset: number, bytes: number): void;
  storeToStack(c: C, n: number, offset: number, bytes: number): void;
  load(c: C, n: number, base: number, bytes: number): void;
  /** The register of flags, made in a temporary. */
  flagsWord(c: C): number;
  /** Puts the bit of a flag in a register of flags in `n` where blocks agree on it. */
  takeFlag(c: C, flag: FlagName, n: number): void;
  /** A computed adjustment (alloca, alignment), after which the target's stack pointer is `below` bytes below the source's. */
  computed(c: C, i: Parts, below: number): void;
}

const isStackPointer = (op: Operand | undefined): boolean => isReg(op) && op.reg.loc === 'rsp';

/** Lowers instructions that move the stack pointer; false for all others. */
export function changeStack<C extends BlockContext>(o: StackOperations<C>, c: C, i: Parts, at: StackPlace): boolean {
  switch (i.mnemonic) {
    case 'push':
      push(o, c, i, at);
      return true;
    case 'pop':
      pop(o, c, i);
      return true;
    case 'pushf': {
      const n = o.flagsWord(c);
      c.rsp -= 8;
      follow(o, c, at);
      o.storeToStack(c, n, c.rsp - c.sp, 8);
      return true;
    }
    case 'popf': {
      const n = o.temp(c);
      o.loadFromStack(c, n, c.rsp - c.sp, 8);
      c.rsp += 8;
      for (const flag of FLAGS) if (c.after.liveFlag(flag)) o.takeFlag(c, flag, n);
      return true;
    }
    case 'leave':
      leaveFrame(o, c, at);
      return true;
    case 'cmp':
    case 'test':
      return false;
    case 'xchg':
      return i.ops.some(isStackPointer) && exchange(o, c, i, at);
    default:
      if (!isStackPointer(i.ops[0])) return false;
      setStackPointer(o, c, i, at);
      return true;
  }
}

/** Keeps the target's stack pointer at or below the source's. */
function follow<C extends BlockContext>(o: StackOperations<C>, c: C, at: StackPlace): void {
  const aligned = c.loose ? c.rsp : c.rsp - (((c.rsp % 16) + 16) % 16);
  const lowest = c.loose || at.dynamic ? aligned - at.plan.redZone : at.plan.align(c.rsp);
  if (c.sp > lowest) {
    o.addToStack(c, lowest - c.sp);
    c.sp = lowest;
  }
}

function push<C extends BlockContext>(o: StackOperations<C>, c: C, i: Parts, at: StackPlace): void {
  const bytes = i.width / 8;
  // The operand is read with the stack pointer as it was before.
  const n = o.read(c, i.ops[0], i.width, 'sign', i.width === 64 ? 64 : 32);
  c.rsp -= bytes;
  follow(o, c, at);
  o.storeToStack(c, n, c.rsp - c.sp, bytes);
}

function pop<C extends BlockContext>(o: StackOperations<C>, c: C, i: Parts): void {
  const bytes = i.width / 8;
  const dst = i.ops[0];
  if (isReg(dst) && bytes === 8) {
    o.loadFromStack(c, o.home(dst.reg.loc), c.rsp - c.sp, 8);
    c.rsp += 8;
    return;
  }
  const t = o.temp(c);
  o.loadFromStack(c, t, c.rsp - c.sp, bytes);
  // The address of a memory operand is computed after the stack pointer has moved.
  c.rsp += bytes;
  o.write(c, dst, i.width, t);
}

/** The source position that holds after this instruction, where analysis knows it. */
function positionAfter(at: StackPlace): number | undefined {
  return at.facts.stack(at.index + 1);
}

function leaveFrame<C extends BlockContext>(o: StackOperations<C>, c: C, at: StackPlace): void {
  const rbp = o.home('rbp');
  const next = positionAfter(at);
  if (next !== undefined && !at.dynamic && c.frames.has('rbp')) {
    c.rsp = next;
    o.loadFromStack(c, rbp, next - 8 - c.sp, 8);
    return;
  }
  const t = o.temp(c);
  o.load(c, t, rbp, 8);
  // rbp is at next - 8.
  const sp = next === undefined ? -at.plan.redZone : at.plan.align(next);
  o.setStack(c, rbp, next === undefined ? 8 + sp : sp - (next - 8));
  o.move(c, rbp, t);
  c.loose = next === undefined;
  c.rsp = next ?? 0;
  c.sp = sp;
}

function setStackPointer<C extends BlockContext>(o: StackOperations<C>, c: C, i: Parts, at: StackPlace): void {
  const setsFlags = i.mnemonic !== 'lea' && i.mnemonic !== 'mov';
  if (setsFlags && c.anyLive()) throw new Refusal('V0222', 'the flags of a stack pointer adjustment are used');
  const [, src] = i.ops;
  const v = constantOf(src, 64);
  const next = positionAfter(at);
  if (i.mnemonic === 'add' && v !== undefined) {
    c.rsp += Number(v);
    follow(o, c, at);
    return;
  }
  if (i.mnemonic === 'sub' && v !== undefined) {
    c.rsp -= Number(v);
    follow(o, c, at);
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
    follow(o, c, at);
    return;
  }
  if (next !== undefined) return backToStatic(o, c, i, at, next);
  const below = at.plan.redZone;
  o.computed(c, i, below);
  c.loose = isLooseAfter(i, c.loose, at.plan.loose);
  c.rsp = 0;
  c.sp = -below;
}

/** The stack pointer and another register change places. */
function exchange<C extends BlockContext>(o: StackOperations<C>, c: C, i: Parts, at: StackPlace): boolean {
  const [rsp, other] = isStackPointer(i.ops[0]) ? i.ops : [i.ops[1], i.ops[0]];
  if (rsp === undefined || !isReg(other) || other.reg.width !== 64) return false;
  if (isStackPointer(other)) throw new Refusal('V0222', 'the stack pointer is exchanged with itself');
  const old = o.temp(c);
  o.move(c, old, o.read(c, rsp, 64, 'zero', 64));
  setStackPointer(o, c, { ...i, mnemonic: 'mov', ops: [rsp, other] }, at);
  o.move(c, o.home(other.reg.loc), old);
  return true;
}

/** The stack pointer is taken from a register that is known to point into the frame. */
function backToStatic<C extends BlockContext>(
  o: StackOperations<C>,
  c: C,
  i: Parts,
  at: StackPlace,
  next: number,
): void {
  const src = i.ops[1];
  const base = isReg(src) ? src.reg : src?.kind === 'mem' && src.index === undefined ? src.base : undefined;
  if (base === undefined) throw new Refusal('V0222', 'the stack pointer is set in a way that is not supported');
  if (!at.dynamic && (c.frames.has(base.loc) || base.loc === 'rsp')) {
    c.rsp = next;
    if (c.sp > at.plan.align(next)) follow(o, c, at);
    return;
  }
  const offset = src?.kind === 'mem' ? Number(src.disp.offset) : 0;
  const sp = at.plan.align(next);
  o.setStack(c, o.home(base.loc), sp - (next - offset));
  c.loose = false;
  c.rsp = next;
  c.sp = sp;
}
