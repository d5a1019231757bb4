// SPDX-License-Identifier: MIT
import { unreachable } from '../../../../base/assert.ts';
import type { FlagPlace } from '../../../abi/relation.ts';
import type { Operand } from '../../../isa/operand.ts';
import { Refusal } from '../../from-x86_64/context.ts';
import type { StatusName } from '../../from-x86_64/flags.ts';
import { constantOf, isReg, sameRegister } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import { flagValue } from '../conditions.ts';
import { type Context, difference } from '../context.ts';
import { GENERAL_TEMPS, home, loc, x, ZERO } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { combined, type Shape, shapeOf, signed, zeroed } from '../shape.ts';
import { type Destination, destination, read } from '../values.ts';

/** Addition, subtraction, comparison and logic in all widths. */

const fitsImm = (v: bigint): boolean => v >= -2048n && v < 2048n;
const RESULT: readonly StatusName[] = ['zf', 'sf', 'pf'];

/** Flags of a result: what comparing it with zero tells, which for carry and overflow is that there is none. */
export function resultFlags(c: Context, n: number, width: number, flags?: readonly StatusName[]): void {
  c.setDifference(n, 0n, width, flags);
}

/** `into = a + b` or `a - b`, with a sign-extended result for up to 32 bits. */
function addSub(c: Context, op: 'add' | 'sub', into: number, a: number, b: Operand | undefined, width: number): void {
  const v = constantOf(b, width);
  const w = width === 64 ? '' : 'w';
  const imm = v === undefined ? undefined : op === 'add' ? v : -v;
  if (imm !== undefined && fitsImm(imm)) c.op(`addi${w}`, x(into), x(a), imm.toString());
  else c.op(`${op}${w}`, x(into), x(a), x(read(c, b, width, v === undefined ? 'any' : 'sign')));
  c.note(into, width === 64 ? undefined : signed(32));
}

/** Overflow of `a + b = r` or `a - b = r`: the sign of a register that is made for it. */
export function overflowOf(
  c: Context,
  op: 'add' | 'sub',
  a: number,
  b: number,
  r: number,
  width: number,
  [t, u]: readonly [number, number],
): FlagPlace {
  c.op('xor', x(t), x(a), x(r));
  // The sum leaves the sign of both, the difference leaves that of the first where the second has the other.
  c.op('xor', x(u), x(op === 'add' ? b : a), x(op === 'add' ? r : b));
  c.op('and', x(t), x(t), x(u));
  c.note(t, undefined);
  return difference('sf', t, 0n, width);
}

function addOrSubtract(c: Context, i: Parts): void {
  const { width } = i;
  const op = i.mnemonic === 'add' ? 'add' : 'sub';
  const [dst, src] = i.ops;
  if (op === 'sub' && c.anyLive(['cf', 'of'])) return subtractWithFlags(c, i);
  const d = destination(c, dst, width, true);
  const [carry, overflow] = [c.after.liveFlag('cf'), c.after.liveFlag('of')];
  if (carry || overflow) {
    const b = read(c, src, width);
    let [left, right] = [d.old, b];
    // The carry shows in comparing the result with a summand that is not overwritten.
    const lost = left === d.into || isOwn(dst, left);
    if (lost && ((overflow && left === d.into) || right === left)) {
      left = c.temp();
      c.move(left, d.old);
      if (b === d.old) right = left;
    }
    c.op(width === 64 ? 'add' : 'addw', x(d.into), x(d.old), x(b));
    c.note(d.into, width === 64 ? undefined : signed(32));
    const of = overflow ? overflowOf(c, 'add', left, right, d.into, width, [c.temp(), c.temp()]) : undefined;
    const compared = lost && left === d.old ? comparable(right, src, width) : left;
    finish(c, d, d.into, width);
    if (carry) c.places.set('cf', difference('cf', d.into, compared, width));
    if (of !== undefined) c.places.set('of', of);
    return;
  }
  addSub(c, op, d.into, d.old, src, width);
  finish(c, d, d.into, width);
  if (!carry) c.places.delete('cf');
  if (!overflow) c.places.delete('of');
}

