// SPDX-License-Identifier: MIT
import { Refusal } from '../../from-x86_64/context.ts';
import { isReg } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import { flagValue } from '../conditions.ts';
import type { Context } from '../context.ts';
import { effectiveAddress } from '../memory.ts';
import { home, loc, x, ZERO } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { signed, zeroed } from '../shape.ts';
import { read } from '../values.ts';
import { resultFlags } from './arithmetic.ts';
import { narrowAtomic } from './narrow-atomics.ts';

/** Hints, fences, traps, flag instructions and atomics. */

const nothing = (): void => {};

function setCarry(c: Context, i: Parts): void {
  if (i.mnemonic !== 'cmc') {
    c.places.set('cf', { kind: 'constant', value: i.mnemonic === 'stc' ? 1 : 0 });
    return;
  }
  const place = c.places.get('cf');
  if (!c.after.liveFlag('cf')) return;
  if (place === undefined) throw new Refusal('V0223', 'the carry flag is not known here');
  if (place.kind === 'constant') c.places.set('cf', { kind: 'constant', value: place.value === 1 ? 0 : 1 });
  else {
    const t = c.temp();
    c.op('xori', x(t), x(flagValue(c, place)), 1);
    c.note(t, zeroed(1));
    c.places.set('cf', { kind: 'bit', loc: loc(t), bit: 0 });
  }
}

const letter = (width: number): string => (width === 64 ? 'd' : 'w');

function memoryOf(c: Context, i: Parts): number {
  const m = i.ops.find((o) => o.kind === 'mem');
  if (m === undefined || m.kind !== 'mem') throw new Refusal('V0221', 'an atomic operation needs a memory operand');
  const t = c.temp();
  effectiveAddress(c, m, t, false);
  return t;
}

/** `lock` arithmetic and `xadd`. */
function lockedArithmetic(c: Context, i: Parts): void {
  const { width } = i;
  const op = i.mnemonic.replace('lock_', '');
  const src = i.ops[1];
  if (op === 'neg') throw new Refusal('V0220', 'lock neg is not supported');
  const operand = (): number => {
    if (op === 'inc' || op === 'dec' || op === 'not') return c.constant(op === 'inc' ? 1n : -1n);
    if (op !== 'sub') return read(c, src, width, src?.kind === 'imm' ? 'sign' : 'any');
    const t = c.temp();
    c.op('neg', x(t), x(read(c, src, width, 'any')));
    c.note(t, undefined);
    return t;
  };
  const amo = {
    add: 'add',
    xadd: 'add',
    inc: 'add',
    sub: 'add',
    dec: 'add',
    and: 'and',
    or: 'or',
    xor: 'xor',
    not: 'xor',
  } as const;
  const name = amo[op as keyof typeof amo];
  if (name === undefined) throw new Refusal('V0220', `lock ${op} is not supported`);
  let [old, n] = [0, 0];
  if (width < 32) {
    old = narrowAtomic(c, name, i, operand);
    n = op !== 'not' && c.anyLive() ? operand() : ZERO;
  } else {
    const at = memoryOf(c, i);
    old = c.temp();
    n = operand();
    c.op(`amo${name}.${letter(width)}.aqrl`, x(old), x(n), `(${x(at)})`);
    c.note(old, width === 64 ? undefined : signed(32));
  }
  if (op !== 'not' && c.anyLive()) lockedFlags(c, op, old, n, width);
  if (op === 'xadd' && isReg(src)) c.writeRegister(src.reg, old);
}

function lockedFlags(c: Context, op: string, old: number, n: number, width: number): void {
  if ((op === 'inc' || op === 'dec') && c.after.liveFlag('cf'))
    throw new Refusal('V0223', 'the carry flag is kept over lock inc');
  const result = c.temp();
  if (op === 'and' || op === 'or' || op === 'xor') {
    c.op(op, x(result), x(old), x(n));
    return resultFlags(c, result, width);
  }
  c.op(width === 64 ? 'add' : 'addw', x(result), x(old), x(n));
  c.note(result, width === 64 ? undefined : signed(32));
  if (c.after.liveFlag('of')) throw new Refusal('V0223', 'the overflow flag of a locked addition is used');
  resultFlags(c, result, width, ['zf', 'sf', 'pf']);
  c.places.delete('of');
  c.places.delete('cf');
  if (!c.after.liveFlag('cf')) return;
  if (op === 'sub') throw new Refusal('V0223', 'the carry flag of a locked subtraction is used');
  c.setDifference(result, old, width, ['cf']);
}

/** `cmpxchg`: compares the accumulator with the operand; equal stores the source, different loads the accumulator. */
function compareExchange(c: Context, i: Parts): void {
  const { width } = i;
  const [dst, src] = i.ops;
  if (isReg(dst)) throw new Refusal('V0220', 'cmpxchg with a register destination is not supported');
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

/** `xlat`: the byte that al counts from rbx. */
function translate(c: Context): void {
  const t = c.temp();
  c.op('andi', x(t), x(home('rax')), 255);
  c.op('add', x(t), x(t), x(home('rbx')));
  c.op('lbu', x(t), `0(${x(t)})`);
  c.note(t, zeroed(8));
  c.writeRegister({ name: 'al', loc: 'rax', lo: 0, width: 8, class: 'gpr' }, t);
}

/** `sahf` takes the flags from ah. */
function loadFlags(c: Context): void {
  const t = c.temp();
  c.move(t, home('rax'));
  const bits = { cf: 8, pf: 10, zf: 14, sf: 15 } as const;
  for (const flag of ['cf', 'pf', 'zf', 'sf'] as const)
    if (c.after.liveFlag(flag)) c.places.set(flag, { kind: 'bit', loc: loc(t), bit: bits[flag] });
}

const HINTS = ['prefetcht0', 'prefetcht1', 'prefetcht2', 'prefetchnta', 'prefetchw', 'prefetchwt1', 'prefetch'];

export const systemRules: readonly Rule[] = [
  rule({ name: 'nothing', from: ['nop', 'endbr64', 'endbr32', ...HINTS, 'fnop', 'pause'], to: nothing }),
  rule({ name: 'fence', from: ['mfence', 'lfence', 'sfence'], to: (c) => c.op('fence', 'rw', 'rw') }),
  rule({ name: 'undefined', from: ['ud2'], to: (c) => c.op('unimp') }),
  rule({ name: 'breakpoint', from: ['int3'], to: (c) => c.op('ebreak') }),
  rule({ name: 'carry_flag', from: ['stc', 'clc', 'cmc'], to: setCarry }),
  rule({
    name: 'locked',
    from: ['add', 'sub', 'and', 'or', 'xor', 'inc', 'dec', 'neg', 'not', 'xadd'].map((m) => `lock_${m}`),
    to: lockedArithmetic,
  }),
  rule({ name: 'xadd', from: ['xadd'], when: (i) => i.ops[0]?.kind === 'mem', to: lockedArithmetic }),
  rule({ name: 'cmpxchg', from: ['cmpxchg', 'lock_cmpxchg'], to: compareExchange }),
  rule({ name: 'xlat', from: ['xlat'], to: translate }),
  rule({ name: 'sahf', from: ['sahf'], to: loadFlags }),
];
