// SPDX-License-Identifier: MIT
import { type Arguments, type CallArguments, ListArguments } from './arguments.ts';
import { type Functions, int, type LibraryFunction, long, none } from './define.ts';
import { FileData } from './file-tree.ts';
import { errorText, format } from './format.ts';
import { fromLatin1 } from './memory.ts';
import type { Process } from './process.ts';
import { type Source, scan } from './scan.ts';
import { ERRNO, type Opening, Stream } from './streams.ts';

/** <stdio.h> */

const stream = (p: Process, a: CallArguments): Stream => p.streams.get(a.size());
const standardOutput = (p: Process): Stream => p.streams.get(p.streams.standard(1));

function print(p: Process, to: Stream, text: number, args: Arguments): number {
  const bytes = format(p, p.memory.string(text), args);
  return p.streams.write(to, bytes) ? bytes.length : -1;
}

/** Writes what fits into `size` bytes, with a zero; gives the length that all of it would have. */
function printInto(p: Process, to: number, size: number, text: number, args: Arguments): number {
  const bytes = format(p, p.memory.string(text), args);
  if (size > 0) p.memory.writeString(to, bytes.length < size ? bytes : bytes.subarray(0, size - 1));
  return bytes.length;
}

function printAllocated(p: Process, to: number, text: number, args: Arguments): number {
  const bytes = format(p, p.memory.string(text), args);
  const at = p.heap.allocate(bytes.length + 1);
  p.memory.setPointer(to, at);
  if (at === 0) return -1;
  p.memory.writeString(at, bytes);
  return bytes.length;
}

type Variadic = (p: Process, a: CallArguments, rest: () => Arguments) => number;

/** A function with variable arguments, and the one that takes a list of them. */
const both = (name: string, listed: string, run: Variadic): [string, LibraryFunction][] => [
  [name, int((p, a) => run(p, a, () => a.rest()))],
  [listed, int((p, a) => run(p, a, () => new ListArguments(p, a.list())))],
];

const printers: [string, LibraryFunction][] = [
  ...both('printf', 'vprintf', (p, a, rest) => {
    const text = a.size();
    return print(p, standardOutput(p), text, rest());
  }),
  ...both('__printf_chk', '__vprintf_chk', (p, a, rest) => {
    a.int();
    const text = a.size();
    return print(p, standardOutput(p), text, rest());
  }),
  ...both('fprintf', 'vfprintf', (p, a, rest) => {
    const to = stream(p, a);
    const text = a.size();
    return print(p, to, text, rest());
  }),
  ...both('__fprintf_chk', '__vfprintf_chk', (p, a, rest) => {
    const to = stream(p, a);
    a.int();
    const text = a.size();
    return print(p, to, text, rest());
  }),
  ...both('dprintf', 'vdprintf', (p, a, rest) => {
    const [to, text] = [a.int(), a.size()];
    const bytes = format(p, p.memory.string(text), rest());
    return p.streams.rawWrite(to, bytes) ? bytes.length : p.fail(ERRNO.EBADF);
  }),
  ...both('sprintf', 'vsprintf', (p, a, rest) => {
    const [to, text] = [a.size(), a.size()];
    return printInto(p, to, Infinity, text, rest());
  }),
  ...both('__sprintf_chk', '__vsprintf_chk', (p, a, rest) => {
    const to = a.size();
    a.int();
    a.size();
    const text = a.size();
    return printInto(p, to, Infinity, text, rest());
  }),
  ...both('snprintf', 'vsnprintf', (p, a, rest) => {
    const [to, size, text] = [a.size(), a.size(), a.size()];
    return printInto(p, to, size, text, rest());
  }),
  ...both('__snprintf_chk', '__vsnprintf_chk', (p, a, rest) => {
    const [to, size] = [a.size(), a.size()];
    a.int();
    a.size();
    const text = a.size();
    return printInto(p, to, size, text, rest());
  }),
  ...both('asprintf', 'vasprintf', (p, a, rest) => {
    const [to, text] = [a.size(), a.size()];
    return printAllocated(p, to, text, rest());
  }),
  ...both('__asprintf_chk', '__vasprintf_chk', (p, a, rest) => {
    const to = a.size();
    a.int();
    const text = a.size();
    return printAllocated(p, to, text, rest());
  }),
];

function streamSource(p: Process, from: Stream): Source {
  return { next: () => p.streams.getc(from), back: (c) => from.pushedBack.push(c) };
}

function stringSource(p: Process, at: number): Source {
  const bytes = p.memory.string(at);
  let i = 0;
  return {
    next: () => bytes[i++] ?? -1,
    back: () => {
      i--;
    },
  };
}

const scanners: [string, LibraryFunction][] = ['', '__isoc99_', '__isoc23_'].flatMap((prefix) => [
  ...both(`${prefix}scanf`, `${prefix}vscanf`, (p, a, rest) => {
    const text = a.size();
    return scan(p, streamSource(p, p.streams.get(p.streams.standard(0))), text, rest());
  }),
  ...both(`${prefix}fscanf`, `${prefix}vfscanf`, (p, a, rest) => {
    const from = stream(p, a);
    const text = a.size();
    return scan(p, streamSource(p, from), text, rest());
  }),
  ...both(`${prefix}sscanf`, `${prefix}vsscanf`, (p, a, rest) => {
    const source = stringSource(p, a.size());
    const text = a.size();
    return scan(p, source, text, rest());
  }),
]);

