// SPDX-License-Identifier: MIT
import {
  add,
  and,
  ashr,
  bv,
  clz,
  ctz,
  eq,
  ite,
  low,
  lshr,
  mul,
  not,
  or,
  sext,
  shl,
  xor,
  zext,
} from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst, type View } from '../../define.ts';
import { type Effect, type State, set, store } from '../../effect.ts';
import { undefinedFlags } from '../flags.ts';
import { gpr, gprM, imm8, mem } from '../operands.ts';
import { named, one, sdm, WIDE, zero } from './form.ts';

/** Tests and scans of single bits. */

type Change = ((value: Term, bit: Term) => Term) | undefined;

/** What becomes of the chosen bit; `bit` has only it set. */
const TESTS: readonly (readonly [string, Change])[] = [
  ['bt', undefined],
  ['bts', (value, bit) => or(value, bit)],
  ['btr', (value, bit) => and(value, not(bit))],
  ['btc', (value, bit) => xor(value, bit)],
];

/** CF is the bit; ZF is kept and the other flags are undefined. */
function testBit(value: Term, index: Term, change: Change, write: (v: Term) => Effect[], state: State): Effect[] {
  return [
    ...(change === undefined ? [] : write(change(value, shl(one(value.width), index)))),
    set('cf', low(lshr(value, index), 1)),
    ...undefinedFlags(['of', 'sf', 'af', 'pf'], state),
  ];
}

/** In memory a register's index is not reduced: it counts bits from the operand's address, backwards too. */
function bitString(dst: View, index: Term, change: Change, state: State): Effect[] {
  const w = dst.width;
  const steps = ashr(sext(index, 64), bv(64, Math.log2(w)));
  const address = add(dst.address, mul(steps, bv(64, w / 8)));
  const value = state.load(address, w / 8);
  return testBit(value, and(index, bv(w, w - 1)), change, (v) => [store(address, v)], state);
}

function tested(dst: View, src: View, change: Change, state: State): Effect[] {
  const w = dst.width;
  if (dst.operand.kind === 'mem' && src.operand.kind === 'reg') return bitString(dst, src.value, change, state);
  return testBit(dst.value, and(src.value, bv(w, w - 1)), change, (v) => dst.write(v), state);
}

const tests: InstDef[] = TESTS.flatMap(([mnemonic, change]) =>
  WIDE.flatMap((w) => [
    inst({
      id: `x64.${mnemonic}.rm_r.${w}`,
      syntax: `${named(mnemonic, w)} {dst}, {src}`,
      operands: { dst: gprM(w, change === undefined ? 'r' : 'rw'), src: gpr(w, 'r') },
      sem: ({ dst, src }, state) => tested(dst, src, change, state),
      ref: sdm(mnemonic),
    }),
    inst({
      id: `x64.${mnemonic}.rm_i.${w}`,
      syntax: `${named(mnemonic, w)} {dst}, {imm}`,
      operands: { dst: gprM(w, change === undefined ? 'r' : 'rw'), imm: imm8() },
      sem: ({ dst, imm }, state) => {
        const index = zext(and(imm.value, bv(8, w - 1)), w);
        return testBit(dst.value, index, change, (v) => dst.write(v), state);
      },
      ref: sdm(mnemonic),
    }),
    ...(change === undefined
      ? []
      : [
          inst({
            id: `x64.lock_${mnemonic}.m_r.${w}`,
            syntax: `${named(`lock ${mnemonic}`, w)} {dst}, {src}`,
            operands: { dst: mem(w, 'rw'), src: gpr(w, 'r') },
            sem: ({ dst, src }, state) => bitString(dst, src.value, change, state),
            ref: sdm(mnemonic),
          }),
          inst({
            id: `x64.lock_${mnemonic}.m_i.${w}`,
            syntax: `${named(`lock ${mnemonic}`, w)} {dst}, {imm}`,
            operands: { dst: mem(w, 'rw'), imm: imm8() },
            sem: ({ dst, imm }, state) => {
              const index = zext(and(imm.value, bv(8, w - 1)), w);
              return testBit(dst.value, index, change, (v) => dst.write(v), state);
            },
            ref: sdm(mnemonic),
          }),
        ]),
  ]),
);

/** A source of zero leaves the whole destination register as it was, its upper half too. */
function scan(mnemonic: 'bsf' | 'bsr', w: number): InstDef {
  return inst({
    id: `x64.${mnemonic}.r_rm.${w}`,
    syntax: `${named(mnemonic, w)} {dst}, {src}`,
    operands: { dst: gpr(w, 'rw'), src: gprM(w, 'r') },
    sem: ({ dst, src }, state) => {
      const value = src.value;
      const none = eq(value, zero(w));
      // Of numbers up to w - 1, `xor` with that gives what they lack.
      const index = mnemonic === 'bsf' ? ctz(value) : xor(clz(value), bv(w, w - 1));
      return [
        ...dst.write(index).map((e) => (e.kind === 'set' ? set(e.loc, ite(none, state.get(e.loc), e.value)) : e)),
        set('zf', none),
        ...undefinedFlags(['cf', 'of', 'sf', 'af', 'pf'], state),
      ];
    },
    ref: sdm(mnemonic),
  });
}

/**
 * Compilers write `rep bsf` for code that runs on processors with and without `tzcnt`, which is the same bytes. The
 * result is that of `tzcnt`, also for zero, where `bsf` has none; the flags differ, and nothing is promised of them.
 */
const scanEither = (w: number): InstDef =>
  inst({
    id: `x64.rep_bsf.r_rm.${w}`,
    syntax: `${named('rep bsf', w)} {dst}, {src}`,
    aliases: [named('repe bsf', w)],
    operands: { dst: gpr(w, 'rw'), src: gprM(w, 'r') },
    sem: ({ dst, src }, state) => {
      return [...dst.write(ctz(src.value)), ...undefinedFlags(['zf', 'cf', 'of', 'sf', 'af', 'pf'], state)];
    },
    ref: `${sdm('bsf')}, TZCNT`,
  });

export const bitForms: readonly InstDef[] = [
  ...tests,
  ...WIDE.flatMap((w) => [scan('bsf', w), scan('bsr', w), scanEither(w)]),
];
