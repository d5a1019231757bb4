// SPDX-License-Identifier: MIT
import { TRAP } from '../../../abi/runtime/runtime-function.ts';
import { Refusal } from '../../from-x86_64/context.ts';
import { constantOf } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { home, r, w, x } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { destination, read } from '../values.ts';

/** Multiplication and division. */

const RAX = home('rax');
const RDX = home('rdx');
const ax = { name: 'ax', loc: 'rax', lo: 0, width: 16, class: 'gpr' };
const dx = { name: 'dx', loc: 'rdx', lo: 0, width: 16, class: 'gpr' };
const al = { name: 'al', loc: 'rax', lo: 0, width: 8, class: 'gpr' };
const ah = { name: 'ah', loc: 'rax', lo: 8, width: 8, class: 'gpr' };

const flagsUsed = (c: Context): boolean => c.anyLive(['cf', 'of']);

/** CF and OF say that the upper half of the product matters; the comparison that tells has just set Z. */
function productFlags(c: Context): void {
  c.places.set('cf', { kind: 'flag', flag: 'z', inverted: true });
  c.places.set('of', { kind: 'flag', flag: 'z', inverted: true });
}

/** `mul` and one-operand `imul`: the double-width product of the accumulator and the operand. */
function wideMultiply(c: Context, i: Parts): void {
  const { width } = i;
  const signed = i.mnemonic === 'imul';
  const n = read(c, i.ops.at(-1), width, signed ? 'sign' : 'zero');
  if (width === 64) {
    const high = c.temp();
    const highLive = c.after.live('rdx', 0, 63) || flagsUsed(c);
    if (highLive) c.op(signed ? 'smulh' : 'umulh', x(high), x(RAX), x(n));
    c.op('mul', x(RAX), x(RAX), x(n));
    if (highLive) c.op('mov', x(RDX), x(high));
    if (flagsUsed(c)) {
      if (signed) c.op('cmp', x(RDX), x(RAX), 'asr #63');
      else c.op('tst', x(RDX), x(RDX));
      productFlags(c);
    }
    return;
  }
  if (width === 32) {
    const t = c.temp();
    c.op(signed ? 'smull' : 'umull', x(t), w(RAX), w(n));
    c.op('mov', w(RAX), w(t));
    c.op('lsr', x(RDX), x(t), '#32');
    if (flagsUsed(c)) {
      if (signed) c.op('cmp', w(RDX), w(RAX), 'asr #31');
      else c.op('tst', w(RDX), w(RDX));
      productFlags(c);
    }
    return;
  }
  const a = read(c, { kind: 'reg', reg: width === 8 ? al : ax }, width, signed ? 'sign' : 'zero');
  const t = c.temp();
  c.op('mul', w(t), w(a), w(n));
  if (width === 8) c.writeRegister(ax, t);
  else {
    c.writeRegister(ax, t);
    const high = c.temp();
    c.op('lsr', w(high), w(t), '#16');
    c.writeRegister(dx, high);
  }
  if (flagsUsed(c)) narrowProductFlags(c, t, width, signed);
}

function narrowProductFlags(c: Context, product: number, width: number, signed: boolean): void {
  if (signed) {
    const [high, sign] = [c.temp(), c.temp()];
    c.op('sbfx', w(high), w(product), `#${width}`, `#${width}`);
    c.op('sbfx', w(sign), w(product), `#${width - 1}`, '#1');
    c.op('cmp', w(high), w(sign));
  } else c.op('tst', w(product), width === 8 ? '#65280' : '#4294901760');
  productFlags(c);
}

/** `imul` with two or three operands: the low half of the product. */
function multiply(c: Context, i: Parts): void {
  const { width } = i;
  const [dst, a, b] = i.ops;
  const left = b === undefined ? dst : a;
  const right = b === undefined ? a : b;
  const flags = flagsUsed(c);
  const n = read(c, left, width, flags ? 'sign' : 'any');
  const v = constantOf(right, width);
  const m =
    v === undefined
      ? read(c, right, width, flags ? 'sign' : 'any')
      : c.constant(BigInt.asUintN(width === 64 ? 64 : 32, v), width);
  const d = destination(c, dst, width, false);
  if (!flags) {
    c.op('mul', r(d.into, width), r(n, width), r(m, width));
    return d.write();
  }
  if (width === 64) {
    const high = c.temp();
    c.op('smulh', x(high), x(n), x(m));
    c.op('mul', x(d.into), x(n), x(m));
    c.op('cmp', x(high), x(d.into), 'asr #63');
    productFlags(c);
  } else if (width === 32) {
    const t = c.temp();
    c.op('smull', x(t), w(n), w(m));
    c.op('mov', w(d.into), w(t));
    c.op('lsr', x(t), x(t), '#32');
    c.op('cmp', w(t), w(d.into), 'asr #31');
    productFlags(c);
  } else {
    const t = c.temp();
    c.op('mul', w(t), w(n), w(m));
    narrowProductFlags(c, t, width, true);
    return d.write(t);
  }
  d.write();
}

/** x86 traps where the divisor is zero or the quotient does not fit; AArch64 gives a number instead. */
function trap(c: Context): string {
  return c.stub('trap', () => {
    c.op('bl', TRAP);
  });
}

