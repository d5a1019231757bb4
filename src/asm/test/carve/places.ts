// SPDX-License-Identifier: MIT
import type { Image } from '../../run/link/image.ts';
import type { LinkedFile } from '../../run/link/symbols.ts';

/** Which file's data lie at an address. */
interface Owner {
  readonly file: LinkedFile;
  readonly statement: number;
  readonly plus: number;
}

/** What lies where in a program that has been put together: the data of its files, by statements and by global names. */
export class Places {
  readonly image: Image;
  private readonly addresses: Float64Array;
  private readonly statements: readonly (readonly [file: LinkedFile, statement: number])[];
  private readonly labels: readonly (readonly [address: number, name: string, file: LinkedFile, global: boolean])[];

  constructor(image: Image) {
    this.image = image;
    const { constants } = image.layout;
    const found: [number, LinkedFile, number][] = [];
    const labels: [number, string, LinkedFile, boolean][] = [];
    for (const file of image.files) {
      file.addresses.forEach((address, statement) => {
        if (address >= constants) found.push([address, file, statement]);
      });
      for (const [name, address] of file.labels) {
        if (address < constants || name.startsWith('.L')) continue;
        labels.push([address, name, file, file.program.symbols.get(name)?.binding !== 'local']);
      }
    }
    // Of statements at one place, the last one is what lies there.
    found.sort((a, b) => a[0] - b[0]);
    this.addresses = Float64Array.from(found, (f) => f[0]);
    this.statements = found.map(([, file, statement]) => [file, statement]);
    this.labels = labels.sort((a, b) => a[0] - b[0]);
  }

  /** Whether an address is in data of files, constant or not. */
  isData(address: number): boolean {
    const { constants, writable, stackTop, arena } = this.image.layout;
    return (address >= constants && address < writable) || (address >= stackTop && address < arena);
  }

  ownerAt(address: number): Owner | undefined {
    let [low, high] = [0, this.addresses.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.addresses[middle] ?? 0) <= address) low = middle + 1;
      else high = middle;
    }
    const entry = this.statements[low - 1];
    return entry && { file: entry[0], statement: entry[1], plus: address - (this.addresses[low - 1] ?? 0) };
  }

  /** Data of a file that can be written, as ranges of addresses. */
  ranges(file: LinkedFile): (readonly [from: number, end: number])[] {
    const { stackTop, dataEnd } = this.image.layout;
    const ranges: [number, number][] = [];
    for (let i = 0; i < this.addresses.length; i++) {
      const from = this.addresses[i] ?? 0;
      const end = this.addresses[i + 1] ?? dataEnd;
      if (from < stackTop || from >= dataEnd || end === from || this.statements[i]?.[0] !== file) continue;
      const last = ranges[ranges.length - 1];
      if (last !== undefined && last[1] === from) last[1] = end;
      else ranges.push([from, end]);
    }
    return ranges;
  }

  /** The object around an address: from a label to the next. */
  objectAt(address: number): { readonly from: number; readonly end: number; readonly names: readonly string[] } {
    const { constants, writable, stackTop, dataEnd } = this.image.layout;
    let [from, end] = address < writable ? [constants, writable] : [stackTop, dataEnd];
    let names: string[] = [];
    for (const [at, name, , global] of this.labels) {
      if (at > address) {
        end = Math.min(end, at);
        break;
      }
      if (at > from) names = [];
      from = at;
      if (global) names.push(name);
    }
    return { from, end: Math.max(address, end), names };
  }
}
