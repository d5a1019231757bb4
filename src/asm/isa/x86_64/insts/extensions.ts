// SPDX-License-Identifier: MIT
import {
  add,
  and,
  ashr,
  bv,
  carry,
  clz,
  concat,
  ctz,
  eq,
  extract,
  ite,
  low,
  lshr,
  msb,
  mul,
  neg,
  no,
  not,
  popcount,
  rotr,
  sext,
  shl,
  sub,
  ult,
  xor,
  zext,
} from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst, type View } from '../../define.ts';
import { type Effect, type State, set } from '../../effect.ts';
import { undefinedFlags } from '../flags.ts';
import { gpr, gprM, imm8, mem, writeAll } from '../operands.ts';
import { named, one, sdm, WIDE, zero } from './form.ts';

/** Integer instructions beyond the baseline: POPCNT, LZCNT, BMI1, BMI2, MOVBE, ADX and CRC32. */

const LONG = [32, 64] as const;

/** The number of ones; all flags but ZF are cleared. */
const population = (w: number): InstDef =>
  inst({
    id: `x64.popcnt.r_rm.${w}`,
    syntax: `${named('popcnt', w)} {dst}, {src}`,
    operands: { dst: gpr(w, 'w'), src: gprM(w, 'r') },
    sem: ({ dst, src }) => {
      const value = src.value;
      const cleared = ['cf', 'of', 'sf', 'af', 'pf'].map((f) => set(f, no()));
      return [...dst.write(popcount(value)), set('zf', eq(value, zero(w))), ...cleared];
    },
    ref: sdm('popcnt'),
    feature: 'popcnt',
  });

/** Zeros from one end; the operand's width where there are no ones, which CF tells. */
const zeros = (mnemonic: 'lzcnt' | 'tzcnt', w: number): InstDef =>
  inst({
    id: `x64.${mnemonic}.r_rm.${w}`,
    syntax: `${named(mnemonic, w)} {dst}, {src}`,
    operands: { dst: gpr(w, 'w'), src: gprM(w, 'r') },
    sem: ({ dst, src }, state) => {
      const value = src.value;
      const count = mnemonic === 'lzcnt' ? clz(value) : ctz(value);
      return [
        ...dst.write(count),
        set('cf', eq(value, zero(w))),
        set('zf', eq(count, zero(w))),
        ...undefinedFlags(['of', 'sf', 'pf', 'af'], state),
      ];
    },
    ref: sdm(mnemonic),
    feature: mnemonic === 'lzcnt' ? 'lzcnt' : 'bmi1',
  });

function reversed(a: Term): Term {
  return concat(...Array.from({ length: a.width / 8 }, (_, i) => extract(a, 8 * i + 7, 8 * i)));
}

const swappedMoves = (w: number): InstDef[] => [
  inst({
    id: `x64.movbe.r_m.${w}`,
    syntax: `${named('movbe', w)} {dst}, {src}`,
    operands: { dst: gpr(w, 'w'), src: mem(w, 'r') },
    sem: ({ dst, src }) => dst.write(reversed(src.value)),
    ref: sdm('movbe'),
    feature: 'movbe',
  }),
  inst({
    id: `x64.movbe.m_r.${w}`,
    syntax: `${named('movbe', w)} {dst}, {src}`,
    operands: { dst: mem(w, 'w'), src: gpr(w, 'r') },
    sem: ({ dst, src }) => dst.write(reversed(src.value)),
    ref: sdm('movbe'),
    feature: 'movbe',
  }),
];

/** ZF and SF of a result; OF is cleared, CF as given, AF and PF are undefined. */
function bmiFlags(result: Term, cf: Term, state: State): Effect[] {
  return [
    set('zf', eq(result, zero(result.width))),
    set('sf', msb(result)),
    set('of', no()),
    set('cf', cf),
    ...undefinedFlags(['af', 'pf'], state),
  ];
}

/** The lowest one of a value: alone, removed, and as a mask up to it. CF tells whether the source is zero or not. */
const LOWEST: readonly (readonly [string, (a: Term) => Term, boolean])[] = [
  ['blsi', (a) => and(neg(a), a), false],
  ['blsr', (a) => and(sub(a, one(a.width)), a), true],
  ['blsmsk', (a) => xor(sub(a, one(a.width)), a), true],
];

const lowest = (w: number): InstDef[] =>
  LOWEST.map(([mnemonic, f, carryIfZero]) =>
    inst({
      id: `x64.${mnemonic}.r_rm.${w}`,
      syntax: `${named(mnemonic, w)} {dst}, {src}`,
      operands: { dst: gpr(w, 'w'), src: gprM(w, 'r') },
      sem: ({ dst, src }, state) => {
        const value = src.value;
        const none = eq(value, zero(w));
        const result = f(value);
        const flags = bmiFlags(result, carryIfZero ? none : not(none), state);
        // The mask of `blsmsk` is never zero, and its ZF is cleared.
        return [...dst.write(result), ...flags];
      },
      ref: sdm(mnemonic),
      feature: 'bmi1',
    }),
  );

const three = (
  mnemonic: string,
  w: number,
  feature: string,
  sem: (dst: View, a: View, b: View, state: State) => Effect[],
  order: '{dst}, {a}, {b}' | '{dst}, {b}, {a}',
): InstDef =>
  inst({
    id: `x64.${mnemonic}.r_r_rm.${w}`,
    syntax: `${named(mnemonic, w)} ${order}`,
    operands: { dst: gpr(w, 'w'), a: gpr(w, 'r'), b: gprM(w, 'r') },
    sem: ({ dst, a, b }, state) => sem(dst, a, b, state),
    ref: sdm(mnemonic),
    feature,
  });

