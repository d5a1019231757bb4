// SPDX-License-Identifier: MIT
import { add, and, bv, concat, extract, low, mul, sext, sub, xor, zext } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst } from '../../define.ts';
import { clampSigned, join, lanes2, signedDistance, split, unsignedDistance } from '../../lanes.ts';
import { manual, vectors } from './neon-families.ts';
import { type Arrangement, arrangementOf, scalar, shapeOf, smallArrangements, vec, wholeVec } from './neon-operands.ts';

/** Operations whose result lanes are wider or narrower than their sources', and those that add neighbours. */

type Lane2 = (n: Term, m: Term) => Term;
type Lane3 = (d: Term, n: Term, m: Term) => Term;

const half = (upperHalf: boolean, t: Term): Term => (upperHalf ? extract(t, 127, 64) : low(t, 64));
const widened = (signed: boolean, t: Term): Term => (signed ? sext : zext)(t, 2 * t.width);

interface Lengths {
  readonly name: string;
  readonly wide: Arrangement;
  readonly narrow: Arrangement;
  readonly upperHalf: boolean;
}

/** `name` and `name2` for lanes of the given widths. */
const bothHalves = (name: string, widths: readonly number[]): Lengths[] =>
  widths.flatMap((w) =>
    [false, true].map((upperHalf) => ({
      name: upperHalf ? `${name}2` : name,
      wide: arrangementOf(2 * w, 128),
      narrow: arrangementOf(w, upperHalf ? 128 : 64),
      upperHalf,
    })),
  );

const laneOf = (a: Arrangement): number => shapeOf(a).lane;

/** Wide result of narrow sources: `f` gets lanes of the sources and gives twice their width. */
function long(base: string, widths: readonly number[], f: Lane2): InstDef[] {
  return bothHalves(base, widths).map(({ name, wide, narrow, upperHalf }) =>
    inst({
      id: `a64.${name}.vvv.${narrow}`,
      syntax: `${name} {d}, {n}, {m}`,
      operands: { d: vec(wide, 'w'), n: vec(narrow, 'r'), m: vec(narrow, 'r') },
      sem: ({ d, n, m }) => [d.write(lanes2(laneOf(narrow), half(upperHalf, n.value), half(upperHalf, m.value), f))],
      ref: manual(base),
    }),
  );
}

/** As `long`, onto the old value of the destination. */
function longInto(base: string, widths: readonly number[], f: Lane3): InstDef[] {
  return bothHalves(base, widths).map(({ name, wide, narrow, upperHalf }) =>
    inst({
      id: `a64.${name}.vvv.${narrow}`,
      syntax: `${name} {d}, {n}, {m}`,
      operands: { d: vec(wide, 'rw'), n: vec(narrow, 'r'), m: vec(narrow, 'r') },
      sem: ({ d, n, m }) => {
        const right = split(laneOf(narrow), half(upperHalf, m.value));
        const old = split(laneOf(wide), d.value);
        const left = split(laneOf(narrow), half(upperHalf, n.value));
        return [d.write(join(left.map((x, i) => f(old[i] as Term, x, right[i] as Term))))];
      },
      ref: manual(base),
    }),
  );
}

/** A wide and a narrow source. */
function wideBy(base: string, signed: boolean, f: Lane2): InstDef[] {
  return bothHalves(base, [8, 16, 32]).map(({ name, wide, narrow, upperHalf }) =>
    inst({
      id: `a64.${name}.vvv.${narrow}`,
      syntax: `${name} {d}, {n}, {m}`,
      operands: { d: vec(wide, 'w'), n: vec(wide, 'r'), m: vec(narrow, 'r') },
      sem: ({ d, n, m }) => {
        const right = split(laneOf(narrow), half(upperHalf, m.value));
        return [d.write(join(split(laneOf(wide), n.value).map((x, i) => f(x, widened(signed, right[i] as Term)))))];
      },
      ref: manual(base),
    }),
  );
}

/** The high half of each sum or difference of wide lanes. */
function highHalf(base: string, f: Lane2): InstDef[] {
  const high = (n: Term, m: Term): Term => extract(f(n, m), n.width - 1, n.width / 2);
  return bothHalves(base, [8, 16, 32]).map(({ name, wide, narrow, upperHalf }) =>
    inst({
      id: `a64.${name}.vvv.${narrow}`,
      syntax: `${name} {d}, {n}, {m}`,
      operands: {
        d: upperHalf ? wholeVec(narrow, 'rw') : vec(narrow, 'w'),
        n: vec(wide, 'r'),
        m: vec(wide, 'r'),
      },
      sem: ({ d, n, m }) => {
        const result = lanes2(laneOf(wide), n.value, m.value, high);
        return [d.write(upperHalf ? concat(result, low(d.value, 64)) : result)];
      },
      ref: manual(base),
    }),
  );
}

export const widenedProduct =
  (signed: boolean): Lane2 =>
  (n, m) =>
    mul(widened(signed, n), widened(signed, m));

