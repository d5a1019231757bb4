// SPDX-License-Identifier: MIT
import { Refusal } from '../../from-x86_64/context.ts';
import { constantOf, isReg } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import { type Context, difference } from '../context.ts';
import { GENERAL_TEMPS, home, LINK, loc, x } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { type Shape, signed, zeroed } from '../shape.ts';
import { type Destination, destination, read } from '../values.ts';
import { carryValue, resultFlags } from './arithmetic.ts';

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
  if (count === undefined) return shiftByRegister(c, d, kind, width);
  if (count === 0) {
    if (width >= 32 || i.ops[0]?.kind === 'mem') {
      c.move(d.into, d.old);
      d.write(d.into, c.shape(d.into));
    }
    return;
  }
  let old = d.old;
  if (old === d.into && c.anyLive(['cf', 'of'])) {
    old = c.temp();
    c.move(old, d.old);
  }
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

function shiftByRegister(c: Context, d: Destination, kind: Kind, width: number): void {
  if (c.anyLive()) throw new Refusal('V0223', 'the flags of a shift by a variable count are used');
  c.op(`${OP[kind]}${w(width)}`, x(d.into), x(d.old), x(home('rcx')));
  d.write(d.into, width === 64 ? undefined : signed(32));
}

function rotate(c: Context, i: Parts): void {
  const { width } = i;
  const left = i.mnemonic === 'rol';
  const count = countOf(i, 1);
  if (c.after.liveFlag('of')) throw new Refusal('V0223', 'the overflow flag of a rotate is used');
  if (c.after.liveFlag('cf') && count === undefined)
    throw new Refusal('V0223', 'the carry flag of a rotate by a variable count is used');
  const d = destination(c, i.ops[0], width, true, width < 32 ? 'zero' : 'any');
  const by = count === undefined ? undefined : count % width;
  if (width >= 32 && by !== 0 && c.has('zbb')) {
    if (by !== undefined) c.op(`rori${w(width)}`, x(d.into), x(d.old), left ? width - by : by);
    else c.op(`${left ? 'rol' : 'ror'}${w(width)}`, x(d.into), x(d.old), x(home('rcx')));
  } else rotateByShifts(c, d, left, by, width);
  d.write(d.into, width === 32 ? signed(32) : undefined);
  if (c.after.liveFlag('cf') && count !== undefined && count !== 0)
    c.places.set('cf', { kind: 'bit', loc: loc(d.into), bit: left ? 0 : width - 1 });
}

/** Rotates by `by` places, or by the count in cl; a narrow value has zeros above it. */
function rotateByShifts(c: Context, d: Destination, left: boolean, by: number | undefined, width: number): void {
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
}

function rotateThroughCarry(c: Context, i: Parts): void {
  const { width } = i;
  const left = i.mnemonic === 'rcl';
  if (countOf(i, 1) !== 1) throw new Refusal('V0223', 'a rotate through carry by more than one is not supported');
  if (c.after.liveFlag('of')) throw new Refusal('V0223', 'the overflow flag of a rotate is used');
  const carry = carryValue(c);
  const d = destination(c, i.ops[0], width, true, width < 32 ? 'zero' : 'any');
  const t = c.temp();
  let old = d.old;
  if (old === d.into && c.after.liveFlag('cf')) {
    old = c.temp();
    c.move(old, d.old);
  }
  if (left) {
    c.op(`slli${w(width)}`, x(t), x(d.old), 1);
    c.op('or', x(d.into), x(t), x(carry));
  } else {
    const u = c.temp();
    c.op(`slli${w(width)}`, x(u), x(carry), width - 1);
    c.op(`srli${w(width)}`, x(t), x(d.old), 1);
    c.op('or', x(d.into), x(t), x(u));
  }
  d.write(d.into, width === 32 ? signed(32) : undefined);
  if (c.after.liveFlag('cf')) c.places.set('cf', { kind: 'bit', loc: loc(old), bit: left ? width - 1 : 0 });
}

