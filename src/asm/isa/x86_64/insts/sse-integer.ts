// SPDX-License-Identifier: MIT
import {
  add,
  and,
  bv,
  carry,
  eq,
  extract,
  ite,
  low,
  mask,
  msb,
  mul,
  ne,
  neg,
  no,
  not,
  or,
  sext,
  slt,
  sub,
  ult,
  xor,
  zext,
} from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import type { InstDef } from '../../define.ts';
import { packed, packedUnary } from './sse-form.ts';
import { join, lanesOf, mapLanes, zipLanes } from './sse-lanes.ts';

/** Integer arithmetic on the lanes of vectors. */

type Lane2 = (a: Term, b: Term) => Term;

const letters: Readonly<Record<number, string>> = { 8: 'b', 16: 'w', 32: 'd', 64: 'q' };

const lanewise = (mnemonic: string, w: number, f: Lane2, feature?: string): InstDef =>
  packed(mnemonic, (a, b) => zipLanes(w, f, a, b), feature === undefined ? {} : { feature });

const family = (name: string, widths: readonly number[], f: Lane2, feature?: string): InstDef[] =>
  widths.map((w) => lanewise(name + letters[w], w, f, feature));

/** The signed value of `a` in `width` bits, or the nearest value there is. `a` is wider. */
export function saturateSigned(a: Term, width: number): Term {
  const top = sext(bv(width, mask(width - 1)), a.width);
  const bottom = not(top);
  return ite(slt(top, a), low(top, width), ite(slt(a, bottom), low(bottom, width), low(a, width)));
}

/** The signed value `a` as an unsigned number of `width` bits, or the nearest there is. */
export function saturateUnsigned(a: Term, width: number): Term {
  const top = zext(bv(width, -1), a.width);
  return ite(msb(a), bv(width, 0), ite(slt(top, a), bv(width, -1), low(a, width)));
}

const addSigned: Lane2 = (a, b) => saturateSigned(add(sext(a, a.width + 1), sext(b, a.width + 1)), a.width);
const subSigned: Lane2 = (a, b) => saturateSigned(sub(sext(a, a.width + 1), sext(b, a.width + 1)), a.width);
const addUnsigned: Lane2 = (a, b) => ite(carry(a, b, no()), bv(a.width, -1), add(a, b));
const subUnsigned: Lane2 = (a, b) => ite(ult(a, b), bv(a.width, 0), sub(a, b));

const sums: InstDef[] = [
  ...family('padd', [8, 16, 32, 64], add),
  ...family('psub', [8, 16, 32, 64], sub),
  ...family('padds', [8, 16], addSigned),
  ...family('psubs', [8, 16], subSigned),
  ...family('paddus', [8, 16], addUnsigned),
  ...family('psubus', [8, 16], subUnsigned),
];

const wide = (extend: (a: Term, width: number) => Term, a: Term, b: Term): Term =>
  mul(extend(a, a.width * 2), extend(b, a.width * 2));
const highHalf = (a: Term): Term => extract(a, a.width - 1, a.width / 2);

const products: InstDef[] = [
  lanewise('pmullw', 16, mul),
  lanewise('pmulhw', 16, (a, b) => highHalf(wide(sext, a, b))),
  lanewise('pmulhuw', 16, (a, b) => highHalf(wide(zext, a, b))),
  lanewise('pmuludq', 64, (a, b) => wide(zext, low(a, 32), low(b, 32))),
  lanewise('pmuldq', 64, (a, b) => wide(sext, low(a, 32), low(b, 32)), 'sse4.1'),
  lanewise('pmulld', 32, mul, 'sse4.1'),
  lanewise('pmaddwd', 32, (a, b) => add(wide(sext, low(a, 16), low(b, 16)), wide(sext, highHalf(a), highHalf(b)))),
  lanewise('pmulhrsw', 16, (a, b) => extract(add(wide(sext, a, b), bv(32, 1 << 14)), 30, 15), 'ssse3'),
  lanewise(
    'pmaddubsw',
    16,
    (a, b) => {
      const product = (x: Term, y: Term) => mul(zext(x, 18), sext(y, 18));
      return saturateSigned(add(product(low(a, 8), low(b, 8)), product(highHalf(a), highHalf(b))), 16);
    },
    'ssse3',
  ),
];

