// SPDX-License-Identifier: MIT
import { unreachable } from '../../../../base/assert.ts';
import type { Operand } from '../../../isa/operand.ts';
import { Refusal } from '../../from-x86_64/context.ts';
import type { FlagName } from '../../from-x86_64/flags.ts';
import { constantOf, sameRegister } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import { isAddImm, isLogicalImm } from '../constants.ts';
import type { Context } from '../context.ts';
import { afterAdd, afterLogic, afterSubtract, afterZero } from '../flags.ts';
import { immediate } from '../memory.ts';
import { r, w, x, ZERO } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { destination, read } from '../values.ts';

/** Addition, subtraction, comparison and logic in all widths. */

const NOT_CARRY: readonly FlagName[] = ['pf', 'zf', 'sf', 'of'];

/** `op{s} into, a, b` for 32 and 64 bits, with `b` as an immediate where it fits. */
function addSub(
  c: Context,
  op: 'add' | 'sub',
  flags: boolean,
  into: number,
  a: number,
  b: Operand | undefined,
  width: number,
): void {
  const s = flags ? 's' : '';
  const v = constantOf(b, width);
  if (v !== undefined) {
    if (isAddImm(v)) {
      c.op(`${op}${s}`, r(into, width), r(a, width), immediate(v));
      return;
    }
    if (isAddImm(-v)) {
      // Adding -n and subtracting n set all four flags alike when n is not zero.
      c.op(`${op === 'add' ? 'sub' : 'add'}${s}`, r(into, width), r(a, width), immediate(-v));
      return;
    }
  }
  const n = read(c, b, width, 'sign', width === 64 ? 64 : 32);
  c.op(`${op}${s}`, r(into, width), r(a, width), r(n, width));
}

/** The two operands moved to the top of 32-bit registers, where the flags of an 8- or 16-bit operation come out right. */
function shifted(c: Context, op: 'adds' | 'subs', a: number, b: Operand | undefined, width: number): number {
  const shift = 32 - width;
  const top = c.temp();
  const v = constantOf(b, width);
  const n = v === undefined ? read(c, b, width) : c.constant(BigInt.asUintN(32, v << BigInt(shift)), 32);
  if (a === ZERO) c.op('mov', w(top), 'wzr');
  else c.op('lsl', w(top), w(a), `#${shift}`);
  if (v === undefined) c.op(op, w(top), w(top), w(n), `lsl #${shift}`);
  else c.op(op, w(top), w(top), w(n));
  return top;
}

/** Zero and sign flags of a result of `width` bits in register `n` (the bits above may be anything). */
export function resultFlags(c: Context, n: number, width: number): void {
  if (c.anyLive(['zf', 'sf', 'of', 'cf'])) {
    if (width >= 32) c.op('tst', r(n, width), r(n, width));
    else if (c.after.liveFlag('sf')) {
      const t = c.temp();
      c.op('lsl', w(t), w(n), `#${32 - width}`);
      c.op('tst', w(t), w(t));
    } else c.op('tst', w(n), `#${(1 << width) - 1}`);
  }
  c.setFlags(afterLogic());
  c.parityOf(n);
}

export function addOrSubtract(c: Context, i: Parts): void {
  const { width } = i;
  const op = i.mnemonic === 'add' ? 'add' : 'sub';
  const [dst, src] = i.ops;
  const live = c.anyLive();
  // The source operand may use the temporaries that the destination's address does not.
  const d = destination(c, dst, width, true);
  if (width >= 32 || !live) {
    addSub(c, op, live, d.into, d.old, src, width);
    d.write();
    if (live) {
      c.setFlags(op === 'add' ? afterAdd() : afterSubtract());
      c.parityOf(d.into);
    }
    return;
  }
  const top = shifted(c, op === 'add' ? 'adds' : 'subs', d.old, src, width);
  c.op('lsr', w(d.into), w(top), `#${32 - width}`);
  c.setFlags(op === 'add' ? afterAdd() : afterSubtract());
  c.parityOf(d.into);
  d.write();
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
  if (c.after.liveFlag('pf')) {
    const n = read(c, a, width);
    const t = width >= 32 ? c.temp() : shifted(c, 'subs', n, b, width);
    if (width >= 32) addSub(c, 'sub', true, t, n, b, width);
    else c.op('lsr', w(t), w(t), `#${32 - width}`);
    c.setFlags(afterSubtract());
    c.parityOf(t);
    return;
  }
  if (width >= 32) {
    const n = read(c, a, width);
    const v = constantOf(b, width);
    if (v !== undefined && isAddImm(v)) c.op('cmp', r(n, width), immediate(v));
    else if (v !== undefined && isAddImm(-v)) c.op('cmn', r(n, width), immediate(-v));
    else c.op('cmp', r(n, width), r(read(c, b, width, 'sign', width === 64 ? 64 : 32), width));
    c.setFlags(afterSubtract());
    return;
  }
  const v = constantOf(b, width);
  if (v === 0n) {
    resultFlags(c, read(c, a, width), width);
  } else if (!c.anyLive(['sf', 'of'])) {
    const n = read(c, a, width, 'zero');
    if (v !== undefined && isAddImm(BigInt.asUintN(width, v))) c.op('cmp', w(n), immediate(BigInt.asUintN(width, v)));
    else c.op('cmp', w(n), w(read(c, b, width, 'zero')));
    c.setFlags(afterSubtract());
  } else {
    shifted(c, 'subs', read(c, a, width), b, width);
    c.setFlags(afterSubtract());
  }
}

