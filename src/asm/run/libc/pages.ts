// SPDX-License-Identifier: MIT
import { type Functions, int, long } from './define.ts';
import type { Process } from './process.ts';
import { ERRNO } from './streams.ts';

/** <sys/mman.h>: memory that belongs to no file, wherever there is some. */

const PAGE = 4096;
const FAILED = -1n;

/** `mmap`; a negative error, as the kernel says it. MAP_ANONYMOUS is 0x20, MAP_FIXED 0x10. */
export function mapPages(p: Process, size: number, flags: number): number {
  if ((flags & 0x10) !== 0) throw p.fault('library', 'mmap at a fixed address, which the machine does not serve');
  if ((flags & 0x20) === 0) return -ERRNO.ENODEV;
  if (size <= 0) return -ERRNO.EINVAL;
  return p.heap.takePages(size) ?? -ERRNO.ENOMEM;
}

/** `munmap`: pages stay what they are, and are not given out again. */
export const unmapPages = (at: number, size: number): number => (at % PAGE !== 0 || size <= 0 ? -ERRNO.EINVAL : 0);

/** `mremap`: what grows moves, where it may (MREMAP_MAYMOVE is 1). */
function remapPages(p: Process, at: number, before: number, size: number, flags: number): number {
  if (at % PAGE !== 0 || size <= 0) return -ERRNO.EINVAL;
  if (Math.ceil(size / PAGE) <= Math.ceil(before / PAGE)) return at;
  if ((flags & 1) === 0) return -ERRNO.ENOMEM;
  p.memory.readable(at, before);
  const moved = mapPages(p, size, 0x20);
  if (moved > 0) p.memory.bytes.copyWithin(moved, at, at + before);
  return moved;
}

const told = (p: Process, result: number): number | bigint => {
  if (result >= 0) return result;
  p.fail(-result);
  return FAILED;
};

const map = (): Functions[string] =>
  long((p, a) => {
    a.size();
    const size = a.size();
    a.int();
    return told(p, mapPages(p, size, a.int()));
  });

export const pageFunctions: Functions = {
  mmap: map(),
  mmap64: map(),
  munmap: int((p, a) => {
    const result = unmapPages(a.size(), a.size());
    return result < 0 ? p.fail(-result) : result;
  }),
  mremap: long((p, a) => told(p, remapPages(p, a.size(), a.size(), a.size(), a.int()))),
  madvise: int(() => 0),
};
