// SPDX-License-Identifier: MIT
import { evaluateFloat, roundNumber } from '../../../logic/ieee.ts';
import { cosine, errorFunction, exponential, logarithm, power, sine, tangent } from './accurate.ts';
import { complex, double, type Functions, float, int, type LibraryFunction, long, pair } from './define.ts';
import type { Process } from './process.ts';
import { ERRNO } from './streams.ts';

/** <math.h>, <complex.h> and the arithmetic that compilers leave to their library. */

const scratch = new DataView(new ArrayBuffer(8));

function bitsOf(x: number): bigint {
  scratch.setFloat64(0, x);
  return scratch.getBigUint64(0);
}

function fromBits(bits: bigint): number {
  scratch.setBigUint64(0, bits);
  return scratch.getFloat64(0);
}

const isNegative = (x: number): boolean => x < 0 || Object.is(x, -0);

/** `f` of a double, and `ff` of a float: computed as a double and rounded once more. */
function unary(name: string, f: (x: number) => number, domain?: (x: number) => number): [string, LibraryFunction][] {
  const report = (p: Process, x: number): void => {
    const error = domain?.(x) ?? 0;
    if (error !== 0) p.fail(error);
  };
  return [
    [
      name,
      double((p, a) => {
        const x = a.double();
        report(p, x);
        return f(x);
      }),
    ],
    [
      `${name}f`,
      float((p, a) => {
        const x = a.float();
        report(p, x);
        return f(x);
      }),
    ],
  ];
}

function binary(name: string, f: (x: number, y: number) => number): [string, LibraryFunction][] {
  return [
    [name, double((_, a) => f(a.double(), a.double()))],
    [`${name}f`, float((_, a) => f(a.float(), a.float()))],
  ];
}

/** The remainder with the sign of `x` is exact. */
const remainder = (x: number, y: number): number => x % y;

/** The remainder of the nearest quotient, ties to even. */
function nearestRemainder(x: number, y: number): number {
  if (!Number.isFinite(x) || Number.isNaN(y) || y === 0) return Number.NaN;
  if (!Number.isFinite(y)) return x;
  const b = Math.abs(y);
  let r = Math.abs(x) % (2 * b);
  if (!Number.isFinite(2 * b)) r = Math.abs(x);
  if (r + r > b) {
    r -= b;
    if (r + r >= b) r -= b;
  }
  return isNegative(x) ? -r : r;
}

function fused(x: number, y: number, z: number): number {
  return fromBits(evaluateFloat('fp.fma', '', [bitsOf(x), bitsOf(y), bitsOf(z)], 64, 64));
}

/** A number between a half and one, and the power of two that it is to be multiplied by. */
function fraction(x: number): readonly [m: number, e: number] {
  if (x === 0 || !Number.isFinite(x)) return [x, 0];
  const small = Math.abs(x) < 2 ** -1022;
  const bits = bitsOf(small ? x * 2 ** 64 : x);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  return [fromBits((bits & ~(0x7ffn << 52n)) | (1022n << 52n)), exponent - 1022 - (small ? 64 : 0)];
}

/** x * 2^e, rounded once. */
function scale(x: number, e: number): number {
  const [m, own] = fraction(x);
  if (x === 0 || !Number.isFinite(x)) return x;
  const exponent = own + Math.max(-5000, Math.min(5000, e));
  if (exponent > 1024) return m * Infinity;
  if (exponent >= -1021) return m * 2 * 2 ** (exponent - 1);
  // Below the normal numbers all lie on one grid.
  return roundNumber('rne', m * 2 ** Math.max(-60, exponent + 1074)) * 5e-324;
}

function next(x: number, to: number): number {
  if (Number.isNaN(x) || Number.isNaN(to)) return Number.NaN;
  if (x === to) return to;
  if (x === 0) return to > 0 ? 5e-324 : -5e-324;
  const up = x < to === x > 0;
  return fromBits(bitsOf(x) + (up ? 1n : -1n));
}

function toInteger(x: number): bigint {
  if (!Number.isFinite(x) || Math.abs(x) >= 2 ** 63) return -(1n << 63n);
  return BigInt(x);
}

