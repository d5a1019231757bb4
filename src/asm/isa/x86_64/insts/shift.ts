// SPDX-License-Identifier: MIT
import {
  and,
  ashr,
  bit,
  bv,
  concat,
  eq,
  extract,
  isConst,
  ite,
  low,
  lshr,
  msb,
  or,
  rotl,
  rotr,
  shl,
  sub,
  ult,
  urem,
  xor,
  zext,
} from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst, type View } from '../../define.ts';
import { type Effect, type State, set } from '../../effect.ts';
import { resultFlags } from '../flags.ts';
import { gpr, gprM, shiftCount } from '../operands.ts';
import { named, one, sdm, WIDE, WIDTHS } from './form.ts';

/**
 * Shifts and rotates. The count is masked to 5 bits (6 for 64-bit operands); a masked count of 0 leaves all flags as
 * they are, and OF is defined for a count of 1 only (Intel SDM vol. 2, SAL/SAR/SHL/SHR and RCL/RCR/ROL/ROR).
 */

/** The masked count, 8 bits wide. */
function masked(count: Term, w: number): Term {
  return and(count, bv(8, w === 64 ? 63 : 31));
}

/** `count` at `w` bits. */
const at = (count: Term, w: number): Term => (isConst(count) ? bv(w, count.value) : zext(count, w));

/** What a flag becomes: kept for a count of 0; `first` for 1; `later` (or undefined) for more. */
function byCount(flag: string, count: Term, first: Term, later: Term | undefined, state: State): Effect {
  if (isConst(count) && count.value === 1n) return set(flag, first);
  const many = later ?? state.undefined(1, flag);
  const some = first === many ? first : ite(eq(count, bv(8, 1)), first, many);
  return set(flag, ite(eq(count, bv(8, 0)), state.get(flag), some));
}

/** The flags of a shift that made `result`: CF as given, OF for a count of 1 as given, AF undefined. */
function shiftFlags(count: Term, result: Term, cf: Term, of: Term, state: State): Effect[] {
  if (isConst(count) && count.value === 0n) return [];
  const same = (flag: string, value: Term): Effect => byCount(flag, count, value, value, state);
  const af = state.undefined(1, 'af');
  return [
    same('cf', cf),
    byCount('of', count, of, undefined, state),
    same('af', af),
    ...resultFlags(result).map((e) => (e.kind === 'set' ? same(e.loc, e.value) : e)),
  ];
}

/** CF is undefined where the count reaches the operand's width (only possible for 8 and 16 bits). */
function definedBelow(count: Term, w: number, cf: Term, state: State): Term {
  if (w >= 32 || (isConst(count) && count.value < w)) return cf;
  return ite(ult(count, bv(8, w)), cf, state.undefined(1, 'cf', cf));
}

type Shift = (dst: View, count: Term, state: State) => Effect[];

const shiftLeft: Shift = (dst, count8, state) => {
  const w = dst.width;
  const a = dst.value;
  const count = masked(count8, w);
  const n = at(count, w);
  const result = shl(a, n);
  const out = msb(shl(a, sub(n, one(w))));
  const flags = shiftFlags(count, result, definedBelow(count, w, out, state), xor(msb(result), out), state);
  return [...dst.write(result), ...flags];
};

const shiftRight: Shift = (dst, count8, state) => {
  const w = dst.width;
  const a = dst.value;
  const count = masked(count8, w);
  const n = at(count, w);
  const result = lshr(a, n);
  const out = low(lshr(a, sub(n, one(w))), 1);
  return [...dst.write(result), ...shiftFlags(count, result, definedBelow(count, w, out, state), msb(a), state)];
};

const shiftArithmetic: Shift = (dst, count8, state) => {
  const w = dst.width;
  const a = dst.value;
  const count = masked(count8, w);
  const n = at(count, w);
  const result = ashr(a, n);
  const out = low(ashr(a, sub(n, one(w))), 1);
  return [...dst.write(result), ...shiftFlags(count, result, out, bv(1, 0), state)];
};

/** Rotates touch only CF and OF. */
function rotateFlags(count: Term, cf: Term, of: Term, state: State): Effect[] {
  if (isConst(count) && count.value === 0n) return [];
  return [byCount('cf', count, cf, cf, state), byCount('of', count, of, undefined, state)];
}

const rotateLeft: Shift = (dst, count8, state) => {
  const w = dst.width;
  const a = dst.value;
  const count = masked(count8, w);
  const result = rotl(a, count);
  const cf = low(result, 1);
  return [...dst.write(result), ...rotateFlags(count, cf, xor(msb(result), cf), state)];
};

const rotateRight: Shift = (dst, count8, state) => {
  const w = dst.width;
  const a = dst.value;
  const count = masked(count8, w);
  const result = rotr(a, count);
  const cf = msb(result);
  return [...dst.write(result), ...rotateFlags(count, cf, xor(cf, bit(result, w - 2)), state)];
};

/**
 * Through the carry: a rotation of `w + 1` bits, in which CF stands above the operand. That is a double shift, into which
 * come CF and then the bits that have left on the other side.
 */
