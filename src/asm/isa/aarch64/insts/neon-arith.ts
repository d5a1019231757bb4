// SPDX-License-Identifier: MIT
import {
  add,
  and,
  bitrev,
  bv,
  clz,
  concat,
  extract,
  low,
  mul,
  neg,
  popcount,
  sext,
  sub,
  xor,
  zext,
} from '../../../../logic/build.ts';
import type { Term } from '../../../../logic/term.ts';
import {
  addSigned,
  addUnsigned,
  clampSigned,
  clampSignedToUnsigned,
  signedAbs,
  signedDistance,
  signedMax,
  signedMin,
  split,
  subSigned,
  subUnsigned,
  unsignedDistance,
  unsignedMax,
  unsignedMin,
} from '../../lanes.ts';
import { binary, binaryInto, scalars, unary, unaryInto, vectors } from './neon-families.ts';
import { byteArrangements, integerArrangements, smallArrangements } from './neon-operands.ts';

/** Integer arithmetic, lane by lane. */

const all = vectors(integerArrangements);
const small = vectors(smallArrangements);
const bytes = vectors(byteArrangements);
const doubleword = scalars([64]);
const everyScalar = scalars([8, 16, 32, 64]);

const wider = (signed: boolean, t: Term): Term => (signed ? sext : zext)(t, t.width + 1);
const sum = (signed: boolean, a: Term, b: Term): Term => add(wider(signed, a), wider(signed, b));
const difference = (signed: boolean, a: Term, b: Term): Term => sub(wider(signed, a), wider(signed, b));
const upper = (t: Term): Term => extract(t, t.width - 1, 1);

/** Twice the product of two signed lanes, its high half, saturated: the products of the `sqdmulh` family. */
export function doubledHigh(rounded: boolean, a: Term, b: Term): Term {
  const w = a.width;
  const product = mul(sext(a, 2 * w), sext(b, 2 * w));
  const biased = rounded ? add(product, bv(2 * w, 1n << BigInt(w - 2))) : product;
  return clampSigned(extract(biased, 2 * w - 1, w - 1), w);
}

/** How many bits after the sign bit equal it. */
function countSigns(t: Term): Term {
  return clz(concat(xor(extract(t, t.width - 1, 1), low(t, t.width - 1)), bv(1, 1)));
}

export const neonArith = [
  ...binary('add', [...all, ...doubleword], add),
  ...binary('sub', [...all, ...doubleword], sub),
  ...binary('mul', small, mul),
  ...binaryInto('mla', small, (d, n, m) => add(d, mul(n, m))),
  ...binaryInto('mls', small, (d, n, m) => sub(d, mul(n, m))),
  ...unary('neg', [...all, ...doubleword], neg),
  ...unary('abs', [...all, ...doubleword], signedAbs),
  ...binary('sqadd', [...all, ...everyScalar], addSigned),
  ...binary('uqadd', [...all, ...everyScalar], addUnsigned),
  ...binary('sqsub', [...all, ...everyScalar], subSigned),
  ...binary('uqsub', [...all, ...everyScalar], subUnsigned),
  ...unary('sqabs', [...all, ...everyScalar], (n) => clampSigned(signedAbs(wider(true, n)), n.width)),
  ...unary('sqneg', [...all, ...everyScalar], (n) => clampSigned(neg(wider(true, n)), n.width)),
  ...unaryInto('suqadd', [...all, ...everyScalar], (d, n) =>
    clampSigned(add(sext(d, d.width + 2), zext(n, n.width + 2)), d.width),
  ),
  ...unaryInto('usqadd', [...all, ...everyScalar], (d, n) =>
    clampSignedToUnsigned(add(zext(d, d.width + 2), sext(n, n.width + 2)), d.width),
  ),
  ...binary('sqdmulh', [...vectors(['4h', '8h', '2s', '4s']), ...scalars([16, 32])], (n, m) =>
    doubledHigh(false, n, m),
  ),
  ...binary('sqrdmulh', [...vectors(['4h', '8h', '2s', '4s']), ...scalars([16, 32])], (n, m) =>
    doubledHigh(true, n, m),
  ),
  ...binary('shadd', small, (n, m) => upper(sum(true, n, m))),
  ...binary('uhadd', small, (n, m) => upper(sum(false, n, m))),
  ...binary('srhadd', small, (n, m) => upper(add(sum(true, n, m), bv(n.width + 1, 1)))),
  ...binary('urhadd', small, (n, m) => upper(add(sum(false, n, m), bv(n.width + 1, 1)))),
  ...binary('shsub', small, (n, m) => upper(difference(true, n, m))),
  ...binary('uhsub', small, (n, m) => upper(difference(false, n, m))),
  ...binary('smax', small, signedMax),
  ...binary('smin', small, signedMin),
  ...binary('umax', small, unsignedMax),
  ...binary('umin', small, unsignedMin),
  ...binary('sabd', small, signedDistance),
  ...binary('uabd', small, unsignedDistance),
  ...binaryInto('saba', small, (d, n, m) => add(d, signedDistance(n, m))),
  ...binaryInto('uaba', small, (d, n, m) => add(d, unsignedDistance(n, m))),
  ...binary('pmul', bytes, carryless),
  ...unary('cnt', bytes, popcount),
  ...unary('clz', small, clz),
  ...unary('cls', small, countSigns),
  ...unary('rbit', bytes, bitrev),
];

/** The low half of the product of polynomials over one bit. */
function carryless(a: Term, b: Term): Term {
  const w = a.width;
  return split(1, b)
    .map((b1, i) => and(sext(b1, w), i === 0 ? a : concat(extract(a, w - 1 - i, 0), bv(i, 0))))
    .reduce(xor);
}
