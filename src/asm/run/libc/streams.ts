// SPDX-License-Identifier: MIT
import { FileData, type Folder } from './file-tree.ts';
import type { Process } from './process.ts';

/** Open files and streams. What is written to files stays within the program until it ends. */

export const ERRNO = {
  EPERM: 1,
  ENOENT: 2,
  EINTR: 4,
  EBADF: 9,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EEXIST: 17,
  ENODEV: 19,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  ENOTTY: 25,
  ESPIPE: 29,
  EDOM: 33,
  ERANGE: 34,
  ENOSYS: 38,
  ENOTEMPTY: 39,
  EILSEQ: 84,
} as const;

/** By how much all files of a run may grow, in bytes. */
const MOST_GROWN = 1 << 28;

/** How a file is to be opened. */
export interface Opening {
  readonly read: boolean;
  readonly write: boolean;
  readonly create: boolean;
  readonly exclusive: boolean;
  readonly truncate: boolean;
  readonly append: boolean;
}

interface Description {
  readonly kind: 'input' | 'output' | 'error' | 'file' | 'folder';
  readonly data: FileData | undefined;
  readonly folder?: { readonly path: string; readonly entry: Folder };
  readonly canRead: boolean;
  readonly canWrite: boolean;
  readonly append: boolean;
  position: number;
}

const NOTHING_OPEN = { data: undefined, canRead: false, canWrite: false, append: false, position: 0 } as const;

export class Stream {
  readonly descriptor: number;
  readonly canRead: boolean;
  readonly canWrite: boolean;
  buffered: 'full' | 'line' | 'none';
  output: Uint8Array = new Uint8Array(0);
  outputLength = 0;
  input: Uint8Array = new Uint8Array(0);
  inputAt = 0;
  readonly pushedBack: number[] = [];
  atEnd = false;
  failed = false;

  constructor(descriptor: number, canRead: boolean, canWrite: boolean, buffered: 'full' | 'line' | 'none') {
    this.descriptor = descriptor;
    this.canRead = canRead;
    this.canWrite = canWrite;
    this.buffered = buffered;
  }
}

const FILE_BYTES = 216;
const CHUNK = 1 << 16;

export class Streams {
  private readonly process: Process;
  private readonly descriptions = new Map<number, Description>();
  private readonly streams = new Map<number, Stream>();
  private grown = 0;

  constructor(process: Process) {
    this.process = process;
    this.descriptions.set(0, { ...NOTHING_OPEN, kind: 'input', canRead: true });
    this.descriptions.set(1, { ...NOTHING_OPEN, kind: 'output', canWrite: true });
    this.descriptions.set(2, { ...NOTHING_OPEN, kind: 'error', canWrite: true });
  }

  /** The standard streams, made when they are first asked for. */
  standard(descriptor: 0 | 1 | 2): number {
    for (const [address, s] of this.streams) if (s.descriptor === descriptor) return address;
    return this.add(new Stream(descriptor, descriptor === 0, descriptor > 0, descriptor === 2 ? 'none' : 'full'));
  }

  add(stream: Stream): number {
    const address = this.process.heap.allocate(FILE_BYTES);
    this.process.machine.bytes.fill(0, address, address + FILE_BYTES);
    this.streams.set(address, stream);
    return address;
  }

  get(address: number): Stream {
    const stream = this.streams.get(address);
    if (stream !== undefined) return stream;
    const { memory } = this.process;
    throw this.process.fault(
      'library',
      `${memory.caller} was given 0x${address.toString(16)}, which is no open stream`,
    );
  }

  describe(descriptor: number): Description | undefined {
    return this.descriptions.get(descriptor);
  }

