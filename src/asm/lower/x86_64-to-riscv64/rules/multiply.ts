// SPDX-License-Identifier: MIT
import { TRAP } from '../../../abi/runtime/runtime-function.ts';
import { Refusal } from '../../from-x86_64/context.ts';
import { constantOf } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import { type Context, difference } from '../context.ts';
import { home, x, ZERO } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { signed, zeroed } from '../shape.ts';
import { destination, read } from '../values.ts';

/** Multiplication and division. */

const RAX = home('rax');
const RDX = home('rdx');
const part = (name: string, location: string, lo: number, width: number) => ({
  name,
  loc: location,
  lo,
  width,
  class: 'gpr',
});
const eax = part('eax', 'rax', 0, 32);
const edx = part('edx', 'rdx', 0, 32);
const ax = part('ax', 'rax', 0, 16);
const dx = part('dx', 'rdx', 0, 16);
const al = part('al', 'rax', 0, 8);
const ah = part('ah', 'rax', 8, 8);

const flagsUsed = (c: Context): boolean => c.anyLive(['cf', 'of']);

/** CF and OF say that the upper half of the product matters: that register `t` is not zero. */
function productFlags(c: Context, t: number): void {
  const place = difference('cf', ZERO, t, 64);
  c.places.set('cf', place);
  c.places.set('of', place);
}

/** `mul` and one-operand `imul`: the double-width product of the accumulator and the operand. */
function wideMultiply(c: Context, i: Parts): void {
  const { width } = i;
  const how = i.mnemonic === 'imul' ? 'sign' : 'zero';
  const n = read(c, i.ops.at(-1), width, how);
  if (width === 64) {
    const highLive = c.after.live('rdx', 0, 63) || flagsUsed(c);
    const high = c.temp();
    if (highLive) c.op(how === 'sign' ? 'mulh' : 'mulhu', x(high), x(RAX), x(n));
    c.op('mul', x(RAX), x(RAX), x(n));
    c.note(RAX, undefined);
    if (highLive) c.move(RDX, high);
    if (!flagsUsed(c)) return;
    if (how === 'sign') {
      const t = c.temp();
      c.op('srai', x(t), x(RAX), 63);
      c.op('xor', x(high), x(high), x(t));
    }
    return productFlags(c, high);
  }
  const a = c.extended(RAX, width, how);
  const t = c.temp();
  c.op(width === 16 && how === 'sign' ? 'mulw' : 'mul', x(t), x(a), x(n));
  c.note(t, undefined);
  if (width === 32) {
    c.op(how === 'sign' ? 'srai' : 'srli', x(RDX), x(t), 32);
    c.note(RDX, how === 'sign' ? signed(32) : zeroed(32));
    c.writeRegister(edx, RDX);
    c.op('sext.w', x(RAX), x(t));
    c.note(RAX, signed(32));
    c.writeRegister(eax, RAX);
  } else {
    c.writeRegister(ax, t);
    if (width === 16) {
      const high = c.temp();
      c.op('srli', x(high), x(t), 16);
      c.writeRegister(dx, high);
    }
  }
  if (flagsUsed(c)) narrowProductFlags(c, t, width, how);
}

/** The product, which is exact in 64 bits, and the extension of its low half differ. */
function narrowProductFlags(c: Context, product: number, width: number, how: 'zero' | 'sign'): void {
  const t = c.temp();
  if (how === 'zero') c.op('srli', x(t), x(product), width);
  else {
    c.op(`sext.${width === 8 ? 'b' : width === 16 ? 'h' : 'w'}`, x(t), x(product));
    c.op('xor', x(t), x(t), x(product));
  }
  productFlags(c, t);
}

/** `imul` with two or three operands: the low half of the product. */
function multiply(c: Context, i: Parts): void {
  const { width } = i;
  const [dst, a, b] = i.ops;
  const left = b === undefined ? dst : a;
  const right = b === undefined ? a : b;
  const flags = flagsUsed(c);
  const ext = flags ? 'sign' : 'any';
  const n = read(c, left, width, ext);
  const m = read(c, right, width, constantOf(right, width) === undefined ? ext : 'sign');
  const d = destination(c, dst, width, false);
  if (!flags) {
    c.op(width === 64 ? 'mul' : 'mulw', x(d.into), x(n), x(m));
    return d.write(d.into, width === 64 ? undefined : signed(32));
  }
  const t = c.temp();
  if (width === 64) {
    c.op('mulh', x(t), x(n), x(m));
    c.op('mul', x(d.into), x(n), x(m));
    const sign = c.temp();
    c.op('srai', x(sign), x(d.into), 63);
    c.op('xor', x(t), x(t), x(sign));
    d.write();
    return productFlags(c, t);
  }
  // 32 bits hold the product of 16 bits, and all of it is looked at.
  c.op(width === 32 ? 'mul' : 'mulw', x(t), x(n), x(m));
  c.note(t, undefined);
  if (width === 32) {
    c.op('sext.w', x(d.into), x(t));
    d.write(d.into, signed(32));
  } else d.write(t);
  narrowProductFlags(c, t, width, 'sign');
}

/** x86 traps where the divisor is zero or the quotient does not fit; RISC-V gives a number instead. */
function trap(c: Context): string {
  return c.stub('trap', () => {
    c.op('call', TRAP);
  });
}

function divide(c: Context, i: Parts): void {
  const how = i.mnemonic === 'idiv' ? 'sign' : 'zero';
  const n = read(c, i.ops.at(-1), i.width, how);
  switch (i.width) {
    case 64:
      return how === 'sign' ? divideSigned64(c, n) : divideUnsigned64(c, n);
    case 32:
      return divide32(c, n, how);
    default:
      return divideNarrow(c, n, i.width, how);
  }
}