function test(c: Context, i: Parts): void {
  const { width } = i;
  const [a, b] = i.ops;
  if (!c.anyLive()) {
    if (a?.kind === 'mem') read(c, a, width);
    return;
  }
  const n = read(c, a, width);
  if (sameRegister(a, b)) {
    resultFlags(c, n, width);
    return;
  }
  const bits = width === 64 ? 64 : 32;
  const v = constantOf(b, width);
  const narrowSign = width < 32 && c.after.liveFlag('sf');
  const constant = v === undefined ? undefined : BigInt.asUintN(narrowSign || width >= 32 ? bits : width, v);
  if (c.after.liveFlag('pf') || narrowSign) {
    const t = c.temp();
    if (constant !== undefined && isLogicalImm(constant, bits)) c.op('and', r(t, width), r(n, width), `#${constant}`);
    else c.op('and', r(t, width), r(n, width), r(read(c, b, width, 'sign', bits), width));
    resultFlags(c, t, width);
    return;
  }
  if (constant === 0n) c.op('tst', r(n, width), r(ZERO, width));
  else if (constant !== undefined && isLogicalImm(constant, bits)) c.op('tst', r(n, width), `#${constant}`);
  else if (width >= 32) c.op('tst', r(n, width), r(read(c, b, width, 'sign', bits), width));
  else c.op('tst', w(n), w(read(c, b, width, 'zero')));
  c.setFlags(afterLogic());
}

function logic(c: Context, i: Parts): void {
  const { width } = i;
  const [dst, src] = i.ops;
  const op = i.mnemonic === 'and' ? 'and' : i.mnemonic === 'or' ? 'orr' : 'eor';
  const bits = width === 64 ? 64 : 32;
  const live = c.anyLive();
  const d = destination(c, dst, width, true);
  const v = constantOf(src, width);
  const constant = v === undefined ? undefined : BigInt.asUintN(bits, v);
  const setsFlags = op === 'and' && live && width >= 32;
  const m = setsFlags ? 'ands' : op;
  if (v === -1n && op === 'orr') c.op('movn', r(d.into, width), '#0');
  else if (v === -1n && op === 'eor') c.op('mvn', r(d.into, width), r(d.old, width));
  else if (constant !== undefined && isLogicalImm(constant, bits))
    c.op(m, r(d.into, width), r(d.old, width), `#${constant}`);
  else if (v !== undefined && width < 32 && isLogicalImm(BigInt.asUintN(width, v), 32) && op !== 'and')
    c.op(m, w(d.into), w(d.old), `#${BigInt.asUintN(width, v)}`);
  else c.op(m, r(d.into, width), r(d.old, width), r(read(c, src, width, 'sign', bits), width));
  if (setsFlags) {
    c.setFlags(afterLogic());
    c.parityOf(d.into);
  } else if (live) resultFlags(c, d.into, width);
  d.write();
}

/** `xor r, r` and `sub r, r` clear the register whatever it held. */
function clear(c: Context, i: Parts): void {
  const d = destination(c, i.ops[0], i.width, false);
  c.op('mov', r(d.into, i.width), r(ZERO, i.width));
  d.write();
  c.setFlags(afterZero());
}

function addWithCarry(c: Context, i: Parts): void {
  const { width } = i;
  const [dst, src] = i.ops;
  const subtract = i.mnemonic.endsWith('sbb');
  if (width < 32) {
    const place = c.places.get('cf');
    if (place === undefined) throw new Refusal('V0223', 'the carry flag is not known here');
    const carry = c.flagValue(place);
    const d = destination(c, dst, width, true);
    const n = read(c, src, width);
    const t = c.temp();
    if (c.anyLive()) {
      carryFlags(c, d.old, n, carry, width, subtract, { into: d.into, spread: t });
      return d.write();
    }
    c.op(subtract ? 'sub' : 'add', w(t), w(d.old), w(n));
    c.op(subtract ? 'sub' : 'add', w(d.into), w(t), w(carry));
    d.write();
    return;
  }
  const live = c.anyLive();
  // Load everything first: loading the carry must come right before its use.
  const d = destination(c, dst, width, true);
  const n = read(c, src, width, 'sign', width === 64 ? 64 : 32);
  c.loadCarry(subtract);
  c.op(`${subtract ? 'sbc' : 'adc'}${live ? 's' : ''}`, r(d.into, width), r(d.old, width), r(n, width));
  if (live) {
    c.setFlags(subtract ? afterSubtract() : afterAdd());
    c.parityOf(d.into);
  }
  d.write();
}

