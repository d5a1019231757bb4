// SPDX-License-Identifier: MIT
import { mask } from '../../../logic/pool.ts';
import type { Term } from '../../../logic/term.ts';
import { I64, OP } from '../wasm/code.ts';
import type { Emitter } from './emitter.ts';
import { argOf } from './shapes.ts';

/** Carries, divisions, rotations and counts of zeros: what takes several instructions of WebAssembly. */

/** The carry out of a sum of two numbers and a bit. */
export function emitCarry(e: Emitter, t: Term): void {
  const { code } = e;
  const [a, b, c] = [argOf(t, 0), argOf(t, 1), t.args[2]];
  if (a.width > 64) {
    e.host(t);
    return;
  }
  if (a.width < 64) {
    e.value64(a);
    e.value64(b);
    code.op(OP.i64Add);
    if (c !== undefined) {
      e.value64(c);
      code.op(OP.i64Add);
    }
    code.i64(BigInt(a.width));
    code.op(OP.i64ShrU);
    code.op(OP.i32WrapI64);
    return;
  }
  const [x = 0] = e.words(a);
  const [y = 0] = e.words(b);
  const sum = e.temp(I64);
  code.get(x);
  code.get(y);
  code.op(OP.i64Add);
  code.tee(sum);
  code.get(x);
  code.op(OP.i64LtU);
  if (c === undefined) return;
  // A second carry comes only where the sum is all ones, and then there was no first.
  code.get(sum);
  code.i64(-1n);
  code.op(OP.i64Eq);
  e.value(c);
  code.op(OP.i32And);
  code.op(OP.i32Or);
}

/** Whether a sum of two signed numbers and a bit leaves the range: both have the sign that the sum has not. */
export function emitOverflow(e: Emitter, t: Term): void {
  const { code } = e;
  const [a, b, c] = [argOf(t, 0), argOf(t, 1), t.args[2]];
  if (a.width > 64) {
    e.host(t);
    return;
  }
  const [x = 0] = e.words64(a);
  const [y = 0] = e.words64(b);
  const sum = e.temp(I64);
  code.get(x);
  code.get(y);
  code.op(OP.i64Add);
  if (c !== undefined) {
    e.value64(c);
    code.op(OP.i64Add);
  }
  code.tee(sum);
  code.get(x);
  code.op(OP.i64Xor);
  code.get(sum);
  code.get(y);
  code.op(OP.i64Xor);
  code.op(OP.i64And);
  code.i64(BigInt(a.width - 1));
  code.op(OP.i64ShrU);
  code.op(OP.i32WrapI64);
  if (a.width < 64) {
    code.i32(1);
    code.op(OP.i32And);
  }
}

/** By 0 the quotient is all ones and the remainder the dividend. */
export function emitUnsignedDivision(e: Emitter, t: Term): void {
  const { code } = e;
  const [a, b] = [argOf(t, 0), argOf(t, 1)];
  const op = t.op === 'udiv' ? OP.i64DivU : OP.i64RemU;
  if (b.op === 'const' && b.value !== 0n) {
    e.value64(a);
    e.value64(b);
    code.op(op);
    return;
  }
  const [x = 0] = e.words64(a);
  const [y = 0] = e.words64(b);
  code.get(x);
  code.get(y);
  code.i64(1n);
  code.get(y);
  code.i64(0n);
  code.op(OP.i64Ne);
  code.op(OP.select);
  code.op(op);
  if (t.op === 'udiv') code.i64(mask(t.width));
  else code.get(x);
  code.get(y);
  code.i64(0n);
  code.op(OP.i64Ne);
  code.op(OP.select);
}

/** By 0 the quotient is 1 for a negative dividend and else all ones. */
export function emitSignedDivision(e: Emitter, t: Term): void {
  const { code } = e;
  const [x, y, least] = [e.temp(I64), e.temp(I64), e.temp(I64)];
  e.signed64(argOf(t, 0));
  code.set(x);
  e.signed64(argOf(t, 1));
  code.set(y);
  // By -1 the quotient is the negated dividend, also where that wraps; the machine's division would trap there.
  code.i64(0n);
  code.get(x);
  code.op(OP.i64Sub);
  code.get(x);
  code.get(y);
  code.i64(1n);
  code.get(y);
  code.i64(1n);
  code.op(OP.i64Add);
  code.i64(2n);
  code.op(OP.i64GeU);
  code.op(OP.select);
  code.op(OP.i64DivS);
  code.get(y);
  code.i64(-1n);
  code.op(OP.i64Eq);
  code.op(OP.select);
  code.set(least);
  code.i64(1n);
  code.i64(-1n);
  code.get(x);
  code.i64(0n);
  code.op(OP.i64LtS);
  code.op(OP.select);
  code.get(least);
  code.get(y);
  code.op(OP.i64Eqz);
  code.op(OP.select);
  e.mask(t.width);
}

export function emitRotation(e: Emitter, t: Term): void {
  const { code } = e;
  const [a, count] = [argOf(t, 0), argOf(t, 1)];
  if (t.width === 64) {
    e.value(a);
    e.value64(count);
    code.op(OP.i64Rotr);
    return;
  }
  const [x = 0] = e.words64(a);
  const n = e.temp(I64);
  code.get(x);
  e.value64(count);
  code.tee(n);
  code.op(OP.i64ShrU);
  code.get(x);
  code.i64(BigInt(t.width));
  code.get(n);
  code.op(OP.i64Sub);
  code.op(OP.i64Shl);
  code.op(OP.i64Or);
  e.mask(t.width);
}

export function emitLeadingZeros(e: Emitter, t: Term): void {
  const { code } = e;
  const a = argOf(t, 0);
  const reversed = a.op === 'bitrev' && !e.localsOf(a) !== undefined;
  if (a.width > 64) {
    e.host(t);
    return;
  }
  e.value64(reversed ? argOf(a, 0) : a);
  if (reversed) {
    if (t.width < 64) {
      code.i64(1n << BigInt(t.width));
      code.op(OP.i64Or);
    }
    code.op(OP.i64Ctz);
    return;
  }
  code.op(OP.i64Clz);
  if (t.width === 64) return;
  code.i64(BigInt(64 - t.width));
  code.op(OP.i64Sub);
}

export function emitLessWide(e: Emitter, t: Term, signed: boolean): void {
  const { code } = e;
  const [a, b] = [argOf(t, 0), argOf(t, 1)];
  if (a.width !== 128) {
    e.host(t);
    return;
  }
  const [x, y] = [e.words(a), e.words(b)];
  const [x0 = 0, x1 = 0] = x;
  const [y0 = 0, y1 = 0] = y;
  code.get(x0);
  code.get(y0);
  code.op(OP.i64LtU);
  code.get(x1);
  code.get(y1);
  code.op(signed ? OP.i64LtS : OP.i64LtU);
  code.get(x1);
  code.get(y1);
  code.op(OP.i64Eq);
  code.op(OP.select);
}
