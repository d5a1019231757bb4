// SPDX-License-Identifier: MIT
import { bv, concat, extract, ite, low, msb, zext } from '../../../../logic/build.ts';
import type { InstDef } from '../../define.ts';
import { inst } from '../../define.ts';
import { store } from '../../effect.ts';
import { join, split } from '../../lanes.ts';
import { gpr, gprM, mem, xmm, xmmM64, xmmM128 } from '../operands.ts';
import { laneOf, mergeLow } from './sse-lanes.ts';

/**
 * Moves to, from and between vector registers.
 *
 * The aligned forms (`movaps`, `movdqa`, `movntdq`, and every 128-bit memory operand of an SSE instruction but
 * `movups`, `movupd` and `movdqu`) fault on an address that is not a multiple of 16. That fault is not modelled.
 * Non-temporal stores are stores.
 */

/** Whole registers: a load form that a register may stand in for, and a store form. */
const whole = (mnemonic: string): InstDef[] => [
  inst({
    id: `x64.${mnemonic}.xmm_xmmm.128`,
    syntax: `${mnemonic} {dst}, {src}`,
    operands: { dst: xmm('w'), src: xmmM128('r') },
    sem: ({ dst, src }) => dst.write(src.value),
    ref: `Intel SDM vol. 2, ${mnemonic.toUpperCase()}`,
  }),
  storeWhole(mnemonic),
];

function storeWhole(mnemonic: string): InstDef {
  return inst({
    id: `x64.${mnemonic}.m_xmm.128`,
    syntax: `${mnemonic} {dst}, {src}`,
    operands: { dst: mem(128, 'w'), src: xmm('r') },
    sem: ({ dst, src }) => dst.write(src.value),
    ref: `Intel SDM vol. 2, ${mnemonic.toUpperCase()}`,
  });
}

const wholeMoves: InstDef[] = [
  ...['movaps', 'movapd', 'movups', 'movupd', 'movdqa', 'movdqu'].flatMap(whole),
  ...['movntps', 'movntpd', 'movntdq'].map(storeWhole),
];

/** `movss` and `movsd`: between registers the upper part stays, a load zeroes it. */
const scalarMoves: InstDef[] = ([32, 64] as const).flatMap((w) => {
  const mnemonic = w === 32 ? 'movss' : 'movsd';
  const ref = `Intel SDM vol. 2, ${mnemonic.toUpperCase()}`;
  return [
    inst({
      id: `x64.${mnemonic}.xmm_xmm.${w}`,
      syntax: `${mnemonic} {dst}, {src}`,
      operands: { dst: xmm('rw'), src: xmm('r') },
      sem: ({ dst, src }) => dst.write(mergeLow(dst.value, low(src.value, w))),
      ref,
    }),
    inst({
      id: `x64.${mnemonic}.xmm_m.${w}`,
      syntax: `${mnemonic} {dst}, {src}`,
      operands: { dst: xmm('w'), src: mem(w, 'r') },
      sem: ({ dst, src }) => dst.write(zext(src.value, 128)),
      ref,
    }),
    inst({
      id: `x64.${mnemonic}.m_xmm.${w}`,
      syntax: `${mnemonic} {dst}, {src}`,
      operands: { dst: mem(w, 'w'), src: xmm('r') },
      sem: ({ dst, src }) => dst.write(low(src.value, w)),
      ref,
    }),
  ];
});

/** `movd` and `movq`: everything above the moved value becomes zero. */
const integerMoves: InstDef[] = [
  inst({
    id: 'x64.movd.xmm_rm.32',
    syntax: 'movd {dst}, {src}',
    operands: { dst: xmm('w'), src: gprM(32, 'r') },
    sem: ({ dst, src }) => dst.write(zext(src.value, 128)),
    ref: 'Intel SDM vol. 2, MOVD/MOVQ',
  }),
  inst({
    id: 'x64.movd.rm_xmm.32',
    syntax: 'movd {dst}, {src}',
    operands: { dst: gprM(32, 'w'), src: xmm('r') },
    sem: ({ dst, src }) => dst.write(low(src.value, 32)),
    ref: 'Intel SDM vol. 2, MOVD/MOVQ',
  }),
  inst({
    id: 'x64.movq.xmm_r.64',
    syntax: 'movq {dst}, {src}',
    aliases: ['movd'],
    operands: { dst: xmm('w'), src: gpr(64, 'r') },
    sem: ({ dst, src }) => dst.write(zext(src.value, 128)),
    ref: 'Intel SDM vol. 2, MOVD/MOVQ',
  }),
  inst({
    id: 'x64.movq.r_xmm.64',
    syntax: 'movq {dst}, {src}',
    aliases: ['movd'],
    operands: { dst: gpr(64, 'w'), src: xmm('r') },
    sem: ({ dst, src }) => dst.write(low(src.value, 64)),
    ref: 'Intel SDM vol. 2, MOVD/MOVQ',
  }),
  inst({
    id: 'x64.movq.xmm_xmmm.64',
    syntax: 'movq {dst}, {src}',
    operands: { dst: xmm('w'), src: xmmM64('r') },
    sem: ({ dst, src }) => dst.write(zext(src.value, 128)),
    ref: 'Intel SDM vol. 2, MOVQ',
  }),
  inst({
    id: 'x64.movq.m_xmm.64',
    syntax: 'movq {dst}, {src}',
    operands: { dst: mem(64, 'w'), src: xmm('r') },
    sem: ({ dst, src }) => dst.write(low(src.value, 64)),
    ref: 'Intel SDM vol. 2, MOVQ',
  }),
];

