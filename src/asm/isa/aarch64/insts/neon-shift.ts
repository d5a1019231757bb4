// SPDX-License-Identifier: MIT
import {
  add,
  and,
  ashr,
  bv,
  concat,
  eq,
  extract,
  ite,
  low,
  lshr,
  mask,
  msb,
  neg,
  not,
  or,
  sext,
  shl,
  zext,
} from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst } from '../../define.ts';
import { clampSigned, clampSignedToUnsigned, clampUnsigned, lanes, roundedShift } from '../../lanes.ts';
import { numberOf } from '../../operand-kinds.ts';
import { binary, manual, scalars, shift, shiftInto, vectors } from './neon-families.ts';
import { arrangementOf, integerArrangements, range, scalar, vec, wholeVec } from './neon-operands.ts';

/** Shifts of lanes, by immediates and by lanes, and the shifts that narrow. */

const all = [...vectors(integerArrangements), ...scalars([64])];
const withScalars = [...vectors(integerArrangements), ...scalars([8, 16, 32, 64])];

/** The value a saturating operation gives when `t` is too far up or down. */
const saturated = (signed: boolean, t: Term): Term =>
  signed
    ? ite(msb(t), bv(t.width, mask(t.width - 1) + 1n), bv(t.width, mask(t.width - 1)))
    : bv(t.width, mask(t.width));

/** `n` shifted left by `count`, saturated to the range of a lane. */
function saturatingLeft(signed: boolean, n: Term, count: Term): Term {
  const shifted = shl(n, count);
  const back = signed ? ashr(shifted, count) : lshr(shifted, count);
  return ite(eq(back, n), shifted, saturated(signed, n));
}

/** As a signed number, shifted left and clamped to the unsigned range. */
function saturatingLeftToUnsigned(n: Term, count: Term): Term {
  return ite(msb(n), bv(n.width, 0), saturatingLeft(false, n, count));
}

/** A shift by the signed low byte of `by`: left where it is positive, right where it is negative. */
function byRegister(signed: boolean, rounded: boolean, saturating: boolean) {
  return (n: Term, by: Term): Term => {
    const count = low(by, 8);
    const leftCount = zext(count, n.width);
    const rightCount = zext(neg(count), n.width);
    const left = saturating ? saturatingLeft(signed, n, leftCount) : shl(n, leftCount);
    const right = rounded ? roundedShift(signed, n, rightCount) : (signed ? ashr : lshr)(n, rightCount);
    return ite(msb(count), right, left);
  };
}

/** `n` with its low bits below `count` taken from `d`, or its high bits, as the inserting shifts do. */
function insertLeft(d: Term, n: Term, count: Term): Term {
  const kept = not(shl(bv(d.width, -1), count));
  return or(and(d, kept), shl(n, count));
}
function insertRight(d: Term, n: Term, count: Term): Term {
  const kept = not(lshr(bv(d.width, -1), count));
  return or(and(d, kept), lshr(n, count));
}

const shifts = [
  ...shift('shl', 'left', all, shl),
  ...shift('sshr', 'right', all, ashr),
  ...shift('ushr', 'right', all, lshr),
  ...shift('srshr', 'right', all, (n, count) => roundedShift(true, n, count)),
  ...shift('urshr', 'right', all, (n, count) => roundedShift(false, n, count)),
  ...shiftInto('ssra', 'right', all, (d, n, count) => add(d, ashr(n, count))),
  ...shiftInto('usra', 'right', all, (d, n, count) => add(d, lshr(n, count))),
  ...shiftInto('srsra', 'right', all, (d, n, count) => add(d, roundedShift(true, n, count))),
  ...shiftInto('ursra', 'right', all, (d, n, count) => add(d, roundedShift(false, n, count))),
  ...shiftInto('sli', 'left', all, insertLeft),
  ...shiftInto('sri', 'right', all, insertRight),
  ...shift('sqshl', 'left', withScalars, (n, count) => saturatingLeft(true, n, count)),
  ...shift('uqshl', 'left', withScalars, (n, count) => saturatingLeft(false, n, count)),
  ...shift('sqshlu', 'left', withScalars, saturatingLeftToUnsigned),
  ...binary('sshl', all, byRegister(true, false, false)),
  ...binary('ushl', all, byRegister(false, false, false)),
  ...binary('srshl', all, byRegister(true, true, false)),
  ...binary('urshl', all, byRegister(false, true, false)),
  ...binary('sqshl', withScalars, byRegister(true, false, true)),
  ...binary('uqshl', withScalars, byRegister(false, false, true)),
  ...binary('sqrshl', withScalars, byRegister(true, true, true)),
  ...binary('uqrshl', withScalars, byRegister(false, true, true)),
];

