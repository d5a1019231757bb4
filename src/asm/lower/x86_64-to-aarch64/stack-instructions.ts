// SPDX-License-Identifier: MIT
import { Refusal } from '../from-x86_64/context.ts';
import { constantOf, isReg } from '../from-x86_64/operands.ts';
import type { Parts } from '../from-x86_64/rule.ts';
import type { StackOperations } from '../from-x86_64/stack-instructions.ts';
import type { Context } from './context.ts';
import { addConstant, baseOffset, effectiveAddress, loadGeneral, storeGeneral } from './memory.ts';
import { home, x } from './registers.ts';
import { destination, read } from './values.ts';

/** A computed adjustment (alloca, alignment): afterwards both stack pointers are equal. */
function computed(c: Context, i: Parts): void {
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
  computed,
};