function divideUnsigned64(c: Context, n: number): void {
  if (c.highPart !== 'zero') return wideDivision(c, n, 'udiv');
  c.op('beqz', x(n), trap(c));
  quotient(c, 'u', n);
}

function quotient(c: Context, u: 'u' | '', n: number): void {
  const q = c.temp();
  c.op(`div${u}`, x(q), x(RAX), x(n));
  c.op(`rem${u}`, x(RDX), x(RAX), x(n));
  c.note(RDX, undefined);
  c.note(q, undefined);
  c.move(RAX, q);
}

function divideSigned64(c: Context, n: number): void {
  if (c.highPart !== 'sign') return wideDivision(c, n, 'sdiv');
  c.op('beqz', x(n), trap(c));
  // Only the most negative number divided by -1 does not fit.
  const fits = c.freshLabel('fits');
  const minus = c.stub('minus', () => {
    c.scoped(() => {
      const t = c.temp();
      c.op('neg', x(t), x(RAX));
      c.op('bne', x(t), x(RAX), fits);
      c.op('bnez', x(RAX), trap(c));
      c.op('j', fits);
    });
  });
  const t = c.constant(-1n);
  c.op('beq', x(n), x(t), minus);
  c.label(fits);
  quotient(c, '', n);
}

/**
 * 128 bits by 64 through the runtime, which also has the short ways: high a6, low a7, divisor t3; quotient t4, remainder
 * t5, overflow t6.
 */
function wideDivision(c: Context, n: number, op: 'udiv' | 'sdiv'): void {
  if (n !== 28) c.op('mv', 't3', x(n));
  c.op('mv', 'a6', x(RDX));
  c.op('mv', 'a7', x(RAX));
  c.op('call', `__vouch_${op}128`);
  c.op('bnez', 't6', trap(c));
  c.op('mv', x(RAX), 't4');
  c.op('mv', x(RDX), 't5');
  c.note(RAX, undefined);
  c.note(RDX, undefined);
}

function divide32(c: Context, n: number, how: 'zero' | 'sign'): void {
  c.op('beqz', x(n), trap(c));
  const u = how === 'zero' ? 'u' : '';
  let q = c.temp();
  let dividend = RAX;
  let whole = false;
  if (how === 'zero' && c.highPart === 'zero') dividend = c.extended(RAX, 32, 'zero');
  else if (how === 'sign' && c.highPart === 'sign') dividend = c.extended(RAX, 32, 'sign');
  else {
    whole = true;
    dividend = c.temp();
    const low = c.extended(RAX, 32, 'zero');
    c.op('slli', x(dividend), x(RDX), 32);
    c.op('or', x(dividend), x(dividend), x(low));
  }
  c.op(`div${u}`, x(q), x(dividend), x(n));
  c.note(q, undefined);
  if (how === 'sign' || c.highPart !== 'zero') {
    const t = c.temp();
    c.op(how === 'sign' ? 'sext.w' : 'zext.w', x(t), x(q));
    c.op('bne', x(t), x(q), trap(c));
    q = t;
  }
  c.op(`rem${u}`, x(RDX), x(dividend), x(n));
  const shape = how === 'sign' ? signed(32) : zeroed(32);
  c.note(q, shape);
  // That it is shorter than the divisor is not seen where the dividend has 64 bits.
  c.note(RDX, whole ? undefined : shape);
  c.writeRegister(edx, RDX);
  c.writeRegister(eax, q);
}

function divideNarrow(c: Context, n: number, width: number, how: 'zero' | 'sign'): void {
  c.op('beqz', x(n), trap(c));
  const [dividend, q] = [c.temp(), c.temp()];
  if (width === 8) c.op(how === 'sign' ? 'sext.h' : 'zext.h', x(dividend), x(RAX));
  else {
    c.op('slli', x(dividend), x(RDX), 48);
    c.op(how === 'sign' ? 'srai' : 'srli', x(dividend), x(dividend), 32);
    c.scoped(() => {
      const low = c.extended(RAX, 16, 'zero');
      c.op('or', x(dividend), x(dividend), x(low));
    });
  }
  const u = how === 'zero' ? 'u' : '';
  c.op(`div${u}`, x(q), x(dividend), x(n));
  c.scoped(() => {
    const t = c.temp();
    if (width === 8 && how === 'zero') c.op('andi', x(t), x(q), 255);
    else c.op(`${how === 'sign' ? 's' : 'z'}ext.${width === 8 ? 'b' : 'h'}`, x(t), x(q));
    c.op('bne', x(t), x(q), trap(c));
  });
  c.op(`rem${u}`, x(dividend), x(dividend), x(n));
  c.note(q, undefined);
  c.note(dividend, undefined);
  c.writeRegister(width === 8 ? al : ax, q);
  c.writeRegister(width === 8 ? ah : dx, dividend);
}

export const multiplyRules: readonly Rule[] = [
  rule({ name: 'mul_wide', from: ['mul'], to: wideMultiply }),
  rule({ name: 'imul_wide', from: ['imul'], priority: 1, when: (i) => i.ops.length === 1, to: wideMultiply }),
  rule({ name: 'imul', from: ['imul'], to: multiply }),
  rule({
    name: 'div',
    from: ['div', 'idiv'],
    to: (c, i) => {
      // x86 leaves all flags undefined, so none is live.
      if (c.anyLive()) throw new Refusal('V0223', 'the flags of a division are used');
      divide(c, i);
    },
  }),
];
