// SPDX-License-Identifier: MIT
import { type Functions, int, type LibraryFunction, long, none } from './define.ts';
import { FileData, Folder } from './file-tree.ts';
import { fromLatin1 } from './memory.ts';
import {
  at,
  enterFolder,
  exists,
  makeFolder,
  openPath,
  pathAt,
  pathOf,
  removeFile,
  removeFolder,
  rename,
} from './paths.ts';
import type { Process } from './process.ts';
import { ERRNO } from './streams.ts';

/** <dirent.h>, <sys/stat.h>, and what else <unistd.h> and <fcntl.h> do with files by their names. */

/** A folder that is being read: what is in it was found when it was opened. */
export interface OpenFolder {
  readonly descriptor: number;
  readonly entries: readonly (readonly [name: string, entry: FileData | Folder])[];
  next: number;
}

/** What the kernel says, as the C library does. */
const told = (p: Process, result: number): number => (result < 0 ? p.fail(-result) : result);

const onPath = (run: (p: Process, path: string) => number): LibraryFunction =>
  int((p, a) =>
    told(
      p,
      at(pathOf(p, a.size()), (path) => run(p, path)),
    ),
  );

/** `struct stat`: its members lie elsewhere on x86-64 than on other machines. */
function storeStatus(p: Process, to: number, of: FileData | Folder | undefined): number {
  const onX86 = p.machine.image.isa.name === 'x86_64';
  const bytes = onX86 ? 144 : 128;
  p.memory.writableAt(to, bytes);
  p.memory.bytes.fill(0, to, to + bytes);
  const isFolder = of instanceof Folder;
  const size = of instanceof FileData ? of.length : isFolder ? 4096 : 0;
  p.memory.setU64(to, 1n);
  p.memory.setU64(to + 8, BigInt(of?.id ?? 0));
  p.memory.setI32(to + (onX86 ? 24 : 16), isFolder ? 0o40755 : of === undefined ? 0o10600 : 0o100644);
  p.memory.setI32(to + (onX86 ? 16 : 20), isFolder ? 2 : 1);
  for (const k of [0, 4]) p.memory.setI32(to + (onX86 ? 28 : 24) + k, 1000);
  p.memory.setU64(to + 48, BigInt(size));
  p.memory.setI32(to + 56, 4096);
  p.memory.setU64(to + 64, BigInt(Math.ceil(size / 512)));
  return 0;
}

function statusAt(p: Process, path: string, to: number): number {
  const found = p.files.find(path);
  return found === undefined ? -ERRNO.ENOENT : storeStatus(p, to, found);
}

const status = (): LibraryFunction =>
  int((p, a) => {
    const [name, to] = [a.size(), a.size()];
    return told(
      p,
      at(pathOf(p, name), (path) => statusAt(p, path, to)),
    );
  });

const statusOfOpen = (): LibraryFunction =>
  int((p, a) => {
    const open = p.streams.describe(a.int());
    if (open === undefined) return p.fail(ERRNO.EBADF);
    return storeStatus(p, a.size(), open.folder?.entry ?? open.data);
  });

const open = (): LibraryFunction =>
  int((p, a) => {
    const [name, flags] = [a.size(), a.int()];
    return told(
      p,
      at(pathOf(p, name), (path) => openPath(p, path, flags)),
    );
  });

const openFrom = (): LibraryFunction =>
  int((p, a) => {
    const [folder, name, flags] = [a.int(), a.size(), a.int()];
    return told(
      p,
      at(pathAt(p, folder, name), (path) => openPath(p, path, flags)),
    );
  });

/** Begins to read the folder that is open under a number; the address of its `DIR`. */
function startReading(p: Process, descriptor: number): number {
  const folder = p.streams.describe(descriptor)?.folder;
  if (folder === undefined) {
    p.fail(ERRNO.ENOTDIR);
    return 0;
  }
  const self = folder.entry;
  const inside = p.files.list(folder.path);
  // An entry lies behind it: 8 bytes of number, 8 of place, 2 of length, 1 of kind, and the name.
  const address = p.heap.allocate(64 + 280);
  if (address === 0) {
    p.fail(ERRNO.ENOMEM);
    return 0;
  }
  p.folders.set(address, { descriptor, entries: [['.', self], ['..', self], ...inside], next: 0 });
  return address;
}

function folderAt(p: Process, address: number): OpenFolder {
  const found = p.folders.get(address);
  if (found !== undefined) return found;
  throw p.fault('library', `${p.memory.caller} was given 0x${address.toString(16)}, which is no open folder`);
}

const nextEntry = (): LibraryFunction =>
  long((p, a) => {
    const address = a.size();
    const folder = folderAt(p, address);
    const entry = folder.entries[folder.next++];
    if (entry === undefined) return 0;
    const [name, found] = entry;
    const to = address + 64;
    p.memory.setU64(to, BigInt(found.id));
    p.memory.setU64(to + 8, BigInt(folder.next));
    p.memory.setU8(to + 16, 280 & 255);
    p.memory.setU8(to + 17, 280 >> 8);
    p.memory.setU8(to + 18, found instanceof Folder ? 4 : 8);
    p.memory.writeString(to + 19, fromLatin1(name.slice(0, 255)));
    return to;
  });

