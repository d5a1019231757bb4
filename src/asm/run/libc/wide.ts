// SPDX-License-Identifier: MIT
import { type Arguments, type CallArguments, ListArguments } from './arguments.ts';
import { classFunctions, toLower, toUpper } from './ctype.ts';
import { double, type Functions, int, type LibraryFunction, long } from './define.ts';
import { format } from './format.ts';
import { readFloat, readInteger } from './numbers.ts';
import type { Process } from './process.ts';
import { ERRNO } from './streams.ts';

/**
 * <wchar.h> and <wctype.h> in the C locale: a wide character has 32 bits, and those that are also bytes are 0 to 127.
 * Streams are not wide.
 */

const WIDE = 4;
/** What conversions give that fail. */
const FAILED = -1n;

const at = (p: Process, text: number, i: number): number => p.memory.i32(text + WIDE * i);
const put = (p: Process, text: number, i: number, c: number): void => p.memory.setI32(text + WIDE * i, c);

function length(p: Process, text: number, limit = Infinity): number {
  let n = 0;
  while (n < limit && at(p, text, n) !== 0) n++;
  return n;
}

/** Moves so many wide characters, which may overlap. */
function move(p: Process, to: number, from: number, count: number): number {
  if (count === 0) return to;
  p.memory.readable(from, WIDE * count);
  p.memory.writableAt(to, WIDE * count);
  p.memory.bytes.copyWithin(to, from, from + WIDE * count);
  return to;
}

function compare(p: Process, a: number, b: number, limit: number, stops: boolean): number {
  for (let i = 0; i < limit; i++) {
    const [x, y] = [at(p, a, i), at(p, b, i)];
    if (x !== y) return x < y ? -1 : 1;
    if (stops && x === 0) return 0;
  }
  return 0;
}

function find(p: Process, text: number, c: number, count: number): number {
  for (let i = 0; i < count; i++) if (at(p, text, i) === c) return text + WIDE * i;
  return 0;
}

function findText(p: Process, text: number, wanted: number): number {
  const size = length(p, wanted);
  for (let i = 0, end = length(p, text) - size; i <= end; i++)
    if (compare(p, text + WIDE * i, wanted, size, false) === 0) return text + WIDE * i;
  return 0;
}

/** How many characters from the beginning are, or are not, among others. */
function span(p: Process, text: number, among: number, wanted: boolean): number {
  const count = length(p, among);
  let i = 0;
  while (at(p, text, i) !== 0 && (find(p, among, at(p, text, i), count) !== 0) === wanted) i++;
  return i;
}

/** Bytes to wide characters, at most so many; `to` may be missing. */
function widen(p: Process, to: number, from: number, count: number): bigint {
  const limit = to === 0 ? Infinity : count;
  for (let i = 0; i < limit; i++) {
    const c = p.memory.u8(from + i);
    if (c > 127) return illegal(p);
    if (to !== 0) put(p, to, i, c);
    if (c === 0) return BigInt(i);
  }
  return BigInt(count);
}

function narrow(p: Process, to: number, from: number, count: number): bigint {
  const limit = to === 0 ? Infinity : count;
  for (let i = 0; i < limit; i++) {
    const c = at(p, from, i);
    if (c < 0 || c > 127) return illegal(p);
    if (to !== 0) p.memory.setU8(to + i, c);
    if (c === 0) return BigInt(i);
  }
  return BigInt(count);
}

function illegal(p: Process): bigint {
  p.fail(ERRNO.EILSEQ);
  return FAILED;
}

/** One byte to a wide character: how many bytes it had, -2 where there is none. */
function one(p: Process, to: number, from: number, count: number): bigint {
  if (from === 0) return 0n;
  if (count === 0) return -2n;
  const c = p.memory.u8(from);
  if (c > 127) return illegal(p);
  if (to !== 0) put(p, to, 0, c);
  return c === 0 ? 0n : 1n;
}

function oneByte(p: Process, to: number, c: number): bigint {
  if (to === 0) return 1n;
  if (c < 0 || c > 127) return illegal(p);
  p.memory.setU8(to, c);
  return 1n;
}

const copying = (): LibraryFunction => long((p, a) => move(p, a.size(), a.size(), a.size()));

const integer = (signed: boolean): LibraryFunction =>
  long((p, a) => {
    const [text, end, base] = [a.size(), a.size(), a.int()];
    const { value, used } = readInteger((i) => at(p, text, i), base);
    if (end !== 0) p.memory.setPointer(end, text + WIDE * used);
    const most = signed ? (1n << 63n) - 1n : (1n << 64n) - 1n;
    const least = signed ? -(1n << 63n) : -most;
    if (value <= most && value >= least) return value;
    p.fail(ERRNO.ERANGE);
    return signed && value < 0n ? least : most;
  });

function print(p: Process, a: CallArguments, rest: () => Arguments): number {
  const [to, size, text] = three(a);
  const own = Uint8Array.from({ length: length(p, text) }, (_, i) => at(p, text, i));
  const made = format(p, own, rest());
  if (made.length >= size) return -1;
  for (const [i, c] of made.entries()) put(p, to, i, c);
  put(p, to, made.length, 0);
  return made.length;
}

