// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import { Refusal } from '../../from-x86_64/context.ts';
import { isReg } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { afterSubtract } from '../flags.ts';
import { effectiveAddress } from '../memory.ts';
import { home, r, w, x } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { read } from '../values.ts';
import { addOrSubtract, resultFlags } from './arithmetic.ts';
import { atomicSuffix } from './moves.ts';

/** Hints, fences, traps, flag instructions, atomics and string instructions. */

const nothing = (): void => {};

function setCarry(c: Context, i: Parts): void {
  if (i.mnemonic !== 'cmc') {
    c.places.set('cf', { kind: 'constant', value: i.mnemonic === 'stc' ? 1 : 0 });
    return;
  }
  const place = c.places.get('cf');
  if (!c.after.liveFlag('cf')) return;
  if (place === undefined) throw new Refusal('V0223', 'the carry flag is not known here');
  if (place.kind === 'flag') c.places.set('cf', { ...place, inverted: !place.inverted });
  else if (place.kind === 'constant') c.places.set('cf', { kind: 'constant', value: place.value === 1 ? 0 : 1 });
  else {
    const t = c.flagValue(place);
    c.op('eor', w(t), w(t), '#1');
    c.setWordBit('cf', t);
  }
}

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
  const one = op === 'inc' || op === 'dec' || op === 'neg' || op === 'not';
  const n = one ? c.constant(1, bits) : read(c, src, width, 'sign', bits);
  if (c.has('lse') && AT_ONCE[op] !== undefined) {
    const { old, result } = atOnce(c, i, op, n, c.anyLive());
    if (c.anyLive()) lockedFlags(c, op, old, n, result, width);
    if (op === 'xadd' && isReg(src)) c.writeRegister(src.reg, old);
    return;
  }
  const result = c.temp();
  const { old } = exclusive(c, i, (value) => {
    const name = RESULT[op];
    if (op === 'neg') c.op('neg', r(result, width), r(value, width));
    else if (op === 'not') c.op('mvn', r(result, width), r(value, width));
    else if (name === undefined) throw new Refusal('V0220', `lock ${op} is not supported`);
    else c.op(name, r(result, width), r(value, width), r(n, width));
    return result;
  });
  if (c.anyLive()) lockedFlags(c, op, old, n, result, width);
  if (op === 'xadd' && isReg(src)) c.writeRegister(src.reg, old);
}