/** `sxtl`, `sshll` and their kin: lanes of one half, extended and shifted left. */
function lengthening(signed: boolean, from: number, upperHalf: boolean): InstDef[] {
  const wide = arrangementOf(2 * from, 128);
  const narrow = arrangementOf(from, upperHalf ? 128 : 64);
  const two = upperHalf ? '2' : '';
  const letter = signed ? 's' : 'u';
  const extend = signed ? sext : zext;
  const half = (t: Term): Term => (upperHalf ? extract(t, 127, 64) : t);
  const shifting = `${letter}shll${two}`;
  const plain = `${letter}xtl${two}`;
  return [
    inst({
      id: `a64.${shifting}.vvi.${narrow}`,
      syntax: `${shifting} {d}, {n}, {count}`,
      operands: { d: vec(wide, 'w'), n: vec(narrow, 'r'), count: range(0, from - 1) },
      sem: ({ d, n, count }) => {
        const by = bv(2 * from, numberOf(count));
        return [d.write(lanes(from, half(n.value), (x) => shl(extend(x, 2 * from), by)))];
      },
      ref: manual(shifting),
    }),
    inst({
      id: `a64.${plain}.vv.${narrow}`,
      syntax: `${plain} {d}, {n}`,
      operands: { d: vec(wide, 'w'), n: vec(narrow, 'r') },
      sem: ({ d, n }) => [d.write(lanes(from, half(n.value), (x) => extend(x, 2 * from)))],
      ref: manual(plain),
    }),
  ];
}

/** `shll`: by exactly the width of a lane. */
function fullLengthening(from: number, upperHalf: boolean): InstDef {
  const narrow = arrangementOf(from, upperHalf ? 128 : 64);
  const name = upperHalf ? 'shll2' : 'shll';
  return inst({
    id: `a64.${name}.vvi.${narrow}`,
    syntax: `${name} {d}, {n}, {count}`,
    operands: { d: vec(arrangementOf(2 * from, 128), 'w'), n: vec(narrow, 'r'), count: range(from, from) },
    sem: ({ d, n }) => [
      d.write(lanes(from, upperHalf ? extract(n.value, 127, 64) : n.value, (x) => concat(x, bv(from, 0)))),
    ],
    ref: manual('shll'),
  });
}

/** A narrowing of each lane: `f` gives half the width. The `2` form keeps the lower half of the destination. */
function narrowing(name: string, scalarToo: boolean, f: (n: Term) => Term): InstDef[] {
  return [8, 16, 32].flatMap((to) => {
    const wide = arrangementOf(2 * to, 128);
    const forms: InstDef[] = [
      inst({
        id: `a64.${name}.vv.${arrangementOf(to, 64)}`,
        syntax: `${name} {d}, {n}`,
        operands: { d: vec(arrangementOf(to, 64), 'w'), n: vec(wide, 'r') },
        sem: ({ d, n }) => [d.write(lanes(2 * to, n.value, f))],
        ref: manual(name),
      }),
      inst({
        id: `a64.${name}2.vv.${arrangementOf(to, 128)}`,
        syntax: `${name}2 {d}, {n}`,
        operands: { d: wholeVec(arrangementOf(to, 128), 'rw'), n: vec(wide, 'r') },
        sem: ({ d, n }) => [d.write(concat(lanes(2 * to, n.value, f), low(d.value, 64)))],
        ref: manual(name),
      }),
    ];
    if (scalarToo) {
      forms.push(
        inst({
          id: `a64.${name}.ff.${to}`,
          syntax: `${name} {d}, {n}`,
          operands: { d: scalar(to, 'w'), n: scalar(2 * to, 'r') },
          sem: ({ d, n }) => [d.write(f(n.value))],
          ref: manual(name),
        }),
      );
    }
    return forms;
  });
}