/** Twice the signed product, saturated. */
export const doubledProduct: Lane2 = (n, m) => {
  const w = 2 * n.width;
  const product = mul(sext(n, w), sext(m, w));
  return clampSigned(concat(product, bv(1, 0)), w);
};

export const saturatedSum: Lane2 = (a, b) => clampSigned(add(sext(a, a.width + 1), sext(b, a.width + 1)), a.width);
export const saturatedDifference: Lane2 = (a, b) =>
  clampSigned(sub(sext(a, a.width + 1), sext(b, a.width + 1)), a.width);

const carrylessProduct: Lane2 = (n, m) => {
  const w = 2 * n.width;
  const wide = zext(n, w);
  return split(1, m)
    .map((b, i) => and(sext(b, w), i === 0 ? wide : concat(low(wide, w - i), bv(i, 0))))
    .reduce(xor);
};

const every = [8, 16, 32];
const letters = [
  ['s', true],
  ['u', false],
] as const;

const lengthening: InstDef[] = letters.flatMap(([letter, signed]) => {
  const product = widenedProduct(signed);
  const distance = (n: Term, m: Term): Term => zext((signed ? signedDistance : unsignedDistance)(n, m), 2 * n.width);
  return [
    ...long(`${letter}mull`, every, product),
    ...longInto(`${letter}mlal`, every, (d, n, m) => add(d, product(n, m))),
    ...longInto(`${letter}mlsl`, every, (d, n, m) => sub(d, product(n, m))),
    ...long(`${letter}addl`, every, (n, m) => add(widened(signed, n), widened(signed, m))),
    ...long(`${letter}subl`, every, (n, m) => sub(widened(signed, n), widened(signed, m))),
    ...long(`${letter}abdl`, every, distance),
    ...longInto(`${letter}abal`, every, (d, n, m) => add(d, distance(n, m))),
    ...wideBy(`${letter}addw`, signed, add),
    ...wideBy(`${letter}subw`, signed, sub),
  ];
});

const doubling: InstDef[] = [
  ...long('sqdmull', [16, 32], doubledProduct),
  ...longInto('sqdmlal', [16, 32], (d, n, m) => saturatedSum(d, doubledProduct(n, m))),
  ...longInto('sqdmlsl', [16, 32], (d, n, m) => saturatedDifference(d, doubledProduct(n, m))),
  ...[16, 32].flatMap((w) => [
    inst({
      id: `a64.sqdmull.fff.${w}`,
      syntax: 'sqdmull {d}, {n}, {m}',
      operands: { d: scalar(2 * w, 'w'), n: scalar(w, 'r'), m: scalar(w, 'r') },
      sem: ({ d, n, m }) => [d.write(doubledProduct(n.value, m.value))],
      ref: manual('sqdmull'),
    }),
    ...(
      [
        ['sqdmlal', saturatedSum],
        ['sqdmlsl', saturatedDifference],
      ] as const
    ).map(([name, f]) =>
      inst({
        id: `a64.${name}.fff.${w}`,
        syntax: `${name} {d}, {n}, {m}`,
        operands: { d: scalar(2 * w, 'rw'), n: scalar(w, 'r'), m: scalar(w, 'r') },
        sem: ({ d, n, m }) => [d.write(f(d.value, doubledProduct(n.value, m.value)))],
        ref: manual(name),
      }),
    ),
  ]),
];

const rounding =
  (f: Lane2): Lane2 =>
  (n, m) =>
    add(f(n, m), bv(n.width, 1n << BigInt(n.width / 2 - 1)));

/** `saddlp`: sums of neighbours, twice as wide; `sadalp` adds them to the destination. */
const neighbours: InstDef[] = letters.flatMap(([letter, signed]) =>
  vectors(smallArrangements).flatMap((p) => {
    const wide = arrangementOf(2 * p.lane, p.bits);
    const pair = (t: Term): Term =>
      add(widened(signed, low(t, p.lane)), widened(signed, extract(t, 2 * p.lane - 1, p.lane)));
    return [
      inst({
        id: `a64.${letter}addlp.vv.${p.suffix}`,
        syntax: `${letter}addlp {d}, {n}`,
        operands: { d: vec(wide, 'w'), n: p.kind('r') },
        sem: ({ d, n }) => [d.write(join(split(2 * p.lane, n.value).map(pair)))],
        ref: manual(`${letter}addlp`),
      }),
      inst({
        id: `a64.${letter}adalp.vv.${p.suffix}`,
        syntax: `${letter}adalp {d}, {n}`,
        operands: { d: vec(wide, 'rw'), n: p.kind('r') },
        sem: ({ d, n }) => [d.write(lanes2(2 * p.lane, d.value, n.value, (x, y) => add(x, pair(y))))],
        ref: manual(`${letter}adalp`),
      }),
    ];
  }),
);

export const neonWiden = [
  ...lengthening,
  ...doubling,
  ...long('pmull', [8], carrylessProduct),
  ...highHalf('addhn', add),
  ...highHalf('subhn', sub),
  ...highHalf('raddhn', rounding(add)),
  ...highHalf('rsubhn', rounding(sub)),
  ...neighbours,
];