/** Halves: loads replace one half and keep the other. */
const halfMoves: InstDef[] = [
  ...['movlps', 'movlpd', 'movhps', 'movhpd'].flatMap((mnemonic) => {
    const high = mnemonic[3] === 'h';
    const ref = `Intel SDM vol. 2, ${mnemonic.toUpperCase()}`;
    return [
      inst({
        id: `x64.${mnemonic}.xmm_m.64`,
        syntax: `${mnemonic} {dst}, {src}`,
        operands: { dst: xmm('rw'), src: mem(64, 'r') },
        sem: ({ dst, src }) => dst.write(high ? concat(src.value, low(dst.value, 64)) : mergeLow(dst.value, src.value)),
        ref,
      }),
      inst({
        id: `x64.${mnemonic}.m_xmm.64`,
        syntax: `${mnemonic} {dst}, {src}`,
        operands: { dst: mem(64, 'w'), src: xmm('r') },
        sem: ({ dst, src }) => dst.write(laneOf(src.value, 64, high ? 1 : 0)),
        ref,
      }),
    ];
  }),
  inst({
    id: 'x64.movlhps.xmm_xmm.64',
    syntax: 'movlhps {dst}, {src}',
    operands: { dst: xmm('rw'), src: xmm('r') },
    sem: ({ dst, src }) => dst.write(concat(low(src.value, 64), low(dst.value, 64))),
    ref: 'Intel SDM vol. 2, MOVLHPS',
  }),
  inst({
    id: 'x64.movhlps.xmm_xmm.64',
    syntax: 'movhlps {dst}, {src}',
    operands: { dst: xmm('rw'), src: xmm('r') },
    sem: ({ dst, src }) => dst.write(mergeLow(dst.value, extract(src.value, 127, 64))),
    ref: 'Intel SDM vol. 2, MOVHLPS',
  }),
];

/** The sign bits of the lanes, gathered into a general register. */
const signMasks: InstDef[] = ([32, 64] as const).flatMap((w) =>
  (
    [
      ['movmskps', 32],
      ['movmskpd', 64],
      ['pmovmskb', 8],
    ] as const
  ).map(([mnemonic, lane]) =>
    inst({
      id: `x64.${mnemonic}.r_xmm.${w}`,
      syntax: `${mnemonic} {dst}, {src}`,
      operands: { dst: gpr(w, 'w'), src: xmm('r') },
      sem: ({ dst, src }) => dst.write(zext(join(split(lane, src.value).map(msb)), w)),
      ref: `Intel SDM vol. 2, ${mnemonic.toUpperCase()}`,
    }),
  ),
);

const nonTemporalInteger: InstDef[] = ([32, 64] as const).map((w) =>
  inst({
    id: `x64.movnti.m_r.${w}`,
    syntax: 'movnti {dst}, {src}',
    operands: { dst: mem(w, 'w'), src: gpr(w, 'r') },
    sem: ({ dst, src }) => dst.write(src.value),
    ref: 'Intel SDM vol. 2, MOVNTI',
  }),
);

/**
 * `maskmovdqu`: stores the bytes whose mask byte has its top bit set, at rdi. Described as one load and one store of
 * 16 bytes in which the other bytes keep their value; that the CPU may skip a page it would not write is not modelled.
 */
const masked: InstDef = inst({
  id: 'x64.maskmovdqu.xmm_xmm.128',
  syntax: 'maskmovdqu {src}, {mask}',
  operands: { src: xmm('r'), mask: xmm('r') },
  sem: ({ src, mask }, state) => {
    const address = state.get('rdi');
    const old = split(8, state.load(address, 16));
    const chosen = split(8, mask.value).map((m, i) => ite(msb(m), laneOf(src.value, 8, i), old[i] ?? bv(8, 0)));
    return [store(address, join(chosen))];
  },
  ref: 'Intel SDM vol. 2, MASKMOVDQU',
});

export const sseMoveForms: readonly InstDef[] = [
  ...wholeMoves,
  ...scalarMoves,
  ...integerMoves,
  ...halfMoves,
  ...signMasks,
  ...nonTemporalInteger,
  masked,
];
