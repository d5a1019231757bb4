// SPDX-License-Identifier: MIT
import type { Operand } from '../../../isa/operand.ts';
import { Refusal } from '../../from-x86_64/context.ts';
import { FLAGS, type FlagName, type StatusName } from '../../from-x86_64/flags.ts';
import { constantOf, isReg } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import { flagValue } from '../conditions.ts';
import { type Context, difference } from '../context.ts';
import { GENERAL_TEMPS, home, loc, sourceIn, x, ZERO } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { type Shape, signed, zeroed } from '../shape.ts';
import { type Destination, destination, read } from '../values.ts';
import { carryValue, isOwn, resultFlags } from './arithmetic.ts';

/** Shifts, rotates and double shifts. Counts are taken modulo 32 (64 for 64-bit operands), as both machines do. */

type Kind = 'shl' | 'shr' | 'sar';

const kindOf = (mnemonic: string): Kind => (mnemonic === 'shr' ? 'shr' : mnemonic === 'sar' ? 'sar' : 'shl');
const OP: Readonly<Record<Kind, string>> = { shl: 'sll', shr: 'srl', sar: 'sra' };

/** The count as a masked constant, or undefined when it is in cl. A form without count shifts by one. */
function countOf(i: Parts, index: number): number | undefined {
  if (i.ops.length <= index) return 1;
  const v = constantOf(i.ops[index], 8);
  return v === undefined ? undefined : Number(BigInt.asUintN(i.width === 64 ? 6 : 5, v));
}

const w = (width: number): string => (width === 64 ? '' : 'w');

function shift(c: Context, i: Parts): void {
  const kind = kindOf(i.mnemonic);
  const count = countOf(i, 1);
  const { width } = i;
  // The bits that come in from above are part of the value, so narrow operands are extended first.
  const narrow = width < 32;
  const ext = !narrow || kind === 'shl' ? 'any' : kind === 'shr' ? 'zero' : 'sign';
  const d = destination(c, i.ops[0], width, true, ext);
  if (count === undefined) return shiftByRegister(c, i, d, kind);
  if (count === 0) {
    if (width >= 32 || i.ops[0]?.kind === 'mem') {
      c.move(d.into, d.old);
      d.write(d.into, c.shape(d.into));
    }
    return;
  }
  const old = c.anyLive(['cf', 'of']) ? lasting(c, i, d) : d.old;
  if (count < (width === 64 ? 64 : 32)) c.op(`${OP[kind]}i${w(width)}`, x(d.into), x(d.old), count);
  d.write(d.into, shapeAfter(kind, width, count));
  resultFlags(c, d.into, width, ['zf', 'sf', 'pf']);
  c.places.delete('cf');
  c.places.delete('of');
  if (c.after.liveFlag('cf')) {
    const bit = kind === 'shl' ? width - count : Math.min(count - 1, kind === 'sar' ? width - 1 : 63);
    if (bit < 0 || (kind === 'shr' && count > width)) c.places.set('cf', { kind: 'constant', value: 0 });
    else c.places.set('cf', { kind: 'bit', loc: loc(old), bit });
  }
  if (c.after.liveFlag('of')) overflowAfter(c, old, kind, count, width);
}

function shapeAfter(kind: Kind, width: number, count: number): Shape | undefined {
  if (width === 64) return kind === 'shr' ? zeroed(64 - count) : kind === 'sar' ? signed(64 - count) : undefined;
  if (kind === 'shr' && width <= 32) return zeroed(Math.max(width - count, 1));
  return signed(kind === 'sar' ? Math.max(width - count, 1) : 32);
}

/** x86 defines the overflow flag for shifts by one: whether the sign changed. */
function overflowAfter(c: Context, old: number, kind: Kind, count: number, width: number): void {
  if (count !== 1 || kind === 'sar') c.places.set('of', { kind: 'constant', value: 0 });
  else if (kind === 'shr') c.places.set('of', difference('sf', old, 0n, width));
  else {
    const t = c.temp();
    c.op('slli', x(t), x(old), 1);
    c.op('xor', x(t), x(t), x(old));
    c.places.set('of', difference('sf', t, 0n, width));
  }
}

