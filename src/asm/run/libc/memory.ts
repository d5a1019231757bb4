// SPDX-License-Identifier: MIT
import { Fault } from '../fault.ts';
import type { GuestBytes, GuestView } from '../guest.ts';
import type { Machine } from '../machine.ts';

/** Memory as library functions see it: every access is checked, and a bad one is the program's fault. */
export class GuestMemory {
  readonly bytes: GuestBytes;
  readonly view: GuestView;
  private readonly machine: Machine;
  private readonly low: number;
  private readonly writable: number;
  private readonly end: number;
  /** The library function that runs, for messages. */
  caller = '';

  constructor(machine: Machine) {
    this.machine = machine;
    this.bytes = machine.bytes;
    this.view = machine.view;
    this.low = machine.image.layout.low;
    this.writable = machine.image.layout.writable;
    this.end = machine.image.layout.end;
  }

  /** Checks that `size` bytes may be read. */
  readable(address: number, size: number): void {
    if (address < this.low || address + size > this.end) this.bad('read', address, size);
  }

  writableAt(address: number, size: number): void {
    if (address < this.writable || address + size > this.end) this.bad('write', address, size);
  }

  private bad(what: string, address: number, size: number): never {
    const where =
      address < 4096
        ? 'a null pointer'
        : address < this.writable && address >= this.low
          ? 'constant'
          : 'outside of memory';
    throw new Fault(
      'memory',
      `${this.caller} would ${what} ${size} byte${size === 1 ? '' : 's'} at 0x${address.toString(16)}, which is ${where}`,
      this.machine.where(),
      { address, size },
    );
  }

  u8(address: number): number {
    this.readable(address, 1);
    return this.bytes.get(address);
  }

  setU8(address: number, value: number): void {
    this.writableAt(address, 1);
    this.bytes.put(address, value);
  }

  i32(address: number): number {
    this.readable(address, 4);
    return this.view.getInt32(address, true);
  }

  setI32(address: number, value: number): void {
    this.writableAt(address, 4);
    this.view.setInt32(address, value, true);
  }

  u64(address: number): bigint {
    this.readable(address, 8);
    return this.view.getBigUint64(address, true);
  }

  setU64(address: number, value: bigint): void {
    this.writableAt(address, 8);
    this.view.setBigUint64(address, BigInt.asUintN(64, value), true);
  }

  pointer(address: number): number {
    this.readable(address, 8);
    return this.view.getUint32(address, true) + 2 ** 32 * this.view.getUint32(address + 4, true);
  }

  setPointer(address: number, value: number): void {
    this.setU64(address, BigInt(value));
  }

  /** The length of a string, or `limit` where it is longer. */
  length(address: number, limit = Infinity): number {
    this.readable(address, limit === 0 ? 0 : 1);
    const stop = Math.min(this.end, address + limit);
    const at = this.bytes.indexOf(0, address);
    if (at >= 0 && at < stop) return at - address;
    if (stop < this.end || limit < Infinity) return limit;
    return this.bad('read', this.end, 1);
  }

  /** A string's bytes, without the zero behind it; a view. */
  string(address: number, limit = Infinity): Uint8Array {
    return this.bytes.subarray(address, address + this.length(address, limit));
  }

  /** A string as text, each byte a character. */
  text(address: number): string {
    return latin1(this.string(address));
  }

  read(address: number, size: number): Uint8Array {
    this.readable(address, size);
    return this.bytes.subarray(address, address + size);
  }

  write(address: number, bytes: Uint8Array): void {
    this.writableAt(address, bytes.length);
    this.bytes.set(bytes, address);
  }

  /** Writes bytes and a zero behind them. */
  writeString(address: number, bytes: Uint8Array): void {
    this.writableAt(address, bytes.length + 1);
    this.bytes.set(bytes, address);
    this.bytes.put(address + bytes.length, 0);
  }
}

export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return text;
}

export function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
