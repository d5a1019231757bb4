// SPDX-License-Identifier: MIT
import { Refusal } from '../../from-x86_64/context.ts';
import type { FlagName } from '../../from-x86_64/flags.ts';
import { constantOf, isReg } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { inNzcv } from '../flags.ts';
import { home, r, w, x } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { type Destination, destination, read } from '../values.ts';

/** Shifts, rotates and double shifts. Counts are taken modulo 32 (64 for 64-bit operands), as both machines do. */

const ALL: readonly FlagName[] = ['cf', 'pf', 'zf', 'sf', 'of'];

type Kind = 'shl' | 'shr' | 'sar';

const kindOf = (mnemonic: string): Kind => (mnemonic === 'shr' ? 'shr' : mnemonic === 'sar' ? 'sar' : 'shl');

/** The count as a masked constant, or undefined when it is in cl. A form without count shifts by one. */
function countOf(i: Parts, index: number): number | undefined {
  if (i.ops.length <= index) return 1;
  const v = constantOf(i.ops[index], 8);
  return v === undefined ? undefined : Number(BigInt.asUintN(i.width === 64 ? 6 : 5, v));
}

function shift(c: Context, i: Parts): void {
  const kind = kindOf(i.mnemonic);
  const count = countOf(i, 1);
  const { width } = i;
  // The bits that come in from above are part of the value, so narrow operands are extended first.
  const ext = kind === 'shr' ? 'zero' : kind === 'sar' ? 'sign' : 'any';
  if (count === undefined) return shiftByRegister(c, i, kind, ext);
  const d = destination(c, i.ops[0], width, true, ext);
  if (count === 0) {
    if (width >= 32) c.op('mov', r(d.into, width), r(d.old, width));
    if (width >= 32 || i.ops[0]?.kind === 'mem') d.write(width >= 32 ? d.into : d.old);
    return;
  }
  if (c.after.liveFlag('cf')) carryOut(c, d.old, kind, count, width);
  const overflow = c.after.liveFlag('of') ? overflowOut(c, d.old, kind, count, width) : undefined;
  const op = kind === 'shl' ? 'lsl' : kind === 'shr' ? 'lsr' : 'asr';
  const bits = width === 64 ? 64 : 32;
  if (count < bits && (width >= 32 || count < 32)) c.op(op, r(d.into, width), r(d.old, width), `#${count}`);
  const cf = c.places.get('cf');
  shiftFlags(c, d.into, width);
  if (cf !== undefined && c.after.liveFlag('cf')) c.places.set('cf', cf);
  if (overflow !== undefined) c.setWordBit('of', overflow);
  d.write();
}

/** Zero, sign and parity flags of a shifted value; carry and overflow are the caller's. */
function shiftFlags(c: Context, n: number, width: number): void {
  if (c.anyLive(['zf', 'sf'])) {
    if (width >= 32) c.op('tst', r(n, width), r(n, width));
    else {
      const t = c.temp();
      c.op('lsl', w(t), w(n), `#${32 - width}`);
      c.op('tst', w(t), w(t));
    }
    c.places.set('zf', { kind: 'flag', flag: 'z', inverted: false });
    c.places.set('sf', { kind: 'flag', flag: 'n', inverted: false });
  }
  c.parityOf(n);
}

/** The last bit shifted out goes into the flag word. */
function carryOut(c: Context, value: number, kind: Kind, count: number, width: number): void {
  const t = c.temp();
  const bit = kind === 'shl' ? width - count : count - 1;
  if (bit < 0) c.op('mov', w(t), 'wzr');
  else c.op('ubfx', r(t, width), r(value, width), `#${Math.min(bit, width === 64 ? 63 : 31)}`, '#1');
  c.setWordBit('cf', t);
}

