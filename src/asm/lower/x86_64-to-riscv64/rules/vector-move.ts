// SPDX-License-Identifier: MIT
import type { Operand } from '../../../isa/operand.ts';
import { Refusal } from '../../from-x86_64/context.ts';
import { isReg, sameRegister } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { bitsOf, copyHalf, floatOf } from '../halves.ts';
import { address, baseOffset, load, loadFloat, store, storeFloat } from '../memory.ts';
import { f, home, x, ZERO } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { signed, zeroed } from '../shape.ts';
import { destination, isSlot, read, slotValue } from '../values.ts';
import {
  highOf,
  lowOf,
  readHalves,
  storeHalves,
  vectorName,
  type Width,
  wanted,
  writeBits,
  writeHalves,
} from './vector-operands.ts';

/** Moves to, from and between vector registers. */

function moveWhole(c: Context, { ops: [dst, src] }: Parts): void {
  if (dst?.kind === 'mem') return storeHalves(c, dst, src);
  const which = wanted(c, dst);
  if (src?.kind !== 'mem') {
    const state = c.floatState(vectorName(src));
    writeHalves(c, dst, readHalves(c, src, which));
    if (which.low) c.setFloatState(vectorName(dst), state);
    return;
  }
  writeHalves(c, dst, readHalves(c, src, which));
}

/** Between registers the upper part stays; a load zeroes it. */
function moveScalar(c: Context, { ops: [dst, src], width }: Parts): void {
  const w: Width = width === 64 ? 64 : 32;
  if (dst?.kind === 'mem') return storeFloat(c, lowOf(src), address(c, dst), w / 8);
  if (src?.kind === 'mem') {
    zeroHigh(c, dst);
    if (w === 64 && isSlot(src)) return writeBits(c, dst, slotValue(c, src, c.temp()), undefined);
    const a = address(c, src);
    if (w === 32 && c.after.surelyLive(vectorName(dst), 32, 63)) {
      const t = c.temp();
      load(c, t, a, 4, 'zero');
      return writeBits(c, dst, t, undefined);
    }
    loadFloat(c, lowOf(dst), a, w / 8);
    return c.setFloatState(vectorName(dst), w === 64 ? 'exact' : 'boxed');
  }
  if (sameRegister(dst, src)) return;
  if (w === 32 && c.after.surelyLive(vectorName(dst), 32, 63)) {
    const [t, u] = [c.temp(), c.temp()];
    c.op('fmv.x.d', x(t), f(lowOf(dst)));
    c.op('srli', x(t), x(t), 32);
    c.op('slli', x(t), x(t), 32);
    c.op('fmv.x.w', x(u), f(lowOf(src)));
    c.op('zext.w', x(u), x(u));
    c.op('or', x(t), x(t), x(u));
    return writeBits(c, dst, t, undefined);
  }
  c.op('fmv.d', f(lowOf(dst)), f(lowOf(src)));
  c.setFloatState(vectorName(dst), c.floatState(vectorName(src)));
}

function zeroHigh(c: Context, dst: Operand | undefined): void {
  if (wanted(c, dst).high) writeBits(c, dst, undefined, ZERO);
}

/** `movd` and `movq`: all that is above the moved value becomes zero. */
function moveInteger(c: Context, parts: Parts): void {
  const {
    ops: [dst, src],
    width,
  } = parts;
  const w: Width = width === 64 ? 64 : 32;
  if (dst?.kind === 'mem') return storeFloat(c, lowOf(src), address(c, dst), w / 8);
  if (!isReg(dst)) throw new Refusal('V0221', 'this move is not supported');
  if (dst.reg.class !== 'vec') {
    const d = destination(c, dst, w, false);
    c.op(w === 64 ? 'fmv.x.d' : 'fmv.x.w', x(d.into), f(lowOf(src)));
    return d.write(d.into, w === 64 ? undefined : signed(32));
  }
  if (src?.kind === 'mem') return moveScalar(c, parts);
  zeroHigh(c, dst);
  if (isReg(src) && src.reg.class === 'vec') {
    if (!sameRegister(dst, src)) c.op('fmv.d', f(lowOf(dst)), f(lowOf(src)));
    return c.setFloatState(vectorName(dst), c.floatState(vectorName(src)));
  }
  const boxed = w === 32 && !c.after.surelyLive(vectorName(dst), 32, 63);
  const n = read(c, src, w, w === 32 && !boxed ? 'zero' : 'any');
  c.op(boxed ? 'fmv.w.x' : 'fmv.d.x', f(lowOf(dst)), x(n));
  c.setFloatState(vectorName(dst), boxed ? 'boxed' : 'exact');
}

function moveHalf(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const high = mnemonic[3] === 'h';
  if (dst?.kind === 'mem') return storeFloat(c, high ? floatOf(c, highOf(c, src)) : lowOf(src), address(c, dst), 8);
  if (src?.kind !== 'mem') throw new Refusal('V0221', 'this move is not supported');
  if (isSlot(src)) {
    const t = slotValue(c, src, c.temp());
    return high ? writeBits(c, dst, undefined, wanted(c, dst).high ? t : undefined) : writeBits(c, dst, t, undefined);
  }
  if (high) {
    if (!wanted(c, dst).high) return;
    const place = highOf(c, dst);
    const into = typeof place === 'number' ? place : c.floatTemp();
    c.scopedGeneral(() => loadFloat(c, into, address(c, src), 8));
    return copyHalf(c, place, into);
  }
  loadFloat(c, lowOf(dst), address(c, src), 8);
  c.setFloatState(vectorName(dst), 'exact');
}

