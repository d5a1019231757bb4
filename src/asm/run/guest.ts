// SPDX-License-Identifier: MIT

/**
 * The machine's memory by the program's addresses, which lie `base` above the places in it. What is below `base` is the
 * machine's own, at its place. No address is checked here: who asks has done so.
 */
export class GuestView extends DataView<ArrayBuffer> {
  private readonly base: number;

  constructor(buffer: ArrayBuffer, base: number) {
    super(buffer);
    this.base = base;
  }

  private at(address: number): number {
    return address < this.base ? address : address - this.base;
  }

  override setUint16(address: number, value: number, littleEndian?: boolean): void {
    super.setUint16(this.at(address), value, littleEndian);
  }

  override getInt32(address: number, littleEndian?: boolean): number {
    return super.getInt32(this.at(address), littleEndian);
  }

  override setInt32(address: number, value: number, littleEndian?: boolean): void {
    super.setInt32(this.at(address), value, littleEndian);
  }

  override getUint32(address: number, littleEndian?: boolean): number {
    return super.getUint32(this.at(address), littleEndian);
  }

  override setUint32(address: number, value: number, littleEndian?: boolean): void {
    super.setUint32(this.at(address), value, littleEndian);
  }

  override getBigInt64(address: number, littleEndian?: boolean): bigint {
    return super.getBigInt64(this.at(address), littleEndian);
  }

  override setBigInt64(address: number, value: bigint, littleEndian?: boolean): void {
    super.setBigInt64(this.at(address), value, littleEndian);
  }

  override getBigUint64(address: number, littleEndian?: boolean): bigint {
    return super.getBigUint64(this.at(address), littleEndian);
  }

  override setBigUint64(address: number, value: bigint, littleEndian?: boolean): void {
    super.setBigUint64(this.at(address), value, littleEndian);
  }

  override getFloat32(address: number, littleEndian?: boolean): number {
    return super.getFloat32(this.at(address), littleEndian);
  }

  override setFloat32(address: number, value: number, littleEndian?: boolean): void {
    super.setFloat32(this.at(address), value, littleEndian);
  }

  override getFloat64(address: number, littleEndian?: boolean): number {
    return super.getFloat64(this.at(address), littleEndian);
  }

  override setFloat64(address: number, value: number, littleEndian?: boolean): void {
    super.setFloat64(this.at(address), value, littleEndian);
  }
}

/** The same as bytes, with the methods of a `Uint8Array`; ranges are from an address to another. */
export class GuestBytes {
  private readonly bytes: Uint8Array<ArrayBuffer>;
  private readonly base: number;

  constructor(buffer: ArrayBuffer, base: number) {
    this.bytes = new Uint8Array(buffer);
    this.base = base;
  }

  private at(address: number): number {
    return address < this.base ? address : address - this.base;
  }

  /** The byte at an address; 0 where there is no memory. */
  get(address: number): number {
    return this.bytes[this.at(address)] ?? 0;
  }

  put(address: number, byte: number): void {
    this.bytes[this.at(address)] = byte;
  }

  set(from: ArrayLike<number>, address: number): void {
    this.bytes.set(from, this.at(address));
  }

  fill(byte: number, from: number, to: number): void {
    this.bytes.fill(byte, this.at(from), this.at(from) + to - from);
  }

  copyWithin(target: number, from: number, to: number): void {
    this.bytes.copyWithin(this.at(target), this.at(from), this.at(from) + to - from);
  }

  /** A view of them. */
  subarray(from: number, to: number): Uint8Array {
    return this.bytes.subarray(this.at(from), this.at(from) + to - from);
  }

  slice(from: number, to: number): Uint8Array {
    return this.subarray(from, to).slice();
  }

  /** The address of the first such byte from an address on; -1 where there is none. */
  indexOf(byte: number, from: number): number {
    const found = this.bytes.indexOf(byte, this.at(from));
    return found < 0 ? -1 : found - this.at(from) + from;
  }
}