/** The old value of the destination in a register that writing it does not change. */
export function lasting(c: Context, i: Parts, d: Destination): number {
  if (d.old !== d.into && !isOwn(i.ops[0], d.old)) return d.old;
  const t = c.temp();
  c.move(t, d.old);
  return t;
}

/** For flags how they are put into a register, as 0 or 1. */
type FlagMakers = Readonly<Partial<Record<FlagName, (into: number) => void>>>;

/**
 * Flags that are as they were where the count in cl is zero: one register holds those that are live, first the old ones,
 * and where the count is not zero then what `made` says.
 */
function flagsByCount(c: Context, width: number, made: FlagMakers): void {
  const live = FLAGS.filter((flag) => made[flag] !== undefined && c.after.liveFlag(flag));
  if (live.length === 0) return;
  const all = c.temp();
  const collect = (make: (flag: FlagName, into: number) => void): void =>
    live.forEach((flag, k) => {
      c.scoped(() => {
        if (k === 0) return make(flag, all);
        const t = c.temp();
        c.scoped(() => make(flag, t));
        c.op('slli', x(t), x(t), k);
        c.op('or', x(all), x(all), x(t));
      });
    });
  collect((flag, into) => {
    const place = c.places.get(flag);
    // What a flag was that nobody knows, nobody reads: then the count is not zero.
    if (place === undefined) c.constant(0, into);
    else c.move(into, flagValue(c, place, into));
  });
  const skip = c.freshLabel('same');
  c.scoped(() => {
    const count = c.temp();
    c.op('andi', x(count), x(home('rcx')), width === 64 ? 63 : 31);
    c.op('beqz', x(count), skip);
  });
  collect((flag, into) => made[flag]?.(into));
  c.label(skip);
  c.note(all, live.length === 1 ? zeroed(1) : undefined);
  live.forEach((flag, bit) => {
    c.places.set(flag, { kind: 'bit', loc: loc(all), bit });
  });
}

/** Zero, sign and parity of a result of `width` bits in register `n`. */
function ofResult(c: Context, n: number, width: number): FlagMakers {
  const make = (flag: StatusName) => (into: number) => c.move(into, flagValue(c, difference(flag, n, 0n, width), into));
  return { zf: make('zf'), sf: make('sf'), pf: make('pf') };
}

function shiftByRegister(c: Context, i: Parts, d: Destination, kind: Kind): void {
  const { width } = i;
  const rcx = home('rcx');
  const name = `${OP[kind]}${w(width)}`;
  if (!c.anyLive()) {
    c.op(name, x(d.into), x(d.old), x(rcx));
    return d.write(d.into, width === 64 ? undefined : signed(32));
  }
  if (c.after.liveFlag('of')) throw new Refusal('V0223', 'the overflow flag of a shift by a variable count is used');
  // Where part of a register is written, its new value has a register of its own already.
  const result = GENERAL_TEMPS.includes(d.into) && d.into !== d.old ? d.into : c.temp();
  c.op(name, x(result), x(d.old), x(rcx));
  c.note(result, width === 64 ? undefined : signed(32));
  flagsByCount(c, width, {
    cf: (into) => lastOut(c, into, d.old, name, width),
    ...ofResult(c, result, width),
  });
  d.write(result, c.shape(result));
}