/** As `narrowing`, after a shift right by an immediate. */
function narrowingShift(name: string, scalarToo: boolean, f: (n: Term, count: Term) => Term): InstDef[] {
  return [8, 16, 32].flatMap((to) => {
    const wide = arrangementOf(2 * to, 128);
    const count = range(1, to);
    const forms: InstDef[] = [
      inst({
        id: `a64.${name}.vvi.${arrangementOf(to, 64)}`,
        syntax: `${name} {d}, {n}, {count}`,
        operands: { d: vec(arrangementOf(to, 64), 'w'), n: vec(wide, 'r'), count },
        sem: (v) => [v.d.write(lanes(2 * to, v.n.value, (x) => f(x, bv(2 * to, numberOf(v.count)))))],
        ref: manual(name),
      }),
      inst({
        id: `a64.${name}2.vvi.${arrangementOf(to, 128)}`,
        syntax: `${name}2 {d}, {n}, {count}`,
        operands: { d: wholeVec(arrangementOf(to, 128), 'rw'), n: vec(wide, 'r'), count },
        sem: (v) => {
          const narrowed = lanes(2 * to, v.n.value, (x) => f(x, bv(2 * to, numberOf(v.count))));
          return [v.d.write(concat(narrowed, low(v.d.value, 64)))];
        },
        ref: manual(name),
      }),
    ];
    if (scalarToo) {
      forms.push(
        inst({
          id: `a64.${name}.ffi.${to}`,
          syntax: `${name} {d}, {n}, {count}`,
          operands: { d: scalar(to, 'w'), n: scalar(2 * to, 'r'), count },
          sem: (v) => [v.d.write(f(v.n.value, bv(2 * to, numberOf(v.count))))],
          ref: manual(name),
        }),
      );
    }
    return forms;
  });
}

const half = (t: Term): number => t.width / 2;
const rounded = (signed: boolean) => (n: Term, count: Term) => roundedShift(signed, n, count);

export const neonShift = [
  ...shifts,
  ...[8, 16, 32].flatMap((from) =>
    [false, true].flatMap((upperHalf) => [
      ...lengthening(true, from, upperHalf),
      ...lengthening(false, from, upperHalf),
      fullLengthening(from, upperHalf),
    ]),
  ),
  ...narrowing('xtn', false, (n) => low(n, half(n))),
  ...narrowing('sqxtn', true, (n) => clampSigned(n, half(n))),
  ...narrowing('uqxtn', true, (n) => clampUnsigned(n, half(n))),
  ...narrowing('sqxtun', true, (n) => clampSignedToUnsigned(n, half(n))),
  ...narrowingShift('shrn', false, (n, count) => low(lshr(n, count), half(n))),
  ...narrowingShift('rshrn', false, (n, count) => low(rounded(false)(n, count), half(n))),
  ...narrowingShift('sqshrn', true, (n, count) => clampSigned(ashr(n, count), half(n))),
  ...narrowingShift('uqshrn', true, (n, count) => clampUnsigned(lshr(n, count), half(n))),
  ...narrowingShift('sqshrun', true, (n, count) => clampSignedToUnsigned(ashr(n, count), half(n))),
  ...narrowingShift('sqrshrn', true, (n, count) => clampSigned(rounded(true)(n, count), half(n))),
  ...narrowingShift('uqrshrn', true, (n, count) => clampUnsigned(rounded(false)(n, count), half(n))),
  ...narrowingShift('sqrshrun', true, (n, count) => clampSignedToUnsigned(rounded(true)(n, count), half(n))),
];
