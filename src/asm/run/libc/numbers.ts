// SPDX-License-Identifier: MIT
import { hexValue } from './decimal.ts';

/** Numbers read from text, as `strtol` and `strtod` read them. */

export interface IntegerRead {
  /** The magnitude with its sign; not limited to any width. */
  readonly value: bigint;
  /** How many characters belong to it, with blanks in front; 0 where there is no number. */
  readonly used: number;
}

const isBlank = (c: number): boolean => c === 32 || (c >= 9 && c <= 13);

function digitOf(c: number): number {
  if (c >= 48 && c <= 57) return c - 48;
  const letter = c | 32;
  return letter >= 97 && letter <= 122 ? letter - 87 : 99;
}

/** `at(i)` is the character at a position, 0 behind the end. */
export function readInteger(at: (i: number) => number, base: number): IntegerRead {
  let i = 0;
  while (isBlank(at(i))) i++;
  const negative = at(i) === 45;
  if (negative || at(i) === 43) i++;
  let radix = base;
  const prefixed = at(i) === 48 && (at(i + 1) | 32) === 120 && digitOf(at(i + 2)) < 16;
  if ((radix === 0 || radix === 16) && prefixed) {
    i += 2;
    radix = 16;
  } else if (radix === 0) radix = at(i) === 48 ? 8 : 10;
  const start = i;
  let small = 0;
  let value = 0n;
  for (let d = digitOf(at(i)); d < radix; d = digitOf(at(++i))) {
    if (small < 2 ** 44) small = small * radix + d;
    else {
      if (value === 0n) value = BigInt(small);
      value = value * BigInt(radix) + BigInt(d);
    }
  }
  if (value === 0n) value = BigInt(small);
  return i === start ? { value: 0n, used: 0 } : { value: negative ? -value : value, used: i };
}

export interface FloatRead {
  readonly value: number;
  readonly used: number;
  readonly outOfRange: boolean;
  /** The sign, also of a NaN. */
  readonly negative: boolean;
}

export function readFloat(at: (i: number) => number): FloatRead {
  let i = 0;
  while (isBlank(at(i))) i++;
  const negative = at(i) === 45;
  if (negative || at(i) === 43) i++;
  const word = (text: string): boolean => [...text].every((c, k) => (at(i + k) | 32) === c.charCodeAt(0));
  const done = (value: number, used: number, outOfRange = false): FloatRead => ({
    value: negative ? -value : value,
    used,
    outOfRange,
    negative,
  });
  if (word('inf')) return done(Infinity, i + (word('infinity') ? 8 : 3));
  if (word('nan')) {
    let end = i + 3;
    if (at(end) === 40) {
      let k = end + 1;
      while (digitOf(at(k)) < 36 || at(k) === 95) k++;
      if (at(k) === 41) end = k + 1;
    }
    return done(Number.NaN, end);
  }
  if (at(i) === 48 && (at(i + 1) | 32) === 120) {
    const hex = readHex(at, i + 2);
    if (hex !== undefined) return done(hex.value, hex.used, hex.outOfRange);
  }
  let text = '';
  let digits = 0;
  let point = false;
  let nonzero = false;
  for (; ; i++) {
    const c = at(i);
    if (c >= 48 && c <= 57) {
      digits++;
      if (c > 48) nonzero = true;
    } else if (c === 46 && !point) point = true;
    else break;
    text += String.fromCharCode(c);
  }
  if (digits === 0) return { value: 0, used: 0, outOfRange: false, negative: false };
  if ((at(i) | 32) === 101) {
    let k = i + 1;
    let exponent = '';
    if (at(k) === 43 || at(k) === 45) exponent += String.fromCharCode(at(k++));
    const first = k;
    for (; at(k) >= 48 && at(k) <= 57; k++) exponent += String.fromCharCode(at(k));
    if (k > first) {
      text += `e${exponent}`;
      i = k;
    }
  }
  const value = Number(text);
  // Below the normal numbers a decimal number is hardly ever exact.
  return done(value, i, value === Infinity || (nonzero && value < 2 ** -1022));
}

function readHex(at: (i: number) => number, from: number): FloatRead | undefined {
  let i = from;
  let digits = 0n;
  let count = 0;
  let behind = 0;
  let point = false;
  for (; ; i++) {
    const d = digitOf(at(i));
    if (d < 16) {
      digits = digits * 16n + BigInt(d);
      count++;
      if (point) behind++;
    } else if (at(i) === 46 && !point) point = true;
    else break;
  }
  if (count === 0) return undefined;
  let exponent = 0;
  if ((at(i) | 32) === 112) {
    let k = i + 1;
    let sign = 1;
    if (at(k) === 43 || at(k) === 45) sign = at(k++) === 45 ? -1 : 1;
    const first = k;
    let value = 0;
    for (; at(k) >= 48 && at(k) <= 57; k++) value = Math.min(100_000, value * 10 + at(k) - 48);
    if (k > first) {
      exponent = sign * value;
      i = k;
    }
  }
  const value = hexValue(digits, Math.max(-100_000, Math.min(100_000, exponent - 4 * behind)));
  return { value, used: i, outOfRange: value === Infinity || (value === 0 && digits !== 0n), negative: false };
}