/** 1 - erf(x), by a continued fraction where the difference would lose too much. */
function complement(x: number): number {
  if (x < 1.5) return 1 - errorFunction(x);
  if (x > 27.3) return 0;
  let f = x;
  for (let n = 120; n > 0; n--) f = x + n / 2 / f;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / f;
}

/** Lanczos' approximation with g = 607/128 (15 terms). */
const LANCZOS = [
  0.9999999999999971, 57.15623566586292, -59.59796035547549, 14.136097974741746, -0.4919138160976202,
  3.399464998481189e-5, 4.652362892704858e-5, -9.837447530487956e-5, 0.0001580887032249125, -0.00021026444172410488,
  0.00021743961811521265, -0.0001643181065367639, 8.441822398385275e-5, -2.6190838401581408e-5, 3.6899182659531625e-6,
];

function logGamma(x: number): number {
  if (x <= 0 && Number.isInteger(x)) return Infinity;
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - logGamma(1 - x);
  const y = x - 1;
  let sum = LANCZOS[0] ?? 0;
  for (let i = 1; i < LANCZOS.length; i++) sum += (LANCZOS[i] ?? 0) / (y + i);
  const t = y + 607 / 128 + 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum);
}

function gamma(x: number): number {
  if (Number.isInteger(x)) {
    if (x <= 0) return x === 0 ? (isNegative(x) ? -Infinity : Infinity) : Number.NaN;
    if (x < 171) {
      let product = 1;
      for (let i = 2; i < x; i++) product *= i;
      return product;
    }
  }
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x));
  return Math.exp(logGamma(x));
}

const outside = (bad: (x: number) => boolean) => (x: number) => (bad(x) ? ERRNO.EDOM : 0);
const logErrors = (x: number): number => (x < 0 ? ERRNO.EDOM : x === 0 ? ERRNO.ERANGE : 0);

const rounding = (name: string, f: (x: number) => number): [string, LibraryFunction][] => [
  [name, long((_, a) => toInteger(f(a.double())))],
  [`${name}f`, long((_, a) => toInteger(f(a.float())))],
];
const toEven = (x: number): number => roundNumber('rne', x);
const awayFromZero = (x: number): number => roundNumber('rna', x);

