// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import type { Reg } from '../../../isa/operand.ts';
import { Refusal } from '../../from-x86_64/context.ts';
import { isReg } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { afterSubtract } from '../flags.ts';
import { effectiveAddress } from '../memory.ts';
import { home, r, w, x, ZERO } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { read } from '../values.ts';
import { addOrSubtract, carryFlags, resultFlags } from './arithmetic.ts';
import { atomicSuffix } from './moves.ts';

/** Locked instructions, and those that exchange. */

/** The base of a memory operand's address, alone as atomic instructions want it. */
function atomicAddress(c: Context, i: Parts): number {
  const m = i.ops.find((o) => o.kind === 'mem');
  if (m === undefined || m.kind !== 'mem') throw new Refusal('V0221', 'an atomic operation needs a memory operand');
  const t = c.temp();
  effectiveAddress(c, m, t, false);
  return t;
}

/** Runs `body` between a load-exclusive and a store-exclusive of the memory operand; returns the register with the old value. */
function exclusive(c: Context, i: Parts, body: (old: number) => number): { old: number; stored: number } {
  const { width } = i;
  const t = atomicAddress(c, i);
  const [old, status] = [c.temp(), c.temp()];
  const retry = c.freshLabel('retry');
  c.label(retry);
  c.op(`ldaxr${atomicSuffix(width)}`, r(old, width), `[${x(t)}]`);
  const stored = body(old);
  c.op(`stlxr${atomicSuffix(width)}`, w(status), r(stored, width), `[${x(t)}]`);
  c.op('cbnz', w(status), retry);
  return { old, stored };
}

/** What combines a register with memory at once (LSE), and what the register holds for that: `n`, `-n` or `~n`. */
const AT_ONCE: Readonly<Record<string, readonly [name: string, prepare?: 'neg' | 'mvn']>> = {
  add: ['ldaddal'],
  xadd: ['ldaddal'],
  inc: ['ldaddal'],
  sub: ['ldaddal', 'neg'],
  dec: ['ldaddal', 'neg'],
  and: ['ldclral', 'mvn'],
  or: ['ldsetal'],
  xor: ['ldeoral'],
};

const RESULT: Readonly<Record<string, string>> = {
  add: 'add',
  xadd: 'add',
  inc: 'add',
  sub: 'sub',
  dec: 'sub',
  and: 'and',
  or: 'orr',
  xor: 'eor',
};

/** Combines the memory operand with `n` in one instruction; computes the result only where `wanted`. */
function atOnce(c: Context, i: Parts, op: string, n: number, wanted: boolean): { old: number; result: number } {
  const { width } = i;
  const [name, prepare] = must(AT_ONCE[op], op);
  const t = atomicAddress(c, i);
  const [old, result] = [c.temp(), c.temp()];
  if (prepare !== undefined) c.op(prepare, r(result, width), r(n, width));
  c.op(`${name}${atomicSuffix(width)}`, r(prepare === undefined ? n : result, width), r(old, width), `[${x(t)}]`);
  if (wanted) c.op(must(RESULT[op], op), r(result, width), r(old, width), r(n, width));
  return { old, result };
}

/** `lock` arithmetic and `xadd`: one exclusive sequence, or one instruction where the machine has it. */
function lockedArithmetic(c: Context, i: Parts): void {
  const { width } = i;
  const op = i.mnemonic.replace('lock_', '');
  const src = i.ops[1];
  // The operand is read before the loop: nothing in it may depend on a retry.
  const bits = width === 64 ? 64 : 32;
  // An increment leaves the carry as it is.
  if (op === 'inc' || op === 'dec') c.freeNzcv(['cf']);
  if (op === 'neg' || op === 'not') return lockedUnary(c, i, op);
  if (op === 'adc' || op === 'sbb') return lockedCarry(c, i, op);
  const one = op === 'inc' || op === 'dec';
  const n = one ? c.constant(1, bits) : read(c, src, width, 'sign', bits);
  if (c.has('lse') && AT_ONCE[op] !== undefined) {
    const { old, result } = atOnce(c, i, op, n, c.anyLive());
    if (c.anyLive()) lockedFlags(c, op, old, n, result, width);
    if (op === 'xadd' && isReg(src)) c.writeRegister(src.reg, old);
    return;
  }
  const result = c.temp();
  const { old } = exclusive(c, i, (value) => {
    c.op(must(RESULT[op], op), r(result, width), r(value, width), r(n, width));
    return result;
  });
  if (c.anyLive()) lockedFlags(c, op, old, n, result, width);
  if (op === 'xadd' && isReg(src)) c.writeRegister(src.reg, old);
}

