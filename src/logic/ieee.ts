// SPDX-License-Identifier: MIT
import { mask } from './pool.ts';
import type { FloatOp } from './term.ts';

/** IEEE 754 arithmetic on bit patterns of 32 and 64 bits, exactly as the operators of float.ts are defined. */

export type Rounding = 'rne' | 'rtz' | 'rtp' | 'rtn' | 'rna';

interface Format {
  readonly width: number;
  readonly exponentBits: number;
  readonly fractionBits: number;
  readonly quiet: bigint;
  readonly defaultNaN: bigint;
  readonly exponentMask: bigint;
  readonly fractionMask: bigint;
  readonly bias: number;
}

function format(width: number, exponentBits: number): Format {
  const fractionBits = width - 1 - exponentBits;
  const exponentMask = mask(exponentBits) << BigInt(fractionBits);
  const quiet = 1n << BigInt(fractionBits - 1);
  const bias = (1 << (exponentBits - 1)) - 1;
  const fractionMask = mask(fractionBits);
  return {
    width,
    exponentBits,
    fractionBits,
    quiet,
    defaultNaN: exponentMask | quiet,
    exponentMask,
    fractionMask,
    bias,
  };
}

const DOUBLE = format(64, 11);
const SINGLE = format(32, 8);

export function formatOf(width: number): Format {
  return width === 64 ? DOUBLE : SINGLE;
}

const scratch = new DataView(new ArrayBuffer(8));

export function toNumber(bits: bigint, width: number): number {
  if (width === 32) {
    scratch.setUint32(0, Number(bits));
    return scratch.getFloat32(0);
  }
  scratch.setBigUint64(0, bits);
  return scratch.getFloat64(0);
}

/** Rounds to the format, to nearest even; every NaN becomes the default. */
export function fromNumber(x: number, width: number): bigint {
  if (Number.isNaN(x)) return formatOf(width).defaultNaN;
  if (width === 32) {
    scratch.setFloat32(0, x);
    return BigInt(scratch.getUint32(0));
  }
  scratch.setFloat64(0, x);
  return scratch.getBigUint64(0);
}

export function isNaNBits(bits: bigint, width: number): boolean {
  const f = formatOf(width);
  return (bits & f.exponentMask) === f.exponentMask && (bits & f.fractionMask) !== 0n;
}

export function isSignallingBits(bits: bigint, width: number): boolean {
  return isNaNBits(bits, width) && (bits & formatOf(width).quiet) === 0n;
}

function signOf(bits: bigint, width: number): bigint {
  return bits & (1n << BigInt(width - 1));
}

/** The finite value `bits` as an integer times a power of two. */
function parts(bits: bigint, f: Format): { readonly negative: boolean; readonly m: bigint; readonly e: number } {
  const exponent = Number((bits & f.exponentMask) >> BigInt(f.fractionBits));
  const fraction = bits & f.fractionMask;
  const negative = bits >> BigInt(f.width - 1) === 1n;
  if (exponent === 0) return { negative, m: fraction, e: 1 - f.bias - f.fractionBits };
  return { negative, m: fraction | (1n << BigInt(f.fractionBits)), e: exponent - f.bias - f.fractionBits };
}

/** m * 2^e for m >= 0, rounded to nearest even, without its sign. */
function roundToFormat(m: bigint, e: number, f: Format): bigint {
  if (m === 0n) return 0n;
  const length = m.toString(2).length;
  const least = 1 - f.bias - f.fractionBits;
  const exponent = Math.max(e + length - 1 - f.fractionBits, least);
  const shift = exponent - e;
  let q: bigint;
  if (shift <= 0) q = m << BigInt(-shift);
  else {
    const s = BigInt(shift);
    q = m >> s;
    const rest = m & mask(shift);
    const half = 1n << (s - 1n);
    if (rest > half || (rest === half && (q & 1n) === 1n)) q += 1n;
  }
  // Adding the integer to the biased exponent lets a carry out of the fraction raise the exponent.
  const biased = q < 1n << BigInt(f.fractionBits) ? 0n : BigInt(exponent - least + 1);
  const bits = biased === 0n ? q : ((biased - 1n) << BigInt(f.fractionBits)) + q;
  return bits >= f.exponentMask ? f.exponentMask : bits;
}

function fma(a: bigint, b: bigint, c: bigint, width: number): bigint {
  const f = formatOf(width);
  const [x, y, z] = [toNumber(a, width), toNumber(b, width), toNumber(c, width)];
  if (!Number.isFinite(x) || !Number.isFinite(y) || !Number.isFinite(z)) {
    // The product of finite numbers counts as finite even where it is beyond the format.
    if (Number.isFinite(x) && Number.isFinite(y)) return fromNumber(z, width);
    return fromNumber(x * y + z, width);
  }
  const [p, q, r] = [parts(a, f), parts(b, f), parts(c, f)];
  const negativeProduct = p.negative !== q.negative;
  const productExponent = p.e + q.e;
  const e = Math.min(productExponent, r.e);
  const product = (p.m * q.m) << BigInt(productExponent - e);
  const addend = r.m << BigInt(r.e - e);
  const sum = (negativeProduct ? -product : product) + (r.negative ? -addend : addend);
  if (sum === 0n) {
    const negative = product === 0n && addend === 0n ? negativeProduct && r.negative : false;
    return negative ? 1n << BigInt(width - 1) : 0n;
  }
  const bits = roundToFormat(sum < 0n ? -sum : sum, e, f);
  return sum < 0n ? bits | (1n << BigInt(width - 1)) : bits;
}