/** A register that is compared, or the number that it holds. */
function comparable(n: number, src: Operand | undefined, width: number): number | bigint {
  const v = constantOf(src, width);
  return v !== undefined && isSafe(v) ? v : n;
}

const isSafe = (v: bigint): boolean => v > -(1n << 53n) && v < 1n << 53n;

/** Writes a result and says that zero, sign and parity are its own. */
function finish(c: Context, d: Destination, n: number, width: number): void {
  const shape = c.shape(n);
  d.write(n, shape);
  // What is in the home may have been extended, which the low bits do not show.
  resultFlags(c, n, width, RESULT);
}

/** Whether register `n` is the destination's home, of which a part is written. */
export const isOwn = (dst: Operand | undefined, n: number): boolean => isReg(dst) && home(dst.reg.loc) === n;

function subtractWithFlags(c: Context, i: Parts): void {
  const { width } = i;
  const [dst, src] = i.ops;
  const d = destination(c, dst, width, true);
  let a = d.old;
  if (a === d.into || isOwn(dst, a)) {
    a = c.temp();
    c.move(a, d.old);
  }
  const v = constantOf(src, width);
  const small = v !== undefined && fitsImm(-v) ? v : undefined;
  const b = small === undefined ? read(c, src, width, v === undefined ? 'any' : 'sign') : undefined;
  if (b === undefined) addSub(c, 'sub', d.into, d.old, src, width);
  else c.op(width === 64 ? 'sub' : 'subw', x(d.into), x(d.old), x(b));
  c.note(d.into, width === 64 ? undefined : signed(32));
  let right: number | bigint = small ?? 0n;
  if (b !== undefined) right = b === d.into ? a : b;
  d.write(d.into, c.shape(d.into));
  c.setDifference(a, right, width);
}

function compare(c: Context, i: Parts): void {
  const { width } = i;
  const [a, b] = i.ops;
  if (!c.anyLive()) {
    // Memory is still read: an access is an effect.
    if (a?.kind === 'mem') read(c, a, width);
    if (b?.kind === 'mem') read(c, b, width);
    return;
  }
  const left = read(c, a, width);
  const v = constantOf(b, width);
  c.setDifference(left, v !== undefined && isSafe(v) ? v : read(c, b, width), width);
}

function test(c: Context, i: Parts): void {
  const { width } = i;
  const [a, b] = i.ops;
  if (!c.anyLive()) {
    if (a?.kind === 'mem') read(c, a, width);
    return;
  }
  const n = read(c, a, width);
  if (sameRegister(a, b)) return resultFlags(c, n, width);
  const t = c.temp();
  const bit = c.has('zbs') && !c.anyLive(['sf', 'pf']) ? testedBit(b, width) : undefined;
  if (bit !== undefined) {
    c.op('bexti', x(t), x(n), bit);
    c.note(t, zeroed(1));
  } else both(c, 'and', t, n, b, width);
  resultFlags(c, t, width);
}

type Logic = 'and' | 'or' | 'xor';

/** `into = a op b`; what is known of the upper half follows from both. */
function both(c: Context, op: Logic, into: number, a: number, b: Operand | undefined, width: number): void {
  const v = constantOf(b, width);
  const left = c.shape(a);
  if (v !== undefined && fitsImm(v)) {
    if (v === -1n && op === 'xor') c.op('not', x(into), x(a));
    else c.op(`${op}i`, x(into), x(a), v.toString());
    c.note(into, combined(op, left, shapeOf(v)));
    return;
  }
  // A mask of ones from the lowest bit on is an extension.
  const unsigned = v === undefined ? undefined : BigInt.asUintN(width, v);
  if (op === 'and' && (unsigned === 0xffffn || (unsigned === 0xffffffffn && width === 64))) {
    c.op(unsigned === 0xffffn ? 'zext.h' : 'zext.w', x(into), x(a));
    c.note(into, { bits: unsigned === 0xffffn ? 16 : 32, signed: false });
    return;
  }
  const single = c.has('zbs') && unsigned !== undefined ? singleBit(op, unsigned, width) : undefined;
  if (single !== undefined) {
    c.op(single.name, x(into), x(a), single.bit);
    return c.note(into, undefined);
  }
  const n = read(c, b, width, v === undefined ? 'any' : 'sign');
  const right = v === undefined ? c.shape(n) : shapeOf(v);
  c.op(op, x(into), x(a), x(n));
  c.note(into, combined(op, left, right));
}