function betweenHalves(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const { low, high } = wanted(c, dst);
  if (mnemonic === 'movlhps') {
    if (high) copyHalf(c, highOf(c, dst), lowOf(src));
  } else if (low) {
    copyHalf(c, lowOf(dst), highOf(c, src));
    c.setFloatState(vectorName(dst), 'exact');
  }
}

/** The sign bits of two or four lanes, gathered half by half. */
function signMask(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  if (!isReg(dst)) throw new Refusal('V0221', 'this operand cannot be written');
  const into = home(dst.reg.loc);
  const [acc, half, t] = [c.temp(), c.temp(), c.temp()];
  const lane = mnemonic === 'movmskpd' ? 64 : 32;
  const each = 64 / lane;
  c.constant(0n, acc);
  for (const [k, n] of [lowOf(src), highOf(c, src)].entries()) {
    bitsOf(c, n, half);
    for (let i = 0; i < each; i++) {
      const to = k * each + i;
      c.op('srli', x(t), x(half), lane * (i + 1) - 1 - to);
      c.op('andi', x(t), x(t), 1 << to);
      c.op('or', x(acc), x(acc), x(t));
    }
  }
  c.note(acc, zeroed(16));
  c.move(into, acc);
}

/** The sign bits of bytes: each moves to the bit beside the one before, by ones, twos and fours. */
function byteMask(c: Context, { ops: [dst, src] }: Parts): void {
  if (!isReg(dst)) throw new Refusal('V0221', 'this operand cannot be written');
  const [low, high, t] = [c.temp(), c.temp(), c.temp()];
  c.scoped(() => {
    const signs = c.constant(0x0101010101010101n);
    for (const [n, place] of [[low, lowOf(src)] as const, [high, highOf(c, src)] as const]) {
      bitsOf(c, place, n);
      c.op('srli', x(n), x(n), 7);
      c.op('and', x(n), x(n), x(signs));
      for (const by of [7, 14, 28]) {
        c.op('srli', x(t), x(n), by);
        c.op('or', x(n), x(n), x(t));
      }
      c.op('andi', x(n), x(n), 255);
    }
  });
  c.op('slli', x(high), x(high), 8);
  c.op('or', x(low), x(low), x(high));
  c.note(low, zeroed(16));
  c.move(home(dst.reg.loc), low);
}

/** Bytes whose mask has its highest bit set are stored at rdi. */
function storeMasked(c: Context, { ops: [src, mask] }: Parts): void {
  for (const [k, [value, chosen]] of [
    [lowOf(src), lowOf(mask)] as const,
    [highOf(c, src), highOf(c, mask)] as const,
  ].entries())
    c.scoped(() => {
      const [m, t] = [bitsOf(c, chosen), c.constant(0x0101010101010101n)];
      c.op('srli', x(m), x(m), 7);
      c.op('and', x(m), x(m), x(t));
      // Ones in all of a byte.
      c.op('slli', x(t), x(m), 8);
      c.op('sub', x(m), x(t), x(m));
      const at = baseOffset(c, home('rdi'), 8 * k);
      load(c, t, at, 8);
      const n = bitsOf(c, value);
      c.op('xor', x(n), x(n), x(t));
      c.op('and', x(n), x(n), x(m));
      c.op('xor', x(n), x(n), x(t));
      c.note(n, undefined);
      store(c, n, at, 8);
    });
}

function storeInteger(c: Context, { ops: [dst, src], width }: Parts): void {
  if (dst?.kind !== 'mem') throw new Refusal('V0221', 'this operand cannot be written');
  const a = address(c, dst);
  store(c, read(c, src, width), a, width / 8);
}

export const vectorMoveRules: readonly Rule[] = [
  rule({
    name: 'vector_move',
    from: [
      'movaps',
      'movapd',
      'movups',
      'movupd',
      'movdqa',
      'movdqu',
      'lddqu',
      'movntps',
      'movntpd',
      'movntdq',
      'movntdqa',
    ],
    to: moveWhole,
  }),
  rule({ name: 'vector_move_scalar', from: ['movss', 'movsd'], to: moveScalar }),
  rule({ name: 'vector_move_integer', from: ['movd', 'movq'], to: moveInteger }),
  rule({ name: 'vector_move_half', from: ['movlps', 'movlpd', 'movhps', 'movhpd'], to: moveHalf }),
  rule({ name: 'vector_between_halves', from: ['movlhps', 'movhlps'], to: betweenHalves }),
  rule({ name: 'vector_sign_mask', from: ['movmskps', 'movmskpd'], to: signMask }),
  rule({ name: 'vector_byte_mask', from: ['pmovmskb'], to: byteMask }),
  rule({ name: 'maskmovdqu', from: ['maskmovdqu'], to: storeMasked }),
  rule({ name: 'movnti', from: ['movnti'], to: storeInteger }),
];