/** `x` rounded to an integral number, keeping its sign when the result is 0. */
export function roundNumber(mode: Rounding, x: number): number {
  const down = Math.floor(x);
  if (down === x || !Number.isFinite(x)) return x;
  let r: number;
  switch (mode) {
    case 'rtz':
      r = Math.trunc(x);
      break;
    case 'rtp':
      r = Math.ceil(x);
      break;
    case 'rtn':
      r = down;
      break;
    default: {
      // The fraction of a positive number is exact; `x - down` of a negative one is not.
      const magnitude = Math.abs(x);
      const whole = Math.floor(magnitude);
      const fraction = magnitude - whole;
      const up = fraction > 0.5 || (fraction === 0.5 && (mode === 'rna' || whole % 2 === 1));
      const rounded = up ? whole + 1 : whole;
      r = x < 0 ? -rounded : rounded;
    }
  }
  return r === 0 && x < 0 ? -0 : r;
}

function fromInteger(value: bigint, width: number): bigint {
  const bits = roundToFormat(value < 0n ? -value : value, 0, formatOf(width));
  return value < 0n ? bits | (1n << BigInt(width - 1)) : bits;
}

function toInteger(signed: boolean, mode: Rounding, bits: bigint, from: number, width: number): bigint {
  const x = toNumber(bits, from);
  if (Number.isNaN(x)) return 0n;
  const least = signed ? -(1n << BigInt(width - 1)) : 0n;
  const greatest = signed ? mask(width - 1) : mask(width);
  let value: bigint;
  if (x === Infinity) value = greatest;
  else if (x === -Infinity) value = least;
  else {
    value = BigInt(roundNumber(mode, x));
    if (value < least) value = least;
    if (value > greatest) value = greatest;
  }
  return BigInt.asUintN(width, value);
}

function convert(bits: bigint, from: number, width: number): bigint {
  if (!isNaNBits(bits, from)) return fromNumber(toNumber(bits, from), width);
  const [f, g] = [formatOf(from), formatOf(width)];
  const payload = bits & f.fractionMask;
  const shift = g.fractionBits - f.fractionBits;
  const moved = shift >= 0 ? payload << BigInt(shift) : payload >> BigInt(-shift);
  const sign = signOf(bits, from) === 0n ? 0n : 1n << BigInt(width - 1);
  return sign | g.exponentMask | g.quiet | moved;
}

function truth(x: boolean): bigint {
  return x ? 1n : 0n;
}

/**
 * The value of a float operator. `from` is the width of the arguments, `width` that of the result; `mode` is the
 * rounding mode of the operators that have one, and the empty string else.
 */
export function evaluateFloat(op: FloatOp, mode: string, args: readonly bigint[], from: number, width: number): bigint {
  const [a, b, c] = [args[0] ?? 0n, args[1] ?? 0n, args[2] ?? 0n];
  const x = () => toNumber(a, from);
  const y = () => toNumber(b, from);
  switch (op) {
    case 'fp.add':
      return fromNumber(x() + y(), width);
    case 'fp.sub':
      return fromNumber(x() - y(), width);
    case 'fp.mul':
      return fromNumber(x() * y(), width);
    case 'fp.div':
      return fromNumber(x() / y(), width);
    case 'fp.sqrt':
      return fromNumber(Math.sqrt(x()), width);
    case 'fp.fma':
      return fma(a, b, c, width);
    case 'fp.eq':
      return truth(x() === y());
    case 'fp.lt':
      return truth(x() < y());
    case 'fp.le':
      return truth(x() <= y());
    case 'fp.round':
      if (isNaNBits(a, from)) return a | formatOf(from).quiet;
      return fromNumber(roundNumber(roundingOf(mode), x()), width);
    case 'fp.convert':
      return convert(a, from, width);
    case 'fp.fromSigned':
      return fromInteger(BigInt.asIntN(from, a), width);
    case 'fp.fromUnsigned':
      return fromInteger(a, width);
    case 'fp.toSigned':
      return toInteger(true, roundingOf(mode), a, from, width);
    case 'fp.toUnsigned':
      return toInteger(false, roundingOf(mode), a, from, width);
    case 'fp.isNaN':
      return truth(isNaNBits(a, from));
    case 'fp.nanX86': {
      const quiet = formatOf(width).quiet;
      for (const operand of args.slice(1)) if (isNaNBits(operand, width)) return operand | quiet;
      return isNaNBits(a, width) ? (1n << BigInt(width - 1)) | formatOf(width).defaultNaN : a;
    }
    case 'fp.nanArm': {
      const operands = args.slice(1);
      const quiet = formatOf(width).quiet;
      for (const operand of operands) if (isSignallingBits(operand, width)) return operand | quiet;
      for (const operand of operands) if (isNaNBits(operand, width)) return operand;
      return a;
    }
  }
}

function roundingOf(mode: string): Rounding {
  return mode === 'rtz' || mode === 'rtp' || mode === 'rtn' || mode === 'rna' ? mode : 'rne';
}