/** x86 defines the overflow flag for shifts by one: whether the sign changed. */
function overflowOut(c: Context, value: number, kind: Kind, count: number, width: number): number {
  const t = c.temp();
  if (count !== 1 || kind === 'sar') c.op('mov', w(t), 'wzr');
  else if (kind === 'shr') c.op('ubfx', r(t, width), r(value, width), `#${width - 1}`, '#1');
  else {
    c.op('eor', r(t, width), r(value, width), r(value, width), 'lsl #1');
    c.op('ubfx', r(t, width), r(t, width), `#${width - 1}`, '#1');
  }
  return t;
}

/**
 * Flags that are as they were where the count in cl is zero. The old ones go to the flag word, and where the count is not
 * zero, carry and what `result` tells follow them there. `carry` puts it into bit 0 of the register given.
 */
function flagsByCount(c: Context, width: number, carry: (into: number) => void, result?: number): void {
  const made = (result === undefined ? (['cf'] as const) : ALL).filter((f) => c.after.liveFlag(f));
  if (made.length === 0) return;
  const t = c.temp();
  for (const flag of ALL) {
    if (!c.after.liveFlag(flag)) continue;
    const place = c.places.get(flag);
    // What a flag was that nobody knows, nobody reads: then the count is not zero.
    if (place === undefined) c.places.set(flag, { kind: 'constant', value: 0 });
    if (made.includes(flag) || (place !== undefined && inNzcv(place))) c.moveToWord(flag, t);
  }
  const skip = c.freshLabel('same');
  c.op('tst', w(home('rcx')), width === 64 ? '#63' : '#31');
  c.op('b.eq', skip);
  if (made.includes('cf')) {
    carry(t);
    c.setWordBit('cf', t);
  }
  if (result !== undefined && made.includes('zf')) {
    if (width >= 32) c.op('tst', r(result, width), r(result, width));
    else c.op('tst', w(result), `#${(1 << width) - 1}`);
    c.op('cset', w(t), 'eq');
    c.setWordBit('zf', t);
  }
  if (result !== undefined && made.includes('sf')) {
    c.op('ubfx', r(t, width), r(result, width), `#${width - 1}`, '#1');
    c.setWordBit('sf', t);
  }
  if (result !== undefined && made.includes('pf')) c.parityOf(result, t);
  c.label(skip);
}

/** The bit that a shift of register `n` by the count in cl, which is not zero, moves out last: bit 0 of `into`. */
function lastOut(c: Context, into: number, n: number, op: 'lsl' | 'lsr' | 'asr', width: number): void {
  // One step less, then look at the edge.
  c.op('sub', w(into), w(home('rcx')), '#1');
  c.op(op, r(into, width), r(n, width), r(into, width));
  if (op === 'lsl') c.op('ubfx', r(into, width), r(into, width), `#${width - 1}`, '#1');
}

function shiftByRegister(c: Context, i: Parts, kind: Kind, ext: 'any' | 'zero' | 'sign'): void {
  const { width } = i;
  const d = destination(c, i.ops[0], width, true, ext);
  const op = kind === 'shl' ? 'lsl' : kind === 'shr' ? 'lsr' : 'asr';
  const rcx = home('rcx');
  if (!c.anyLive()) {
    c.op(op, r(d.into, width), r(d.old, width), r(rcx, width));
    d.write();
    return;
  }
  if (c.after.liveFlag('of')) throw new Refusal('V0223', 'the overflow flag of a shift by a variable count is used');
  const result = c.temp();
  c.op(op, r(result, width), r(d.old, width), r(rcx, width));
  flagsByCount(c, width, (into) => lastOut(c, into, d.old, op, width), result);
  d.write(result);
}