function lockedFlags(c: Context, op: string, old: number, n: number, result: number, width: number): void {
  if (op === 'and' || op === 'or' || op === 'xor') return resultFlags(c, result, width);
  const adds = op === 'add' || op === 'xadd' || op === 'inc';
  const shift = 32 - width;
  const t = c.temp();
  if (width < 32) {
    c.op('lsl', w(t), w(old), `#${shift}`);
    c.op(adds ? 'cmn' : 'cmp', w(t), w(n), `lsl #${shift}`);
  } else c.op(adds ? 'cmn' : 'cmp', r(old, width), r(n, width));
  const places = afterSubtract();
  if (op === 'inc' || op === 'dec') places.delete('cf');
  else if (adds) places.set('cf', { kind: 'flag', flag: 'c', inverted: false });
  c.setFlags(places);
  c.parityOf(result);
}

/** `lock neg`, and `lock not`, which changes no flag. */
function lockedUnary(c: Context, i: Parts, op: 'neg' | 'not'): void {
  const { width } = i;
  const result = c.temp();
  const { old } = exclusive(c, i, (value) => {
    c.op(op === 'neg' ? 'neg' : 'mvn', r(result, width), r(value, width));
    return result;
  });
  if (op === 'not' || !c.anyLive()) return;
  if (width < 32) c.op('lsl', w(old), w(old), `#${32 - width}`);
  c.op('cmp', r(ZERO, width), r(old, width));
  c.setFlags(afterSubtract());
  c.parityOf(result);
}

/** `lock adc` and `lock sbb`: the carry joins the operand, and the flags come of doing it again on what was there. */
function lockedCarry(c: Context, i: Parts, op: 'adc' | 'sbb'): void {
  const { width } = i;
  const place = c.places.get('cf');
  if (place === undefined) throw new Refusal('V0223', 'the carry flag is not known here');
  const carry = c.flagValue(place);
  const n = read(c, i.ops[1], width, 'sign', width === 64 ? 64 : 32);
  const both = c.temp();
  c.op('add', r(both, width), r(carry, width), r(n, width));
  const subtract = op === 'sbb';
  let old: number;
  if (c.has('lse')) ({ old } = atOnce(c, i, subtract ? 'sub' : 'add', both, false));
  else {
    const result = c.temp();
    ({ old } = exclusive(c, i, (value) => {
      c.op(subtract ? 'sub' : 'add', r(result, width), r(value, width), r(both, width));
      return result;
    }));
  }
  if (c.anyLive()) carryFlags(c, old, n, carry, width, subtract);
}

/** `xadd` of two registers. Where they are the same one, it ends up with the sum. */
function exchangeAndAdd(c: Context, i: Parts): void {
  const [dst, src] = i.ops;
  if (!isReg(dst) || !isReg(src)) throw new Refusal('V0221', 'xadd works on registers here');
  const old = c.temp();
  c.op('mov', x(old), x(read(c, dst, i.width)));
  addOrSubtract(c, { ...i, mnemonic: 'add' });
  if (src.reg.name !== dst.reg.name) c.writeRegister(src.reg, old);
}

/** `cmpxchg`: compares the accumulator with the operand; equal stores the source, different loads the accumulator. */
function compareExchange(c: Context, i: Parts): void {
  const { width } = i;
  const [dst, src] = i.ops;
  const rax = home('rax');
  const accumulator = { name: 'rax', loc: 'rax', lo: 0, width, class: 'gpr' };
  const n = read(c, src, width);
  if (isReg(dst)) return compareExchangeRegister(c, i, dst.reg, n);
  const chosen = c.temp();
  const expected = width < 32 ? read(c, { kind: 'reg', reg: accumulator }, width, 'zero') : rax;
  let old: number;
  if (c.has('lse')) {
    const t = atomicAddress(c, i);
    old = c.temp();
    c.op('mov', r(old, width), r(expected, width));
    c.op(`casal${atomicSuffix(width)}`, r(old, width), r(n, width), `[${x(t)}]`);
    c.op('cmp', r(expected, width), r(old, width));
  } else {
    // Storing the old value back when they differ is what x86 does as well.
    ({ old } = exclusive(c, i, (value) => {
      c.op('cmp', r(expected, width), r(value, width));
      c.op('csel', r(chosen, width), r(n, width), r(value, width), 'eq');
      return chosen;
    }));
  }
  if (width < 32 && c.anyLive(['sf', 'of'])) {
    c.op('lsl', w(chosen), w(expected), `#${32 - width}`);
    c.op('cmp', w(chosen), w(old), `lsl #${32 - width}`);
  }
  if (c.after.liveFlag('pf')) {
    c.op('sub', r(chosen, width), r(expected, width), r(old, width));
    c.parityOf(chosen);
  }
  if (width >= 32) {
    // A 32-bit accumulator is written, and its upper half cleared, only where the values differ.
    if (width === 32) {
      const t = c.temp();
      c.op('mov', w(t), w(old));
      c.op('csel', x(rax), x(rax), x(t), 'eq');
    } else c.op('csel', x(rax), x(rax), x(old), 'eq');
  } else c.writeRegister(accumulator, old);
  c.setFlags(afterSubtract());
}