/** The number of the bit that a test looks at alone, where that is no immediate of other instructions. */
function testedBit(mask: Operand | undefined, width: number): number | undefined {
  const v = constantOf(mask, width);
  return v === undefined || fitsImm(v) ? undefined : oneBit(BigInt.asUintN(width, v));
}

/** The number of the one bit that is set in `v`, or undefined where it is not one. */
function oneBit(v: bigint): number | undefined {
  return v === 0n || (v & (v - 1n)) !== 0n ? undefined : v.toString(2).length - 1;
}

/** The instruction of zbs that changes one bit as logic with constant `v` does. */
function singleBit(op: Logic, v: bigint, width: number): { readonly name: string; readonly bit: number } | undefined {
  const bit = oneBit(op === 'and' ? BigInt.asUintN(width, ~v) : v);
  return bit === undefined ? undefined : { name: { and: 'bclri', or: 'bseti', xor: 'binvi' }[op], bit };
}

function logic(c: Context, i: Parts): void {
  const { width } = i;
  const [dst, src] = i.ops;
  const op = i.mnemonic as Logic;
  const d = destination(c, dst, width, true);
  both(c, op, d.into, d.old, src, width);
  d.write(d.into, c.shape(d.into));
  resultFlags(c, d.into, width);
}

/** `xor r, r` and `sub r, r` clear the register whatever it held. */
function clear(c: Context, i: Parts): void {
  const d = destination(c, i.ops[0], i.width, false);
  c.constant(0n, d.into);
  d.write(d.into, shapeOf(0n));
  for (const flag of ['cf', 'sf', 'of'] as const) c.places.set(flag, { kind: 'constant', value: 0 });
  for (const flag of ['zf', 'pf'] as const) c.places.set(flag, { kind: 'constant', value: 1 });
}

/** The carry flag as 0 or 1. */
export function carryValue(c: Context): number {
  const place = c.places.get('cf');
  if (place === undefined) throw new Refusal('V0223', 'the carry flag is not known here');
  return flagValue(c, place);
}

function addWithCarry(c: Context, i: Parts): void {
  const { width } = i;
  const [dst, src] = i.ops;
  const subtract = i.mnemonic.endsWith('sbb');
  const carry = c.scopedGeneral(() => carryValue(c));
  c.releaseFlags(carry);
  const live = c.anyLive();
  const d = destination(c, dst, width, true, width < 64 && live ? 'zero' : 'any');
  if (width < 64) return narrowCarry(c, d, src, width, subtract, carry);
  const b = read(c, src, 64);
  let a = d.old;
  if (live && a === d.into) {
    a = c.temp();
    c.move(a, d.old);
  }
  const other = b === d.into ? a : b;
  if (!live) {
    c.op(subtract ? 'sub' : 'add', x(d.into), x(a), x(other));
    c.op(subtract ? 'sub' : 'add', x(d.into), x(d.into), x(carry));
    return d.write();
  }
  carryChain(c, d.into, a, other, carry, subtract);
  d.write();
}

