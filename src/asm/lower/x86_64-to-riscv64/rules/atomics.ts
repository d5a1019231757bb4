// SPDX-License-Identifier: MIT
import type { Operand, Reg } from '../../../isa/operand.ts';
import { Refusal } from '../../from-x86_64/context.ts';
import { isReg } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import { moveToCommonPlace } from '../common-places.ts';
import type { Context } from '../context.ts';
import { effectiveAddress } from '../memory.ts';
import { home, x, ZERO } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { signed } from '../shape.ts';
import { read } from '../values.ts';
import { carryChain, carryValue, narrowCarryChain, overflowOf, resultFlags } from './arithmetic.ts';
import { narrowAtomic } from './narrow-atomics.ts';

/** Locked instructions, and those that exchange. */

const letter = (width: number): string => (width === 64 ? 'd' : 'w');

function memoryOf(c: Context, i: Parts): number {
  const m = i.ops.find((o) => o.kind === 'mem');
  if (m === undefined || m.kind !== 'mem') throw new Refusal('V0221', 'an atomic operation needs a memory operand');
  const t = c.temp();
  effectiveAddress(c, m, t, false);
  return t;
}

/** What one instruction combines with memory, and the register for it that `x86` puts there: `n`, `-n`, or ones. */
const AMO = {
  add: 'add',
  xadd: 'add',
  inc: 'add',
  adc: 'add',
  sub: 'add',
  dec: 'add',
  sbb: 'add',
  and: 'and',
  or: 'or',
  xor: 'xor',
  not: 'xor',
} as const;

type Locked = keyof typeof AMO;

const isLocked = (op: string): op is Locked => op in AMO;

/** `lock` arithmetic and `xadd`. */
function lockedArithmetic(c: Context, i: Parts): void {
  const { width } = i;
  const op = i.mnemonic.replace('lock_', '');
  if (op === 'neg') return lockedNegation(c, i);
  if (!isLocked(op)) throw new Refusal('V0220', `lock ${op} is not supported`);
  const src = i.ops[1];
  const withCarry = op === 'adc' || op === 'sbb';
  const live = op !== 'not' && c.anyLive();
  const subtracts = op === 'sub' || op === 'sbb';
  const given = (): number => {
    if (op === 'inc' || op === 'dec' || op === 'not') return c.constant(op === 'inc' ? 1n : -1n);
    return read(c, src, width, src?.kind === 'imm' ? 'sign' : 'any');
  };
  let carry = ZERO;
  const operand = (n: number): number => {
    if (!subtracts && !withCarry) return n;
    const t = c.temp();
    if (withCarry) c.op('add', x(t), x(n), x(carry));
    if (subtracts) c.op('neg', x(t), x(withCarry ? t : n));
    c.note(t, undefined);
    return t;
  };
  let [old, n] = [0, 0];
  if (width < 32) {
    // The flag word is what is left by the runtime's functions, and the carry is wanted before and behind.
    if (withCarry && live) moveToCommonPlace(c, 'cf');
    old = narrowAtomic(c, AMO[op], i, () => {
      if (withCarry) carry = carryValue(c);
      return operand(given());
    });
    if (withCarry && live) {
      carry = carryValue(c);
      c.releaseFlags(carry);
    }
    n = live ? given() : ZERO;
  } else {
    if (withCarry) {
      carry = c.scopedGeneral(() => carryValue(c));
      c.releaseFlags(carry);
    }
    old = c.temp();
    n = given();
    c.scoped(() => {
      const by = operand(n);
      c.op(`amo${AMO[op]}.${letter(width)}.aqrl`, x(old), x(by), `(${x(memoryOf(c, i))})`);
    });
    c.note(old, width === 64 ? undefined : signed(32));
  }
  if (live && withCarry) lockedCarryFlags(c, old, n, carry, width, subtracts);
  else if (live) lockedFlags(c, op, old, n, width);
  if (op === 'xadd' && isReg(src)) c.writeRegister(src.reg, old);
}

function lockedFlags(c: Context, op: Locked, old: number, n: number, width: number): void {
  // The operand of what exchanges is overwritten, and a constant may be anywhere.
  if (op === 'sub') return c.setDifference(old, n, width);
  const result = c.temp();
  if (op === 'and' || op === 'or' || op === 'xor') {
    c.op(op, x(result), x(old), x(n));
    return resultFlags(c, result, width);
  }
  c.op(width === 64 ? 'add' : 'addw', x(result), x(old), x(n));
  c.note(result, width === 64 ? undefined : signed(32));
  resultFlags(c, result, width, ['zf', 'sf', 'pf']);
  if (c.after.liveFlag('of')) c.places.set('of', overflowOf(c, 'add', old, n, result, width, [c.temp(), c.temp()]));
  else c.places.delete('of');
  // An increment leaves the carry as it is.
  if (op !== 'inc' && op !== 'dec') c.setDifference(result, old, width, ['cf']);
}

