// SPDX-License-Identifier: MIT
import { concat, eq, extract, ite, low } from '../../../../logic/build.ts';
import { type InstDef, inst, type View } from '../../define.ts';
import { type Effect, type State, set } from '../../effect.ts';
import type { Reg } from '../../operand.ts';
import { addWithFlags, subWithFlags } from '../flags.ts';
import { gpr, gprM, insertReg, mem, readReg, writeAll } from '../operands.ts';
import { reg } from '../registers.ts';
import { named, sdm, WIDTHS } from './form.ts';

/** Exchanging additions and comparing exchanges. One thread runs at a time, so `lock` changes nothing here. */

function exchangeAdd(dst: View, src: View, state: State): Effect[] {
  const old = dst.value;
  const { result, carry, others } = addWithFlags(old, src.value);
  const writes = writeAll(state, [
    [src, old],
    [dst, result],
  ]);
  return [...writes, carry, ...others];
}

/**
 * Memory is written in any case, with what it held where the comparison fails. Of registers only one is written at
 * all: the destination where they are equal, the accumulator where not, so the upper half of the other one stays.
 */
function compareExchange(dst: View, src: View, state: State): Effect[] {
  const w = dst.width;
  const acc: Reg = { ...reg('rax'), width: w };
  const old = dst.value;
  const expected = readReg(acc, state);
  const { carry, others } = subWithFlags(expected, old);
  const same = eq(expected, old);
  const effects: Effect[] = [carry, ...others];
  const rax = state.get('rax');
  const failed = insertReg(rax, acc, old);
  if (dst.operand.kind !== 'reg') {
    effects.unshift(...dst.write(ite(same, src.value, old)), set('rax', ite(same, rax, failed)));
    return effects;
  }
  const r = dst.operand.reg;
  const to = state.get(r.loc);
  const done = insertReg(to, r, src.value);
  if (r.loc === 'rax') effects.unshift(set('rax', ite(same, done, failed)));
  else effects.unshift(set(r.loc, ite(same, done, to)), set('rax', ite(same, rax, failed)));
  return effects;
}

/** `cmpxchg8b` and `cmpxchg16b`: only ZF changes. That 16 bytes must be aligned is not modelled. */
function compareExchangeWide(dst: View, state: State): Effect[] {
  const half = dst.width / 2;
  const part = (loc: string): Reg => ({ ...reg(loc), width: half });
  const old = dst.value;
  const expected = concat(readReg(part('rdx'), state), readReg(part('rax'), state));
  const wanted = concat(readReg(part('rcx'), state), readReg(part('rbx'), state));
  const same = eq(expected, old);
  const kept = (loc: string, value: typeof old): Effect => {
    const before = state.get(loc);
    return set(loc, ite(same, before, insertReg(before, part(loc), value)));
  };
  return [
    ...dst.write(ite(same, wanted, old)),
    kept('rax', low(old, half)),
    kept('rdx', extract(old, dst.width - 1, half)),
    set('zf', same),
  ];
}

const plain: InstDef[] = WIDTHS.flatMap((w) =>
  (
    [
      ['xadd', exchangeAdd, 'rw'],
      ['cmpxchg', compareExchange, 'r'],
    ] as const
  ).flatMap(([mnemonic, f, access]) => [
    inst({
      id: `x64.${mnemonic}.rm_r.${w}`,
      syntax: `${named(mnemonic, w)} {dst}, {src}`,
      operands: { dst: gprM(w, 'rw'), src: gpr(w, access) },
      sem: ({ dst, src }, state) => f(dst, src, state),
      ref: sdm(mnemonic),
    }),
    inst({
      id: `x64.lock_${mnemonic}.m_r.${w}`,
      syntax: `${named(`lock ${mnemonic}`, w)} {dst}, {src}`,
      operands: { dst: mem(w, 'rw'), src: gpr(w, access) },
      sem: ({ dst, src }, state) => f(dst, src, state),
      ref: sdm(mnemonic),
    }),
  ]),
);

const wide: InstDef[] = (['', 'lock '] as const).flatMap((prefix) =>
  ([64, 128] as const).map((w) =>
    inst({
      id: `x64.${prefix.replace(' ', '_')}cmpxchg${w / 8}b.m.${w}`,
      syntax: `${prefix}cmpxchg${w / 8}b {dst}`,
      operands: { dst: mem(w, 'rw') },
      sem: ({ dst }, state) => compareExchangeWide(dst, state),
      ref: sdm('cmpxchg8b/cmpxchg16b'),
      ...(w === 128 ? { feature: 'cx16' } : {}),
    }),
  ),
);

/** `xchg` with memory locks anyway; the prefix may still be written. */
const exchanges: InstDef[] = WIDTHS.flatMap((w) => {
  const exchange = (a: View, b: View, state: State): Effect[] => {
    const x = a.value;
    const y = b.value;
    return writeAll(state, [
      [a, y],
      [b, x],
    ]);
  };
  const shared = { syntax: `${named('lock xchg', w)} {dst}, {src}`, ref: sdm('xchg') };
  return [
    inst({
      id: `x64.lock_xchg.m_r.${w}`,
      operands: { dst: mem(w, 'rw'), src: gpr(w, 'rw') },
      sem: ({ dst, src }, state) => exchange(dst, src, state),
      ...shared,
    }),
    inst({
      id: `x64.lock_xchg.r_m.${w}`,
      operands: { dst: gpr(w, 'rw'), src: mem(w, 'rw') },
      sem: ({ dst, src }, state) => exchange(dst, src, state),
      ...shared,
    }),
  ];
});

export const atomicForms: readonly InstDef[] = [...plain, ...wide, ...exchanges];
