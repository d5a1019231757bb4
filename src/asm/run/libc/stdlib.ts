// SPDX-License-Identifier: MIT
import type { CallArguments } from './arguments.ts';
import { double, type Functions, float, int, type LibraryFunction, long, none, pair } from './define.ts';
import { readFloat, readInteger } from './numbers.ts';
import type { Process } from './process.ts';
import { ERRNO } from './streams.ts';

/** <stdlib.h>, <errno.h>, <assert.h> and what compilers call on failure. */

function character(p: Process, at: number): (i: number) => number {
  return (i) => p.memory.u8(at + i);
}

/** `strtol` and its kin: `signed` and the width give the range that the value is clamped to. */
const integerReader = (signed: boolean): LibraryFunction =>
  long((p, a) => {
    const [at, end, base] = [a.size(), a.size(), a.int()];
    if (base < 0 || base === 1 || base > 36) {
      p.fail(ERRNO.EINVAL);
      return 0;
    }
    const { value, used } = readInteger(character(p, at), base);
    if (end !== 0) p.memory.setPointer(end, at + used);
    const most = signed ? (1n << 63n) - 1n : (1n << 64n) - 1n;
    const least = signed ? -(1n << 63n) : -most;
    if (value > most || value < least) {
      p.fail(ERRNO.ERANGE);
      return signed && value < 0n ? least : most;
    }
    return value;
  });

function readDouble(p: Process, a: CallArguments, single: boolean): number {
  const [at, end] = [a.size(), a.size()];
  const r = readFloat(character(p, at));
  if (end !== 0) p.memory.setPointer(end, at + r.used);
  const tooLarge = single && Math.fround(r.value) === Infinity && Number.isFinite(r.value);
  if (r.outOfRange || tooLarge) p.fail(ERRNO.ERANGE);
  return r.value;
}

const plainInteger = (): LibraryFunction => long((p, a) => readInteger(character(p, a.size()), 10).value);

/** Merge sort: stable, as glibc's is where there is memory. */
function sort(p: Process, base: number, count: number, size: number, compare: (a: number, b: number) => number): void {
  if (count < 2) return;
  p.memory.writableAt(base, count * size);
  const bytes = p.memory.bytes;
  // Elements are moved in a copy, and compared there.
  const space = p.heap.allocate(count * size);
  if (space === 0) throw p.fault('library', 'qsort has no memory to work in');
  bytes.copyWithin(space, base, base + count * size);
  let order = Array.from({ length: count }, (_, i) => space + i * size);
  let other = order.slice();
  for (let width = 1; width < count; width *= 2) {
    for (let low = 0; low < count; low += 2 * width) {
      const [middle, high] = [Math.min(low + width, count), Math.min(low + 2 * width, count)];
      let [i, j] = [low, middle];
      for (let k = low; k < high; k++) {
        const takeLeft = i < middle && (j >= high || compare(order[i] ?? 0, order[j] ?? 0) <= 0);
        other[k] = (takeLeft ? order[i++] : order[j++]) ?? 0;
      }
    }
    [order, other] = [other, order];
  }
  order.forEach((from, i) => {
    bytes.copyWithin(base + i * size, from, from + size);
  });
  p.heap.release(space);
}

const result32 = (value: bigint): number => Number(BigInt.asIntN(32, value));

/** glibc's default generator: r[i] = r[i-3] + r[i-31], after 310 discarded values (TYPE_3). */
class Random {
  private readonly state: number[] = [];

  constructor(seed: number) {
    let word = seed === 0 ? 1 : seed | 0;
    this.state.push(word);
    for (let i = 1; i < 31; i++) {
      const hi = Math.trunc(word / 127773);
      const lo = word % 127773;
      word = 16807 * lo - 2836 * hi;
      if (word < 0) word += 2147483647;
      this.state.push(word);
    }
    for (let i = 31; i < 34; i++) this.state.push(this.state[i - 31] ?? 0);
    for (let i = 34; i < 344; i++) this.step();
  }

