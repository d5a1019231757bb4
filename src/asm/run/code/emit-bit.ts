// SPDX-License-Identifier: MIT
import { must } from '../../../base/assert.ts';
import type { Term } from '../../../logic/term.ts';
import { OP } from '../wasm/code.ts';
import { emitFloat, isFloatOp } from './emit-float.ts';
import { emitCarry, emitLessWide, emitOverflow } from './emit-integer.ts';
import { emitBits } from './emit-wide.ts';
import type { Emitter } from './emitter.ts';
import { argOf } from './shapes.ts';

/** Pushes a term of one bit: an i32 that is 0 or 1. */
export function emitBit(e: Emitter, t: Term): void {
  const { code } = e;
  const a = t.args[0];
  switch (t.op) {
    case 'not':
      e.value(argOf(t, 0));
      code.op(OP.i32Eqz);
      return;
    case 'and':
      e.fold(t, OP.i32And);
      return;
    case 'or':
      e.fold(t, OP.i32Or);
      return;
    case 'xor':
    case 'add':
      e.fold(t, OP.i32Xor);
      return;
    case 'eq':
      equal(e, argOf(t, 0), argOf(t, 1));
      return;
    case 'ult':
      if (a !== undefined && a.width > 64) emitLessWide(e, t, false);
      else compare(e, t, OP.i32LtU, OP.i64LtU, false);
      return;
    case 'slt':
      if (a !== undefined && a.width > 64) emitLessWide(e, t, true);
      else compare(e, t, OP.i32LtS, OP.i64LtS, true);
      return;
    case 'ite':
      e.value(argOf(t, 1));
      e.value(argOf(t, 2));
      e.value(argOf(t, 0));
      code.op(OP.select);
      return;
    case 'extract':
      emitBits(e, argOf(t, 0), t.lo, 1);
      code.op(OP.i32WrapI64);
      return;
    case 'carry':
      emitCarry(e, t);
      return;
    case 'overflow':
      emitOverflow(e, t);
      return;
    default:
      if (isFloatOp(t.op)) emitFloat(e, t);
      else e.host(t);
  }
}

function equal(e: Emitter, a: Term, b: Term): void {
  const { code } = e;
  if (a.width > 64) {
    const [x, y] = [e.words(a), e.words(b)];
    x.forEach((local, i) => {
      code.get(local);
      code.get(must(y[i], 'a word'));
      code.op(OP.i64Eq);
      if (i > 0) code.op(OP.i32And);
    });
    return;
  }
  const zero = [a, b].find((t) => t.op === 'const' && t.value === 0n);
  if (a.width === 1) {
    e.value(a);
    e.value(b);
    code.op(OP.i32Eq);
  } else if (zero !== undefined) {
    const other = zero === a ? b : a;
    if (other.width <= 32) {
      e.value32(other);
      code.op(OP.i32Eqz);
    } else {
      e.value(other);
      code.op(OP.i64Eqz);
    }
  } else if (a.width <= 32) {
    e.value32(a);
    e.value32(b);
    code.op(OP.i32Eq);
  } else {
    e.value(a);
    e.value(b);
    code.op(OP.i64Eq);
  }
}

function compare(e: Emitter, t: Term, short: number, long: number, signed: boolean): void {
  const [a, b] = [argOf(t, 0), argOf(t, 1)];
  if (a.width === 32) {
    e.value32(a);
    e.value32(b);
    e.code.op(short);
    return;
  }
  for (const x of [a, b]) {
    if (signed) e.signed64(x);
    else e.value64(x);
  }
  e.code.op(long);
}