function modeOf(mode: string): Opening | undefined {
  const kind = mode[0] ?? '';
  if (!'rwa'.includes(kind) || kind === '') return undefined;
  const plus = mode.includes('+');
  return {
    read: kind === 'r' || plus,
    write: kind !== 'r' || plus,
    create: kind !== 'r',
    exclusive: mode.includes('x'),
    truncate: kind === 'w',
    append: kind === 'a',
  };
}

function open(p: Process, name: number, modeAt: number): number {
  const mode = modeOf(p.memory.text(modeAt));
  if (mode === undefined) {
    p.fail(ERRNO.EINVAL);
    return 0;
  }
  const descriptor = p.streams.open(p.memory.text(name), mode);
  if (descriptor < 0) {
    p.fail(-descriptor);
    return 0;
  }
  return p.streams.add(new Stream(descriptor, mode.read, mode.write, 'full'));
}

const temporary = (): LibraryFunction =>
  int((p, a) => {
    const at = a.size();
    const name = p.memory.text(at);
    for (let i = 0; ; i++) {
      const made = name.slice(0, -6) + String(i).padStart(6, '0');
      if (p.files.find(p.files.absolute(made)) !== undefined) continue;
      p.memory.writeString(at, fromLatin1(made));
      const how = { read: true, write: true, create: true, exclusive: true, truncate: false, append: false };
      return p.streams.open(made, how);
    }
  });

const reopen = (): LibraryFunction =>
  long((p, a) => {
    const [name, mode, old] = [a.size(), a.size(), a.size()];
    if (name === 0) return old;
    const fresh = open(p, name, mode);
    if (fresh === 0) {
      p.streams.closeStream(old);
      return 0;
    }
    p.streams.replace(old, fresh);
    return old;
  });

const putByte = (p: Process, c: number, to: Stream): number =>
  p.streams.write(to, Uint8Array.of(c & 255)) ? c & 255 : -1;
const putter = (): LibraryFunction =>
  int((p, a) => {
    const c = a.int();
    return putByte(p, c, stream(p, a));
  });
const getter = (): LibraryFunction => int((p, a) => p.streams.getc(stream(p, a)));

function getLine(p: Process, to: number, size: number, from: Stream): number {
  const line: number[] = [];
  while (line.length < size - 1) {
    const c = p.streams.getc(from);
    if (c < 0) break;
    line.push(c);
    if (c === 10) break;
  }
  if (line.length === 0 && size > 1) return 0;
  p.memory.writeString(to, Uint8Array.from(line));
  return to;
}

function getDelimited(p: Process, lineAt: number, sizeAt: number, delimiter: number, from: Stream): bigint {
  const line: number[] = [];
  for (let c = p.streams.getc(from); c >= 0; c = p.streams.getc(from)) {
    line.push(c);
    if (c === delimiter) break;
  }
  if (line.length === 0) return -1n;
  let at = p.memory.pointer(lineAt);
  if (at === 0 || p.memory.pointer(sizeAt) < line.length + 1) {
    const size = Math.max(120, line.length + 1);
    at = p.heap.resize(at, size);
    p.memory.setPointer(lineAt, at);
    p.memory.setPointer(sizeAt, size);
  }
  p.memory.writeString(at, Uint8Array.from(line));
  return BigInt(line.length);
}

function readItems(p: Process, to: number, size: number, count: number, from: Stream): number {
  if (size === 0 || count === 0) return 0;
  p.memory.writableAt(to, size * count);
  const bytes = p.streams.read(from, size * count);
  p.memory.bytes.set(bytes, to);
  return Math.floor(bytes.length / size);
}

function writeItems(p: Process, from: number, size: number, count: number, to: Stream): number {
  if (size === 0 || count === 0) return 0;
  return p.streams.write(to, p.memory.read(from, size * count)) ? count : 0;
}

function putString(p: Process, at: number, to: Stream, newline: boolean): number {
  const bytes = p.memory.string(at);
  const line = new Uint8Array(bytes.length + (newline ? 1 : 0)).fill(10);
  line.set(bytes);
  return p.streams.write(to, line) ? Math.max(1, line.length) : -1;
}

function seek(p: Process, a: CallArguments): number {
  const s = stream(p, a);
  const [offset, whence] = [Number(a.long()), a.int()];
  return p.streams.seek(s, offset, whence) ? 0 : p.fail(s.descriptor <= 2 ? ERRNO.ESPIPE : ERRNO.EINVAL);
}

function tell(p: Process, a: CallArguments): bigint {
  const at = p.streams.tell(stream(p, a));
  return at === undefined ? BigInt(p.fail(ERRNO.ESPIPE)) : BigInt(at);
}

