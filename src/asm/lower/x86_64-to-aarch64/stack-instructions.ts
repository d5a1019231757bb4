// SPDX-License-Identifier: MIT
import { Refusal } from '../from-x86_64/context.ts';
import { DIRECTION, FIXED } from '../from-x86_64/flag-word.ts';
import { FLAGS } from '../from-x86_64/flags.ts';
import { constantOf, isReg } from '../from-x86_64/operands.ts';
import type { Parts } from '../from-x86_64/rule.ts';
import type { StackOperations } from '../from-x86_64/stack-instructions.ts';
import type { Context } from './context.ts';
import { flagWord, takeFlag } from './flag-word.ts';
import { addConstant, baseOffset, effectiveAddress, loadGeneral, storeGeneral } from './memory.ts';
import { home, x } from './registers.ts';
import { destination, read } from './values.ts';

/** A computed adjustment (alloca, alignment). The stack pointer is set in one go: nothing is ever above it. */
function computed(c: Context, i: Parts, below: number): void {
  const [, src] = i.ops;
  const k = BigInt(c.rsp - c.sp);
  if ((i.mnemonic === 'sub' || i.mnemonic === 'add') && src !== undefined) {
    const n = read(c, src, 64);
    const t = k === BigInt(below) ? 'sp' : x(c.temp());
    if (t !== 'sp') addConstant(c, t, 'sp', k - BigInt(below), 64);
    c.op(i.mnemonic, 'sp', t, x(n), 'uxtx');
  } else if (i.mnemonic === 'and') {
    const v = constantOf(src, 64);
    if (v === undefined) throw new Refusal('V0222', 'the stack pointer is masked with a register');
    const t = c.temp();
    addConstant(c, x(t), 'sp', k, 64);
    c.op('and', below === 0 ? 'sp' : x(t), x(t), `#${BigInt.asUintN(64, v)}`);
    if (below !== 0) addConstant(c, 'sp', x(t), BigInt(-below), 64);
  } else if (i.mnemonic === 'mov' && (isReg(src) || src?.kind === 'mem')) {
    const n = read(c, src, 64);
    addConstant(c, 'sp', x(n), BigInt(-below), 64);
  } else if (i.mnemonic === 'lea' && src?.kind === 'mem') {
    const t = c.temp();
    effectiveAddress(c, src, t, false);
    addConstant(c, 'sp', x(t), BigInt(-below), 64);
  } else throw new Refusal('V0222', 'the stack pointer is changed in a way that is not supported');
}

export const stack: StackOperations<Context> = {
  home,
  temp: (c) => c.temp(),
  addToStack: (c, delta) => addConstant(c, 'sp', 'sp', BigInt(delta), 64),
  setStack: (c, n, delta) => addConstant(c, 'sp', x(n), BigInt(delta), 64),
  move: (c, to, from) => c.op('mov', x(to), x(from)),
  read,
  write: (c, op, width, n) => destination(c, op, width, false).write(n),
  loadFromStack: (c, n, offset, bytes) => loadGeneral(c, n, baseOffset(c, 'sp', offset, bytes), bytes),
  storeToStack: (c, n, offset, bytes) => storeGeneral(c, n, baseOffset(c, 'sp', offset, bytes), bytes),
  load: (c, n, base, bytes) => loadGeneral(c, n, baseOffset(c, x(base), 0, bytes), bytes),
  flagsWord: (c) => {
    if (c.direction === 'either') throw new Refusal('V0223', 'the direction flag is stored where it may be either');
    return flagWord(c, FLAGS, c.direction === 'down' ? FIXED | DIRECTION : FIXED);
  },
  takeFlag,
  computed,
};
