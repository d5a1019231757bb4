// SPDX-License-Identifier: MIT
import type { CallArguments } from './arguments.ts';
import { double, type Functions, int, type LibraryFunction, long } from './define.ts';
import { errorText } from './format.ts';
import type { Process } from './process.ts';

/** <string.h>, <strings.h> */

const lower = (c: number): number => (c >= 65 && c <= 90 ? c + 32 : c);

function compareBytes(p: Process, a: number, b: number, limit: number, fold: (c: number) => number): number {
  const { memory } = p;
  for (let i = 0; i < limit; i++) {
    const [x, y] = [fold(memory.u8(a + i)), fold(memory.u8(b + i))];
    if (x !== y) return x - y;
    if (x === 0) return 0;
  }
  return 0;
}

const same = (c: number): number => c;

function copy(p: Process, to: number, from: number, size: number): number {
  if (size === 0) return to;
  p.memory.readable(from, size);
  p.memory.writableAt(to, size);
  p.memory.bytes.copyWithin(to, from, from + size);
  return to;
}

function fill(p: Process, to: number, value: number, size: number): number {
  if (size === 0) return to;
  p.memory.writableAt(to, size);
  p.memory.bytes.fill(value & 255, to, to + size);
  return to;
}

function find(p: Process, from: number, c: number, size: number): number {
  if (size === 0) return 0;
  p.memory.readable(from, 1);
  const at = p.memory.bytes.indexOf(c & 255, from);
  if (at >= 0 && at < from + size) return at;
  p.memory.readable(from, size);
  return 0;
}

const copying = (): LibraryFunction => long((p, a) => copy(p, a.size(), a.size(), a.size()));
const filling = (): LibraryFunction =>
  long((p, a) => {
    const to = a.size();
    const value = a.int();
    return fill(p, to, value, a.size());
  });

function stringCopy(p: Process, to: number, from: number): number {
  const size = p.memory.length(from) + 1;
  copy(p, to, from, size);
  return size - 1;
}

function append(p: Process, to: number, from: number, limit: number): number {
  const at = to + p.memory.length(to);
  const size = p.memory.length(from, limit);
  copy(p, at, from, size);
  p.memory.setU8(at + size, 0);
  return to;
}

function copyPadded(p: Process, to: number, from: number, size: number): number {
  const length = p.memory.length(from, size);
  copy(p, to, from, length);
  fill(p, to + length, 0, size - length);
  return length;
}

/** The length of the longest beginning that consists of members, or of others. */
function span(p: Process, at: number, set: number, wanted: boolean): number {
  const members = new Set(p.memory.string(set));
  const text = p.memory.string(at);
  for (let i = 0; i < text.length; i++) if (members.has(text[i] ?? 0) !== wanted) return i;
  return text.length;
}

function search(p: Process, at: number, what: number, fold: (c: number) => number): number {
  const text = p.memory.string(at).map(fold);
  const word = p.memory.string(what).map(fold);
  if (word.length === 0) return at;
  const found = Buffer.from(text.buffer, text.byteOffset, text.length).indexOf(word);
  return found < 0 ? 0 : at + found;
}

function token(p: Process, given: number, set: number, save: number): number {
  let at = given === 0 ? p.memory.pointer(save) : given;
  if (at === 0) return 0;
  at += span(p, at, set, true);
  if (p.memory.u8(at) === 0) {
    p.memory.setPointer(save, at);
    return 0;
  }
  const end = at + span(p, at, set, false);
  if (p.memory.u8(end) === 0) p.memory.setPointer(save, end);
  else {
    p.memory.setU8(end, 0);
    p.memory.setPointer(save, end + 1);
  }
  return at;
}

function duplicate(p: Process, from: number, limit: number): number {
  const length = p.memory.length(from, limit);
  const to = p.heap.allocate(length + 1);
  if (to === 0) return 0;
  copy(p, to, from, length);
  p.memory.setU8(to + length, 0);
  return to;
}

const ordering = (limit: boolean, fold: (c: number) => number): LibraryFunction =>
  int((p, a) => compareBytes(p, a.size(), a.size(), limit ? a.size() : Infinity, fold));

function compareMemory(p: Process, a: CallArguments): number {
  const [x, y, size] = [a.size(), a.size(), a.size()];
  if (size === 0) return 0;
  const [u, v] = [p.memory.read(x, size), p.memory.read(y, size)];
  return Buffer.compare(u, v);
}

/** The size of the destination, where it is given, is not looked at: memory is checked. */
const copyToEnd = (): LibraryFunction =>
  long((p, a) => {
    const to = a.size();
    return to + stringCopy(p, to, a.size());
  });