const three = (a: CallArguments): [number, number, number] => [a.size(), a.size(), a.size()];

export const wideFunctions: Functions = {
  ...Object.fromEntries(
    Object.entries(classFunctions).map(([name, f]): [string, LibraryFunction] => [name.replace('is', 'isw'), f]),
  ),
  towlower: int((_, a) => toLower(a.int())),
  towupper: int((_, a) => toUpper(a.int())),
  wcslen: long((p, a) => length(p, a.size())),
  wcsnlen: long((p, a) => length(p, a.size(), a.size())),
  wcscpy: long((p, a) => {
    const [to, from] = [a.size(), a.size()];
    return move(p, to, from, length(p, from) + 1);
  }),
  wcsncpy: long((p, a) => {
    const [to, from, count] = three(a);
    const size = length(p, from, count);
    move(p, to, from, size);
    for (let i = size; i < count; i++) put(p, to, i, 0);
    return to;
  }),
  wcscat: long((p, a) => {
    const [to, from] = [a.size(), a.size()];
    move(p, to + WIDE * length(p, to), from, length(p, from) + 1);
    return to;
  }),
  wcsncat: long((p, a) => {
    const [to, from, count] = three(a);
    const [end, size] = [length(p, to), length(p, from, count)];
    move(p, to + WIDE * end, from, size);
    put(p, to, end + size, 0);
    return to;
  }),
  wcscmp: int((p, a) => compare(p, a.size(), a.size(), Infinity, true)),
  wcsncmp: int((p, a) => compare(p, ...three(a), true)),
  wcscoll: int((p, a) => compare(p, a.size(), a.size(), Infinity, true)),
  wcschr: long((p, a) => {
    const text = a.size();
    return find(p, text, a.int(), length(p, text) + 1);
  }),
  wcsrchr: long((p, a) => {
    const [text, c] = [a.size(), a.int()];
    for (let i = length(p, text); i >= 0; i--) if (at(p, text, i) === c) return text + WIDE * i;
    return 0;
  }),
  wcsstr: long((p, a) => findText(p, a.size(), a.size())),
  wcsspn: long((p, a) => span(p, a.size(), a.size(), true)),
  wcscspn: long((p, a) => span(p, a.size(), a.size(), false)),
  wcspbrk: long((p, a) => {
    const [text, among] = [a.size(), a.size()];
    const i = span(p, text, among, false);
    return at(p, text, i) === 0 ? 0 : text + WIDE * i;
  }),
  wcsdup: long((p, a) => {
    const from = a.size();
    const size = length(p, from) + 1;
    const to = p.heap.allocate(WIDE * size);
    return to === 0 ? 0 : move(p, to, from, size);
  }),
  wcstol: integer(true),
  wcstoll: integer(true),
  wcstoul: integer(false),
  wcstoull: integer(false),
  __isoc23_wcstol: integer(true),
  __isoc23_wcstoll: integer(true),
  __isoc23_wcstoul: integer(false),
  __isoc23_wcstoull: integer(false),
  wcstod: double((p, a) => {
    const [text, end] = [a.size(), a.size()];
    const r = readFloat((i) => at(p, text, i));
    if (end !== 0) p.memory.setPointer(end, text + WIDE * r.used);
    if (r.outOfRange) p.fail(ERRNO.ERANGE);
    return r.value;
  }),
  wmemcpy: copying(),
  wmemmove: copying(),
  wmemset: long((p, a) => {
    const [to, c, count] = [a.size(), a.int(), a.size()];
    for (let i = 0; i < count; i++) put(p, to, i, c);
    return to;
  }),
  wmemcmp: int((p, a) => compare(p, ...three(a), false)),
  wmemchr: long((p, a) => {
    const [text, c, count] = [a.size(), a.int(), a.size()];
    return find(p, text, c, count);
  }),
  mbstowcs: long((p, a) => widen(p, ...three(a))),
  wcstombs: long((p, a) => narrow(p, ...three(a))),
  mbrtowc: long((p, a) => one(p, ...three(a))),
  mbrlen: long((p, a) => one(p, 0, a.size(), a.size())),
  mbtowc: int((p, a) => Number(one(p, ...three(a)))),
  mblen: int((p, a) => Number(one(p, 0, a.size(), a.size()))),
  wcrtomb: long((p, a) => oneByte(p, a.size(), a.int())),
  wctomb: int((p, a) => {
    const [to, c] = [a.size(), a.int()];
    return to === 0 ? 0 : Number(oneByte(p, to, c));
  }),
  btowc: int((_, a) => {
    const c = a.int();
    return c >= 0 && c < 128 ? c : -1;
  }),
  wctob: int((_, a) => {
    const c = a.int();
    return c >= 0 && c < 128 ? c : -1;
  }),
  swprintf: int((p, a) => print(p, a, () => a.rest())),
  vswprintf: int((p, a) => print(p, a, () => new ListArguments(p, a.list()))),
  mbsinit: int(() => 1),
  __ctype_get_mb_cur_max: long(() => 1),
};
