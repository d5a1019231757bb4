// SPDX-License-Identifier: MIT
import { toNumber } from '../../../logic/ieee.ts';
import type { Arguments } from './arguments.ts';
import { fixedText, generalText, hexText, scientificText } from './decimal.ts';
import { type Conversion, type Format, formatOf, type Star } from './format-text.ts';
import { fromLatin1, latin1 } from './memory.ts';
import type { Process } from './process.ts';

/** `printf`: ISO C 7.23.6.1 with glibc's `%m` and POSIX's `'` (which means nothing in the C locale) and `%n$`. */

/** A conversion with the width and the precision that its arguments may give. */
interface Spec extends Conversion {
  readonly width: number;
  readonly precision: number;
}

/** The bytes that a format and arguments make. */
export function format(p: Process, text: Uint8Array, args: Arguments): Uint8Array {
  const written = latin1(text);
  const parsed = formatOf(written);
  return formatWith(p, parsed, parsed.numbered ? new NumberedArguments(written, args) : args);
}

/** Arguments that the format names by number (`%2$s`, `%*3$d`): all are taken first, each as what the format says it is. */
class NumberedArguments implements Arguments {
  private readonly values: (bigint | undefined)[] = [];
  private next = 0;

  constructor(text: string, args: Arguments) {
    const isFloat: boolean[] = [];
    for (const [, value, stars, kind] of text.matchAll(/%(\d+)\$([^a-zA-Z%]*)(?:hh|h|ll|l|L|q|j|z|t)?([a-zA-Z])/g)) {
      isFloat[Number(value) - 1] = 'aAeEfFgG'.includes(kind ?? '');
      for (const [, star] of (stars ?? '').matchAll(/\*(\d+)\$/g)) isFloat[Number(star) - 1] = false;
    }
    for (let i = 0; i < isFloat.length; i++) {
      this.values.push(isFloat[i] === true ? args.pattern() : BigInt.asUintN(64, args.long()));
    }
  }

  /** Says which argument is taken next. */
  choose(number: number): void {
    this.next = number - 1;
  }

  pattern(): bigint {
    return this.values[this.next++] ?? 0n;
  }

  long(): bigint {
    return BigInt.asIntN(64, this.pattern());
  }

  int(): number {
    return Number(BigInt.asIntN(32, this.pattern()));
  }

  unsigned(): number {
    return Number(BigInt.asUintN(32, this.pattern()));
  }

  size(): number {
    return Number(this.pattern());
  }

  double(): number {
    return toNumber(this.pattern(), 64);
  }

  float(): number {
    return toNumber(BigInt.asUintN(32, this.pattern()), 32);
  }
}

function formatWith(p: Process, { pieces }: Format, args: Arguments): Uint8Array {
  const out: Uint8Array[] = [];
  let size = 0;
  for (const piece of pieces) {
    let bytes: Uint8Array;
    if (piece instanceof Uint8Array) bytes = piece;
    else {
      const spec = filled(piece, args);
      if (spec.conversion === 'n') {
        storeCount(p, spec, args, size);
        continue;
      }
      bytes = convert(p, spec, args);
    }
    out.push(bytes);
    size += bytes.length;
    if (size > MOST) throw p.fault('library', `${p.memory.caller} would make more than ${MOST} bytes`);
  }
  const [first] = out;
  // Nobody changes what is made, but the pieces of a format are used again.
  if (first !== undefined && out.length === 1 && pieces[0] !== first) return first;
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of out) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const MOST = 1 << 28;

/** Takes the width and the precision from arguments where they are, and says which argument is next. */
function filled(c: Conversion, args: Arguments): Spec {
  let spec = c as Spec;
  if (typeof c.width !== 'number' || typeof c.precision !== 'number') {
    const given = (from: number | Star): number => {
      if (typeof from === 'number') return from;
      choose(args, from.argument);
      return args.int();
    };
    const width = given(c.width);
    const precision = Math.max(-1, given(c.precision));
    spec = { ...c, width: Math.abs(width), left: c.left || width < 0, precision };
  }
  choose(args, c.argument);
  return spec;
}

function choose(args: Arguments, number: number | undefined): void {
  if (number !== undefined && args instanceof NumberedArguments) args.choose(number);
}

function storeCount(p: Process, spec: Spec, args: Arguments, size: number): void {
  const at = args.size();
  const bytes = integerBits(spec.length) / 8;
  for (let i = 0; i < bytes; i++) p.memory.setU8(at + i, Math.floor(size / 2 ** (8 * i)) & 255);
}

function integerBits(length: string): number {
  switch (length) {
    case 'hh':
      return 8;
    case 'h':
      return 16;
    case '':
      return 32;
    default:
      return 64;
  }
}