/** `into = a + other + carry`, or the difference, of 64 bits, with all flags; the carry is read no more afterwards. */
export function carryChain(c: Context, into: number, a: number, other: number, carry: number, subtract: boolean): void {
  const [second, first] = [c.temp(), c.temp()];
  c.op(subtract ? 'sub' : 'add', x(second), x(a), x(other));
  if (subtract) {
    // A borrow from either step, of which there is at most one.
    c.op('sltu', x(first), x(a), x(other));
    c.op('sub', x(into), x(second), x(carry));
    c.op('sltu', x(second), x(second), x(carry));
  } else {
    c.op('sltu', x(first), x(second), x(a));
    c.op('add', x(into), x(second), x(carry));
    c.op('sltu', x(second), x(into), x(second));
  }
  c.op('or', x(first), x(first), x(second));
  c.note(first, { bits: 1, signed: false });
  c.note(second, undefined);
  c.note(into, undefined);
  // Neither are the steps in between.
  const spare = GENERAL_TEMPS.includes(carry) ? carry : c.temp();
  const of = c.after.liveFlag('of')
    ? overflowOf(c, subtract ? 'sub' : 'add', a, other, into, 64, [second, spare])
    : undefined;
  resultFlags(c, into, 64, RESULT);
  c.places.set('cf', { kind: 'bit', loc: loc(first), bit: 0 });
  if (of === undefined) c.places.delete('of');
  else c.places.set('of', of);
}

/** Up to 32 bits fit twice: the carry is the bit above. */
function narrowCarry(
  c: Context,
  d: Destination,
  src: Operand | undefined,
  width: number,
  subtract: boolean,
  carry: number,
): void {
  const op = subtract ? 'sub' : 'add';
  if (!c.anyLive()) {
    const n = read(c, src, width);
    const t = d.into === n || d.into === carry ? c.temp() : d.into;
    c.op(`${op}w`, x(t), x(d.old), x(n));
    c.op(`${op}w`, x(t), x(t), x(carry));
    return d.write(t, signed(32));
  }
  // Where part of a register or memory is written, its new value has a register of its own already.
  const own = GENERAL_TEMPS.includes(d.into) && (d.into !== d.old || !c.after.liveFlag('of'));
  const t = own ? d.into : c.temp();
  narrowCarryChain(c, t, d.old, read(c, src, width, 'zero'), width, subtract, carry);
  if (own) return d.write(t, undefined);
  c.op('sext.w', x(d.into), x(t));
  d.write(d.into, signed(32));
}

/** `t = a + b + carry`, or the difference, of the low bits, with all flags: the carry is the bit above. */
export function narrowCarryChain(
  c: Context,
  t: number,
  left: number,
  right: number,
  width: number,
  subtract: boolean,
  carry: number,
): void {
  const op = subtract ? 'sub' : 'add';
  const b = c.extended(right, width, 'zero');
  const a = c.extended(left, width, 'zero');
  c.op(op, x(t), x(a), x(b));
  c.op(op, x(t), x(t), x(carry));
  c.note(t, undefined);
  if (c.after.liveFlag('of')) {
    // The carry has been added; a summand is looked at once more.
    const first = a !== left && a !== b ? a : c.temp();
    const second = GENERAL_TEMPS.includes(carry) && carry !== first ? carry : c.temp();
    c.places.set('of', overflowOf(c, op, a, b, t, width, op === 'sub' ? [second, first] : [first, second]));
  } else c.places.delete('of');
  resultFlags(c, t, width, RESULT);
  c.places.set('cf', { kind: 'bit', loc: loc(t), bit: width });
}

/** `sbb r, r` spreads the carry over the register. */
function spreadCarry(c: Context, i: Parts): void {
  const carry = carryValue(c);
  const d = destination(c, i.ops[0], i.width, false);
  c.op('neg', x(d.into), x(carry));
  d.write(d.into, signed(1));
}

