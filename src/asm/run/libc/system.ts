// SPDX-License-Identifier: MIT
import { type Functions, int, type LibraryFunction, long, none } from './define.ts';
import { parentOf, START } from './file-tree.ts';
import type { Process } from './process.ts';
import { ERRNO } from './streams.ts';

/** What POSIX adds that ordinary programs use: descriptors, the locale, one process, one thread, its own signals. */

/** `struct lconv` begins with the decimal point. */
function localeConventions(p: Process): number {
  const at = p.space('lconv', 96);
  const [point, empty] = [p.text('point', '.'), p.text('empty', '')];
  p.memory.setPointer(at, point);
  for (let i = 1; i < 10; i++) p.memory.setPointer(at + 8 * i, empty);
  for (let i = 80; i < 96; i++) p.memory.setU8(at + i, 127);
  return at;
}

const handler = (): LibraryFunction =>
  long((p, a) => {
    const [number, action] = [a.int(), a.size()];
    const before = p.signals.get(number) ?? 0;
    p.signals.set(number, action);
    return before;
  });

/** Only the program itself can send its signals: they come at once, or when they are no longer blocked. */
function raise(p: Process, number: number): number {
  if (p.blockedSignals.has(number)) {
    p.pendingSignals.add(number);
    return 0;
  }
  do {
    const action = p.signals.get(number) ?? 0;
    if (action === 1 || (action === 0 && HARMLESS.has(number))) return 0;
    if (action === 0) throw p.fault('abort', `the program sent itself signal ${number}`);
    p.blockedSignals.add(number);
    p.call(action, number);
    p.blockedSignals.delete(number);
    // What the handler itself has sent comes when it is done.
  } while (p.pendingSignals.delete(number));
  return 0;
}

/** Signals that do nothing where the program has said nothing: SIGCHLD, SIGCONT, SIGURG, SIGWINCH. */
const HARMLESS: ReadonlySet<number> = new Set([17, 18, 23, 28]);

function members(p: Process, at: number): number[] {
  const set = p.memory.u64(at);
  return Array.from({ length: 64 }, (_, i) => i + 1).filter((n) => ((set >> BigInt(n - 1)) & 1n) === 1n);
}

function storeMembers(p: Process, at: number, numbers: ReadonlySet<number>): void {
  if (at === 0) return;
  p.memory.setU64(
    at,
    [...numbers].reduce((set, n) => set | (1n << BigInt(n - 1)), 0n),
  );
}

const changeMask = (): LibraryFunction =>
  int((p, a) => {
    const [how, at, old] = [a.int(), a.size(), a.size()];
    storeMembers(p, old, p.blockedSignals);
    if (at === 0) return 0;
    if (how < 0 || how > 2) return p.fail(ERRNO.EINVAL);
    if (how === 2) p.blockedSignals.clear();
    for (const n of members(p, at)) {
      if (how === 1) p.blockedSignals.delete(n);
      else p.blockedSignals.add(n);
    }
    for (const n of [...p.pendingSignals]) {
      if (p.blockedSignals.has(n)) continue;
      p.pendingSignals.delete(n);
      raise(p, n);
    }
    return 0;
  });

function readInto(p: Process, descriptor: number, to: number, size: number): number | bigint {
  if (size > 0) p.memory.writableAt(to, size);
  const bytes = p.streams.rawRead(descriptor, size);
  if (bytes === undefined) return BigInt(p.fail(ERRNO.EBADF));
  p.memory.bytes.set(bytes, to);
  return bytes.length;
}

function writeFrom(p: Process, descriptor: number, from: number, size: number): number | bigint {
  const bytes = p.memory.read(from, size);
  return p.streams.rawWrite(descriptor, bytes) ? size : BigInt(p.fail(ERRNO.EBADF));
}

/** Reads or writes at an offset, and leaves the file's position where it is. */
const atOffset = (transfer: typeof readInto): LibraryFunction =>
  long((p, a) => {
    const [descriptor, at, size, offset] = [a.int(), a.size(), a.size(), Number(a.long())];
    const before = p.streams.rawSeek(descriptor, 0, 1);
    if (before === undefined) return BigInt(p.fail(ERRNO.ESPIPE));
    if (p.streams.rawSeek(descriptor, offset, 0) === undefined) return BigInt(p.fail(ERRNO.EINVAL));
    const done = transfer(p, descriptor, at, size);
    p.streams.rawSeek(descriptor, before, 0);
    return done;
  });
const readAt = (): LibraryFunction => atOffset(readInto);
const writeAt = (): LibraryFunction => atOffset(writeFrom);

const seek = (): LibraryFunction =>
  long((p, a) => {
    const [descriptor, offset, whence] = [a.int(), Number(a.long()), a.int()];
    if (p.streams.describe(descriptor) === undefined) return BigInt(p.fail(ERRNO.EBADF));
    const at = p.streams.rawSeek(descriptor, offset, whence);
    return at === undefined ? BigInt(p.fail(descriptor <= 2 ? ERRNO.ESPIPE : ERRNO.EINVAL)) : BigInt(at);
  });

function noThreads(p: Process): never {
  throw p.fault('library', `${p.memory.caller} needs threads, which the machine does not have`);
}

const USER = 1000;