  private step(): number {
    const n = this.state.length;
    const value = ((this.state[n - 31] ?? 0) + (this.state[n - 3] ?? 0)) | 0;
    this.state.push(value);
    if (n > 4096) this.state.splice(0, n - 64);
    return value;
  }

  next(): number {
    return this.step() >>> 1;
  }
}

const generators = new WeakMap<Process, Random>();

function random(p: Process): Random {
  let r = generators.get(p);
  if (r === undefined) {
    r = new Random(1);
    generators.set(p, r);
  }
  return r;
}

const quotients = (bits: 32 | 64): LibraryFunction =>
  pair((p, a) => {
    const [x, y] = bits === 32 ? [BigInt(a.int()), BigInt(a.int())] : [a.long(), a.long()];
    if (y === 0n) throw p.fault('trap', 'a division by zero in div');
    const [q, r] = [x / y, x % y];
    // Two ints share a register.
    return bits === 64 ? [q, r] : [BigInt.asUintN(32, q) | (BigInt.asUintN(32, r) << 32n), 0n];
  });

function allocateZeroed(p: Process, count: number, size: number): number {
  const total = count * size;
  const at = p.heap.allocate(total);
  if (at === 0) p.fail(ERRNO.ENOMEM);
  else p.machine.bytes.fill(0, at, at + total);
  return at;
}

function orNoMemory(p: Process, at: number): number {
  if (at === 0) p.fail(ERRNO.ENOMEM);
  return at;
}

const generator = (): LibraryFunction => long((p) => random(p).next());
const seeder = (): LibraryFunction =>
  none((p, a) => {
    generators.set(p, new Random(a.unsigned()));
  });