function doubleShift(c: Context, i: Parts): void {
  const { width } = i;
  const left = i.mnemonic === 'shld';
  if (c.anyLive(['cf', 'of'])) throw new Refusal('V0223', 'the carry flag of a double shift is used');
  // Without a third operand the count is in cl.
  const count = i.ops[2] === undefined || isReg(i.ops[2]) ? undefined : countOf(i, 2);
  if (width === 16) throw new Refusal('V0220', 'a 16-bit double shift is not supported');
  const d = destination(c, i.ops[0], width, true);
  const n = read(c, i.ops[1], width);
  if (count === 0) {
    c.move(d.into, d.old);
    return d.write(d.into, c.shape(d.into));
  }
  const [a, b] = [c.temp(), c.temp()];
  const [away, back] = left ? ['sll', 'srl'] : ['srl', 'sll'];
  if (count !== undefined) {
    c.op(`${away}i${w(width)}`, x(a), x(d.old), count);
    c.op(`${back}i${w(width)}`, x(b), x(n), width - count);
  } else {
    if (c.anyLive()) throw new Refusal('V0223', 'the flags of a double shift by a variable count are used');
    // (d << n) | (s >> 1 >> (width-1-n)): right for a count of zero as well.
    const rcx = home('rcx');
    c.op('not', x(a), x(rcx));
    c.op(`${back}i${w(width)}`, x(b), x(n), 1);
    c.op(`${back}${w(width)}`, x(b), x(b), x(a));
    c.op(`${away}${w(width)}`, x(a), x(d.old), x(rcx));
  }
  c.op('or', x(d.into), x(a), x(b));
  d.write(d.into, width === 32 ? signed(32) : undefined);
  if (count !== undefined) resultFlags(c, d.into, width, ['zf', 'sf', 'pf']);
}

/** `bt` and its changing forms: the selected bit becomes the carry flag. */
function bitTest(c: Context, i: Parts): void {
  const { width } = i;
  const [dst, src] = i.ops;
  const v = constantOf(src, 8);
  const op = i.mnemonic;
  const d = op === 'bt' ? undefined : destination(c, dst, width, true);
  let value = d === undefined ? read(c, dst, width) : d.old;
  if (d !== undefined && d.into === value && c.after.liveFlag('cf')) {
    value = c.temp();
    c.move(value, d.old);
  }
  const index = v === undefined ? undefined : Number(BigInt.asUintN(width === 64 ? 6 : width === 32 ? 5 : 4, v));
  const at = index === undefined ? maskedIndex(c, src, width) : undefined;
  const place = (): void => {
    if (!c.after.liveFlag('cf')) return;
    if (index !== undefined) {
      c.places.set('cf', { kind: 'bit', loc: loc(value), bit: index });
      return;
    }
    const t = c.temp();
    c.op(c.has('zbs') && width === 64 ? 'bext' : `srl${w(width)}`, x(t), x(value), x(at ?? 0));
    c.places.set('cf', { kind: 'bit', loc: loc(t), bit: 0 });
  };
  if (d === undefined) return place();
  place();
  if (index !== undefined && index < 11) {
    const mask = 1 << index;
    if (op === 'btr') c.op('andi', x(d.into), x(d.old), ~mask);
    else c.op(op === 'bts' ? 'ori' : 'xori', x(d.into), x(d.old), mask);
  } else if (c.has('zbs')) {
    const name = op === 'btr' ? 'bclr' : op === 'bts' ? 'bset' : 'binv';
    if (index !== undefined) c.op(`${name}i`, x(d.into), x(d.old), index);
    else {
      let n = at ?? 0;
      if (width === 32) {
        n = c.temp();
        c.op('andi', x(n), x(at ?? 0), 31);
      }
      c.op(name, x(d.into), x(d.old), x(n));
    }
  } else {
    const t = c.temp();
    if (index !== undefined) c.constant(width === 64 ? 1n << BigInt(index) : BigInt.asIntN(32, 1n << BigInt(index)), t);
    else {
      c.constant(1n, t);
      c.op(`sll${w(width)}`, x(t), x(t), x(at ?? 0));
    }
    if (op === 'btr') c.op('not', x(t), x(t));
    c.op(op === 'bts' ? 'or' : op === 'btr' ? 'and' : 'xor', x(d.into), x(d.old), x(t));
  }
  d.write();
}

function maskedIndex(c: Context, src: Parts['ops'][number] | undefined, width: number): number {
  const n = read(c, src, width);
  if (width >= 32) return n;
  const t = c.temp();
  c.op('andi', x(t), x(n), 15);
  return t;
}

/** The runtime counts from one of these registers into another, and changes a few. */
const COUNTED = 16;
const COUNT = 17;
const LOST: readonly number[] = [COUNTED, COUNT, 28, LINK];

/** A register that holds the value and survives a call of the runtime. */
function safe(c: Context, n: number, not: number): number {
  if (!GENERAL_TEMPS.includes(n) && n !== not) return n;
  if (GENERAL_TEMPS.includes(n) && !LOST.includes(n)) return n;
  let t = c.temp();
  while (LOST.includes(t)) t = c.temp();
  c.move(t, n);
  return t;
}

