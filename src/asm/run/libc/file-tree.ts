// SPDX-License-Identifier: MIT

/** The files and folders that a program sees: those that were given, and those that it makes itself. */

/** Where the program begins. Nothing of the real path is known to it. */
export const START = '/home/user/work';

let lastId = 0;

/** A file's contents, shared by all who have it open. */
export class FileData {
  bytes: Uint8Array;
  length: number;
  /** What tells it from all others, whatever it is called. */
  readonly id = ++lastId;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes.slice();
    this.length = bytes.length;
  }

  /** The contents as they are now. */
  contents(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  write(at: number, data: Uint8Array): void {
    const end = at + data.length;
    if (end > this.bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.bytes.length, end));
      larger.set(this.contents());
      this.bytes = larger;
    }
    if (at > this.length) this.bytes.fill(0, this.length, at);
    this.bytes.set(data, at);
    this.length = Math.max(this.length, end);
  }

  truncate(length: number): void {
    if (length > this.length) this.write(length, new Uint8Array(0));
    this.length = length;
  }
}

export class Folder {
  readonly id = ++lastId;
}

/** All paths are absolute once they are looked up: `a//b`, `./a/b` and `/home/user/work/a/b` are one file at the start. */
export class FileTree {
  private readonly entries = new Map<string, FileData | Folder>([['/', new Folder()]]);
  /** The current folder. */
  current = START;

  constructor(files: ReadonlyMap<string, Uint8Array>) {
    this.makeFolders(START);
    for (const [name, bytes] of files) {
      const path = this.absolute(name);
      this.makeFolders(parentOf(path));
      this.entries.set(path, new FileData(bytes));
    }
  }

  private makeFolders(path: string): void {
    if (path !== '/') this.makeFolders(parentOf(path));
    if (!this.entries.has(path)) this.entries.set(path, new Folder());
  }

  /** The path that a name means, seen from a folder. */
  absolute(name: string, from = this.current): string {
    const parts: string[] = [];
    for (const part of (name.startsWith('/') ? name : `${from}/${name}`).split('/')) {
      if (part === '' || part === '.') continue;
      if (part === '..') parts.pop();
      else parts.push(part);
    }
    return `/${parts.join('/')}`;
  }

  find(path: string): FileData | Folder | undefined {
    return this.entries.get(path);
  }

  file(path: string): FileData | undefined {
    const found = this.entries.get(path);
    return found instanceof FileData ? found : undefined;
  }

  isFolder(path: string): boolean {
    return this.entries.get(path) instanceof Folder;
  }

  /** Puts a file or folder where nothing is; false where there is no folder for it. */
  add(path: string, entry: FileData | Folder): boolean {
    if (!this.isFolder(parentOf(path))) return false;
    this.entries.set(path, entry);
    return true;
  }

  remove(path: string): void {
    this.entries.delete(path);
  }

  /** What lies in a folder, by name. */
  list(path: string): (readonly [name: string, entry: FileData | Folder])[] {
    const start = path === '/' ? '/' : `${path}/`;
    const inside = [...this.entries].filter(
      ([p]) => p !== '/' && p.startsWith(start) && !p.includes('/', start.length),
    );
    return inside.map(([p, entry]) => [p.slice(start.length), entry] as const).sort((a, b) => (a[0] < b[0] ? -1 : 1));
  }

  /** Moves a file, or a folder with all that is in it. */
  move(from: string, to: string): void {
    const moved = [...this.entries].filter(([p]) => p === from || p.startsWith(`${from}/`));
    for (const [p] of moved) this.entries.delete(p);
    for (const [p, entry] of moved) this.entries.set(to + p.slice(from.length), entry);
  }
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}
