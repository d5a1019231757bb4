// SPDX-License-Identifier: MIT
import { SCRATCH } from '../layout.ts';
import { Code, I32, I64, OP, type ValueType } from './code.ts';

/** Functions that every module brings along. */

/** The upper half of the product of two unsigned numbers, from the products of their halves. */
export function multiplyHighBody(): { readonly locals: readonly ValueType[]; readonly body: Uint8Array } {
  const c = new Code();
  const [a, b, middle] = [0, 1, 2];
  const low = (local: number): void => {
    c.get(local);
    c.i64(0xffffffffn);
    c.op(OP.i64And);
  };
  const high = (local: number): void => {
    c.get(local);
    c.i64(32n);
    c.op(OP.i64ShrU);
  };
  // a1 * b0 + (a0 * b0 >> 32)
  high(a);
  low(b);
  c.op(OP.i64Mul);
  low(a);
  low(b);
  c.op(OP.i64Mul);
  c.i64(32n);
  c.op(OP.i64ShrU);
  c.op(OP.i64Add);
  c.set(middle);
  // a1 * b1 + (middle >> 32) + ((a0 * b1 + low(middle)) >> 32)
  high(a);
  high(b);
  c.op(OP.i64Mul);
  high(middle);
  c.op(OP.i64Add);
  low(a);
  high(b);
  c.op(OP.i64Mul);
  low(middle);
  c.op(OP.i64Add);
  c.i64(32n);
  c.op(OP.i64ShrU);
  c.op(OP.i64Add);
  c.u8(0x0b);
  return { locals: [I64], body: c.bytes.slice() };
}

/** Leaves the values of registers where the host finds them, and tells it of a site. */
export function faultBody(
  registers: number,
  fault: number,
): { readonly params: readonly ValueType[]; readonly body: Uint8Array } {
  const c = new Code();
  const params: ValueType[] = [I32, I64];
  for (let i = 0; i < registers; i++) {
    params.push(I64);
    c.i32(0);
    c.get(2 + i);
    c.memory(OP.i64Store, SCRATCH + 8 * i);
  }
  c.get(0);
  c.get(1);
  c.call(fault);
  c.u8(0x0b);
  return { params, body: c.bytes.slice() };
}
