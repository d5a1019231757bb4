// SPDX-License-Identifier: MIT

/** Floating-point numbers as text, exactly: digits are computed with whole numbers, and rounded to nearest even. */

const view = new DataView(new ArrayBuffer(8));

/** A finite number as sign, whole number and power of two. */
function parts(x: number): { readonly negative: boolean; readonly m: bigint; readonly e: number } {
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const negative = bits >> 63n === 1n;
  return exponent === 0
    ? { negative, m: fraction, e: -1074 }
    : { negative, m: fraction | (1n << 52n), e: exponent - 1075 };
}

function divideRounded(a: bigint, b: bigint): bigint {
  const q = a / b;
  const rest = 2n * (a - q * b);
  return rest > b || (rest === b && (q & 1n) === 1n) ? q + 1n : q;
}

/** `%f`: the digits of the magnitude with `precision` of them behind the point. */
export function fixedText(x: number, precision: number): string {
  const { m, e } = parts(x);
  const scale = 10n ** BigInt(precision);
  const digits = e >= 0 ? (m << BigInt(e)) * scale : divideRounded(m * scale, 1n << BigInt(-e));
  const text = digits.toString().padStart(precision + 1, '0');
  return precision === 0 ? text : `${text.slice(0, -precision)}.${text.slice(-precision)}`;
}

/** The magnitude rounded to `count` significant digits, and the power of ten of the first. */
export function significantDigits(x: number, count: number): { readonly digits: string; readonly exponent: number } {
  const { m, e } = parts(x);
  if (m === 0n) return { digits: '0'.repeat(count), exponent: 0 };
  let exponent = Math.floor(Math.log10(Math.abs(x)));
  for (;;) {
    const shift = count - 1 - exponent;
    let a = e >= 0 ? m << BigInt(e) : m;
    let b = e >= 0 ? 1n : 1n << BigInt(-e);
    if (shift >= 0) a *= 10n ** BigInt(shift);
    else b *= 10n ** BigInt(-shift);
    // Where the first digit stands is found before anything is rounded.
    if (a < 10n ** BigInt(count - 1) * b) {
      exponent--;
      continue;
    }
    if (a >= 10n ** BigInt(count) * b) {
      exponent++;
      continue;
    }
    const q = divideRounded(a, b);
    if (q < 10n ** BigInt(count)) return { digits: q.toString(), exponent };
    return { digits: (q / 10n).toString(), exponent: exponent + 1 };
  }
}

/** `%e`: one digit, the others behind the point, and an exponent of at least two digits. */
export function scientificText(x: number, precision: number, alternate: boolean): string {
  const { digits, exponent } = significantDigits(x, precision + 1);
  return `${withPoint(digits, alternate)}${exponentText(exponent)}`;
}

const withPoint = (digits: string, alternate: boolean): string =>
  digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : alternate ? `${digits}.` : digits;
const exponentText = (e: number): string => `e${e < 0 ? '-' : '+'}${String(Math.abs(e)).padStart(2, '0')}`;

/** `%g`. */
export function generalText(x: number, precision: number, alternate: boolean): string {
  const count = precision === 0 ? 1 : precision;
  const { digits, exponent } = significantDigits(x, count);
  const strip = (text: string): string => (alternate || !text.includes('.') ? text : text.replace(/\.?0+$/, ''));
  if (exponent < -4 || exponent >= count) return `${strip(withPoint(digits, alternate))}${exponentText(exponent)}`;
  if (exponent < 0) return strip(`0.${'0'.repeat(-exponent - 1)}${digits}`);
  const whole = digits.slice(0, exponent + 1);
  const rest = digits.slice(exponent + 1);
  if (rest === '') return alternate ? `${whole}.` : whole;
  return strip(`${whole}.${rest}`);
}

/** `%a`, as glibc writes it: the first digit is 1, or 0 below the normal numbers. */
export function hexText(x: number, precision: number, alternate: boolean): string {
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  let exponent = Number((bits >> 52n) & 0x7ffn);
  let m = bits & 0xfffffffffffffn;
  if (exponent > 0) {
    m |= 1n << 52n;
    exponent -= 1023;
  } else if (m !== 0n) exponent = -1022;
  let count = 13;
  if (precision >= 0 && precision < 13) {
    m = divideRounded(m, 1n << BigInt(52 - 4 * precision));
    count = precision;
  }
  const whole = m >> BigInt(4 * count);
  let rest = (m & ((1n << BigInt(4 * count)) - 1n)).toString(16).padStart(count, '0');
  if (count === 0) rest = '';
  if (precision < 0) rest = rest.replace(/0+$/, '');
  else rest = rest.padEnd(precision, '0');
  return `0x${whole.toString(16)}${rest === '' ? (alternate ? '.' : '') : `.${rest}`}p${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
}

/** The value of digits of base 16 with a binary exponent, rounded once. */
export function hexValue(digits: bigint, exponent: number): number {
  if (digits === 0n) return 0;
  const length = digits.toString(2).length;
  // A number of 53 bits or fewer at its exponent; a subnormal one has fewer.
  const top = length + exponent;
  const keep = Math.min(53, Math.max(0, top + 1074));
  const drop = length - keep;
  let m = digits;
  let e = exponent;
  if (drop > 0) {
    m = divideRounded(digits, 1n << BigInt(drop));
    e += drop;
  }
  // Halves, so that neither power leaves the range on its own.
  const half = Math.trunc(e / 2);
  return Number(m) * 2 ** half * 2 ** (e - half);
}