/** `into = a + n + carry`, or the difference, with its flags; both registers may be temporaries. */
export function carryFlags(
  c: Context,
  a: number,
  n: number,
  carry: number,
  width: number,
  subtract: boolean,
  { into, spread: t }: { readonly into: number; readonly spread: number } = { into: a, spread: c.temp() },
): void {
  const name = subtract ? 'sbcs' : 'adcs';
  if (width < 32) {
    // At the top of a register, with the carry spread over the bits below so that it arrives where it should.
    c.op('neg', w(t), w(carry));
    c.op('lsr', w(t), w(t), `#${width}`);
    c.op('orr', w(t), w(t), w(n), `lsl #${32 - width}`);
    c.op('lsl', w(into), w(a), `#${32 - width}`);
  }
  if (subtract) c.op('cmp', 'wzr', w(carry));
  else c.op('cmp', w(carry), '#1');
  if (width >= 32) c.op(name, r(into, width), r(a, width), r(n, width));
  else {
    c.op(name, w(into), w(into), w(t));
    c.op('lsr', w(into), w(into), `#${32 - width}`);
  }
  c.setFlags(subtract ? afterSubtract() : afterAdd());
  c.parityOf(into, t);
}

/** `sbb r, r` spreads the carry over the register. */
function spreadCarry(c: Context, i: Parts): void {
  const place = c.places.get('cf');
  if (place === undefined) throw new Refusal('V0223', 'the carry flag is not known here');
  const d = destination(c, i.ops[0], i.width, false);
  const t = c.flagValue(place);
  c.op('neg', r(d.into, i.width), r(t, i.width));
  d.write();
}

function increment(c: Context, i: Parts): void {
  const { width } = i;
  const op = i.mnemonic.endsWith('inc') ? 'add' : 'sub';
  const live = c.anyLive(NOT_CARRY);
  const d = destination(c, i.ops[0], width, true);
  if (!live) {
    c.op(op, r(d.into, width), r(d.old, width), '#1');
    d.write();
    return;
  }
  c.freeNzcv(['cf']);
  if (width >= 32) c.op(`${op}s`, r(d.into, width), r(d.old, width), '#1');
  else {
    const top = shifted(
      c,
      op === 'add' ? 'adds' : 'subs',
      d.old,
      { kind: 'imm', value: { offset: 1n }, label: false },
      width,
    );
    c.op('lsr', w(d.into), w(top), `#${32 - width}`);
  }
  const places = afterAdd();
  places.delete('cf');
  c.setFlags(places);
  c.parityOf(d.into);
  d.write();
}

function negate(c: Context, i: Parts): void {
  const { width } = i;
  const live = c.anyLive();
  const d = destination(c, i.ops[0], width, true);
  if (width >= 32 || !live) c.op(live ? 'negs' : 'neg', r(d.into, width), r(d.old, width));
  else {
    const t = c.temp();
    c.op('lsl', w(t), w(d.old), `#${32 - width}`);
    c.op('negs', w(t), w(t));
    c.op('lsr', w(d.into), w(t), `#${32 - width}`);
  }
  if (live) {
    c.setFlags(afterSubtract());
    c.parityOf(d.into);
  }
  d.write();
}

function complement(c: Context, i: Parts): void {
  const d = destination(c, i.ops[0], i.width, true);
  c.op('mvn', r(d.into, i.width), r(d.old, i.width));
  d.write();
}

/** Sign extension within the accumulator and into its upper part. */
function convert(c: Context, i: Parts): void {
  const rax = 8;
  const rdx = 2;
  switch (i.mnemonic) {
    case 'cbw':
    case 'cwd': {
      const t = c.temp();
      const gpr = i.mnemonic === 'cbw' ? 'rax' : 'rdx';
      if (i.mnemonic === 'cbw') c.op('sxtb', w(t), w(rax));
      else c.op('sbfx', w(t), w(rax), '#15', '#1');
      c.writeRegister({ name: gpr, loc: gpr, lo: 0, width: 16, class: 'gpr' }, t);
      return;
    }
    case 'cwde':
      return c.op('sxth', w(rax), w(rax));
    case 'cdqe':
      return c.op('sxtw', x(rax), w(rax));
    case 'cdq':
      return c.op('asr', w(rdx), w(rax), '#31');
    case 'cqo':
      return c.op('asr', x(rdx), x(rax), '#63');
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