/** Shifts that take their count, modulo the width, from any register and leave the flags alone. */
const countedShifts = (w: number): InstDef[] =>
  (
    [
      ['shlx', shl],
      ['shrx', lshr],
      ['sarx', ashr],
    ] as const
  ).map(([mnemonic, f]) =>
    three(
      mnemonic,
      w,
      'bmi2',
      (dst, count, src) => dst.write(f(src.value, and(count.value, bv(w, w - 1)))),
      '{dst}, {b}, {a}',
    ),
  );

/** The low `count` bits of a value; all where the count is the width or more. Targets shift modulo the width. */
function lowBits(value: Term, count: Term): Term {
  const w = value.width;
  const top = bv(w, w - 1);
  return ite(ult(top, count), value, and(value, sub(shl(one(w), and(count, top)), one(w))));
}

const others = (w: number): InstDef[] => [
  three(
    'andn',
    w,
    'bmi1',
    (dst, a, b, state) => {
      const result = and(not(a.value), b.value);
      return [...dst.write(result), ...bmiFlags(result, no(), state)];
    },
    '{dst}, {a}, {b}',
  ),
  three(
    'bzhi',
    w,
    'bmi2',
    (dst, index, src, state) => {
      const from = zext(low(index.value, 8), w);
      const beyond = ult(bv(w, w - 1), from);
      const result = lowBits(src.value, from);
      return [...dst.write(result), ...bmiFlags(result, beyond, state)];
    },
    '{dst}, {b}, {a}',
  ),
  three(
    'bextr',
    w,
    'bmi1',
    (dst, control, src, state) => {
      const byte = (n: number): Term => zext(extract(control.value, 8 * n + 7, 8 * n), w);
      const start = byte(0);
      const moved = ite(ult(bv(w, w - 1), start), zero(w), lshr(src.value, and(start, bv(w, w - 1))));
      const result = lowBits(moved, byte(1));
      // SF is undefined, unlike that of the others.
      return [
        ...dst.write(result),
        set('zf', eq(result, zero(w))),
        set('of', no()),
        set('cf', no()),
        ...undefinedFlags(['sf', 'af', 'pf'], state),
      ];
    },
    '{dst}, {b}, {a}',
  ),
  inst({
    id: `x64.rorx.r_rm_i.${w}`,
    syntax: `${named('rorx', w)} {dst}, {src}, {imm}`,
    operands: { dst: gpr(w, 'w'), src: gprM(w, 'r'), imm: imm8() },
    sem: ({ dst, src, imm }) => dst.write(rotr(src.value, imm.value)),
    ref: sdm('rorx'),
    feature: 'bmi2',
  }),
  inst({
    id: `x64.mulx.r_r_rm.${w}`,
    syntax: `${named('mulx', w)} {high}, {low}, {src}`,
    operands: { high: gpr(w, 'w'), low: gpr(w, 'w'), src: gprM(w, 'r') },
    // Where both destinations are the same register, the high half stays.
    sem: ({ high, low: lower, src }, state) => {
      const a = low(state.get('rdx'), w);
      const b = src.value;
      const product = mul(zext(a, 2 * w), zext(b, 2 * w));
      return writeAll(state, [
        [lower, mul(a, b)],
        [high, extract(product, 2 * w - 1, w)],
      ]);
    },
    ref: sdm('mulx'),
    feature: 'bmi2',
  }),
  ...(
    [
      ['adcx', 'cf'],
      ['adox', 'of'],
    ] as const
  ).map(([mnemonic, flag]) =>
    inst({
      id: `x64.${mnemonic}.r_rm.${w}`,
      syntax: `${named(mnemonic, w)} {dst}, {src}`,
      operands: { dst: gpr(w, 'rw'), src: gprM(w, 'r') },
      sem: ({ dst, src }, state) => {
        const a = dst.value;
        const b = src.value;
        const cin = state.get(flag);
        return [...dst.write(add(add(a, b), zext(cin, w))), set(flag, carry(a, b, cin))];
      },
      ref: sdm(mnemonic),
      feature: 'adx',
    }),
  ),
];

/** CRC-32C (polynomial 0x1edc6f41), lowest bit first, with the bit-reversed polynomial; neither end is inverted. */
function checksum(crc: Term, data: Term): Term {
  if (data.width > 32) return checksum(checksum(crc, low(data, 32)), extract(data, 63, 32));
  let state = xor(crc, zext(data, 32));
  for (let i = 0; i < data.width; i++) {
    state = xor(lshr(state, bv(32, 1)), and(sext(low(state, 1), 32), bv(32, 0x82f63b78)));
  }
  return state;
}

/** A 64-bit destination gets zeros in its upper half, as a 32-bit one does. */
const checksums = (
  [
    [32, 8],
    [32, 16],
    [32, 32],
    [64, 8],
    [64, 64],
  ] as const
).map(([to, w]) =>
  inst({
    id: `x64.crc32.${to === 32 ? 'r' : 'r64'}_rm.${w}`,
    syntax: `${named('crc32', w)} {dst}, {src}`,
    operands: { dst: gpr(to, 'rw'), src: gprM(w, 'r') },
    sem: ({ dst, src }) => dst.write(zext(checksum(low(dst.value, 32), src.value), to)),
    ref: sdm('crc32'),
    feature: 'sse4.2',
  }),
);

export const extensionForms: readonly InstDef[] = [
  ...checksums,
  ...WIDE.flatMap((w) => [population(w), zeros('lzcnt', w), zeros('tzcnt', w), ...swappedMoves(w)]),
  ...LONG.flatMap((w) => [...lowest(w), ...countedShifts(w), ...others(w)]),
];