const functions: [string, LibraryFunction][] = [
  ...unary(
    'sin',
    sine,
    outside((x) => Math.abs(x) === Infinity),
  ),
  ...unary(
    'cos',
    cosine,
    outside((x) => Math.abs(x) === Infinity),
  ),
  ...unary(
    'tan',
    tangent,
    outside((x) => Math.abs(x) === Infinity),
  ),
  ...unary(
    'asin',
    Math.asin,
    outside((x) => Math.abs(x) > 1),
  ),
  ...unary(
    'acos',
    Math.acos,
    outside((x) => Math.abs(x) > 1),
  ),
  ...unary('atan', Math.atan),
  ...unary('sinh', Math.sinh),
  ...unary('cosh', Math.cosh),
  ...unary('tanh', Math.tanh),
  ...unary('asinh', Math.asinh),
  ...unary(
    'acosh',
    Math.acosh,
    outside((x) => x < 1),
  ),
  ...unary(
    'atanh',
    Math.atanh,
    outside((x) => Math.abs(x) > 1),
  ),
  ...unary('exp', exponential, (x) =>
    (x > 709.782712893384 || x < -745.1332191019412) && Number.isFinite(x) ? ERRNO.ERANGE : 0,
  ),
  ...unary('exp2', (x) => power(2, x)),
  ...unary('expm1', Math.expm1),
  ...unary('log', logarithm, logErrors),
  ...unary('log2', Math.log2, logErrors),
  ...unary('log10', Math.log10, logErrors),
  ...unary('log1p', Math.log1p, (x) => logErrors(x + 1)),
  ...unary(
    'sqrt',
    Math.sqrt,
    outside((x) => x < 0),
  ),
  ...unary('cbrt', Math.cbrt),
  ...unary('fabs', Math.abs),
  ...unary('floor', Math.floor),
  ...unary('ceil', Math.ceil),
  ...unary('trunc', Math.trunc),
  ...unary('round', awayFromZero),
  ...unary('rint', toEven),
  ...unary('nearbyint', toEven),
  ...unary('roundeven', toEven),
  ...unary('erf', errorFunction),
  ...unary('erfc', complement),
  ...unary('tgamma', gamma),
  ...unary('lgamma', logGamma),
  ...unary('logb', (x) => (x === 0 ? -Infinity : Number.isFinite(x) ? fraction(x)[1] - 1 : Math.abs(x))),
  ...binary('pow', power),
  ...binary('atan2', Math.atan2),
  ...binary('hypot', Math.hypot),
  ...binary('fmod', remainder),
  ...binary('remainder', nearestRemainder),
  ...binary('drem', nearestRemainder),
  ...binary('fmin', (x, y) => (Number.isNaN(x) ? y : Number.isNaN(y) ? x : Math.min(x, y))),
  ...binary('fmax', (x, y) => (Number.isNaN(x) ? y : Number.isNaN(y) ? x : Math.max(x, y))),
  ...binary('fdim', (x, y) => (x > y ? x - y : Number.isNaN(x - y) ? Number.NaN : 0)),
  ...binary('copysign', (x, y) => (isNegative(y) ? -Math.abs(x) : Math.abs(x))),
  ['nextafter', double((_, a) => next(a.double(), a.double()))],
  ['fma', double((_, a) => fused(a.double(), a.double(), a.double()))],
  ...rounding('lrint', toEven),
  ...rounding('llrint', toEven),
  ...rounding('lround', awayFromZero),
  ...rounding('llround', awayFromZero),
  ['ldexp', double((_, a) => scale(a.double(), a.int()))],
  ['scalbn', double((_, a) => scale(a.double(), a.int()))],
  ['scalbln', double((_, a) => scale(a.double(), Number(a.long())))],
  ['ldexpf', float((_, a) => scale(a.float(), a.int()))],
  ['scalbnf', float((_, a) => scale(a.float(), a.int()))],
  ['ilogb', int((_, a) => fraction(a.double())[1] - 1)],
  [
    'frexp',
    double((p, a) => {
      const [m, e] = fraction(a.double());
      p.memory.setI32(a.size(), e);
      return m;
    }),
  ],
  [
    'modf',
    double((p, a) => {
      const [x, at] = [a.double(), a.size()];
      const whole = Math.trunc(x);
      p.memory.writableAt(at, 8);
      p.memory.view.setFloat64(at, whole, true);
      const rest = Number.isFinite(x) ? x - whole : Number.isNaN(x) ? x : 0;
      return isNegative(x) ? -Math.abs(rest) : rest;
    }),
  ],
  ['nan', double(() => Number.NaN)],
  ['__finite', int((_, a) => Number.isFinite(a.double()))],
  ['__isnan', int((_, a) => Number.isNaN(a.double()))],
  [
    '__isinf',
    int((_, a) => {
      const x = a.double();
      return x === Infinity ? 1 : x === -Infinity ? -1 : 0;
    }),
  ],
  ['__signbit', int((_, a) => a.pattern() >> 63n === 1n)],
];

const U64 = (1n << 64n) - 1n;
const wide = (low: bigint, high: bigint): bigint => (BigInt.asUintN(64, high) << 64n) | BigInt.asUintN(64, low);
const split = (x: bigint): readonly [bigint, bigint] => [x & U64, (x >> 64n) & U64];

const division = (signed: boolean, rest: boolean): LibraryFunction =>
  pair((p, a) => {
    let [x, y] = [wide(a.long(), a.long()), wide(a.long(), a.long())];
    if (signed) [x, y] = [BigInt.asIntN(128, x), BigInt.asIntN(128, y)];
    if (y === 0n) throw p.fault('trap', 'a division by zero');
    return split(BigInt.asUintN(128, rest ? x % y : x / y));
  });

/** A whole number as a double, rounded to nearest even. */
function toDouble(x: bigint): number {
  return fromBits(evaluateFloat('fp.fromSigned', '', [BigInt.asUintN(130, x)], 130, 64));
}