/** The flags of comparing the low bits of two registers, of which the upper bits may be anything. */
function comparedAtTop(c: Context, a: number, b: number, width: number): void {
  const t = c.temp();
  if (width >= 32) c.op('cmp', r(a, width), r(b, width));
  else {
    c.op('lsl', w(t), w(a), `#${32 - width}`);
    c.op('cmp', w(t), w(b), `lsl #${32 - width}`);
  }
  if (c.after.liveFlag('pf')) {
    c.op('sub', r(t, width), r(a, width), r(b, width));
    c.parityOf(t, t);
  }
  c.setFlags(afterSubtract());
}

/** Of both registers one is written, and the other one keeps its upper half. */
function compareExchangeRegister(c: Context, { ops, width }: Parts, to: Reg, n: number): void {
  const rax = home('rax');
  const accumulator = { name: 'rax', loc: 'rax', lo: 0, width, class: 'gpr' };
  const old = c.temp();
  c.op('mov', r(old, width), r(read(c, ops[0], width, 'zero'), width));
  const [done, failed] = [c.temp(), c.temp()];
  const h = home(to.loc);
  const put = (into: number, before: number, reg: Reg, value: number): void => {
    if (width === 32) c.op('mov', w(into), w(value));
    else if (width === 64) c.op('mov', x(into), x(value));
    else {
      c.op('mov', x(into), x(before));
      c.op('bfi', x(into), x(value), `#${reg.lo}`, `#${width}`);
    }
  };
  put(done, h, to, n);
  put(failed, rax, accumulator, old);
  comparedAtTop(c, rax, old, width);
  c.op('csel', x(h), x(done), x(h), 'eq');
  c.op('csel', x(rax), x(rax), x(failed), 'eq');
}

/** `cmpxchg8b` and `cmpxchg16b`: only ZF changes. */
function compareExchangeWide(c: Context, i: Parts): void {
  const half = i.width / 2;
  const m = i.ops[0];
  if (m?.kind !== 'mem') throw new Refusal('V0221', 'an atomic operation needs a memory operand');
  const [rax, rbx, rcx, rdx] = [home('rax'), home('rbx'), home('rcx'), home('rdx')];
  const [t, low, high, newLow, newHigh, status] = [c.temp(), c.temp(), c.temp(), c.temp(), c.temp(), c.temp()];
  c.freeNzcv(['cf', 'pf', 'sf', 'of']);
  effectiveAddress(c, m, t, false);
  const retry = c.freshLabel('retry');
  c.label(retry);
  c.op('ldaxp', r(low, half), r(high, half), `[${x(t)}]`);
  c.op('cmp', r(low, half), r(rax, half));
  c.op('ccmp', r(high, half), r(rdx, half), '#0', 'eq');
  c.op('csel', r(newLow, half), r(rbx, half), r(low, half), 'eq');
  c.op('csel', r(newHigh, half), r(rcx, half), r(high, half), 'eq');
  c.op('stlxp', w(status), r(newLow, half), r(newHigh, half), `[${x(t)}]`);
  c.op('cbnz', w(status), retry);
  // The upper halves of 64-bit registers are cleared only where 32 bits are written.
  c.op('csel', x(rax), x(rax), x(low), 'eq');
  c.op('csel', x(rdx), x(rdx), x(high), 'eq');
  c.places.set('zf', { kind: 'flag', flag: 'z', inverted: false });
}

export const atomicRules: readonly Rule[] = [
  rule({
    name: 'locked',
    from: ['add', 'sub', 'and', 'or', 'xor', 'inc', 'dec', 'neg', 'not', 'xadd', 'adc', 'sbb'].map((m) => `lock_${m}`),
    to: lockedArithmetic,
  }),
  rule({ name: 'xadd', from: ['xadd'], when: (i) => i.ops[0]?.kind === 'mem', to: lockedArithmetic }),
  rule({ name: 'xadd_registers', from: ['xadd'], when: (i) => isReg(i.ops[0]), to: exchangeAndAdd }),
  rule({ name: 'cmpxchg', from: ['cmpxchg', 'lock_cmpxchg'], to: compareExchange }),
  rule({
    name: 'cmpxchg_wide',
    from: ['cmpxchg8b', 'cmpxchg16b', 'lock_cmpxchg8b', 'lock_cmpxchg16b'],
    to: compareExchangeWide,
  }),
];
