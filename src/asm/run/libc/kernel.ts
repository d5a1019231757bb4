// SPDX-License-Identifier: MIT
import { type AskedFor, askedFor } from '../../isa/linux.ts';
import { Fault } from '../fault.ts';
import { mapPages, unmapPages } from './pages.ts';
import { at, exists, openPath, pathAt, removeFile, removeFolder } from './paths.ts';
import type { Process } from './process.ts';
import { ERRNO } from './streams.ts';

/** The system calls that the machine serves. What they come to is as the kernel says it: errors are negative numbers. */

const EFAULT = 14;
const FPE = 8;

type Call = (p: Process, ...args: number[]) => number | bigint;

/** `struct iovec` is an address and a size. */
function pieces(p: Process, at: number, count: number): [from: number, size: number][] {
  return Array.from({ length: count }, (_, i) => [p.memory.pointer(at + 16 * i), p.memory.pointer(at + 16 * i + 8)]);
}

function read(p: Process, descriptor: number, to: number, size: number): number {
  if (p.streams.describe(descriptor)?.canRead !== true) return -ERRNO.EBADF;
  if (size > 0) p.memory.writableAt(to, size);
  const bytes = p.streams.rawRead(descriptor, size);
  if (bytes === undefined) return -ERRNO.EBADF;
  p.memory.bytes.set(bytes, to);
  return bytes.length;
}

function write(p: Process, descriptor: number, from: number, size: number): number {
  if (p.streams.describe(descriptor)?.canWrite !== true) return -ERRNO.EBADF;
  return p.streams.rawWrite(descriptor, p.memory.read(from, size)) ? size : -ERRNO.EBADF;
}

function each(p: Process, at: number, count: number, one: (at: number, size: number) => number): number {
  let all = 0;
  for (const [start, size] of pieces(p, at, count)) {
    const done = one(start, size);
    if (done < 0) return all === 0 ? done : all;
    all += done;
    if (done < size) break;
  }
  return all;
}

function seek(p: Process, descriptor: number, offset: number, whence: number): number {
  const d = p.streams.describe(descriptor);
  if (d === undefined) return -ERRNO.EBADF;
  if (d.data === undefined) return -ERRNO.ESPIPE;
  return p.streams.rawSeek(descriptor, offset, whence) ?? -ERRNO.EINVAL;
}

function setTime(p: Process, at: number, seconds: number, unit: number): void {
  const whole = Math.floor(seconds);
  p.memory.setU64(at, BigInt(whole));
  p.memory.setU64(at + 8, BigInt(Math.floor((seconds - whole) * unit)));
}

/** Nobody waits, since nothing else happens meanwhile. */
function sleep(p: Process, at: number): number {
  const [seconds, nanoseconds] = [BigInt.asIntN(64, p.memory.u64(at)), BigInt.asIntN(64, p.memory.u64(at + 8))];
  return seconds < 0n || nanoseconds < 0n || nanoseconds >= 1_000_000_000n ? -ERRNO.EINVAL : 0;
}

function random(p: Process, at: number, size: number): number {
  p.memory.writableAt(at, size);
  for (let i = 0; i < size; i++) p.memory.bytes.put(at + i, Math.floor(Math.random() * 256));
  return size;
}

const CALLS: Readonly<Record<string, Call>> = {
  read,
  write,
  readv: (p, descriptor, at, count) => each(p, at, count, (to, size) => read(p, descriptor, to, size)),
  writev: (p, descriptor, at, count) => each(p, at, count, (from, size) => write(p, descriptor, from, size)),
  openat: (p, directory, name, flags) => at(pathAt(p, directory, name), (path) => openPath(p, path, flags)),
  close: (p, descriptor) => (p.streams.close(descriptor) ? 0 : -ERRNO.EBADF),
  lseek: seek,
  ftruncate: (p, descriptor, size) => {
    const data = p.streams.describe(descriptor)?.data;
    if (data === undefined || size < 0) return -ERRNO.EINVAL;
    p.streams.truncate(data, size);
    return 0;
  },
  unlinkat: (p, directory, name, flags) =>
    // AT_REMOVEDIR
    at(pathAt(p, directory, name), (path) => ((flags & 0x200) === 0 ? removeFile : removeFolder)(p, path)),
  faccessat: (p, directory, name) => at(pathAt(p, directory, name), (path) => exists(p, path)),
  ioctl: (p, descriptor) => (p.streams.describe(descriptor) === undefined ? -ERRNO.EBADF : -ERRNO.ENOTTY),
  mmap: (p, _, size, __, flags) => mapPages(p, size, flags),
  munmap: (_, from, size) => unmapPages(from, size),
  brk: (p, to) => p.heap.moveBreak(to),
  getpid: () => 1000,
  gettid: () => 1000,
  getppid: () => 999,
  getuid: () => 1000,
  geteuid: () => 1000,
  getgid: () => 1000,
  getegid: () => 1000,
  sched_yield: () => 0,
  clock_gettime: (p, clock, at) => {
    setTime(p, at, clock === 0 ? p.world.now() : p.world.clock(), 1e9);
    return 0;
  },
  gettimeofday: (p, at) => {
    if (at !== 0) setTime(p, at, p.world.now(), 1e6);
    return 0;
  },
  nanosleep: sleep,
  clock_nanosleep: (p, _, __, at) => sleep(p, at),
  getrandom: random,
  // Nobody can have said what a signal does: calls for that are not served.
  kill: (p, to, signal) => {
    if (to !== 1000 && to !== 0) return -ERRNO.EPERM;
    if (signal === 0) return 0;
    // Translations of divisions that trap do this.
    if (signal === FPE) throw p.fault('trap', 'a division that traps: the program sent itself SIGFPE');
    throw p.fault('abort', `the program sent itself signal ${signal}`);
  },
  exit: (p, status) => p.leave(status),
  exit_group: (p, status) => p.leave(status),
};

/** The names of the calls that are served, as they are called on all machines. */
export const SERVED: readonly string[] = Object.keys(CALLS);

/** The arguments that are integers of 32 bits or less: the kernel looks at no more of them. */
const NARROW: Readonly<Record<string, readonly number[]>> = {
  read: [0],
  write: [0],
  readv: [0],
  writev: [0],
  openat: [0, 2],
  close: [0],
  lseek: [0, 2],
  ftruncate: [0],
  unlinkat: [0, 2],
  faccessat: [0],
  ioctl: [0],
  kill: [0, 1],
  clock_gettime: [0],
  exit: [0],
  exit_group: [0],
};

/** What a call is; a fault where the machine does not serve it. */
function served(p: Process, number: bigint, args: readonly bigint[]): AskedFor & { readonly run: Call } {
  const asked = askedFor(p.machine.image.isa.name, number, args);
  const run = asked === undefined ? undefined : CALLS[asked.name];
  if (asked !== undefined && run !== undefined) return { ...asked, run };
  throw p.fault('library', `the system call ${asked?.name ?? number}, which the machine does not serve`);
}

/** Carries out a system call; what it comes to. */
export function callKernel(p: Process, number: bigint, args: readonly bigint[]): bigint {
  const { name, args: given, run } = served(p, number, args);
  const narrow = NARROW[name] ?? [];
  const numbers = given.map((a, i) => Number(narrow.includes(i) ? BigInt.asIntN(32, a) : BigInt.asIntN(64, a)));
  p.memory.caller = name;
  try {
    return BigInt(run(p, ...numbers));
  } catch (error) {
    // The kernel says so instead.
    if (error instanceof Fault && error.kind === 'memory') return BigInt(-EFAULT);
    throw error;
  }
}