export const stdioFunctions: Functions = {
  ...Object.fromEntries([...printers, ...scanners]),
  puts: int((p, a) => putString(p, a.size(), standardOutput(p), true)),
  fputs: int((p, a) => {
    const at = a.size();
    return putString(p, at, stream(p, a), false);
  }),
  putchar: int((p, a) => putByte(p, a.int(), standardOutput(p))),
  putchar_unlocked: int((p, a) => putByte(p, a.int(), standardOutput(p))),
  putc: putter(),
  fputc: putter(),
  putc_unlocked: putter(),
  _IO_putc: putter(),
  getc: getter(),
  fgetc: getter(),
  getc_unlocked: getter(),
  _IO_getc: getter(),
  // What glibc's own macros call when the buffer that they see is empty, as it always is here.
  __uflow: getter(),
  __overflow: int((p, a) => {
    const to = stream(p, a);
    return putByte(p, a.int(), to);
  }),
  getchar: int((p) => p.streams.getc(p.streams.get(p.streams.standard(0)))),
  ungetc: int((p, a) => {
    const c = a.int();
    const s = stream(p, a);
    if (c < 0) return -1;
    s.pushedBack.push(c & 255);
    s.atEnd = false;
    return c & 255;
  }),
  fgets: long((p, a) => {
    const [to, size] = [a.size(), a.int()];
    return getLine(p, to, size, stream(p, a));
  }),
  __fgets_chk: long((p, a) => {
    const to = a.size();
    a.size();
    const size = a.int();
    return getLine(p, to, size, stream(p, a));
  }),
  getline: long((p, a) => {
    const [line, size] = [a.size(), a.size()];
    return getDelimited(p, line, size, 10, stream(p, a));
  }),
  getdelim: long((p, a) => {
    const [line, size, delimiter] = [a.size(), a.size(), a.int()];
    return getDelimited(p, line, size, delimiter, stream(p, a));
  }),
  fread: long((p, a) => readItems(p, a.size(), a.size(), a.size(), stream(p, a))),
  fwrite: long((p, a) => writeItems(p, a.size(), a.size(), a.size(), stream(p, a))),
  fopen: long((p, a) => open(p, a.size(), a.size())),
  fopen64: long((p, a) => open(p, a.size(), a.size())),
  freopen: reopen(),
  freopen64: reopen(),
  fdopen: long((p, a) => {
    const [descriptor, mode] = [a.int(), modeOf(p.memory.text(a.size()))];
    if (mode === undefined || p.streams.describe(descriptor) === undefined) {
      p.fail(ERRNO.EBADF);
      return 0;
    }
    return p.streams.add(new Stream(descriptor, mode.read, mode.write, 'full'));
  }),
  tmpfile: long((p) =>
    p.streams.add(new Stream(p.streams.openData(new FileData(new Uint8Array(0)), true, true), true, true, 'full')),
  ),
  tmpfile64: long((p) =>
    p.streams.add(new Stream(p.streams.openData(new FileData(new Uint8Array(0)), true, true), true, true, 'full')),
  ),
  fclose: int((p, a) => {
    p.streams.closeStream(a.size());
    return 0;
  }),
  fflush: int((p, a) => {
    const at = a.size();
    if (at === 0) p.streams.flushAll();
    else p.streams.flush(p.streams.get(at));
    return 0;
  }),
  fseek: int(seek),
  fseeko: int(seek),
  fseeko64: int(seek),
  ftell: long(tell),
  ftello: long(tell),
  ftello64: long(tell),
  rewind: none((p, a) => {
    const s = stream(p, a);
    p.streams.seek(s, 0, 0);
    s.failed = false;
  }),
  feof: int((p, a) => stream(p, a).atEnd),
  __freading: int((p, a) => {
    const s = stream(p, a);
    return !s.canWrite || s.inputAt < s.input.length;
  }),
  ferror: int((p, a) => stream(p, a).failed),
  clearerr: none((p, a) => {
    const s = stream(p, a);
    s.atEnd = false;
    s.failed = false;
  }),
  fileno: int((p, a) => stream(p, a).descriptor),
  setvbuf: int((p, a) => {
    const s = stream(p, a);
    a.size();
    const mode = a.int();
    s.buffered = mode === 0 ? 'full' : mode === 1 ? 'line' : 'none';
    if (mode === 2) p.streams.flush(s);
    return mode < 0 || mode > 2;
  }),
  setbuf: none((p, a) => {
    const s = stream(p, a);
    s.buffered = a.size() === 0 ? 'none' : 'full';
    if (s.buffered === 'none') p.streams.flush(s);
  }),
  perror: none((p, a) => {
    const at = a.size();
    const prefix = at === 0 || p.memory.u8(at) === 0 ? '' : `${p.memory.text(at)}: `;
    p.streams.write(p.streams.get(p.streams.standard(2)), fromLatin1(`${prefix}${errorText(p.memory.i32(p.errno))}\n`));
  }),
  mkstemp: temporary(),
  mkstemp64: temporary(),
  popen: long((p) => {
    p.fail(ERRNO.ENOSYS);
    return 0;
  }),
  pclose: int((p) => p.fail(ERRNO.EINVAL)),
  flockfile: none(() => undefined),
  funlockfile: none(() => undefined),
};
