// SPDX-License-Identifier: MIT
import { must } from '../../../../base/assert.ts';
import {
  add,
  and,
  bv,
  eq,
  extract,
  ite,
  low,
  msb,
  mul,
  ne,
  neg,
  not,
  or,
  sext,
  slt,
  sub,
  xor,
  zext,
} from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import type { InstDef } from '../../define.ts';
import {
  addSigned,
  addUnsigned,
  clampSigned,
  fill,
  join,
  lanes,
  lanes2,
  signedAbs,
  signedMax,
  signedMin,
  split,
  subSigned,
  subUnsigned,
  unsignedDistance,
  unsignedMax,
  unsignedMin,
} from '../../lanes.ts';
import { packed, packedUnary } from './sse-form.ts';

/** Integer arithmetic on the lanes of vectors. */

type Lane2 = (a: Term, b: Term) => Term;

const letters: Readonly<Record<number, string>> = { 8: 'b', 16: 'w', 32: 'd', 64: 'q' };

const lanewise = (mnemonic: string, w: number, f: Lane2, feature?: string): InstDef =>
  packed(mnemonic, (a, b) => lanes2(w, a, b, f), feature === undefined ? {} : { feature });

const family = (name: string, widths: readonly number[], f: Lane2, feature?: string): InstDef[] =>
  widths.map((w) => lanewise(name + letters[w], w, f, feature));

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
      const product = (x: Term, y: Term) => mul(zext(x, 32), sext(y, 32));
      return clampSigned(add(product(low(a, 8), low(b, 8)), product(highHalf(a), highHalf(b))), 16);
    },
    'ssse3',
  ),
];

const average: Lane2 = (a, b) => {
  const w = a.width + 1;
  return extract(add(add(zext(a, w), zext(b, w)), bv(w, 1)), a.width, 1);
};

/** The sum of all lanes, twice as wide at each step of adding neighbours. */
function sumOfLanes(all: readonly Term[]): Term {
  const [first, second] = all;
  if (first === undefined || second === undefined) return must(first, 'a lane to add');
  const w = 2 * first.width;
  return sumOfLanes(all.flatMap((x, i) => (i % 2 === 0 ? [add(zext(x, w), zext(all[i + 1] ?? x, w))] : [])));
}

/** Each half: the sum of the eight absolute differences of bytes. */
const sumOfDifferences: Lane2 = (a, b) => sumOfLanes(split(8, lanes2(8, a, b, unsignedDistance)));

const choices: InstDef[] = [
  ...family('pavg', [8, 16], average),
  lanewise('psadbw', 64, sumOfDifferences),
  lanewise('pminub', 8, unsignedMin),
  lanewise('pmaxub', 8, unsignedMax),
  lanewise('pminsw', 16, signedMin),
  lanewise('pmaxsw', 16, signedMax),
  lanewise('pminsb', 8, signedMin, 'sse4.1'),
  lanewise('pmaxsb', 8, signedMax, 'sse4.1'),
  lanewise('pminuw', 16, unsignedMin, 'sse4.1'),
  lanewise('pmaxuw', 16, unsignedMax, 'sse4.1'),
  lanewise('pminsd', 32, signedMin, 'sse4.1'),
  lanewise('pmaxsd', 32, signedMax, 'sse4.1'),
  lanewise('pminud', 32, unsignedMin, 'sse4.1'),
  lanewise('pmaxud', 32, unsignedMax, 'sse4.1'),
];

const comparisons: InstDef[] = [
  ...family('pcmpeq', [8, 16, 32], (a, b) => fill(eq(a, b), a.width)),
  ...family('pcmpgt', [8, 16, 32], (a, b) => fill(slt(b, a), a.width)),
  ...family('pcmpeq', [64], (a, b) => fill(eq(a, b), a.width), 'sse4.1'),
  ...family('pcmpgt', [64], (a, b) => fill(slt(b, a), a.width), 'sse4.2'),
];

const bitwise: InstDef[] = [
  packed('pand', and),
  packed('pandn', (a, b) => and(not(a), b)),
  packed('por', or),
  packed('pxor', xor),
];

const signs: InstDef[] = [8, 16, 32].flatMap((w) => [
  packedUnary(`pabs${letters[w]}`, (b) => lanes(w, b, signedAbs), { feature: 'ssse3' }),
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
      const all = [...split(w, a), ...split(w, b)];
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
