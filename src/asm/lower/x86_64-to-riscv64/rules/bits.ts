// SPDX-License-Identifier: MIT
import { Refusal } from '../../from-x86_64/context.ts';
import { constantOf, isReg } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import { type Context, difference } from '../context.ts';
import { GENERAL_TEMPS, home, LINK, loc, x } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { zeroed } from '../shape.ts';
import { destination, read } from '../values.ts';
import { lasting } from './shifts.ts';

/** Tests and scans of single bits, and counts of them. */

const w = (width: number): string => (width === 64 ? '' : 'w');

/** `bt` and its changing forms: the selected bit becomes the carry flag. */
function bitTest(c: Context, i: Parts): void {
  const { width } = i;
  const [dst, src] = i.ops;
  const v = constantOf(src, 8);
  const op = i.mnemonic;
  const d = op === 'bt' ? undefined : destination(c, dst, width, true);
  const value =
    d === undefined ? read(c, dst, width) : c.after.liveFlag('cf') && v !== undefined ? lasting(c, i, d) : d.old;
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
export const COUNTED = 16;
export const COUNT = 17;
const LOST: readonly number[] = [COUNTED, COUNT, 28, LINK];

/** A register that holds the value and survives a call of the runtime. */
export function safe(c: Context, n: number, not: number): number {
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
  const fromTop = i.mnemonic === 'bsr';
  if (c.has('zbb')) {
    const into = width === 16 ? c.temp() : h;
    if (!fromTop) c.op('ctz', x(into), x(n));
    else if (width === 32) c.op('clzw', x(into), x(n));
    else {
      if (width < 32) c.op('slli', x(into), x(n), 64 - width);
      c.op('clz', x(into), x(width < 32 ? into : n));
    }
    if (fromTop) c.op('xori', x(into), x(into), width - 1);
    if (width === 16) {
      c.note(into, zeroed(6));
      c.writeRegister(dst.reg, into);
    }
    return found(c, h, n, skip);
  }
  // With its highest bit at the top the value has as many zeros there as it has of its own width.
  if (fromTop && width < 64) c.op('slli', x(COUNTED), x(n), 64 - width);
  else c.move(COUNTED, n);
  c.op('call', fromTop ? '__vouch_clz64' : '__vouch_ctz64');
  if (fromTop) c.op('xori', x(COUNT), x(COUNT), width - 1);
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

export const bitRules: readonly Rule[] = [
  rule({ name: 'bit_test', from: ['bt', 'bts', 'btr', 'btc'], to: bitTest }),
  rule({ name: 'trailing_zeros', from: ['rep_bsf'], to: trailingZeros }),
  rule({ name: 'bit_scan', from: ['bsf', 'bsr'], to: bitScan }),
  rule({ name: 'popcnt', from: ['popcnt'], to: countOnes }),
];