function rotate(c: Context, i: Parts): void {
  const { width } = i;
  const left = i.mnemonic === 'rol';
  const count = countOf(i, 1);
  if (c.after.liveFlag('of') && count !== 1)
    throw new Refusal('V0223', 'the overflow flag of a rotate by another count than one is used');
  const d = destination(c, i.ops[0], width, true, 'zero');
  const bits = Math.max(width, 32);
  let value = d.old;
  if (width < 32 && !(width === 16 && count === 8)) {
    // Fill 32 bits with copies; then a 32-bit rotate does it.
    value = c.temp();
    c.op('orr', w(value), w(d.old), w(d.old), `lsl #${width}`);
    if (width === 8) c.op('orr', w(value), w(value), w(value), 'lsl #16');
  }
  const edge = (into: number): void => c.op('ubfx', r(into, width), r(d.into, width), `#${left ? 0 : width - 1}`, '#1');
  if (count === undefined) {
    const rcx = home('rcx');
    if (left) {
      const t = c.temp();
      c.op('neg', w(t), w(rcx));
      c.op('ror', r(d.into, width), r(value, width), r(t, width));
    } else c.op('ror', r(d.into, width), r(value, width), r(rcx, width));
    flagsByCount(c, width, edge);
    return d.write();
  }
  if (width === 16 && count === 8) c.op('rev16', w(d.into), w(d.old));
  else {
    const amount = (left ? bits - (count % bits) : count) % bits;
    if (amount === 0) c.op('mov', r(d.into, width), r(value, width));
    else c.op('ror', r(d.into, width), r(value, width), `#${amount}`);
  }
  const t = c.temp();
  if (c.after.liveFlag('cf') && count !== 0) {
    edge(t);
    c.setWordBit('cf', t);
  }
  if (c.after.liveFlag('of')) {
    // Whether the sign and its neighbour differ that the bit went between.
    c.op('eor', r(t, width), r(d.into, width), r(d.into, width), `lsr #${left ? width - 1 : 1}`);
    if (!left) c.op('lsr', r(t, width), r(t, width), `#${width - 2}`);
    c.setWordBit('of', t);
  }
  d.write();
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
  const d = destination(c, i.ops[0], width, true, 'zero');
  if (count === 0) {
    if (width >= 32) c.op('mov', r(d.into, width), r(d.old, width));
    if (width >= 32 || i.ops[0]?.kind === 'mem') d.write(width >= 32 ? d.into : d.old);
    return;
  }
  const place = c.places.get('cf');
  if (place === undefined) throw new Refusal('V0223', 'the carry flag is not known here');
  const carry = c.flagValue(place);
  if (count === undefined) {
    // A double shift, into which come the carry and then what has left on the other side.
    const neighbour = c.temp();
    if (left) {
      c.op('lsr', r(neighbour, width), r(d.old, width), '#1');
      c.op('orr', r(neighbour, width), r(neighbour, width), r(carry, width), `lsl #${width - 1}`);
    } else c.op('orr', r(neighbour, width), r(carry, width), r(d.old, width), 'lsl #1');
    const turned = shiftedPair(c, d.old, neighbour, width, left);
    flagsByCount(c, width, (into) => lastOut(c, into, d.old, left ? 'lsl' : 'lsr', width));
    return d.write(turned);
  }
  const result = c.temp();
  const bits = Math.max(width, 32);
  // The carry comes to the near end of what is shifted, and behind it what has left at the other end.
  const at = left ? count - 1 : width - count;
  if (count === bits) c.op('mov', r(result, width), r(carry, width));
  else if (left) c.op('lsl', r(result, width), r(d.old, width), `#${count}`);
  else c.op('lsr', r(result, width), r(d.old, width), `#${count}`);
  c.op('orr', r(result, width), r(result, width), r(carry, width), `lsl #${at}`);
  if (count > 1)
    c.op('orr', r(result, width), r(result, width), r(d.old, width), `${left ? 'lsr' : 'lsl'} #${width + 1 - count}`);
  // The sign before and after to the left; to the right the sign, which was the carry, and what was the sign.
  if (c.after.liveFlag('of')) {
    const t = c.temp();
    c.op('eor', r(t, width), r(d.old, width), r(left ? d.old : carry, width), `lsl #${left ? 1 : width - 1}`);
    c.op('ubfx', r(t, width), r(t, width), `#${width - 1}`, '#1');
    c.setWordBit('of', t);
  }
  if (c.after.liveFlag('cf')) {
    c.op('ubfx', r(carry, width), r(d.old, width), `#${left ? width - count : count - 1}`, '#1');
    c.setWordBit('cf', carry);
  }
  d.write(result);
}