  /** Opens a file or, to be read, a folder; a negative error number where that cannot be. */
  open(name: string, how: Opening): number {
    const { files } = this.process;
    const path = files.absolute(name);
    let found = files.find(path);
    if (found === undefined) {
      if (!how.create) return -ERRNO.ENOENT;
      found = new FileData(new Uint8Array(0));
      if (!files.add(path, found)) return -ERRNO.ENOENT;
    } else if (how.create && how.exclusive) return -ERRNO.EEXIST;
    if (!(found instanceof FileData)) {
      if (how.write || how.create) return -ERRNO.EISDIR;
      return this.describeAs({ ...NOTHING_OPEN, kind: 'folder', folder: { path, entry: found } });
    }
    if (how.truncate) found.truncate(0);
    return this.openData(found, how.read, how.write, how.append);
  }

  openData(data: FileData, read: boolean, write: boolean, append = false): number {
    return this.describeAs({ ...NOTHING_OPEN, kind: 'file', data, canRead: read, canWrite: write, append });
  }

  /** Another number, `from` or above, for what is open; undefined where nothing is. */
  duplicate(descriptor: number, from = 0): number | undefined {
    const open = this.descriptions.get(descriptor);
    return open === undefined ? undefined : this.describeAs(open, from);
  }

  /** Lets a number stand for what another one stands for. */
  duplicateTo(descriptor: number, to: number): boolean {
    const open = this.descriptions.get(descriptor);
    if (open !== undefined) this.descriptions.set(to, open);
    return open !== undefined;
  }

  private describeAs(description: Description, from = 0): number {
    let descriptor = from;
    while (this.descriptions.has(descriptor)) descriptor++;
    this.descriptions.set(descriptor, description);
    return descriptor;
  }

  close(descriptor: number): boolean {
    return this.descriptions.delete(descriptor);
  }

  rawRead(descriptor: number, size: number): Uint8Array | undefined {
    const d = this.descriptions.get(descriptor);
    if (d === undefined || !d.canRead) return undefined;
    if (d.kind === 'input') return this.process.world.readInput(size);
    const { data } = d;
    if (data === undefined) return new Uint8Array(0);
    const part = data.bytes.slice(d.position, Math.min(data.length, d.position + size));
    d.position += part.length;
    return part;
  }

  rawWrite(descriptor: number, bytes: Uint8Array): boolean {
    const d = this.descriptions.get(descriptor);
    if (d === undefined || !d.canWrite) return false;
    if (d.kind === 'output') this.process.world.write(1, bytes);
    else if (d.kind === 'error') this.process.world.write(2, bytes);
    else if (d.data !== undefined) {
      if (bytes.length === 0) return true;
      if (d.append) d.position = d.data.length;
      this.grow(d.data, d.position + bytes.length);
      d.data.write(d.position, bytes);
      d.position += bytes.length;
    }
    return true;
  }

  truncate(data: FileData, length: number): void {
    this.grow(data, length);
    data.truncate(length);
  }

  /** Files live in memory, so that there is an end to them. */
  private grow(data: FileData, length: number): void {
    this.grown += Math.max(0, length - data.length);
    if (this.grown <= MOST_GROWN) return;
    const { memory } = this.process;
    throw this.process.fault('library', `${memory.caller} would make files grow by more than ${MOST_GROWN} bytes`);
  }

  write(stream: Stream, bytes: Uint8Array): boolean {
    if (!stream.canWrite) {
      stream.failed = true;
      this.process.fail(ERRNO.EBADF);
      return false;
    }
    this.dropInput(stream);
    if (stream.buffered === 'none') return this.rawWrite(stream.descriptor, bytes);
    if (stream.outputLength + bytes.length > stream.output.length) {
      const larger = new Uint8Array(Math.max(4096, 2 * stream.output.length, stream.outputLength + bytes.length));
      larger.set(stream.output.subarray(0, stream.outputLength));
      stream.output = larger;
    }
    stream.output.set(bytes, stream.outputLength);
    stream.outputLength += bytes.length;
    if (stream.outputLength >= CHUNK || (stream.buffered === 'line' && bytes.includes(10))) this.flush(stream);
    return true;
  }

