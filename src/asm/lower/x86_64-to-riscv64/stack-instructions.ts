// SPDX-License-Identifier: MIT
import { Refusal } from '../from-x86_64/context.ts';
import { DIRECTION, FIXED } from '../from-x86_64/flag-word.ts';
import { FLAGS } from '../from-x86_64/flags.ts';
import { constantOf, isReg } from '../from-x86_64/operands.ts';
import type { Parts } from '../from-x86_64/rule.ts';
import type { StackOperations } from '../from-x86_64/stack-instructions.ts';
import type { Context } from './context.ts';
import { flagWord, takeFlag } from './flag-word.ts';
import { addConstant, baseOffset, effectiveAddress, load, store } from './memory.ts';
import { home, STACK, x } from './registers.ts';
import { destination, read } from './values.ts';

/** A computed adjustment (alloca, alignment). The stack pointer is set in one go: nothing is ever above it. */
function computed(c: Context, i: Parts, below: number): void {
  const [, src] = i.ops;
  const k = BigInt(c.rsp - c.sp);
  const moved = (by: bigint): number => {
    if (by === 0n) return STACK;
    const t = c.temp();
    addConstant(c, t, STACK, by);
    return t;
  };
  const v = constantOf(src, 64);
  if ((i.mnemonic === 'sub' || i.mnemonic === 'add') && src !== undefined) {
    const n = read(c, src, 64);
    c.op(i.mnemonic, 'sp', x(moved(k - BigInt(below))), x(n));
  } else if (i.mnemonic === 'and') {
    if (v === undefined) throw new Refusal('V0222', 'the stack pointer is masked with a register');
    const t = below === 0 ? STACK : c.temp();
    if (v >= -2048n && v < 2048n) c.op('andi', x(t), x(moved(k)), v.toString());
    else c.op('and', x(t), x(moved(k)), x(c.constant(v)));
    if (t !== STACK) addConstant(c, STACK, t, BigInt(-below));
  } else if (i.mnemonic === 'mov' && (isReg(src) || src?.kind === 'mem')) {
    addConstant(c, STACK, read(c, src, 64), BigInt(-below));
  } else if (i.mnemonic === 'lea' && src?.kind === 'mem') {
    const t = c.temp();
    effectiveAddress(c, src, t, false);
    addConstant(c, STACK, t, BigInt(-below));
  } else throw new Refusal('V0222', 'the stack pointer is changed in a way that is not supported');
}

export const stack: StackOperations<Context> = {
  home,
  temp: (c) => c.temp(),
  addToStack: (c, delta) => addConstant(c, STACK, STACK, BigInt(delta)),
  setStack: (c, n, delta) => addConstant(c, STACK, n, BigInt(delta)),
  move: (c, to, from) => c.move(to, from),
  read: (c, op, width, ext) => read(c, op, width, ext),
  write: (c, op, width, n) => destination(c, op, width, false).write(n),
  loadFromStack: (c, n, offset, bytes) => load(c, n, baseOffset(c, STACK, offset), bytes),
  storeToStack: (c, n, offset, bytes) => store(c, n, baseOffset(c, STACK, offset), bytes),
  load: (c, n, base, bytes) => load(c, n, baseOffset(c, base, 0), bytes),
  flagsWord: (c) => {
    if (c.direction === 'either') throw new Refusal('V0223', 'the direction flag is stored where it may be either');
    return flagWord(c, FLAGS, c.direction === 'down' ? FIXED | DIRECTION : FIXED);
  },
  takeFlag,
  computed,
};