/** Shifts by the count in cl, with the bits of register `n` coming in; returns the result, which is in no home. */
function shiftedPair(c: Context, old: number, n: number, width: number, left: boolean): number {
  // (d << n) | (s >> 1 >> (width-1-n)): right for a count of zero as well.
  const rcx = r(home('rcx'), width);
  const [inv, result] = [c.temp(), c.temp()];
  c.op('mvn', r(inv, width), rcx);
  c.op(left ? 'lsr' : 'lsl', r(result, width), r(n, width), '#1');
  c.op(left ? 'lsr' : 'lsl', r(result, width), r(result, width), r(inv, width));
  c.op(left ? 'lsl' : 'lsr', r(inv, width), r(old, width), rcx);
  c.op('orr', r(result, width), r(inv, width), r(result, width));
  return result;
}

/** The same of two halves, each zero above: both beside each other in 32 bits, shifted there. */
function shiftedWords(c: Context, old: number, n: number, left: boolean): number {
  const t = c.temp();
  const [high, low] = left ? [old, n] : [n, old];
  c.op('orr', w(t), w(low), w(high), 'lsl #16');
  c.op(left ? 'lsl' : 'lsr', w(t), w(t), w(home('rcx')));
  if (left) c.op('lsr', w(t), w(t), '#16');
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
  if (width === 16 && count === 0) return;
  const d: Destination = destination(c, i.ops[0], width, true, width === 16 ? 'zero' : 'any');
  const n = read(c, i.ops[1], width, width === 16 ? 'zero' : 'any');
  if (count === 0) {
    c.op('mov', r(d.into, width), r(d.old, width));
    return d.write();
  }
  if (count === undefined) {
    const result = width === 16 ? shiftedWords(c, d.old, n, left) : shiftedPair(c, d.old, n, width, left);
    flagsByCount(c, width, (into) => lastOut(c, into, d.old, left ? 'lsl' : 'lsr', width), result);
    return d.write(result);
  }
  const result = c.anyLive(['cf', 'of']) || width === 16 ? c.temp() : d.into;
  if (width === 16) narrowDoubleShift(c, result, left ? [d.old, n] : [n, d.old], left ? 16 - count : count);
  else if (left) c.op('extr', r(result, width), r(d.old, width), r(n, width), `#${width - count}`);
  else c.op('extr', r(result, width), r(n, width), r(d.old, width), `#${count}`);
  shiftFlags(c, result, width);
  const t = c.temp();
  if (c.after.liveFlag('cf')) {
    c.op('ubfx', r(t, width), r(d.old, width), `#${left ? width - count : count - 1}`, '#1');
    c.setWordBit('cf', t);
  }
  if (c.after.liveFlag('of')) {
    c.op('eor', r(t, width), r(d.old, width), r(result, width));
    c.op('ubfx', r(t, width), r(t, width), `#${width - 1}`, '#1');
    c.setWordBit('of', t);
  }
  d.write(result);
}

/** Both operands beside each other in 32 bits, shifted there. */
function narrowDoubleShift(c: Context, t: number, [high, low]: readonly [number, number], right: number): void {
  c.op('orr', w(t), w(low), w(high), 'lsl #16');
  if (right > 0) c.op('lsr', w(t), w(t), `#${right}`);
}

