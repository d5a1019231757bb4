// SPDX-License-Identifier: MIT
import { add, extract, low, mul, sub } from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import { type InstDef, inst } from '../../define.ts';
import { join, lanes, lanes2, split } from '../../lanes.ts';
import { doubledHigh } from './neon-arith.ts';
import { manual, type Place, scalars, vectors } from './neon-families.ts';
import { arrangementOf, lane, scalar, vec } from './neon-operands.ts';
import { doubledProduct, saturatedDifference, saturatedSum, widenedProduct } from './neon-widen.ts';

/** Integer products by one lane of the last operand. */

const places = vectors(['4h', '8h', '2s', '4s']);
const widths = [16, 32] as const;

/** A 16-bit element can only be of v0 to v15. */
const element = (width: number) => (width === 16 ? lane('h', 'r', 'lowHalf') : lane('s', 'r'));

const same = (name: string, where: readonly Place[], f: (n: Term, m: Term) => Term): InstDef[] =>
  where.map((p) =>
    inst({
      id: `a64.${name}.${p.letter}${p.letter}e.${p.suffix}`,
      syntax: `${name} {d}, {n}, {m}`,
      operands: { d: p.kind('w'), n: p.kind('r'), m: element(p.lane) },
      sem: ({ d, n, m }) => {
        const by = m.value;
        return [d.write(lanes(p.lane, n.value, (x) => f(x, by)))];
      },
      ref: manual(`${name} (by element)`),
    }),
  );

const sameInto = (name: string, f: (d: Term, n: Term, m: Term) => Term): InstDef[] =>
  places.map((p) =>
    inst({
      id: `a64.${name}.vve.${p.suffix}`,
      syntax: `${name} {d}, {n}, {m}`,
      operands: { d: p.kind('rw'), n: p.kind('r'), m: element(p.lane) },
      sem: ({ d, n, m }) => {
        const by = m.value;
        return [d.write(lanes2(p.lane, d.value, n.value, (x, y) => f(x, y, by)))];
      },
      ref: manual(`${name} (by element)`),
    }),
  );

/** A result twice as wide, from either half of `n`. `f` gets the old lane, which only the `into` forms look at. */
function long(base: string, into: boolean, f: (d: Term, n: Term, m: Term) => Term): InstDef[] {
  return widths.flatMap((w) =>
    [false, true].map((upperHalf) => {
      const name = upperHalf ? `${base}2` : base;
      const narrow = arrangementOf(w, upperHalf ? 128 : 64);
      return inst({
        id: `a64.${name}.vve.${narrow}`,
        syntax: `${name} {d}, {n}, {m}`,
        operands: { d: vec(arrangementOf(2 * w, 128), into ? 'rw' : 'w'), n: vec(narrow, 'r'), m: element(w) },
        sem: ({ d, n, m }) => {
          const by = m.value;
          const source = upperHalf ? extract(n.value, 127, 64) : low(n.value, 64);
          const old = into ? split(2 * w, d.value) : [];
          return [d.write(join(split(w, source).map((x, i) => f(old[i] ?? x, x, by))))];
        },
        ref: manual(`${base} (by element)`),
      });
    }),
  );
}

function longScalar(name: string, into: boolean, f: (d: Term, n: Term, m: Term) => Term): InstDef[] {
  return widths.map((w) =>
    inst({
      id: `a64.${name}.ffe.${w}`,
      syntax: `${name} {d}, {n}, {m}`,
      operands: { d: scalar(2 * w, into ? 'rw' : 'w'), n: scalar(w, 'r'), m: element(w) },
      sem: ({ d, n, m }) => [d.write(f(into ? d.value : n.value, n.value, m.value))],
      ref: manual(`${name} (by element)`),
    }),
  );
}

const doubling = (name: string, into: boolean, f: (d: Term, n: Term, m: Term) => Term): InstDef[] => [
  ...long(name, into, f),
  ...longScalar(name, into, f),
];

export const neonElement = [
  ...same('mul', places, mul),
  ...sameInto('mla', (d, n, m) => add(d, mul(n, m))),
  ...sameInto('mls', (d, n, m) => sub(d, mul(n, m))),
  ...same('sqdmulh', [...places, ...scalars(widths)], (n, m) => doubledHigh(false, n, m)),
  ...same('sqrdmulh', [...places, ...scalars(widths)], (n, m) => doubledHigh(true, n, m)),
  ...(
    [
      ['s', true],
      ['u', false],
    ] as const
  ).flatMap(([letter, signed]) => {
    const product = widenedProduct(signed);
    return [
      ...long(`${letter}mull`, false, (_, n, m) => product(n, m)),
      ...long(`${letter}mlal`, true, (d, n, m) => add(d, product(n, m))),
      ...long(`${letter}mlsl`, true, (d, n, m) => sub(d, product(n, m))),
    ];
  }),
  ...doubling('sqdmull', false, (_, n, m) => doubledProduct(n, m)),
  ...doubling('sqdmlal', true, (d, n, m) => saturatedSum(d, doubledProduct(n, m))),
  ...doubling('sqdmlsl', true, (d, n, m) => saturatedDifference(d, doubledProduct(n, m))),
];
