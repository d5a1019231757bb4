// SPDX-License-Identifier: MIT
import { Refusal } from '../../from-x86_64/context.ts';
import type { FlagName } from '../../from-x86_64/flags.ts';
import { constantOf, isReg } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
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
  // Flags stay as they were when the count is zero, so the old ones are needed: move what lives to the flag word first.
  const t = c.temp();
  for (const flag of ALL) {
    if (!c.after.liveFlag(flag)) continue;
    const place = c.places.get(flag);
    if (place === undefined) c.places.set(flag, { kind: 'constant', value: 0 });
    c.moveToWord(flag, t);
  }
  const skip = c.freshLabel('same');
  const result = c.temp();
  c.op(op, r(result, width), r(d.old, width), r(rcx, width));
  c.op('tst', w(rcx), width === 64 ? '#63' : '#31');
  c.op('b.eq', skip);
  if (c.after.liveFlag('cf')) {
    // The last bit out: one step less, then look at the edge.
    c.op('sub', w(t), w(rcx), '#1');
    c.op(op, r(t, width), r(d.old, width), r(t, width));
    c.op('ubfx', r(t, width), r(t, width), kind === 'shl' ? `#${width - 1}` : '#0', '#1');
    c.setWordBit('cf', t);
  }
  if (c.after.liveFlag('of')) throw new Refusal('V0223', 'the overflow flag of a shift by a variable count is used');
  if (c.anyLive(['zf', 'sf'])) {
    if (width < 32) c.op('lsl', w(t), w(result), `#${32 - width}`);
    const n = width < 32 ? t : result;
    c.op('tst', r(n, width), r(n, width));
    for (const [flag, code] of [
      ['zf', 'eq'],
      ['sf', 'mi'],
    ] as const) {
      if (!c.after.liveFlag(flag)) continue;
      c.op('cset', w(t), code);
      c.setWordBit(flag, t);
    }
  }
  if (c.after.liveFlag('pf')) c.parityOf(result);
  c.label(skip);
  d.write(result);
}

function rotate(c: Context, i: Parts): void {
  const { width } = i;
  const left = i.mnemonic === 'rol';
  const count = countOf(i, 1);
  if (c.after.liveFlag('of')) throw new Refusal('V0223', 'the overflow flag of a rotate is used');
  if (c.after.liveFlag('cf') && count === undefined)
    throw new Refusal('V0223', 'the carry flag of a rotate by a variable count is used');
  const d = destination(c, i.ops[0], width, true, 'zero');
  const bits = Math.max(width, 32);
  let value = d.old;
  if (width < 32 && !(width === 16 && count === 8)) {
    // Fill 32 bits with copies; then a 32-bit rotate does it.
    value = c.temp();
    c.op('orr', w(value), w(d.old), w(d.old), `lsl #${width}`);
    if (width === 8) c.op('orr', w(value), w(value), w(value), 'lsl #16');
  }
  if (count === undefined) {
    const rcx = home('rcx');
    if (left) {
      const t = c.temp();
      c.op('neg', w(t), w(rcx));
      c.op('ror', r(d.into, width), r(value, width), r(t, width));
    } else c.op('ror', r(d.into, width), r(value, width), r(rcx, width));
  } else if (width === 16 && count === 8) c.op('rev16', w(d.into), w(d.old));
  else {
    const amount = (left ? bits - (count % bits) : count) % bits;
    if (amount === 0) c.op('mov', r(d.into, width), r(value, width));
    else c.op('ror', r(d.into, width), r(value, width), `#${amount}`);
  }
  if (c.after.liveFlag('cf') && count !== undefined && count !== 0) {
    const t = c.temp();
    c.op('ubfx', r(t, width), r(d.into, width), `#${left ? 0 : width - 1}`, '#1');
    c.setWordBit('cf', t);
  }
  d.write();
}

function rotateThroughCarry(c: Context, i: Parts): void {
  const { width } = i;
  const left = i.mnemonic === 'rcl';
  if (countOf(i, 1) !== 1) throw new Refusal('V0223', 'a rotate through carry by more than one is not supported');
  if (c.after.liveFlag('of')) throw new Refusal('V0223', 'the overflow flag of a rotate is used');
  const place = c.places.get('cf');
  if (place === undefined) throw new Refusal('V0223', 'the carry flag is not known here');
  const carry = c.flagValue(place);
  const d = destination(c, i.ops[0], width, true, 'zero');
  const result = c.temp();
  if (left) c.op('orr', r(result, width), r(carry, width), r(d.old, width), 'lsl #1');
  else {
    c.op('lsr', r(result, width), r(d.old, width), '#1');
    c.op('orr', r(result, width), r(result, width), r(carry, width), `lsl #${width - 1}`);
  }
  if (c.after.liveFlag('cf')) {
    const t = c.temp();
    c.op('ubfx', r(t, width), r(d.old, width), `#${left ? width - 1 : 0}`, '#1');
    c.setWordBit('cf', t);
  }
  d.write(result);
}

function doubleShift(c: Context, i: Parts): void {
  const { width } = i;
  const left = i.mnemonic === 'shld';
  if (c.anyLive(['cf', 'of'])) throw new Refusal('V0223', 'the carry flag of a double shift is used');
  // Without a third operand the count is in cl.
  const count = i.ops[2] === undefined || isReg(i.ops[2]) ? undefined : countOf(i, 2);
  if (width === 16) return narrowDoubleShift(c, i, left, count);
  const d: Destination = destination(c, i.ops[0], width, true);
  const n = read(c, i.ops[1], width);
  if (count === 0) {
    c.op('mov', r(d.into, width), r(d.old, width));
  } else if (count !== undefined) {
    if (left) c.op('extr', r(d.into, width), r(d.old, width), r(n, width), `#${width - count}`);
    else c.op('extr', r(d.into, width), r(n, width), r(d.old, width), `#${count}`);
    if (c.anyLive(['zf', 'sf'])) shiftFlags(c, d.into, width);
    else c.parityOf(d.into);
  } else {
    if (c.anyLive()) throw new Refusal('V0223', 'the flags of a double shift by a variable count are used');
    // (d << n) | (s >> 1 >> (width-1-n)): right for a count of zero as well.
    const rcx = r(home('rcx'), width);
    const [inv, a, b] = [c.temp(), c.temp(), c.temp()];
    c.op('mvn', r(inv, width), rcx);
    c.op(left ? 'lsr' : 'lsl', r(b, width), r(n, width), '#1');
    c.op(left ? 'lsr' : 'lsl', r(b, width), r(b, width), r(inv, width));
    c.op(left ? 'lsl' : 'lsr', r(a, width), r(d.old, width), rcx);
    c.op('orr', r(d.into, width), r(a, width), r(b, width));
  }
  d.write();
}

/** Both operands beside each other in 32 bits, shifted there. */
function narrowDoubleShift(c: Context, i: Parts, left: boolean, count: number | undefined): void {
  if (count === undefined || count > 16)
    throw new Refusal('V0220', 'a 16-bit double shift by a variable or large count is not supported');
  if (count === 0) return;
  const d = destination(c, i.ops[0], 16, true, 'zero');
  const n = read(c, i.ops[1], 16, 'zero');
  const t = c.temp();
  const [high, low] = left ? [d.old, n] : [n, d.old];
  c.op('orr', w(t), w(low), w(high), 'lsl #16');
  const right = left ? 16 - count : count;
  if (right > 0) c.op('lsr', w(t), w(t), `#${right}`);
  if (c.anyLive(['zf', 'sf'])) shiftFlags(c, t, 16);
  else c.parityOf(t);
  d.write(t);
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