function convert(p: Process, spec: Spec, args: Arguments): Uint8Array {
  switch (spec.conversion) {
    case 'd':
    case 'i': {
      const value = BigInt.asIntN(integerBits(spec.length), args.long());
      return integer(spec, value < 0n ? -value : value, value < 0n ? '-' : spec.plus ? '+' : spec.blank ? ' ' : '', 10);
    }
    case 'u':
      return integer(spec, BigInt.asUintN(integerBits(spec.length), args.long()), '', 10);
    case 'o':
      return integer(spec, BigInt.asUintN(integerBits(spec.length), args.long()), '', 8);
    case 'x':
    case 'X':
      return integer(spec, BigInt.asUintN(integerBits(spec.length), args.long()), '', 16);
    case 'c':
      if (spec.length === 'l') return pad(spec, utf8(args.unsigned()));
      return pad(spec, Uint8Array.of(args.int() & 255));
    case 'C':
      return pad(spec, utf8(args.unsigned()));
    case 's':
    case 'S':
      return pad(
        spec,
        spec.length === 'l' || spec.conversion === 'S'
          ? wideString(p, spec, args.size())
          : narrowString(p, spec, args.size()),
      );
    case 'p': {
      const value = BigInt.asUintN(64, args.long());
      if (value === 0n) return pad(spec, fromLatin1('(nil)'));
      return integer({ ...spec, alternate: true, conversion: 'x' }, value, spec.plus ? '+' : spec.blank ? ' ' : '', 16);
    }
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'a':
    case 'A':
      if (spec.length === 'L') throw p.fault('library', `${p.memory.caller}: long double is not supported`);
      return floating(spec, args.pattern());
    case 'm':
      return pad(spec, fromLatin1(errorText(p.memory.i32(p.errno))));
    case '%':
      return fromLatin1('%');
    default:
      throw p.fault('library', `${p.memory.caller}: %${spec.length}${spec.conversion} is no conversion`);
  }
}

function integer(spec: Spec, magnitude: bigint, sign: string, base: number): Uint8Array {
  let digits = magnitude === 0n && spec.precision === 0 ? '' : magnitude.toString(base);
  if (spec.precision >= 0) digits = digits.padStart(spec.precision, '0');
  let prefix = sign;
  if (spec.alternate && base === 8 && !digits.startsWith('0')) digits = `0${digits}`;
  if (spec.alternate && base === 16 && magnitude !== 0n) prefix += '0x';
  if (spec.zero && !spec.left && spec.precision < 0) digits = digits.padStart(spec.width - prefix.length, '0');
  const text = prefix + digits;
  return pad(spec, fromLatin1(spec.conversion === 'X' ? text.toUpperCase() : text));
}

function floating(spec: Spec, bits: bigint): Uint8Array {
  const kind = spec.conversion.toLowerCase();
  const x = toNumber(bits, 64);
  const negative = bits >> 63n === 1n;
  const sign = negative ? '-' : spec.plus ? '+' : spec.blank ? ' ' : '';
  const precision = spec.precision < 0 ? 6 : spec.precision;
  let text: string;
  let prefix = sign;
  const finite = Number.isFinite(x);
  if (!finite) text = Number.isNaN(x) ? 'nan' : 'inf';
  else if (kind === 'e') text = scientificText(x, precision, spec.alternate);
  else if (kind === 'f') text = fixedText(x, precision) + (spec.alternate && precision === 0 ? '.' : '');
  else if (kind === 'g') text = generalText(x, precision, spec.alternate);
  else {
    text = hexText(x, spec.precision, spec.alternate).slice(2);
    prefix += '0x';
  }
  if (spec.zero && !spec.left && finite) text = text.padStart(spec.width - prefix.length, '0');
  text = prefix + text;
  return pad(spec, fromLatin1(spec.conversion === kind ? text : text.toUpperCase()));
}

function narrowString(p: Process, spec: Spec, at: number): Uint8Array {
  if (at === 0) return fromLatin1(spec.precision >= 0 && spec.precision < 6 ? '' : '(null)');
  return p.memory.string(at, spec.precision < 0 ? Infinity : spec.precision).slice();
}

function wideString(p: Process, spec: Spec, at: number): Uint8Array {
  if (at === 0) return fromLatin1('(null)');
  const out: number[] = [];
  for (let i = at; ; i += 4) {
    const c = p.memory.i32(i);
    if (c === 0) break;
    const bytes = utf8(c);
    if (spec.precision >= 0 && out.length + bytes.length > spec.precision) break;
    out.push(...bytes);
  }
  return Uint8Array.from(out);
}

/** In the C locale, characters beyond ASCII have no multibyte form; one byte stands for each below 256. */
function utf8(c: number): Uint8Array {
  return Uint8Array.of(c & 255);
}

function pad(spec: Spec, bytes: Uint8Array): Uint8Array {
  if (bytes.length >= spec.width) return bytes;
  const out = new Uint8Array(spec.width).fill(32);
  out.set(bytes, spec.left ? 0 : spec.width - bytes.length);
  return out;
}

const ERRORS: Readonly<Record<number, string>> = {
  0: 'Success',
  1: 'Operation not permitted',
  2: 'No such file or directory',
  4: 'Interrupted system call',
  5: 'Input/output error',
  9: 'Bad file descriptor',
  11: 'Resource temporarily unavailable',
  12: 'Cannot allocate memory',
  13: 'Permission denied',
  17: 'File exists',
  20: 'Not a directory',
  21: 'Is a directory',
  22: 'Invalid argument',
  24: 'Too many open files',
  25: 'Inappropriate ioctl for device',
  28: 'No space left on device',
  29: 'Illegal seek',
  32: 'Broken pipe',
  33: 'Numerical argument out of domain',
  34: 'Numerical result out of range',
  38: 'Function not implemented',
  39: 'Directory not empty',
  84: 'Invalid or incomplete multibyte or wide character',
};

export function errorText(error: number): string {
  return ERRORS[error] ?? `Unknown error ${error}`;
}