function lockedFlags(c: Context, op: string, old: number, n: number, result: number, width: number): void {
  if (op === 'and' || op === 'or' || op === 'xor') return resultFlags(c, result, width);
  if (op === 'not') return;
  if (op === 'neg') throw new Refusal('V0223', 'the flags of lock neg are used');
  const adds = op === 'add' || op === 'xadd' || op === 'inc';
  if ((op === 'inc' || op === 'dec') && c.after.liveFlag('cf'))
    throw new Refusal('V0223', 'the carry flag is kept over lock inc');
  const shift = 32 - width;
  const t = c.temp();
  if (width < 32) {
    c.op('lsl', w(t), w(old), `#${shift}`);
    c.op(adds ? 'cmn' : 'cmp', w(t), w(n), `lsl #${shift}`);
  } else c.op(adds ? 'cmn' : 'cmp', r(old, width), r(n, width));
  const places = afterSubtract();
  if (adds) places.set('cf', { kind: 'flag', flag: 'c', inverted: false });
  c.setFlags(places);
  c.parityOf(result);
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
  if (isReg(dst)) throw new Refusal('V0220', 'cmpxchg with a register destination is not supported');
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
  if (width < 32 && c.anyLive(['sf', 'of'])) throw new Refusal('V0223', 'the sign flag of a narrow cmpxchg is used');
  c.setFlags(afterSubtract());
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

/** `xlat`: the byte that al counts from rbx. */
function translate(c: Context): void {
  const [index, value] = [c.temp(), c.temp()];
  c.op('and', w(index), w(home('rax')), '#255');
  c.op('ldrb', w(value), `[${x(home('rbx'))}, ${x(index)}]`);
  c.writeRegister({ name: 'al', loc: 'rax', lo: 0, width: 8, class: 'gpr' }, value);
}

/** `std` and `cld`: which way string instructions go is known where they stand. */
function setDirection(c: Context, i: Parts): void {
  c.direction = i.mnemonic === 'std' ? 'down' : 'up';
}

/** `sahf` takes the flags from ah. */
function loadFlags(c: Context): void {
  const t = c.temp();
  const bits = { cf: 8, pf: 10, zf: 14, sf: 15 } as const;
  for (const flag of ['cf', 'pf', 'zf', 'sf'] as const) {
    if (!c.after.liveFlag(flag)) continue;
    c.op('ubfx', x(t), x(home('rax')), `#${bits[flag]}`, '#1');
    c.setWordBit(flag, t);
  }
}

/** One step of a string instruction; `rep` forms are blocks that run again (see blocks.ts). */
export function stringStep(c: Context, op: string, bytes: number): void {
  const [rdi, rsi, rax] = [x(home('rdi')), x(home('rsi')), home('rax')];
  const suffix = bytes === 1 ? 'b' : bytes === 2 ? 'h' : '';
  const name = bytes === 8 ? x : w;
  const step = c.stringStep(bytes);
  if (op === 'movs') {
    const t = c.temp();
    c.op(`ldr${suffix}`, name(t), `[${rsi}], #${step}`);
    c.op(`str${suffix}`, name(t), `[${rdi}], #${step}`);
  } else if (op === 'stos') c.op(`str${suffix}`, name(rax), `[${rdi}], #${step}`);
  else if (op === 'lods') {
    const t = c.temp();
    c.op(`ldr${suffix}`, name(t), `[${rsi}], #${step}`);
    c.writeRegister({ name: 'rax', loc: 'rax', lo: 0, width: bytes * 8, class: 'gpr' }, t);
  } else {
    // scas compares the accumulator with [rdi], cmps [rsi] with [rdi].
    const [a, b] = [c.temp(), c.temp()];
    if (op === 'cmps') c.op(`ldr${suffix}`, name(a), `[${rsi}], #${step}`);
    c.op(`ldr${suffix}`, name(b), `[${rdi}], #${step}`);
    const left = op === 'cmps' ? a : rax;
    if (bytes < 4) {
      c.op('lsl', w(a), w(left), `#${32 - bytes * 8}`);
      c.op('cmp', w(a), w(b), `lsl #${32 - bytes * 8}`);
    } else c.op('cmp', name(left), name(b));
    c.setFlags(afterSubtract());
    if (c.after.liveFlag('pf')) throw new Refusal('V0223', 'the parity flag of a string comparison is used');
  }
}

const STRING = ['movs', 'stos', 'lods', 'scas', 'cmps'];

export const systemRules: readonly Rule[] = [
  rule({
    name: 'nothing',
    from: [
      'nop',
      'endbr64',
      'endbr32',
      'prefetcht0',
      'prefetcht1',
      'prefetcht2',
      'prefetchnta',
      'prefetchw',
      'prefetchwt1',
      'prefetch',
      'fnop',
    ],
    to: nothing,
  }),
  rule({ name: 'pause', from: ['pause'], to: (c) => c.op('yield') }),
  rule({ name: 'fence', from: ['mfence', 'lfence', 'sfence'], to: (c) => c.op('dmb', 'ish') }),
  rule({ name: 'undefined', from: ['ud2'], to: (c) => c.op('udf', '#0') }),
  rule({ name: 'breakpoint', from: ['int3'], to: (c) => c.op('brk', '#0') }),
  rule({ name: 'carry_flag', from: ['stc', 'clc', 'cmc'], to: setCarry }),
  rule({
    name: 'locked',
    from: ['add', 'sub', 'and', 'or', 'xor', 'inc', 'dec', 'neg', 'not', 'xadd'].map((m) => `lock_${m}`),
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
  rule({ name: 'xlat', from: ['xlat'], to: translate }),
  rule({ name: 'sahf', from: ['sahf'], to: loadFlags }),
  rule({ name: 'direction', from: ['std', 'cld'], to: setDirection }),
  rule({
    name: 'refused',
    from: ['lahf'],
    to: () => {
      throw new Refusal('V0223', 'lahf reads the auxiliary carry flag, which is not kept', 'use setcc instead');
    },
  }),
  rule({ name: 'string', from: STRING, to: (c, i) => stringStep(c, i.mnemonic, i.width / 8) }),
];