function rotate(c: Context, i: Parts): void {
  const { width } = i;
  const left = i.mnemonic === 'rol';
  const count = countOf(i, 1);
  if (c.after.liveFlag('of') && count !== 1)
    throw new Refusal('V0223', 'the overflow flag of a rotate by another count than one is used');
  const d = destination(c, i.ops[0], width, true, width < 32 ? 'zero' : 'any');
  const by = count === undefined ? undefined : count % width;
  // Where only part of a register is written, flags look at the result by itself.
  const result = d.into;
  if (width >= 32 && by !== 0 && c.has('zbb')) {
    if (by !== undefined) c.op(`rori${w(width)}`, x(d.into), x(d.old), left ? width - by : by);
    else c.op(`${left ? 'rol' : 'ror'}${w(width)}`, x(d.into), x(d.old), x(home('rcx')));
  } else rotateByShifts(c, d, left, by, width);
  const out = left ? 0 : width - 1;
  if (count === undefined) flagsByCount(c, width, { cf: (into) => edge(c, into, result, out) });
  d.write(result, width === 32 ? signed(32) : undefined);
  if (count === undefined || count === 0) return;
  if (c.after.liveFlag('cf')) c.places.set('cf', { kind: 'bit', loc: loc(result), bit: out });
  if (!c.after.liveFlag('of')) {
    c.places.delete('of');
    return;
  }
  // Whether the sign and its neighbour differ that the bit went between.
  const t = c.temp();
  c.op('srli', x(t), x(result), left ? width - 1 : 1);
  c.op('xor', x(t), x(t), x(result));
  c.places.set('of', { kind: 'bit', loc: loc(t), bit: left ? 0 : width - 2 });
}

/** Rotates by `by` places, or by the count in cl; a narrow value has zeros above it. */
function rotateByShifts(c: Context, d: Destination, left: boolean, by: number | undefined, width: number): void {
  c.scoped(() => {
    let value = d.old;
    if (width < 32 && by === undefined) {
      // Fill 32 bits with copies; then a 32-bit rotate does it.
      const [copies, t] = [c.temp(), c.temp()];
      c.op('slli', x(t), x(d.old), width);
      c.op('or', x(copies), x(d.old), x(t));
      if (width === 8) {
        c.op('slli', x(t), x(copies), 16);
        c.op('or', x(copies), x(copies), x(t));
      }
      value = copies;
    }
    const [t, u] = [c.temp(), c.temp()];
    if (by === undefined) {
      const rcx = home('rcx');
      c.op('neg', x(u), x(rcx));
      c.op(`${left ? 'srl' : 'sll'}${w(width)}`, x(u), x(value), x(u));
      c.op(`${left ? 'sll' : 'srl'}${w(width)}`, x(t), x(value), x(rcx));
      c.op('or', x(d.into), x(t), x(u));
    } else if (by === 0) c.move(d.into, value);
    else {
      const up = left ? by : width - by;
      c.op(`slli${w(width)}`, x(t), x(value), up);
      c.op(`srli${w(width)}`, x(u), x(value), width - up);
      c.op('or', x(d.into), x(t), x(u));
    }
  });
}