export const stdlibFunctions: Functions = {
  malloc: long((p, a) => orNoMemory(p, p.heap.allocate(a.size()))),
  calloc: long((p, a) => allocateZeroed(p, a.size(), a.size())),
  realloc: long((p, a) => {
    const [at, size] = [a.size(), a.size()];
    if (at !== 0 && size === 0) {
      p.heap.release(at);
      return 0;
    }
    return orNoMemory(p, p.heap.resize(at, size));
  }),
  reallocarray: long((p, a) => {
    const [at, count, size] = [a.size(), a.size(), a.size()];
    return orNoMemory(p, p.heap.resize(at, count * size));
  }),
  free: none((p, a) => p.heap.release(a.size())),
  cfree: none((p, a) => p.heap.release(a.size())),
  aligned_alloc: long((p, a) => {
    const alignment = a.size();
    return orNoMemory(p, p.heap.allocate(a.size(), Math.max(16, alignment)));
  }),
  memalign: long((p, a) => {
    const alignment = a.size();
    return orNoMemory(p, p.heap.allocate(a.size(), Math.max(16, alignment)));
  }),
  posix_memalign: int((p, a) => {
    const [to, alignment, size] = [a.size(), a.size(), a.size()];
    const at = p.heap.allocate(size, Math.max(16, alignment));
    if (at === 0) return ERRNO.ENOMEM;
    p.memory.setPointer(to, at);
    return 0;
  }),
  malloc_usable_size: long((p, a) => {
    const at = a.size();
    return at === 0 ? 0 : p.heap.sizeOf(at);
  }),
  strtol: integerReader(true),
  strtoll: integerReader(true),
  strtoul: integerReader(false),
  strtoull: integerReader(false),
  strtoimax: integerReader(true),
  strtoumax: integerReader(false),
  __isoc23_strtol: integerReader(true),
  __isoc23_strtoll: integerReader(true),
  __isoc23_strtoul: integerReader(false),
  __isoc23_strtoull: integerReader(false),
  strtod: double((p, a) => readDouble(p, a, false)),
  strtof: float((p, a) => readDouble(p, a, true)),
  atoi: plainInteger(),
  atol: plainInteger(),
  atoll: plainInteger(),
  atof: double((p, a) => readFloat(character(p, a.size())).value),
  abs: int((_, a) => Math.abs(a.int()) | 0),
  labs: long((_, a) => {
    const x = a.long();
    return x < 0n ? -x : x;
  }),
  llabs: long((_, a) => {
    const x = a.long();
    return x < 0n ? -x : x;
  }),
  div: quotients(32),
  ldiv: quotients(64),
  lldiv: quotients(64),
  qsort: none((p, a) => {
    const [base, count, size, compare] = [a.size(), a.size(), a.size(), a.size()];
    sort(p, base, count, size, (x, y) => result32(p.call(compare, x, y)));
  }),
  qsort_r: none((p, a) => {
    const [base, count, size, compare, more] = [a.size(), a.size(), a.size(), a.size(), a.size()];
    sort(p, base, count, size, (x, y) => result32(p.call(compare, x, y, more)));
  }),
  bsearch: long((p, a) => {
    const [key, base, count, size, compare] = [a.size(), a.size(), a.size(), a.size(), a.size()];
    let [low, high] = [0, count];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const order = result32(p.call(compare, key, base + middle * size));
      if (order === 0) return base + middle * size;
      if (order < 0) high = middle;
      else low = middle + 1;
    }
    return 0;
  }),
  rand: generator(),
  random: generator(),
  srand: seeder(),
  srandom: seeder(),
  rand_r: int((p, a) => {
    // glibc's: three steps of a linear congruential generator.
    const at = a.size();
    let next = p.memory.i32(at);
    const step = (bits: number): number => {
      next = (Math.imul(next, 1103515245) + 12345) | 0;
      return (next >>> 16) % (1 << bits);
    };
    let result = step(11);
    result = (result << 10) ^ step(10);
    result = (result << 10) ^ step(10);
    p.memory.setI32(at, next);
    return result;
  }),
  exit: none((p, a) => p.exit(a.int())),
  _exit: none((p, a) => p.leave(a.int())),
  _Exit: none((p, a) => p.leave(a.int())),
  quick_exit: none((p, a) => p.leave(a.int())),
  abort: none((p) => {
    p.streams.flushAll();
    throw p.fault('abort', 'the program called abort');
  }),
  atexit: int((p, a) => {
    p.atExit.push([a.size(), 0]);
    return 0;
  }),
  __cxa_atexit: int((p, a) => {
    p.atExit.push([a.size(), a.size()]);
    return 0;
  }),
  __assert_fail: none((p, a) => {
    const [what, file, line, where] = [a.size(), a.size(), a.unsigned(), a.size()];
    p.streams.flushAll();
    const text = `${p.memory.text(file)}:${line}: ${where === 0 ? '' : `${p.memory.text(where)}: `}`;
    throw p.fault('abort', `${text}Assertion \`${p.memory.text(what)}' failed.`);
  }),
  __stack_chk_fail: none((p) => {
    throw p.fault('stack', 'the guard of a stack frame has been overwritten');
  }),
  __chk_fail: none((p) => {
    throw p.fault('library', 'a checked function would overflow its buffer');
  }),
  getenv: long((p, a) => p.environment.get(p.memory.text(a.size())) ?? 0),
  secure_getenv: long((p, a) => p.environment.get(p.memory.text(a.size())) ?? 0),
  setenv: int((p, a) => {
    const [name, value, overwrite] = [p.memory.text(a.size()), p.memory.text(a.size()), a.int()];
    if (overwrite !== 0 || !p.environment.has(name)) p.setEnvironment(name, value);
    return 0;
  }),
  unsetenv: int((p, a) => {
    p.environment.delete(p.memory.text(a.size()));
    return 0;
  }),
  // There is no shell; who asks is told so, and a command ends as where none can be started.
  system: int((_, a) => (a.size() === 0 ? 0 : 127 << 8)),
  __errno_location: long((p) => p.errno),
};