function increment(c: Context, i: Parts): void {
  const { width } = i;
  const up = i.mnemonic.endsWith('inc');
  const d = destination(c, i.ops[0], width, true);
  const one: Operand = { kind: 'imm', value: { offset: 1n }, label: false };
  addSub(c, up ? 'add' : 'sub', d.into, d.old, one, width);
  finish(c, d, d.into, width);
  if (!c.after.liveFlag('of')) {
    c.places.delete('of');
    return;
  }
  // Only from the greatest to the least number, or back.
  const least = -(1n << BigInt(width - 1));
  const limit = c.constant(up ? least : -least - 1n);
  c.places.set('of', difference('zf', d.into, limit, width));
}

function negate(c: Context, i: Parts): void {
  const { width } = i;
  const d = destination(c, i.ops[0], width, true);
  let old = d.old;
  if ((old === d.into || isOwn(i.ops[0], old)) && c.anyLive(['cf', 'of'])) {
    old = c.temp();
    c.move(old, d.old);
  }
  c.op(width === 64 ? 'neg' : 'negw', x(d.into), x(d.old));
  c.note(d.into, width === 64 ? undefined : signed(32));
  finish(c, d, d.into, width);
  c.places.delete('cf');
  c.places.delete('of');
  if (c.anyLive(['cf', 'of'])) c.setDifference(ZERO, old, width);
}

function complement(c: Context, i: Parts): void {
  const d = destination(c, i.ops[0], i.width, true);
  const shape = c.shape(d.old);
  c.op('not', x(d.into), x(d.old));
  d.write(d.into, shape === undefined ? undefined : signed(shape.signed ? shape.bits : shape.bits + 1));
}

/** Sign extension within the accumulator and into its upper part. */
function convert(c: Context, i: Parts): void {
  const [rax, rdx] = [home('rax'), home('rdx')];
  const write = (location: string, width: number, n: number, shape: Shape | undefined): void => {
    c.note(n, shape);
    c.writeRegister({ name: location, loc: location, lo: 0, width, class: 'gpr' }, n);
  };
  switch (i.mnemonic) {
    case 'cbw':
      return write('rax', 16, c.extended(rax, 8, 'sign'), signed(8));
    case 'cwde':
      return write('rax', 32, c.extended(rax, 16, 'sign'), signed(16));
    case 'cdqe':
      return write('rax', 64, c.extended(rax, 32, 'sign'), signed(32));
    case 'cwd': {
      const t = c.temp();
      c.op('slli', x(t), x(rax), 48);
      c.op('srai', x(t), x(t), 63);
      return write('rdx', 16, t, signed(1));
    }
    case 'cdq': {
      const t = c.after.live('rdx', 32, 63) ? c.temp() : rdx;
      c.op('sraiw', x(t), x(rax), 31);
      return write('rdx', 32, t, signed(1));
    }
    case 'cqo':
      c.op('srai', x(rdx), x(rax), 63);
      return c.note(rdx, signed(1));
    default:
      return unreachable(i.mnemonic as never, 'mnemonic');
  }
}

export const arithmeticRules: readonly Rule[] = [
  rule({ name: 'add_sub', from: ['add', 'sub'], to: addOrSubtract }),
  rule({ name: 'logic', from: ['and', 'or', 'xor'], to: logic }),
  rule({ name: 'clear', from: ['xor', 'sub'], priority: 1, when: (i) => sameRegister(i.ops[0], i.ops[1]), to: clear }),
  rule({ name: 'compare', from: ['cmp'], to: compare }),
  rule({ name: 'test', from: ['test'], to: test }),
  rule({ name: 'carry', from: ['adc', 'sbb'], to: addWithCarry }),
  rule({
    name: 'spread_carry',
    from: ['sbb'],
    priority: 1,
    when: (i, c) => sameRegister(i.ops[0], i.ops[1]) && !c.anyLive(),
    to: spreadCarry,
  }),
  rule({ name: 'inc_dec', from: ['inc', 'dec'], to: increment }),
  rule({ name: 'neg', from: ['neg'], to: negate }),
  rule({ name: 'not', from: ['not'], to: complement }),
  rule({ name: 'convert', from: ['cbw', 'cwde', 'cdqe', 'cwd', 'cdq', 'cqo'], to: convert }),
];
