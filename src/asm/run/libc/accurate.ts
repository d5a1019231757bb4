// SPDX-License-Identifier: MIT

/**
 * Elementary functions to within a little more than half a unit in the last place, which is what glibc gives: they are
 * computed with twice the precision of a double and rounded once, so that results agree but for very rare cases.
 *
 * A number is kept as the unevaluated sum of two doubles (Dekker, "A floating-point technique for extending the
 * available precision", 1971).
 */

type Double2 = readonly [high: number, low: number];

function twoSum(a: number, b: number): Double2 {
  const s = a + b;
  const t = s - a;
  return [s, a - (s - t) + (b - t)];
}

function quickSum(a: number, b: number): Double2 {
  const s = a + b;
  return [s, b - (s - a)];
}

function splitHalf(a: number): Double2 {
  const t = 134217729 * a;
  const high = t - (t - a);
  return [high, a - high];
}

function twoProduct(a: number, b: number): Double2 {
  const p = a * b;
  const [ah, al] = splitHalf(a);
  const [bh, bl] = splitHalf(b);
  return [p, ah * bh - p + ah * bl + al * bh + al * bl];
}

function add(a: Double2, b: Double2): Double2 {
  const [s, e] = twoSum(a[0], b[0]);
  const [t, f] = twoSum(a[1], b[1]);
  const [s2, e2] = quickSum(s, e + t);
  return quickSum(s2, e2 + f);
}

function multiply(a: Double2, b: Double2): Double2 {
  const [p, e] = twoProduct(a[0], b[0]);
  return quickSum(p, e + a[0] * b[1] + a[1] * b[0]);
}

function divide(a: Double2, b: Double2): Double2 {
  const q1 = a[0] / b[0];
  let r = add(a, multiply([-q1, 0], b));
  const q2 = r[0] / b[0];
  r = add(r, multiply([-q2, 0], b));
  return add(quickSum(q1, q2), [r[0] / b[0], 0]);
}

const LN2: Double2 = [Math.LN2, 2.3190468138462996e-17];
const HALF_PI: Double2 = [1.5707963267948966, 6.123233995736766e-17];

/** exp(x) as a scale and a number near 1. */
function expParts(x: Double2): { readonly value: Double2; readonly exponent: number } {
  const k = Math.round(x[0] / LN2[0]);
  // With a 512th of the argument, a short series is enough; squaring nine times undoes that.
  const reduced = add(x, multiply([-k, 0], LN2));
  const r: Double2 = [reduced[0] / 512, reduced[1] / 512];
  // exp(r) - 1, so that little is lost while squaring.
  let term: Double2 = r;
  let sum: Double2 = r;
  for (let n = 2; n <= 9; n++) {
    term = divide(multiply(term, r), [n, 0]);
    sum = add(sum, term);
  }
  for (let i = 0; i < 9; i++) sum = add(add(sum, sum), multiply(sum, sum));
  return { value: add([1, 0], sum), exponent: k };
}

function scaled(value: Double2, exponent: number): number {
  if (exponent > -1000) return (value[0] + value[1]) * 2 ** Math.floor(exponent / 2) * 2 ** Math.ceil(exponent / 2);
  // Below the normal numbers, both parts are brought down to the grid at once.
  const up = 2 ** (exponent + 1074);
  return roundSum(value[0] * up, value[1] * up) * 5e-324;
}

/** The whole number nearest to a sum. */
function roundSum(a: number, b: number): number {
  const whole = Math.round(a);
  const rest = a - whole + b;
  if (rest > 0.5 || (rest === 0.5 && whole % 2 !== 0)) return whole + 1;
  return rest < -0.5 || (rest === -0.5 && whole % 2 !== 0) ? whole - 1 : whole;
}

export function exponential(x: number): number {
  if (!(Math.abs(x) < 746)) return Number.isNaN(x) ? x : x > 0 ? Infinity : 0;
  if (x === 0) return 1;
  const { value, exponent } = expParts([x, 0]);
  return scaled(value, exponent);
}

/** log(x) of a positive finite number, by one step of Newton's method from the usual one. */
function log2x(x: number): Double2 {
  let m = x;
  let e = 0;
  if (m < 2 ** -1000) {
    m *= 2 ** 1000;
    e = -1000;
  }
  const k = Math.floor(Math.log2(m));
  m = m * 2 ** -Math.trunc(k / 2) * 2 ** -(k - Math.trunc(k / 2));
  e += k;
  if (m > Math.SQRT2) {
    m /= 2;
    e++;
  }
  const guess = Math.log(m);
  // log(m) = g + (m / exp(g) - 1), but for a square that is too small to matter.
  const { value, exponent } = expParts([-guess, 0]);
  const ratio = multiply([m, 0], [value[0] * 2 ** exponent, value[1] * 2 ** exponent]);
  const d = add(ratio, [-1, 0]);
  const half = multiply(d, [d[0] / 2, d[1] / 2]);
  const fine = add([guess, 0], add(d, [-half[0], -half[1]]));
  return add(multiply([e, 0], LN2), fine);
}