/** `rcl` and `rcr`: the carry stands above the operand, and both turn together. */
function rotateThroughCarry(c: Context, i: Parts): void {
  const { width } = i;
  const left = i.mnemonic === 'rcl';
  const given = countOf(i, 1);
  if (c.after.liveFlag('of') && given !== 1)
    throw new Refusal('V0223', 'the overflow flag of a rotate by another count than one is used');
  if (given === undefined && width < 32)
    throw new Refusal('V0220', 'a rotate of less than 32 bits through carry by a variable count is not supported');
  const count = given === undefined ? undefined : width < 32 ? given % (width + 1) : given;
  if (count === 0) return turnedNowhere(c, i);
  // What comes in may be read no more: where ah is turned, and then loaded.
  let carry = c.earlier.liveFlag('cf') ? carryValue(c) : ZERO;
  if (sourceIn(carry) !== undefined && c.after.liveFlag('of')) {
    carry = c.temp();
    c.move(carry, carryValue(c));
  }
  // Whether or not it turns, nobody reads what the flags were.
  if (!c.anyLive()) c.releaseFlags(carry);
  const d = destination(c, i.ops[0], width, true, width < 32 ? 'zero' : 'any');
  if (count === undefined) {
    const turned = shiftedPair(c, d.old, neighbour(c, d.old, width, left, carry), width, left);
    flagsByCount(c, width, { cf: (into) => lastOut(c, into, d.old, `${left ? 'sll' : 'srl'}${w(width)}`, width) });
    return d.write(turned, c.shape(turned));
  }
  const old = c.anyLive(['cf', 'of']) ? lasting(c, i, d) : d.old;
  const result = d.into;
  const [away, back] = left ? ['sll', 'srl'] : ['srl', 'sll'];
  c.scoped(() => {
    const [t, u] = [c.temp(), c.temp()];
    // The carry comes to the near end of what is shifted, and behind it what has left at the other end.
    const at = left ? count - 1 : width - count;
    if (at > 0) c.op(`slli${w(width)}`, x(u), x(carry), at);
    else c.move(u, carry);
    if (count < Math.max(width, 32)) {
      c.op(`${away}i${w(width)}`, x(t), x(d.old), count);
      c.op('or', x(u), x(u), x(t));
    }
    if (count > 1) {
      c.op(`${back}i${w(width)}`, x(t), x(d.old), width + 1 - count);
      c.op('or', x(result), x(t), x(u));
    } else c.move(result, u);
  });
  c.note(result, width === 32 ? signed(32) : undefined);
  d.write(result, width === 32 ? signed(32) : undefined);
  const out = left ? width - count : count - 1;
  if (c.after.liveFlag('cf')) c.places.set('cf', { kind: 'bit', loc: loc(old), bit: out });
  if (!c.after.liveFlag('of')) return;
  const t = c.temp();
  // The sign before and after to the left; to the right the sign, which was the carry, and what was the sign.
  c.op('slli', x(t), x(left ? old : carry), left ? 1 : width - 1);
  c.op('xor', x(t), x(t), x(old));
  c.places.set('of', difference('sf', t, 0n, width));
}

/** What is turned by all its bits is as before; 32 bits of a register are written nevertheless. */
function turnedNowhere(c: Context, i: Parts): void {
  const d = destination(c, i.ops[0], i.width, true);
  c.move(d.into, d.old);
  d.write(d.into, c.shape(d.into));
}

/** What turns about with the operand by the count in cl, for 32 and 64 bits: its neighbour in a double shift. */
function neighbour(c: Context, old: number, width: number, left: boolean, carry: number): number {
  const b = c.temp();
  if (left) {
    c.scoped(() => {
      const t = c.temp();
      c.op('slli', x(t), x(carry), width - 1);
      c.op(`srli${w(width)}`, x(b), x(old), 1);
      c.op('or', x(b), x(b), x(t));
    });
  } else {
    c.op('slli', x(b), x(old), 1);
    c.op('or', x(b), x(b), x(carry));
  }
  return b;
}

/** Shifts by the count in cl, with the bits of register `n` coming in; returns the result, which is in no home. */
function shiftedPair(c: Context, old: number, n: number, width: number, left: boolean): number {
  const [away, back] = left ? ['sll', 'srl'] : ['srl', 'sll'];
  const rcx = home('rcx');
  const result = c.temp();
  // (d << n) | (s >> 1 >> (width-1-n)): right for a count of zero as well.
  c.scoped(() => {
    const t = c.temp();
    c.op('not', x(t), x(rcx));
    c.op(`${back}i${w(width)}`, x(result), x(n), 1);
    c.op(`${back}${w(width)}`, x(result), x(result), x(t));
    c.op(`${away}${w(width)}`, x(t), x(old), x(rcx));
    c.op('or', x(result), x(result), x(t));
  });
  c.note(result, width === 32 ? signed(32) : undefined);
  return result;
}

/** The bit that a shift of register `n` by the count in cl, which is not zero, moves out last. */
function lastOut(c: Context, into: number, n: number, op: string, width: number): void {
  // One step less, then look at the edge.
  c.op('addi', x(into), x(home('rcx')), -1);
  c.op(op, x(into), x(n), x(into));
  edge(c, into, into, op.startsWith('sll') ? width - 1 : 0);
}

