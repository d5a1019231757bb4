// SPDX-License-Identifier: MIT
import type { Operand } from '../../../isa/operand.ts';
import { Refusal } from '../../from-x86_64/context.ts';
import { isReg } from '../../from-x86_64/operands.ts';
import type { Parts } from '../../from-x86_64/rule.ts';
import type { Context } from '../context.ts';
import { address, loadVector, storeGeneral, storeVector } from '../memory.ts';
import { home, r, w, x } from '../registers.ts';
import { type Rule, rule } from '../rule.ts';
import { read } from '../values.ts';
import { bytes, f, homeOf, lane, moveVector, readVector, upperIsLive, v } from './vector-operands.ts';

/** Moves to, from and between vector registers. */

function loadInto(c: Context, n: number, op: Operand | undefined, bits: number): void {
  if (op?.kind !== 'mem') throw new Refusal('V0221', 'this move is not supported');
  loadVector(c, n, address(c, op, bits / 8), bits / 8);
}

function storeFrom(c: Context, n: number, op: Operand | undefined, bits: number): void {
  if (op?.kind !== 'mem') throw new Refusal('V0221', 'this move is not supported');
  storeVector(c, n, address(c, op, bits / 8), bits / 8);
}

function moveWhole(c: Context, { ops: [dst, src] }: Parts): void {
  if (dst?.kind === 'mem') storeFrom(c, homeOf(src), dst, 128);
  else if (src?.kind === 'mem') loadInto(c, homeOf(dst), src, 128);
  else moveVector(c, homeOf(dst), homeOf(src));
}

/** Between registers the upper part stays; a load zeroes it, as AArch64's loads do. */
function moveScalar(c: Context, { ops: [dst, src], width }: Parts): void {
  if (dst?.kind === 'mem') return storeFrom(c, homeOf(src), dst, width);
  if (src?.kind === 'mem') return loadInto(c, homeOf(dst), src, width);
  const [to, from] = [homeOf(dst), homeOf(src)];
  if (to === from) return;
  if (upperIsLive(c, dst, width)) c.op('mov', lane(to, width, 0), lane(from, width, 0));
  else c.op('fmov', f(to, width), f(from, width));
}

/** `movd` and `movq`: all that is above the moved value becomes zero. */
function moveInteger(c: Context, { ops: [dst, src], width }: Parts): void {
  const isVector = (op: Operand | undefined) => isReg(op) && op.reg.class === 'vec';
  if (dst?.kind === 'mem') return storeFrom(c, homeOf(src), dst, width);
  if (!isReg(dst)) throw new Refusal('V0221', 'this move is not supported');
  if (!isVector(dst)) return c.op('fmov', r(home(dst.reg.loc), width), f(homeOf(src), width));
  if (src?.kind === 'mem') return loadInto(c, homeOf(dst), src, width);
  const to = f(homeOf(dst), width);
  c.op('fmov', to, isVector(src) ? f(homeOf(src), width) : r(read(c, src, width), width));
}

function moveHalf(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const half = mnemonic[3] === 'h' ? 1 : 0;
  if (dst?.kind === 'mem') {
    let from = homeOf(src);
    if (half === 1) {
      const t = c.vectorTemp();
      c.op('mov', f(t, 64), lane(from, 64, 1));
      from = t;
    }
    return storeFrom(c, from, dst, 64);
  }
  const to = homeOf(dst);
  if (half === 0 && !upperIsLive(c, dst, 64)) return loadInto(c, to, src, 64);
  const t = readVector(c, src, 64);
  c.op('mov', lane(to, 64, half), lane(t, 64, 0));
}

function betweenHalves(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  const [to, from] = mnemonic === 'movlhps' ? [1, 0] : [0, 1];
  c.op('mov', lane(homeOf(dst), 64, to), lane(homeOf(src), 64, from));
}

/** The sign bits of two or four lanes, gathered by shifts within the vector and one between its halves. */
function signMask(c: Context, { ops: [dst, src], mnemonic }: Parts): void {
  if (!isReg(dst)) throw new Refusal('V0221', 'this operand cannot be written');
  const from = homeOf(src);
  const into = home(dst.reg.loc);
  const [a, b] = [c.temp(), c.temp()];
  if (mnemonic === 'movmskpd') {
    c.op('fmov', x(a), f(from, 64));
    c.op('mov', x(b), lane(from, 64, 1));
    c.op('lsr', x(a), x(a), '#63');
    c.op('lsr', x(b), x(b), '#63');
    c.op('orr', w(into), w(a), w(b), 'lsl #1');
    return;
  }
  const t = c.vectorTemp();
  if (mnemonic === 'movmskps') {
    c.op('ushr', v(t, '4s'), v(from, '4s'), '#31');
    c.op('usra', v(t, '2d'), v(t, '2d'), '#31');
    c.op('fmov', w(a), f(t, 32));
    c.op('mov', w(b), lane(t, 32, 2));
    c.op('orr', w(into), w(a), w(b), 'lsl #2');
    return;
  }
  c.op('ushr', bytes(t), bytes(from), '#7');
  const u = c.vectorTemp();
  for (const [arrangement, by] of [
    ['8h', 7],
    ['4s', 14],
    ['2d', 28],
  ] as const) {
    // The bits meet no others, which a sum (`usra`) would not show as plainly.
    c.op('ushr', v(u, arrangement), v(t, arrangement), `#${by}`);
    c.op('orr', bytes(t), bytes(t), bytes(u));
  }
  c.op('umov', w(a), lane(t, 8, 0));
  c.op('umov', w(b), lane(t, 8, 8));
  c.op('orr', w(into), w(a), w(b), 'lsl #8');
}

function storeInteger(c: Context, { ops: [dst, src], width }: Parts): void {
  if (dst?.kind !== 'mem') throw new Refusal('V0221', 'this operand cannot be written');
  storeGeneral(c, read(c, src, width), address(c, dst, width / 8), width / 8);
}

/** Described as one load and one store of 16 bytes at rdi. */
function maskedStore(c: Context, { ops: [src, mask] }: Parts): void {
  const at = `[${x(home('rdi'))}]`;
  const [old, chosen] = [c.vectorTemp(), c.vectorTemp()];
  c.op('ldr', `q${old}`, at);
  c.op('cmlt', bytes(chosen), bytes(homeOf(mask)), '#0');
  c.op('bsl', bytes(chosen), bytes(homeOf(src)), bytes(old));
  c.op('str', `q${chosen}`, at);
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
      'movntps',
      'movntpd',
      'movntdq',
      'lddqu',
      'movntdqa',
    ],
    to: moveWhole,
  }),
  rule({ name: 'vector_move_scalar', from: ['movss', 'movsd'], to: moveScalar }),
  rule({ name: 'vector_move_integer', from: ['movd', 'movq'], to: moveInteger }),
  rule({ name: 'vector_move_half', from: ['movlps', 'movlpd', 'movhps', 'movhpd'], to: moveHalf }),
  rule({ name: 'vector_between_halves', from: ['movlhps', 'movhlps'], to: betweenHalves }),
  rule({ name: 'vector_sign_mask', from: ['movmskps', 'movmskpd', 'pmovmskb'], to: signMask }),
  rule({ name: 'movnti', from: ['movnti'], to: storeInteger }),
  rule({ name: 'maskmovdqu', from: ['maskmovdqu'], to: maskedStore }),
];