const builtins: Functions = {
  __divti3: division(true, false),
  __modti3: division(true, true),
  __udivti3: division(false, false),
  __umodti3: division(false, true),
  __multi3: pair((_, a) => split(BigInt.asUintN(128, wide(a.long(), a.long()) * wide(a.long(), a.long())))),
  __popcountdi2: int((_, a) => [...BigInt.asUintN(64, a.long()).toString(2)].filter((c) => c === '1').length),
  __popcountsi2: int((_, a) => [...a.unsigned().toString(2)].filter((c) => c === '1').length),
  __clzdi2: int((_, a) => 64 - BigInt.asUintN(64, a.long()).toString(2).length),
  __ctzdi2: int((_, a) => {
    const x = BigInt.asUintN(64, a.long());
    return x === 0n ? 64 : (x & -x).toString(2).length - 1;
  }),
  __bswapsi2: int((_, a) => {
    const x = a.unsigned();
    return (x >>> 24) | ((x >>> 8) & 0xff00) | ((x << 8) & 0xff0000) | (x << 24) | 0;
  }),
  __bswapdi2: long((_, a) => {
    const x = BigInt.asUintN(64, a.long());
    return Array.from({ length: 8 }, (_, i) => ((x >> BigInt(8 * i)) & 255n) << BigInt(56 - 8 * i)).reduce(
      (p, q) => p | q,
    );
  }),
  __ffsdi2: int((_, a) => {
    const x = BigInt.asUintN(64, a.long());
    return x === 0n ? 0 : (x & -x).toString(2).length;
  }),
  __paritydi2: int((_, a) => [...BigInt.asUintN(64, a.long()).toString(2)].filter((c) => c === '1').length & 1),
  __fixdfti: pair((_, a) => {
    const x = a.double();
    const most = 1n << 127n;
    if (Number.isNaN(x)) return [0n, 0n];
    return split(BigInt.asUintN(128, x >= 2 ** 127 ? most - 1n : x < -(2 ** 127) ? -most : BigInt(Math.trunc(x))));
  }),
  __fixunsdfti: pair((_, a) => {
    const x = a.double();
    return split(Number.isNaN(x) || x <= -1 ? 0n : x >= 2 ** 128 ? (1n << 128n) - 1n : BigInt(Math.trunc(x)));
  }),
  __floattidf: double((_, a) => toDouble(BigInt.asIntN(128, wide(a.long(), a.long())))),
  __floatuntidf: double((_, a) => toDouble(wide(a.long(), a.long()))),
  __muldc3: complex((_, d) => {
    const [a, b, c, e] = [d.double(), d.double(), d.double(), d.double()];
    return [a * c - b * e, a * e + b * c];
  }),
  __divdc3: complex((_, d) => {
    const [a, b, c, e] = [d.double(), d.double(), d.double(), d.double()];
    const n = c * c + e * e;
    return [(a * c + b * e) / n, (b * c - a * e) / n];
  }),
};

type Pair = readonly [number, number];
const polar = (r: number, angle: number): Pair => [r * cosine(angle), r * sine(angle)];
const complexLog = ([a, b]: Pair): Pair => [logarithm(Math.hypot(a, b)), Math.atan2(b, a)];
const complexExp = ([a, b]: Pair): Pair => polar(exponential(a), b);

function complexRoot([a, b]: Pair): Pair {
  if (a === 0 && b === 0) return [0, b];
  const t = Math.sqrt((Math.abs(a) + Math.hypot(a, b)) / 2);
  return a >= 0 ? [t, b / (2 * t)] : [Math.abs(b) / (2 * t), isNegative(b) ? -t : t];
}

const complexFunctions: Functions = {
  cabs: double((_, a) => Math.hypot(a.double(), a.double())),
  carg: double((_, a) => {
    const [x, y] = [a.double(), a.double()];
    return Math.atan2(y, x);
  }),
  creal: double((_, a) => a.double()),
  cimag: double((_, a) => {
    a.double();
    return a.double();
  }),
  conj: complex((_, a) => [a.double(), -a.double()]),
  cexp: complex((_, a) => complexExp([a.double(), a.double()])),
  clog: complex((_, a) => complexLog([a.double(), a.double()])),
  csqrt: complex((_, a) => complexRoot([a.double(), a.double()])),
  cpow: complex((_, d) => {
    const [a, b, c, e] = [d.double(), d.double(), d.double(), d.double()];
    const [x, y] = complexLog([a, b]);
    return complexExp([c * x - e * y, c * y + e * x]);
  }),
};

export const mathFunctions: Functions = { ...Object.fromEntries(functions), ...complexFunctions, ...builtins };