export const stringFunctions: Functions = {
  memcpy: copying(),
  memmove: copying(),
  __memcpy_chk: copying(),
  __memmove_chk: copying(),
  mempcpy: long((p, a) => {
    const [to, from, size] = [a.size(), a.size(), a.size()];
    return copy(p, to, from, size) + size;
  }),
  memset: filling(),
  __memset_chk: filling(),
  bzero: long((p, a) => fill(p, a.size(), 0, a.size())),
  bcopy: long((p, a) => {
    const [from, to, size] = [a.size(), a.size(), a.size()];
    return copy(p, to, from, size);
  }),
  memcmp: int(compareMemory),
  bcmp: int(compareMemory),
  memchr: long((p, a) => find(p, a.size(), a.int(), a.size())),
  memrchr: long((p, a) => {
    const [from, c, size] = [a.size(), a.int(), a.size()];
    const at = p.memory.read(from, size).lastIndexOf(c & 255);
    return at < 0 ? 0 : from + at;
  }),
  rawmemchr: long((p, a) => find(p, a.size(), a.int(), Infinity)),
  memmem: long((p, a) => {
    const [at, size, word, length] = [a.size(), a.size(), a.size(), a.size()];
    const found = Buffer.from(p.memory.read(at, size)).indexOf(p.memory.read(word, length));
    return found < 0 ? 0 : at + found;
  }),
  strlen: long((p, a) => p.memory.length(a.size())),
  strnlen: long((p, a) => p.memory.length(a.size(), a.size())),
  strcpy: long((p, a) => {
    const to = a.size();
    stringCopy(p, to, a.size());
    return to;
  }),
  __strcpy_chk: long((p, a) => {
    const to = a.size();
    stringCopy(p, to, a.size());
    return to;
  }),
  stpcpy: copyToEnd(),
  __stpcpy_chk: copyToEnd(),
  strncpy: long((p, a) => {
    const to = a.size();
    copyPadded(p, to, a.size(), a.size());
    return to;
  }),
  __strncpy_chk: long((p, a) => {
    const to = a.size();
    copyPadded(p, to, a.size(), a.size());
    return to;
  }),
  stpncpy: long((p, a) => {
    const to = a.size();
    return to + copyPadded(p, to, a.size(), a.size());
  }),
  strcat: long((p, a) => append(p, a.size(), a.size(), Infinity)),
  __strcat_chk: long((p, a) => append(p, a.size(), a.size(), Infinity)),
  strncat: long((p, a) => append(p, a.size(), a.size(), a.size())),
  __strncat_chk: long((p, a) => append(p, a.size(), a.size(), a.size())),
  strcmp: ordering(false, same),
  strncmp: ordering(true, same),
  strcasecmp: ordering(false, lower),
  strncasecmp: ordering(true, lower),
  strcoll: ordering(false, same),
  strxfrm: long((p, a) => {
    const [to, from, size] = [a.size(), a.size(), a.size()];
    const length = p.memory.length(from);
    if (size > 0) copy(p, to, from, Math.min(size, length + 1));
    return length;
  }),
  strchr: long((p, a) => {
    const [at, c] = [a.size(), a.int()];
    return find(p, at, c, p.memory.length(at) + 1);
  }),
  index: long((p, a) => {
    const [at, c] = [a.size(), a.int()];
    return find(p, at, c, p.memory.length(at) + 1);
  }),
  strchrnul: long((p, a) => {
    const [at, c] = [a.size(), a.int()];
    const length = p.memory.length(at);
    return find(p, at, c, length + 1) || at + length;
  }),
  strrchr: long((p, a) => {
    const [at, c] = [a.size(), a.int()];
    const found = p.memory.read(at, p.memory.length(at) + 1).lastIndexOf(c & 255);
    return found < 0 ? 0 : at + found;
  }),
  strspn: long((p, a) => span(p, a.size(), a.size(), true)),
  strcspn: long((p, a) => span(p, a.size(), a.size(), false)),
  strpbrk: long((p, a) => {
    const [at, set] = [a.size(), a.size()];
    const end = at + span(p, at, set, false);
    return p.memory.u8(end) === 0 ? 0 : end;
  }),
  strstr: long((p, a) => search(p, a.size(), a.size(), same)),
  strcasestr: long((p, a) => search(p, a.size(), a.size(), lower)),
  strtok: long((p, a) => token(p, a.size(), a.size(), p.space('strtok', 8))),
  strtok_r: long((p, a) => token(p, a.size(), a.size(), a.size())),
  __strtok_r: long((p, a) => token(p, a.size(), a.size(), a.size())),
  strsep: long((p, a) => {
    const [save, set] = [a.size(), a.size()];
    const at = p.memory.pointer(save);
    if (at === 0) return 0;
    const end = at + span(p, at, set, false);
    if (p.memory.u8(end) === 0) p.memory.setPointer(save, 0);
    else {
      p.memory.setU8(end, 0);
      p.memory.setPointer(save, end + 1);
    }
    return at;
  }),
  strdup: long((p, a) => duplicate(p, a.size(), Infinity)),
  __strdup: long((p, a) => duplicate(p, a.size(), Infinity)),
  strndup: long((p, a) => duplicate(p, a.size(), a.size())),
  strerror: long((p, a) => {
    const error = a.int();
    return p.text(`strerror ${error}`, errorText(error));
  }),
  __xpg_strerror_r: int((p, a) => {
    const text = errorText(a.int());
    const [at, size] = [a.size(), a.size()];
    p.memory.writeString(at, new TextEncoder().encode(text.slice(0, Math.max(0, size - 1))));
    return 0;
  }),
  ffs: int((_, a) => {
    const x = a.int();
    return x === 0 ? 0 : 32 - Math.clz32(x & -x);
  }),
  difftime: double((_, a) => Number(a.long() - a.long())),
};