/** `bt` and its changing forms: the selected bit becomes the carry flag. */
function bitTest(c: Context, i: Parts): void {
  const { width } = i;
  const [dst, src] = i.ops;
  const v = constantOf(src, 8);
  const op = i.mnemonic;
  const bits = width === 64 ? 64 : 32;
  const d = op === 'bt' ? undefined : destination(c, dst, width, true);
  const value = d === undefined ? read(c, dst, width) : d.old;
  const index = v === undefined ? undefined : Number(BigInt.asUintN(width === 64 ? 6 : width === 32 ? 5 : 4, v));
  if (c.after.liveFlag('cf')) {
    const t = c.temp();
    if (index !== undefined) c.op('ubfx', r(t, width), r(value, width), `#${index}`, '#1');
    else {
      const n = maskedIndex(c, src, width);
      c.op('lsr', r(t, width), r(value, width), r(n, width));
    }
    // ZF survives on x86; where nobody needs NZCV for another flag, the carry goes there.
    if (c.anyLive(['zf', 'sf', 'of', 'pf'])) c.setWordBit('cf', t);
    else {
      c.op('tst', w(t), '#1');
      c.places.set('cf', { kind: 'flag', flag: 'z', inverted: true });
    }
  }
  if (d === undefined) return;
  const m = op === 'bts' ? 'orr' : op === 'btr' ? 'bic' : 'eor';
  const t = c.temp();
  if (index !== undefined) c.constant(1n << BigInt(index), bits, t);
  else {
    const n = maskedIndex(c, src, width);
    c.op('mov', w(t), '#1');
    c.op('lsl', r(t, width), r(t, width), r(n, width));
  }
  c.op(m, r(d.into, width), r(d.old, width), r(t, width));
  d.write();
}

function maskedIndex(c: Context, src: Parts['ops'][number] | undefined, width: number): number {
  const n = read(c, src, width);
  if (width >= 32) return n;
  const t = c.temp();
  c.op('and', w(t), w(n), '#15');
  return t;
}

/** `bsf` and `bsr`: of zero they leave the destination as it was and set ZF. */
function bitScan(c: Context, i: Parts): void {
  const { width } = i;
  const [dst, src] = i.ops;
  if (!isReg(dst)) throw new Refusal('V0221', 'this operand cannot be written');
  const n = read(c, src, width, 'zero');
  const t = c.temp();
  const h = home(dst.reg.loc);
  if (i.mnemonic === 'bsf') {
    c.op('rbit', r(t, width), r(n, width));
    c.op('clz', r(t, width), r(t, width));
  } else {
    c.op('clz', r(t, width), r(n, width));
    c.op('eor', r(t, width), r(t, width), width === 64 ? '#63' : '#31');
  }
  c.op('tst', r(n, width), r(n, width));
  if (width === 16) {
    c.op('csel', w(t), w(h), w(t), 'eq');
    c.writeRegister(dst.reg, t);
  } else c.op('csel', x(h), x(h), x(t), 'eq');
  if (c.after.liveFlag('zf')) c.places.set('zf', { kind: 'flag', flag: 'z', inverted: false });
}

/** `rep bsf`, which is `tzcnt` where the processor has it: nothing is promised for zero, and nothing of the flags. */
function trailingZeros(c: Context, i: Parts): void {
  const { width } = i;
  if (c.anyLive()) throw new Refusal('V0223', 'the flags of rep bsf differ between processors');
  const n = read(c, i.ops[1], width);
  const t = c.temp();
  if (width === 16) {
    // A bit above the operand ends the count.
    c.op('orr', w(t), w(n), '#65536');
    c.op('rbit', w(t), w(t));
  } else c.op('rbit', r(t, width), r(n, width));
  const d = destination(c, i.ops[0], width, false);
  c.op('clz', r(d.into, width), r(t, width));
  d.write();
}

export const shiftRules: readonly Rule[] = [
  rule({ name: 'shift', from: ['shl', 'sal', 'shr', 'sar'], to: shift }),
  rule({ name: 'rotate', from: ['rol', 'ror'], to: rotate }),
  rule({ name: 'rotate_carry', from: ['rcl', 'rcr'], to: rotateThroughCarry }),
  rule({ name: 'double_shift', from: ['shld', 'shrd'], to: doubleShift }),
  rule({ name: 'bit_test', from: ['bt', 'bts', 'btr', 'btc'], to: bitTest }),
  rule({ name: 'trailing_zeros', from: ['rep_bsf'], to: trailingZeros }),
  rule({ name: 'bit_scan', from: ['bsf', 'bsr'], to: bitScan }),
];