/** `F_DUPFD` and the like; locks are had at once, since nobody else is there. */
const control = (): LibraryFunction =>
  int((p, a) => {
    const [descriptor, command] = [a.int(), a.int()];
    const open = p.streams.describe(descriptor);
    if (open === undefined) return p.fail(ERRNO.EBADF);
    switch (command) {
      case 0:
      case 1030:
        return p.streams.duplicate(descriptor, a.rest().int()) ?? p.fail(ERRNO.EBADF);
      case 3:
        return (open.canWrite ? (open.canRead ? 2 : 1) : 0) | (open.append ? 0o2000 : 0);
      case 1:
      case 2:
      case 4:
      case 6:
      case 7:
      case 37:
      case 38:
        return 0;
      case 5:
      case 36: {
        // F_GETLK: nobody holds one (F_UNLCK).
        const lock = a.rest().size();
        p.memory.setU8(lock, 2);
        p.memory.setU8(lock + 1, 0);
        return 0;
      }
      default:
        return p.fail(ERRNO.EINVAL);
    }
  });

const truncateOpen = (): LibraryFunction =>
  int((p, a) => {
    const [descriptor, size] = [a.int(), Number(a.long())];
    const data = p.streams.describe(descriptor)?.data;
    if (data === undefined || size < 0) return p.fail(ERRNO.EINVAL);
    p.streams.truncate(data, size);
    return 0;
  });

const isOpen = (): LibraryFunction =>
  int((p, a) => (p.streams.describe(a.int()) === undefined ? p.fail(ERRNO.EBADF) : 0));

/** Times of files are not kept. */
const timesFrom = (): LibraryFunction =>
  int((p, a) => {
    const [folder, name] = [a.int(), a.size()];
    if (name === 0) return p.streams.describe(folder) === undefined ? p.fail(ERRNO.EBADF) : 0;
    return told(
      p,
      at(pathAt(p, folder, name), (path) => exists(p, path)),
    );
  });

export const folderFunctions: Functions = {
  open: open(),
  open64: open(),
  openat: openFrom(),
  openat64: openFrom(),
  creat: int((p, a) =>
    told(
      p,
      at(pathOf(p, a.size()), (path) => openPath(p, path, 0o1101)),
    ),
  ),
  access: onPath(exists),
  stat: status(),
  stat64: status(),
  lstat: status(),
  lstat64: status(),
  fstat: statusOfOpen(),
  fstat64: statusOfOpen(),
  ftruncate: truncateOpen(),
  ftruncate64: truncateOpen(),
  fcntl: control(),
  fcntl64: control(),
  dup: int((p, a) => p.streams.duplicate(a.int()) ?? p.fail(ERRNO.EBADF)),
  dup2: int((p, a) => {
    const [from, to] = [a.int(), a.int()];
    return p.streams.duplicateTo(from, to) ? to : p.fail(ERRNO.EBADF);
  }),
  fsync: isOpen(),
  fdatasync: isOpen(),
  chdir: onPath(enterFolder),
  mkdir: onPath(makeFolder),
  rmdir: onPath(removeFolder),
  unlink: onPath(removeFile),
  remove: onPath((p, path) => (p.files.isFolder(path) ? removeFolder(p, path) : removeFile(p, path))),
  unlinkat: int((p, a) => {
    const [folder, name, flags] = [a.int(), a.size(), a.int()];
    // AT_REMOVEDIR
    const remove = (flags & 0x200) === 0 ? removeFile : removeFolder;
    return told(
      p,
      at(pathAt(p, folder, name), (path) => remove(p, path)),
    );
  }),
  rename: int((p, a) => {
    const [from, to] = [pathOf(p, a.size()), pathOf(p, a.size())];
    return told(
      p,
      at(from, (x) => at(to, (y) => rename(p, x, y))),
    );
  }),
  // There are no links.
  readlink: long((p, a) =>
    BigInt(
      told(
        p,
        at(pathOf(p, a.size()), (path) => exists(p, path) || -ERRNO.EINVAL),
      ),
    ),
  ),
  symlink: int((p) => p.fail(ERRNO.EPERM)),
  link: int((p) => p.fail(ERRNO.EPERM)),
  getcwd: long((p, a) => {
    const [to, size] = [a.size(), a.size()];
    const path = fromLatin1(p.files.current);
    if (to !== 0 && size <= path.length) {
      p.fail(ERRNO.ERANGE);
      return 0;
    }
    const address = to === 0 ? p.heap.allocate(Math.max(size, path.length + 1)) : to;
    if (address !== 0) p.memory.writeString(address, path);
    return address;
  }),
  opendir: long((p, a) => {
    const descriptor = at(pathOf(p, a.size()), (path) =>
      p.files.file(path) === undefined ? openPath(p, path, 0) : -ERRNO.ENOTDIR,
    );
    if (descriptor >= 0) return startReading(p, descriptor);
    p.fail(-descriptor);
    return 0;
  }),
  fdopendir: long((p, a) => startReading(p, a.int())),
  readdir: nextEntry(),
  readdir64: nextEntry(),
  rewinddir: none((p, a) => {
    folderAt(p, a.size()).next = 0;
  }),
  closedir: int((p, a) => {
    const address = a.size();
    p.streams.close(folderAt(p, address).descriptor);
    p.folders.delete(address);
    p.heap.release(address);
    return 0;
  }),
  dirfd: int((p, a) => folderAt(p, a.size()).descriptor),
  chmod: onPath(exists),
  chown: onPath(exists),
  utime: onPath(exists),
  utimes: onPath(exists),
  fchmod: isOpen(),
  fchown: isOpen(),
  futimens: isOpen(),
  futimes: isOpen(),
  utimensat: timesFrom(),
  futimesat: timesFrom(),
  umask: int(() => 0o22),
};
