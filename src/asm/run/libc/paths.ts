// SPDX-License-Identifier: MIT
import { FileData, Folder } from './file-tree.ts';
import type { Process } from './process.ts';
import { ERRNO } from './streams.ts';

/** What is done to files by their names. As the kernel says it, an error is a negative number. */

/** `AT_FDCWD`: names are seen from the current folder. */
const CURRENT = -100;

/** The path that a name means that lies in memory, seen from an open folder. */
export function pathAt(p: Process, directory: number, at: number): string | number {
  const name = p.memory.text(at);
  if (name === '') return -ERRNO.ENOENT;
  if (name.startsWith('/') || (directory | 0) === CURRENT) return p.files.absolute(name);
  const open = p.streams.describe(directory | 0);
  if (open === undefined) return -ERRNO.EBADF;
  return open.folder === undefined ? -ERRNO.ENOTDIR : p.files.absolute(name, open.folder.path);
}

/** The same, seen from the current folder. */
export const pathOf = (p: Process, at: number): string | number => pathAt(p, CURRENT, at);

/** Does something at a path, unless there is none. */
export const at = (path: string | number, run: (path: string) => number): number =>
  typeof path === 'number' ? path : run(path);

/** `open`, with its flags as Linux numbers them everywhere. */
export function openPath(p: Process, path: string, flags: number): number {
  return p.streams.open(path, {
    read: (flags & 3) !== 1,
    write: (flags & 3) !== 0,
    create: (flags & 0o100) !== 0,
    exclusive: (flags & 0o200) !== 0,
    truncate: (flags & 0o1000) !== 0,
    append: (flags & 0o2000) !== 0,
  });
}

export const exists = (p: Process, path: string): number => (p.files.find(path) === undefined ? -ERRNO.ENOENT : 0);

export function removeFile(p: Process, path: string): number {
  const found = p.files.find(path);
  if (found === undefined) return -ERRNO.ENOENT;
  if (found instanceof Folder) return -ERRNO.EISDIR;
  p.files.remove(path);
  return 0;
}

export function removeFolder(p: Process, path: string): number {
  const found = p.files.find(path);
  if (found === undefined) return -ERRNO.ENOENT;
  if (found instanceof FileData) return -ERRNO.ENOTDIR;
  if (p.files.list(path).length > 0) return -ERRNO.ENOTEMPTY;
  if (path === '/') return -ERRNO.EPERM;
  p.files.remove(path);
  return 0;
}

export function makeFolder(p: Process, path: string): number {
  if (p.files.find(path) !== undefined) return -ERRNO.EEXIST;
  return p.files.add(path, new Folder()) ? 0 : -ERRNO.ENOENT;
}

export function enterFolder(p: Process, path: string): number {
  const found = p.files.find(path);
  if (!(found instanceof Folder)) return found === undefined ? -ERRNO.ENOENT : -ERRNO.ENOTDIR;
  p.files.current = path;
  return 0;
}

export function rename(p: Process, from: string, to: string): number {
  const [moved, there] = [p.files.find(from), p.files.find(to)];
  if (moved === undefined) return -ERRNO.ENOENT;
  if (from === to) return 0;
  if (moved instanceof Folder) {
    if (to.startsWith(`${from}/`)) return -ERRNO.EINVAL;
    if (there instanceof FileData) return -ERRNO.ENOTDIR;
    if (there !== undefined && p.files.list(to).length > 0) return -ERRNO.ENOTEMPTY;
  } else if (there instanceof Folder) return -ERRNO.EISDIR;
  if (!p.files.add(to, moved)) return -ERRNO.ENOENT;
  p.files.move(from, to);
  return 0;
}