export function logarithm(x: number): number {
  if (!(x > 0) || x === Infinity) return Math.log(x);
  const [high, low] = log2x(x);
  return high + low;
}

export function power(x: number, y: number): number {
  const plain = x ** y;
  // Where C has a value and JavaScript has none.
  if (x === 1 || (x === -1 && Math.abs(y) === Infinity)) return 1;
  if (!Number.isFinite(plain) || plain === 0 || !Number.isFinite(x) || !Number.isFinite(y) || y === 0 || x === 0)
    return plain;
  const t = multiply(log2x(Math.abs(x)), [y, 0]);
  if (Math.abs(t[0]) > 745) return plain;
  const { value, exponent } = expParts(t);
  const magnitude = scaled(value, exponent);
  return x < 0 && Math.abs(y % 2) === 1 ? -magnitude : magnitude;
}

/** The argument less a multiple of half a right angle's double, and which multiple. */
function reduce(x: number): { readonly r: Double2; readonly quadrant: number } | undefined {
  if (Math.abs(x) > 1e5) return undefined;
  const k = Math.round(x / HALF_PI[0]);
  const r = add(add([x, 0], multiply([-k, 0], HALF_PI)), [k * 1.4973849048591833e-33, 0]);
  return { r, quadrant: ((k % 4) + 4) % 4 };
}

function series(r: Double2, first: Double2, from: number): Double2 {
  const square = multiply(r, r);
  let term = first;
  let sum = first;
  for (let n = from; Math.abs(term[0]) > Math.abs(sum[0]) * 1e-34 && n < 60; n += 2) {
    term = divide(multiply(term, [-square[0], -square[1]]), [n * (n + 1), 0]);
    sum = add(sum, term);
  }
  return sum;
}

const sinSeries = (r: Double2): Double2 => series(r, r, 2);
const cosSeries = (r: Double2): Double2 => series(r, [1, 0], 1);

export function sine(x: number): number {
  const reduced = reduce(x);
  if (reduced === undefined || x === 0 || Number.isNaN(x)) return Math.sin(x);
  const { r, quadrant } = reduced;
  const [high, low] = quadrant % 2 === 0 ? sinSeries(r) : cosSeries(r);
  return quadrant < 2 ? high + low : -(high + low);
}

export function cosine(x: number): number {
  const reduced = reduce(x);
  if (reduced === undefined || Number.isNaN(x)) return Math.cos(x);
  const { r, quadrant } = reduced;
  const [high, low] = quadrant % 2 === 0 ? cosSeries(r) : sinSeries(r);
  return quadrant === 0 || quadrant === 3 ? high + low : -(high + low);
}

export function tangent(x: number): number {
  const reduced = reduce(x);
  if (reduced === undefined || x === 0 || Number.isNaN(x)) return Math.tan(x);
  const { r, quadrant } = reduced;
  const [s, c] = [sinSeries(r), cosSeries(r)];
  const [high, low] = quadrant % 2 === 0 ? divide(s, c) : divide([-c[0], -c[1]], s);
  return high + low;
}

/** erf(x) = 2 / sqrt(pi) * x * exp(-x^2) * sum (2 x^2)^n / (1 * 3 * ... * (2n + 1)), all of whose terms have one sign. */
export function errorFunction(x: number): number {
  if (Number.isNaN(x) || x === 0) return x;
  if (Math.abs(x) > 5.95) return Math.sign(x);
  const square = multiply([x, 0], [x, 0]);
  let term: Double2 = [x, 0];
  let sum = term;
  for (let n = 1; Math.abs(term[0]) > Math.abs(sum[0]) * 1e-33 && n < 400; n++) {
    term = divide(multiply(term, add(square, square)), [2 * n + 1, 0]);
    sum = add(sum, term);
  }
  const { value, exponent } = expParts([-square[0], -square[1]]);
  const scale: Double2 = [1.1283791670955126, 1.533545961316588e-17];
  const result = multiply(multiply(sum, value), scale);
  return (result[0] + result[1]) * 2 ** exponent;
}