/** `struct passwd` of the only user: name, password, two numbers of 4 bytes, remark, home, shell. */
function account(p: Process): number {
  const to = p.space('passwd', 48);
  const texts = ['user', 'x', '', parentOf(START), '/bin/sh'].map((text, i) => p.text(`passwd ${i}`, text));
  for (const [i, at] of [0, 8, 24, 32, 40].entries()) p.memory.setPointer(to + at, texts[i] ?? 0);
  for (const at of [16, 20]) p.memory.setI32(to + at, USER);
  return to;
}

/** `struct rusage` begins with the processor's time within the program; the rest is not known. */
function usage(p: Process, to: number): number {
  p.memory.writableAt(to, 144);
  p.memory.bytes.fill(0, to, to + 144);
  const seconds = p.world.clock();
  p.memory.setU64(to, BigInt(Math.floor(seconds)));
  p.memory.setU64(to + 8, BigInt(Math.floor((seconds % 1) * 1e6)));
  return 0;
}

const succeeds = (): LibraryFunction => int(() => 0);

export const systemFunctions: Functions = {
  close: int((p, a) => (p.streams.close(a.int()) ? 0 : p.fail(ERRNO.EBADF))),
  read: long((p, a) => readInto(p, a.int(), a.size(), a.size())),
  write: long((p, a) => writeFrom(p, a.int(), a.size(), a.size())),
  pread: readAt(),
  pread64: readAt(),
  pwrite: writeAt(),
  pwrite64: writeAt(),
  lseek: seek(),
  lseek64: seek(),
  isatty: int((p) => {
    p.fail(ERRNO.ENOTTY);
    return 0;
  }),
  getpid: int(() => 1000),
  getuid: int(() => USER),
  geteuid: int(() => USER),
  sysconf: long((p, a) => {
    // The size of a page, and one processor; nothing else has a limit that is known.
    const name = a.int();
    return name === 30 ? 4096 : name === 83 || name === 84 ? 1 : BigInt(p.fail(ERRNO.EINVAL));
  }),
  getpwuid: long((p, a) => (a.int() === USER ? account(p) : 0)),
  getrusage: int((p, a) => {
    a.int();
    return usage(p, a.size());
  }),
  // Nobody waits, since nothing else happens meanwhile.
  sleep: succeeds(),
  usleep: succeeds(),
  getpagesize: int(() => 4096),
  setlocale: long((p, a) => {
    a.int();
    const name = a.size();
    if (name !== 0 && !['', 'C', 'POSIX'].includes(p.memory.text(name))) return 0;
    return p.text('locale', 'C');
  }),
  localeconv: long(localeConventions),
  signal: handler(),
  __sysv_signal: handler(),
  bsd_signal: handler(),
  raise: int((p, a) => raise(p, a.int())),
  kill: int((p, a) => {
    const [process, number] = [a.int(), a.int()];
    if (process !== 1000 && process !== 0) return p.fail(ERRNO.EPERM);
    return number === 0 ? 0 : raise(p, number);
  }),
  sigprocmask: changeMask(),
  pthread_sigmask: changeMask(),
  sigpending: int((p, a) => {
    storeMembers(p, a.size(), p.pendingSignals);
    return 0;
  }),
  sigemptyset: int((p, a) => {
    const at = a.size();
    for (let i = 0; i < 128; i += 8) p.memory.setU64(at + i, 0n);
    return 0;
  }),
  sigaddset: int((p, a) => {
    const [at, number] = [a.size(), a.int() - 1];
    p.memory.setU8(at + (number >> 3), p.memory.u8(at + (number >> 3)) | (1 << (number & 7)));
    return 0;
  }),
  sigdelset: int((p, a) => {
    const [at, number] = [a.size(), a.int() - 1];
    p.memory.setU8(at + (number >> 3), p.memory.u8(at + (number >> 3)) & ~(1 << (number & 7)));
    return 0;
  }),
  sigfillset: int((p, a) => {
    const at = a.size();
    for (let i = 0; i < 128; i += 8) p.memory.setU64(at + i, -1n);
    return 0;
  }),
  sigismember: int((p, a) => {
    const [at, number] = [a.size(), a.int() - 1];
    return (p.memory.u8(at + (number >> 3)) >> (number & 7)) & 1;
  }),
  sigaction: int((p, a) => {
    const [number, action, old] = [a.int(), a.size(), a.size()];
    if (old !== 0) p.memory.setPointer(old, p.signals.get(number) ?? 0);
    if (action !== 0) p.signals.set(number, p.memory.pointer(action));
    return 0;
  }),
  pthread_mutex_init: succeeds(),
  pthread_mutex_destroy: succeeds(),
  pthread_mutex_lock: succeeds(),
  pthread_mutex_unlock: succeeds(),
  pthread_mutex_trylock: succeeds(),
  pthread_mutexattr_init: succeeds(),
  pthread_mutexattr_destroy: succeeds(),
  pthread_mutexattr_settype: succeeds(),
  pthread_create: int((p) => noThreads(p)),
  pthread_join: int((p) => noThreads(p)),
  pthread_self: long(() => 1),
  sched_yield: succeeds(),
  // There is nothing to be loaded.
  dlopen: long(() => 0),
  dlsym: long(() => 0),
  dlclose: int(() => -1),
  dlerror: long((p) => p.text('dlerror', 'dynamic loading is not available')),
  __cxa_finalize: none(() => undefined),
};