const average: Lane2 = (a, b) => {
  const w = a.width + 1;
  return extract(add(add(zext(a, w), zext(b, w)), bv(w, 1)), a.width, 1);
};

/** Each half: the sum of the eight absolute differences of bytes. */
const sumOfDifferences: Lane2 = (a, b) => {
  const right = lanesOf(b, 8);
  return lanesOf(a, 8)
    .map((x, i) => {
      const y = right[i] ?? x;
      return zext(ite(ult(x, y), sub(y, x), sub(x, y)), 64);
    })
    .reduce(add);
};

const minSigned: Lane2 = (a, b) => ite(slt(a, b), a, b);
const maxSigned: Lane2 = (a, b) => ite(slt(b, a), a, b);
const minUnsigned: Lane2 = (a, b) => ite(ult(a, b), a, b);
const maxUnsigned: Lane2 = (a, b) => ite(ult(b, a), a, b);

const choices: InstDef[] = [
  ...family('pavg', [8, 16], average),
  lanewise('psadbw', 64, sumOfDifferences),
  lanewise('pminub', 8, minUnsigned),
  lanewise('pmaxub', 8, maxUnsigned),
  lanewise('pminsw', 16, minSigned),
  lanewise('pmaxsw', 16, maxSigned),
  lanewise('pminsb', 8, minSigned, 'sse4.1'),
  lanewise('pmaxsb', 8, maxSigned, 'sse4.1'),
  lanewise('pminuw', 16, minUnsigned, 'sse4.1'),
  lanewise('pmaxuw', 16, maxUnsigned, 'sse4.1'),
  lanewise('pminsd', 32, minSigned, 'sse4.1'),
  lanewise('pmaxsd', 32, maxSigned, 'sse4.1'),
  lanewise('pminud', 32, minUnsigned, 'sse4.1'),
  lanewise('pmaxud', 32, maxUnsigned, 'sse4.1'),
];

const maskOf = (c: Term, width: number): Term => sext(c, width);

const comparisons: InstDef[] = [
  ...family('pcmpeq', [8, 16, 32], (a, b) => maskOf(eq(a, b), a.width)),
  ...family('pcmpgt', [8, 16, 32], (a, b) => maskOf(slt(b, a), a.width)),
  ...family('pcmpeq', [64], (a, b) => maskOf(eq(a, b), a.width), 'sse4.1'),
  ...family('pcmpgt', [64], (a, b) => maskOf(slt(b, a), a.width), 'sse4.2'),
];

const bitwise: InstDef[] = [
  packed('pand', and),
  packed('pandn', (a, b) => and(not(a), b)),
  packed('por', or),
  packed('pxor', xor),
];

const signs: InstDef[] = [8, 16, 32].flatMap((w) => [
  packedUnary(`pabs${letters[w]}`, (b) => mapLanes(w, (x) => ite(msb(x), neg(x), x), b), { feature: 'ssse3' }),
  lanewise(`psign${letters[w]}`, w, (a, b) => ite(msb(b), neg(a), ite(ne(b, bv(w, 0)), a, bv(w, 0))), 'ssse3'),
]);

const horizontal: InstDef[] = (
  [
    ['phaddw', 16, add],
    ['phaddd', 32, add],
    ['phsubw', 16, sub],
    ['phsubd', 32, sub],
    ['phaddsw', 16, addSigned],
    ['phsubsw', 16, subSigned],
  ] as const
).map(([mnemonic, w, f]) =>
  packed(
    mnemonic,
    (a, b) => {
      const all = [...lanesOf(a, w), ...lanesOf(b, w)];
      return join(all.flatMap((x, i) => (i % 2 === 0 ? [f(x, all[i + 1] ?? x)] : [])));
    },
    { feature: 'ssse3' },
  ),
);

export const sseIntegerForms: readonly InstDef[] = [
  ...sums,
  ...products,
  ...choices,
  ...comparisons,
  ...bitwise,
  ...signs,
  ...horizontal,
];