const throughCarry =
  (left: boolean): Shift =>
  (dst, count8, state) => {
    const w = dst.width;
    const a = dst.value;
    const cf = state.get('cf');
    const count = masked(count8, w);
    const turns = w + 1;
    const turn = w >= 32 ? count : isConst(count) ? bv(8, count.value % BigInt(turns)) : urem(count, bv(8, turns));
    const n = at(turn, w);
    const rest = sub(bv(w, w), n);
    const result = left
      ? or(shl(a, n), lshr(concat(cf, extract(a, w - 1, 1)), rest))
      : or(lshr(a, n), shl(concat(low(a, w - 1), cf), rest));
    const before = sub(n, one(w));
    const out = left ? msb(shl(a, before)) : low(lshr(a, before), 1);
    // Less than 32 bits may be turned all the way round.
    const carry = w >= 32 ? out : ite(eq(turn, bv(8, 0)), cf, out);
    const of = left ? xor(msb(result), carry) : xor(msb(result), bit(result, w - 2));
    return [...dst.write(result), ...rotateFlags(count, carry, of, state)];
  };

const SHIFTS: readonly (readonly [string, readonly string[], Shift])[] = [
  ['shl', ['sal'], shiftLeft],
  ['shr', [], shiftRight],
  ['sar', [], shiftArithmetic],
  ['rol', [], rotateLeft],
  ['ror', [], rotateRight],
  ['rcl', [], throughCarry(true)],
  ['rcr', [], throughCarry(false)],
];

const single: InstDef[] = SHIFTS.flatMap(([mnemonic, others, f]) =>
  WIDTHS.flatMap((w) => {
    const shared = { aliases: others.map((o) => named(o, w)), ref: sdm(mnemonic) };
    return [
      inst({
        id: `x64.${mnemonic}.rm_1.${w}`,
        syntax: `${named(mnemonic, w)} {dst}`,
        operands: { dst: gprM(w, 'rw') },
        sem: ({ dst }, state) => f(dst, bv(8, 1), state),
        ...shared,
      }),
      inst({
        id: `x64.${mnemonic}.rm_count.${w}`,
        syntax: `${named(mnemonic, w)} {dst}, {count}`,
        operands: { dst: gprM(w, 'rw'), count: shiftCount() },
        sem: ({ dst, count }, state) => f(dst, count.value, state),
        ...shared,
      }),
    ];
  }),
);

function shiftedPair(left: boolean, a: Term, b: Term, n: Term): Term {
  const rest = sub(bv(a.width, a.width), n);
  return left ? or(shl(a, n), lshr(b, rest)) : or(lshr(a, n), shl(b, rest));
}

/** The same for 16 bits, whose count of up to 31 may be more than they are: both beside each other, shifted there. */
function shiftedWords(left: boolean, a: Term, b: Term, n: Term): Term {
  return left ? extract(shl(concat(a, b), n), 31, 16) : low(lshr(concat(b, a), n), 16);
}

/** `shld` and `shrd`: a 16-bit operand shifted by more than 16 leaves result and flags undefined. */
function doubleShift(left: boolean, dst: View, src: View, given: Term, state: State): Effect[] {
  const w = dst.width;
  const a = dst.value;
  const b = src.value;
  const count = masked(given, w);
  const n = at(count, w);
  const exact = w === 16 ? shiftedWords(left, a, b, at(count, 32)) : shiftedPair(left, a, b, n);
  const possible = w === 16 && !(isConst(count) && count.value <= w);
  const undefinedIf = (value: Term, why: string): Term =>
    possible ? ite(ult(bv(8, w), count), state.undefined(value.width, why, value), value) : value;
  const result = undefinedIf(exact, left ? 'shld' : 'shrd');
  const before = sub(n, one(w));
  const out = left ? msb(shl(a, before)) : low(lshr(a, before), 1);
  const of = xor(msb(a), msb(exact));
  return [...dst.write(result), ...shiftFlags(count, result, undefinedIf(out, 'cf'), of, state)];
}

function double(mnemonic: 'shld' | 'shrd', w: number): InstDef[] {
  const left = mnemonic === 'shld';
  return [
    inst({
      id: `x64.${mnemonic}.rm_r_count.${w}`,
      syntax: `${named(mnemonic, w)} {dst}, {src}, {count}`,
      operands: { dst: gprM(w, 'rw'), src: gpr(w, 'r'), count: shiftCount() },
      sem: ({ dst, src, count }, state) => doubleShift(left, dst, src, count.value, state),
      ref: sdm(mnemonic),
    }),
    // GNU as takes a missing count for `cl`.
    inst({
      id: `x64.${mnemonic}.rm_r.${w}`,
      syntax: `${named(mnemonic, w)} {dst}, {src}`,
      operands: { dst: gprM(w, 'rw'), src: gpr(w, 'r') },
      sem: ({ dst, src }, state) => doubleShift(left, dst, src, low(state.get('rcx'), 8), state),
      ref: sdm(mnemonic),
    }),
  ];
}

export const shiftForms: readonly InstDef[] = [
  ...single,
  ...WIDE.flatMap((w) => [...double('shld', w), ...double('shrd', w)]),
];