  flush(stream: Stream): void {
    if (stream.outputLength === 0) return;
    const bytes = stream.output.subarray(0, stream.outputLength);
    stream.outputLength = 0;
    this.rawWrite(stream.descriptor, bytes);
  }

  flushAll(): void {
    for (const stream of this.streams.values()) this.flush(stream);
  }

  /** The next byte, or -1. */
  getc(stream: Stream): number {
    const back = stream.pushedBack.pop();
    if (back !== undefined) return back;
    if (stream.inputAt >= stream.input.length && !this.fill(stream)) return -1;
    return stream.input[stream.inputAt++] ?? -1;
  }

  private fill(stream: Stream): boolean {
    if (!stream.canRead) {
      stream.failed = true;
      this.process.fail(ERRNO.EBADF);
      return false;
    }
    this.flush(stream);
    // Who reads what somebody is asked for sees the question first.
    if (stream.descriptor === 0) this.flushAll();
    const bytes = this.rawRead(stream.descriptor, CHUNK) ?? new Uint8Array(0);
    stream.input = bytes;
    stream.inputAt = 0;
    if (bytes.length === 0) stream.atEnd = true;
    return bytes.length > 0;
  }

  /** Up to `size` bytes; fewer only at the end. */
  read(stream: Stream, size: number): Uint8Array {
    const out = new Uint8Array(size);
    let done = 0;
    while (done < size && stream.pushedBack.length > 0) out[done++] = stream.pushedBack.pop() ?? 0;
    while (done < size) {
      if (stream.inputAt >= stream.input.length && !this.fill(stream)) break;
      const part = stream.input.subarray(stream.inputAt, stream.inputAt + size - done);
      out.set(part, done);
      done += part.length;
      stream.inputAt += part.length;
    }
    return out.subarray(0, done);
  }

  /** Forgets what has been read ahead, so that the position is where the program thinks it is. */
  dropInput(stream: Stream): void {
    const d = this.descriptions.get(stream.descriptor);
    if (d?.kind === 'file') d.position -= stream.input.length - stream.inputAt + stream.pushedBack.length;
    if (d?.kind !== 'file' && stream.input.length > 0) return;
    stream.input = new Uint8Array(0);
    stream.inputAt = 0;
    stream.pushedBack.length = 0;
  }

  tell(stream: Stream): number | undefined {
    const d = this.descriptions.get(stream.descriptor);
    if (d?.kind !== 'file') return undefined;
    if (d.append && stream.outputLength > 0) d.position = d.data?.length ?? 0;
    return d.position - (stream.input.length - stream.inputAt) - stream.pushedBack.length + stream.outputLength;
  }

  seek(stream: Stream, offset: number, whence: number): boolean {
    this.flush(stream);
    this.dropInput(stream);
    const done = this.rawSeek(stream.descriptor, offset, whence) !== undefined;
    if (done) stream.atEnd = false;
    return done;
  }

  rawSeek(descriptor: number, offset: number, whence: number): number | undefined {
    const d = this.descriptions.get(descriptor);
    if (d?.data === undefined) return undefined;
    const base = whence === 0 ? 0 : whence === 1 ? d.position : d.data.length;
    if (base + offset < 0 || whence < 0 || whence > 2) return undefined;
    d.position = base + offset;
    return d.position;
  }

  /** Lets the stream at one address be the one that is at another, which is no more. */
  replace(address: number, other: number): void {
    const stream = this.get(other);
    const old = this.get(address);
    this.flush(old);
    this.close(old.descriptor);
    this.streams.delete(other);
    this.streams.set(address, stream);
    this.process.heap.release(other);
  }

  closeStream(address: number): void {
    const stream = this.get(address);
    this.flush(stream);
    this.dropInput(stream);
    this.close(stream.descriptor);
    this.streams.delete(address);
    if (stream.descriptor > 2) this.process.heap.release(address);
  }
}