/** The flags of `old + n + carry`, or of the difference: done again in registers. */
function lockedCarryFlags(c: Context, old: number, n: number, carry: number, width: number, subtract: boolean): void {
  const into = c.temp();
  if (width === 64) carryChain(c, into, old, n, carry, subtract);
  else narrowCarryChain(c, into, old, n, width, subtract, carry);
}

/** `lock neg`; there is no one instruction for it. */
function lockedNegation(c: Context, i: Parts): void {
  const { width } = i;
  if (width < 32) {
    const before = narrowAtomic(c, 'neg', i, undefined);
    if (c.anyLive()) c.setDifference(ZERO, before, width);
    return;
  }
  const at = memoryOf(c, i);
  const [old, status] = [c.temp(), c.temp()];
  const retry = c.freshLabel('retry');
  c.label(retry);
  c.op(`lr.${letter(width)}.aqrl`, x(old), `(${x(at)})`);
  c.op('neg', x(status), x(old));
  c.op(`sc.${letter(width)}.rl`, x(status), x(status), `(${x(at)})`);
  c.op('bnez', x(status), retry);
  c.note(old, width === 64 ? undefined : signed(32));
  if (c.anyLive()) c.setDifference(ZERO, old, width);
}

/** `xadd` of two registers. Where they are the same one, it ends up with the sum. */
function exchangeAndAdd(c: Context, { ops, width }: Parts): void {
  const [dst, src] = ops;
  if (!isReg(dst) || !isReg(src)) throw new Refusal('V0221', 'xadd works on registers here');
  const copy = (op: Operand): number => {
    const t = c.temp();
    c.move(t, read(c, op, width));
    return t;
  };
  const [a, b] = [copy(dst), copy(src)];
  const result = c.temp();
  c.op(width === 64 ? 'add' : 'addw', x(result), x(a), x(b));
  c.note(result, width === 64 ? undefined : signed(32));
  resultFlags(c, result, width, ['zf', 'sf', 'pf']);
  if (c.after.liveFlag('of')) c.places.set('of', overflowOf(c, 'add', a, b, result, width, [c.temp(), b]));
  else c.places.delete('of');
  c.setDifference(result, a, width, ['cf']);
  c.writeRegister(src.reg, a);
  c.writeRegister(dst.reg, result);
}

/** Stores `n` at the address where `expected` is there; returns what was there. */
function exchangeIfEqual(c: Context, at: number, expected: number, n: number, width: number): number {
  const [old, status] = [c.temp(), c.temp()];
  const [retry, keep] = [c.freshLabel('retry'), c.freshLabel('keep')];
  c.label(retry);
  c.op(`lr.${letter(width)}.aqrl`, x(old), `(${x(at)})`);
  c.op('mv', x(status), x(old));
  c.op('bne', x(old), x(expected), keep);
  c.op('mv', x(status), x(n));
  c.label(keep);
  // Storing the old value back when they differ is what x86 does as well.
  c.op(`sc.${letter(width)}.rl`, x(status), x(status), `(${x(at)})`);
  c.op('bnez', x(status), retry);
  c.note(old, width === 64 ? undefined : signed(32));
  return old;
}

/** `cmpxchg`: compares the accumulator with the operand; equal stores the source, different loads the accumulator. */
function compareExchange(c: Context, i: Parts): void {
  const { width } = i;
  const [dst, src] = i.ops;
  if (isReg(dst)) return compareExchangeRegister(c, i, dst.reg);
  const RAX = home('rax');
  if (width < 32) {
    const old = narrowAtomic(c, 'cas', i, () => read(c, src, width), RAX);
    const expected = c.temp();
    c.move(expected, RAX);
    // Where they are equal, this changes nothing.
    c.insert(RAX, old, 0, width);
    c.setDifference(expected, old, width);
    return;
  }
  const n = read(c, src, width);
  const at = memoryOf(c, i);
  const expected = c.temp();
  if (width === 64) c.move(expected, RAX);
  else c.op('sext.w', x(expected), x(RAX));
  c.note(expected, width === 64 ? undefined : signed(32));
  const old = exchangeIfEqual(c, at, expected, n, width);
  if (width === 64) c.move(RAX, old);
  else {
    // A 32-bit accumulator is written, and its upper half cleared, only where the values differ.
    const same = c.freshLabel('same');
    c.op('beq', x(old), x(expected), same);
    c.move(RAX, old);
    c.writeRegister({ name: 'eax', loc: 'rax', lo: 0, width: 32, class: 'gpr' }, RAX);
    c.label(same);
    c.note(RAX, undefined);
  }
  c.setDifference(expected, old, width);
}