/** `bsf` and `bsr`: of zero they leave the destination as it was and set ZF. */
function bitScan(c: Context, i: Parts): void {
  const { width } = i;
  const [dst, src] = i.ops;
  if (!isReg(dst)) throw new Refusal('V0221', 'this operand cannot be written');
  const h = home(dst.reg.loc);
  const n = safe(c, read(c, src, width, 'zero'), h);
  const skip = c.freshLabel('none');
  c.op('beqz', x(n), skip);
  if (c.has('zbb')) {
    const into = width === 16 ? c.temp() : h;
    c.op(i.mnemonic === 'bsf' ? 'ctz' : 'clz', x(into), x(n));
    if (i.mnemonic === 'bsr') c.op('xori', x(into), x(into), 63);
    if (width === 16) {
      c.note(into, zeroed(6));
      c.writeRegister(dst.reg, into);
    }
    return found(c, h, n, skip);
  }
  c.move(COUNTED, n);
  c.op('call', i.mnemonic === 'bsf' ? '__vouch_ctz64' : '__vouch_clz64');
  if (i.mnemonic === 'bsr') c.op('xori', x(COUNT), x(COUNT), 63);
  c.note(COUNT, zeroed(6));
  if (width === 16) c.writeRegister(dst.reg, COUNT);
  else c.op('mv', x(h), x(COUNT));
  found(c, h, n, skip);
}

/** Where both ways of a bit scan meet again: `h` is the result's home, `n` what was scanned. */
function found(c: Context, h: number, n: number, skip: string): void {
  c.label(skip);
  c.note(h, undefined);
  if (c.after.liveFlag('zf')) c.places.set('zf', difference('zf', n, 0n, 64));
}

/** `rep bsf`, which is `tzcnt` where the processor has it: nothing is promised for zero, and nothing of the flags. */
function trailingZeros(c: Context, i: Parts): void {
  if (c.anyLive()) throw new Refusal('V0223', 'the flags of rep bsf differ between processors');
  const { width } = i;
  if (width >= 32 && c.has('zbb')) {
    const n = read(c, i.ops[1], width);
    const d = destination(c, i.ops[0], width, false);
    c.op(`ctz${w(width)}`, x(d.into), x(n));
    return d.write(d.into, zeroed(7));
  }
  c.move(COUNTED, read(c, i.ops[1], width));
  if (width < 64) {
    // A bit above the operand ends the count.
    const t = c.constant(1n << BigInt(width));
    c.op('or', x(COUNTED), x(COUNTED), x(t));
  }
  c.op('call', '__vouch_ctz64');
  const d = destination(c, i.ops[0], width, false);
  c.op('mv', x(d.into), x(COUNT));
  d.write(d.into, zeroed(7));
}

/** `popcnt`: only ZF tells anything. */
function countOnes(c: Context, i: Parts): void {
  const n = safe(c, read(c, i.ops[1], i.width, 'zero'), COUNTED);
  c.move(COUNTED, n);
  c.op('call', '__vouch_popcount64');
  const d = destination(c, i.ops[0], i.width, false);
  c.op('mv', x(d.into), x(COUNT));
  // Of nothing but zeros there are no ones.
  d.write(d.into, zeroed(7));
  for (const flag of ['cf', 'of', 'sf', 'pf'] as const) c.places.set(flag, { kind: 'constant', value: 0 });
  if (c.after.liveFlag('zf')) c.places.set('zf', difference('zf', COUNT, 0n, 64));
}

export const shiftRules: readonly Rule[] = [
  rule({ name: 'trailing_zeros', from: ['rep_bsf'], to: trailingZeros }),
  rule({ name: 'bit_scan', from: ['bsf', 'bsr'], to: bitScan }),
  rule({ name: 'popcnt', from: ['popcnt'], to: countOnes }),
  rule({ name: 'shift', from: ['shl', 'sal', 'shr', 'sar'], to: shift }),
  rule({ name: 'rotate', from: ['rol', 'ror'], to: rotate }),
  rule({ name: 'rotate_carry', from: ['rcl', 'rcr'], to: rotateThroughCarry }),
  rule({ name: 'double_shift', from: ['shld', 'shrd'], to: doubleShift }),
  rule({
    name: 'bit_test',
    from: ['bt', 'bts', 'btr', 'btc'],
    when: (i) => i.ops[0]?.kind !== 'mem' || constantOf(i.ops[1], 8) !== undefined,
    to: bitTest,
  }),
];