function divide(c: Context, i: Parts): void {
  const signed = i.mnemonic === 'idiv';
  const n = read(c, i.ops.at(-1), i.width, signed ? 'sign' : 'zero', i.width === 32 ? 64 : 32);
  switch (i.width) {
    case 64:
      return signed ? divideSigned64(c, n) : divideUnsigned64(c, n);
    case 32:
      return divide32(c, n, signed);
    default:
      return divideNarrow(c, n, i.width, signed);
  }
}

function divideUnsigned64(c: Context, n: number): void {
  if (c.highPart !== 'zero') return wideDivision(c, n, 'udiv');
  const [q, remainder] = [c.temp(), c.temp()];
  c.op('cbz', x(n), trap(c));
  c.op('udiv', x(q), x(RAX), x(n));
  c.op('msub', x(remainder), x(q), x(n), x(RAX));
  c.op('mov', x(RAX), x(q));
  c.op('mov', x(RDX), x(remainder));
}

function divideSigned64(c: Context, n: number): void {
  if (c.highPart !== 'sign') return wideDivision(c, n, 'sdiv');
  const [q, remainder] = [c.temp(), c.temp()];
  c.op('cbz', x(n), trap(c));
  const small = c.freshLabel('fits');
  const minus = c.stub('minus', () => {
    // Only the most negative number divided by -1 does not fit: its negation overflows.
    const t = c.temp();
    c.op('negs', x(t), x(RAX));
    c.op('b.vs', trap(c));
    c.op('b', small);
  });
  c.op('cmn', x(n), '#1');
  c.op('b.eq', minus);
  c.label(small);
  c.op('sdiv', x(q), x(RAX), x(n));
  c.op('msub', x(remainder), x(q), x(n), x(RAX));
  c.op('mov', x(RAX), x(q));
  c.op('mov', x(RDX), x(remainder));
}

/**
 * 128 bits by 64 through the runtime, which also has the short ways: high x11, low x12, divisor x13; quotient x14,
 * remainder x15, overflow x6. Without ways of its own the code corresponds to the source term by term.
 */
function wideDivision(c: Context, n: number, op: 'udiv' | 'sdiv'): void {
  c.op('mov', 'x13', x(n));
  c.op('mov', 'x11', x(RDX));
  c.op('mov', 'x12', x(RAX));
  c.op('bl', `__vouch_${op}128`);
  c.op('cbnz', 'x6', trap(c));
  c.op('mov', x(RAX), 'x14');
  c.op('mov', x(RDX), 'x15');
}

function divide32(c: Context, n: number, signed: boolean): void {
  c.op('cbz', w(n), trap(c));
  if (!signed && c.highPart === 'zero') {
    const q = c.temp();
    c.op('udiv', w(q), w(RAX), w(n));
    c.op('msub', w(RDX), w(q), w(n), w(RAX));
    c.op('mov', w(RAX), w(q));
    return;
  }
  const [dividend, q] = [c.temp(), c.temp()];
  if (signed && c.highPart === 'sign') c.op('sxtw', x(dividend), w(RAX));
  else {
    c.op('mov', w(dividend), w(RAX));
    c.op('bfi', x(dividend), x(RDX), '#32', '#32');
  }
  c.op(signed ? 'sdiv' : 'udiv', x(q), x(dividend), x(n));
  c.op('cmp', x(q), w(q), signed ? 'sxtw' : 'uxtw');
  c.op('b.ne', trap(c));
  c.op('msub', w(RDX), w(q), w(n), w(dividend));
  c.op('mov', w(RAX), w(q));
}

function divideNarrow(c: Context, n: number, width: number, signed: boolean): void {
  c.op('cbz', w(n), trap(c));
  const [dividend, q, remainder] = [c.temp(), c.temp(), c.temp()];
  if (width === 8) c.op(signed ? 'sxth' : 'and', w(dividend), w(RAX), ...(signed ? [] : ['#65535']));
  else {
    c.op('and', w(dividend), w(RAX), '#65535');
    c.op('bfi', w(dividend), w(RDX), '#16', '#16');
  }
  // The most negative 32-bit dividend over -1 wraps to itself and fails the check below as it should.
  c.op(signed ? 'sdiv' : 'udiv', w(q), w(dividend), w(n));
  c.op('cmp', w(q), w(q), `${signed ? 's' : 'u'}xt${width === 8 ? 'b' : 'h'}`);
  c.op('b.ne', trap(c));
  c.op('msub', w(remainder), w(q), w(n), w(dividend));
  c.writeRegister(width === 8 ? al : ax, q);
  c.writeRegister(width === 8 ? ah : dx, remainder);
}

export const multiplyRules: readonly Rule[] = [
  rule({ name: 'mul_wide', from: ['mul'], to: wideMultiply }),
  rule({ name: 'imul_wide', from: ['imul'], priority: 1, when: (i) => i.ops.length === 1, to: wideMultiply }),
  rule({ name: 'imul', from: ['imul'], to: multiply }),
  rule({
    name: 'div',
    from: ['div', 'idiv'],
    to: (c, i) => {
      // x86 leaves all flags undefined, so none is live: NZCV is free.
      if (c.anyLive()) throw new Refusal('V0223', 'the flags of a division are used');
      divide(c, i);
    },
  }),
];