/** Bit `bit` of register `n`, alone in register `into`. */
function edge(c: Context, into: number, n: number, bit: number): void {
  if (bit > 0) c.op('srli', x(into), x(n), bit);
  if (bit < 63) c.op('andi', x(into), x(bit > 0 ? into : n), 1);
  c.note(into, zeroed(1));
}

/** The same of 16 bits with zeros above and of an operand: both beside each other in 32 bits, shifted there. */
function shiftedWords(c: Context, old: number, other: Operand | undefined, left: boolean): number {
  const t = c.temp();
  c.scoped(() => {
    const n = read(c, other, 16, 'zero');
    const [high, low] = left ? [old, n] : [n, old];
    c.op('slli', x(t), x(high), 16);
    c.op('or', x(t), x(t), x(low));
  });
  c.op(left ? 'sllw' : 'srlw', x(t), x(t), x(home('rcx')));
  if (left) c.op('srliw', x(t), x(t), 16);
  return t;
}

function doubleShift(c: Context, i: Parts): void {
  const { width } = i;
  const left = i.mnemonic === 'shld';
  // Without a third operand the count is in cl.
  const count = i.ops[2] === undefined || isReg(i.ops[2]) ? undefined : countOf(i, 2);
  if (c.after.liveFlag('of') && count !== 1)
    throw new Refusal('V0223', 'the overflow flag of a double shift by another count than one is used');
  if (width === 16 && count !== undefined && count > 16)
    throw new Refusal('V0220', 'a 16-bit double shift by more than 16 is not supported');
  const d = destination(c, i.ops[0], width, true, width === 16 ? 'zero' : 'any');
  if (count === 0) {
    c.move(d.into, d.old);
    return d.write(d.into, c.shape(d.into));
  }
  const [away, back] = left ? ['sll', 'srl'] : ['srl', 'sll'];
  if (count === undefined) {
    const result =
      width === 16
        ? shiftedWords(c, d.old, i.ops[1], left)
        : shiftedPair(c, d.old, read(c, i.ops[1], width), width, left);
    flagsByCount(c, width, {
      cf: (into) => lastOut(c, into, d.old, `${away}${w(width)}`, width),
      ...ofResult(c, result, width),
    });
    return d.write(result, c.shape(result));
  }
  const n = read(c, i.ops[1], width, width === 16 ? 'zero' : 'any');
  const [a, b] = [c.temp(), c.temp()];
  const old = c.anyLive(['cf', 'of']) ? lasting(c, i, d) : d.old;
  c.op(`${away}i${w(width)}`, x(a), x(d.old), count);
  if (count < width || width < 32) c.op(`${back}i${w(width)}`, x(b), x(n), width - count);
  c.op('or', x(d.into), x(a), x(b));
  c.note(d.into, width === 32 ? signed(32) : undefined);
  const result = d.into;
  d.write(result, width === 32 ? signed(32) : undefined);
  resultFlags(c, result, width, ['zf', 'sf', 'pf']);
  if (c.after.liveFlag('cf')) c.places.set('cf', { kind: 'bit', loc: loc(old), bit: left ? width - count : count - 1 });
  if (!c.after.liveFlag('of')) {
    c.places.delete('of');
    return;
  }
  c.op('xor', x(a), x(old), x(result));
  c.places.set('of', difference('sf', a, 0n, width));
}

export const shiftRules: readonly Rule[] = [
  rule({ name: 'shift', from: ['shl', 'sal', 'shr', 'sar'], to: shift }),
  rule({ name: 'rotate', from: ['rol', 'ror'], to: rotate }),
  rule({ name: 'rotate_carry', from: ['rcl', 'rcr'], to: rotateThroughCarry }),
  rule({ name: 'double_shift', from: ['shld', 'shrd'], to: doubleShift }),
];