/** Of both registers one is written, and the other one keeps its upper half. */
function compareExchangeRegister(c: Context, { ops, width }: Parts, to: Reg): void {
  const accumulator: Reg = { name: 'rax', loc: 'rax', lo: 0, width, class: 'gpr' };
  const copy = (op: Operand | undefined): number => {
    const t = c.temp();
    c.scoped(() => c.move(t, width === 64 ? read(c, op, width) : read(c, op, width, 'sign')));
    return t;
  };
  const [expected, old, n] = [copy({ kind: 'reg', reg: accumulator }), copy(ops[0]), copy(ops[1])];
  const [different, same] = [c.freshLabel('different'), c.freshLabel('same')];
  c.op('bne', x(expected), x(old), different);
  c.writeRegister(to, n);
  c.label(different);
  c.op('beq', x(expected), x(old), same);
  c.writeRegister(accumulator, old);
  c.label(same);
  for (const location of [to.loc, 'rax']) c.note(home(location), undefined);
  c.setDifference(expected, old, width);
}

/** `cmpxchg16b` without `lock`, which need not be one access. */
function compareExchangeTwo(c: Context, i: Parts): void {
  if (i.mnemonic.startsWith('lock'))
    throw new Refusal('V0220', 'RISC-V has no atomic access to 16 bytes', 'use a lock, as libatomic does');
  const [rax, rdx] = [home('rax'), home('rdx')];
  const at = memoryOf(c, i);
  const [low, high, different] = [c.temp(), c.temp(), c.temp()];
  c.op('ld', x(low), `0(${x(at)})`);
  c.op('ld', x(high), `8(${x(at)})`);
  c.op('xor', x(rax), x(rax), x(low));
  c.op('xor', x(rdx), x(rdx), x(high));
  c.op('or', x(different), x(rax), x(rdx));
  const skip = c.freshLabel('different');
  c.op('bnez', x(different), skip);
  c.op('sd', x(home('rbx')), `0(${x(at)})`);
  c.op('sd', x(home('rcx')), `8(${x(at)})`);
  c.label(skip);
  // Where they are equal, this changes nothing.
  c.op('mv', x(rax), x(low));
  c.op('mv', x(rdx), x(high));
  for (const n of [rax, rdx, low, high, different]) c.note(n, undefined);
  if (c.after.liveFlag('zf')) c.setDifference(different, ZERO, 64, ['zf']);
}

/** `cmpxchg8b`: only ZF changes. */
function compareExchangePair(c: Context, i: Parts): void {
  if (i.width > 64) return compareExchangeTwo(c, i);
  const [rax, rdx] = [home('rax'), home('rdx')];
  const pair = (high: string, low: string): number => {
    const t = c.temp();
    c.scoped(() => {
      const u = c.temp();
      c.op('slli', x(t), x(home(high)), 32);
      c.op('zext.w', x(u), x(home(low)));
      c.op('or', x(t), x(t), x(u));
    });
    c.note(t, undefined);
    return t;
  };
  const at = memoryOf(c, i);
  const [expected, wanted] = [pair('rdx', 'rax'), pair('rcx', 'rbx')];
  const old = exchangeIfEqual(c, at, expected, wanted, 64);
  const same = c.freshLabel('same');
  c.op('beq', x(old), x(expected), same);
  c.op('zext.w', x(rax), x(old));
  c.op('srli', x(rdx), x(old), 32);
  c.label(same);
  for (const n of [rax, rdx]) c.note(n, undefined);
  if (c.after.liveFlag('zf')) c.setDifference(expected, old, 64, ['zf']);
}

export const atomicRules: readonly Rule[] = [
  rule({ name: 'locked', from: [...Object.keys(AMO), 'neg'].map((m) => `lock_${m}`), to: lockedArithmetic }),
  rule({ name: 'xadd', from: ['xadd'], when: (i) => i.ops[0]?.kind === 'mem', to: lockedArithmetic }),
  rule({ name: 'xadd_registers', from: ['xadd'], when: (i) => isReg(i.ops[0]), to: exchangeAndAdd }),
  rule({ name: 'cmpxchg', from: ['cmpxchg', 'lock_cmpxchg'], to: compareExchange }),
  rule({
    name: 'cmpxchg_wide',
    from: ['cmpxchg8b', 'cmpxchg16b', 'lock_cmpxchg8b', 'lock_cmpxchg16b'],
    to: compareExchangePair,
  }),
];
