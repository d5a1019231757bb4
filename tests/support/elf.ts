// SPDX-License-Identifier: MIT

/** What of a relocatable ELF64 file matters when two of them are compared. */
export interface ElfObject {
  /** In order, without symbol and string tables and relocations. */
  readonly sections: readonly ElfSection[];
  /** Sorted; without names of files. */
  readonly symbols: readonly string[];
  /** In order, one line each, with the name of the section that they change. */
  readonly relocations: readonly string[];
}

export interface ElfSection {
  readonly name: string;
  readonly type: number;
  readonly flags: bigint;
  readonly align: bigint;
  readonly entrySize: bigint;
  readonly size: number;
  readonly data: Buffer;
}

const PROGBITS_NONE = 8;
const SYMTAB = 2;
const STRTAB = 3;
const RELA = 4;
const GROUP = 17;
const SECTION_SYMBOL = 3;
const FILE_SYMBOL = 4;

export function parseElf(file: Buffer): ElfObject {
  if (file.readUInt32BE(0) !== 0x7f454c46 || file.readUInt8(4) !== 2) throw new Error('this is no ELF64 file');
  const headers = readHeaders(file);
  const symtab = headers.find((h) => h.type === SYMTAB);
  const symbols = symtab === undefined ? [] : readSymbols(file, headers, symtab);
  const relocations: string[] = [];
  for (const h of headers) {
    if (h.type !== RELA) continue;
    const target = headers[h.info]?.name ?? '?';
    for (let at = h.offset; at < h.offset + h.size; at += 24) {
      const info = file.readBigUInt64LE(at + 8);
      const symbol = symbols[Number(info >> 32n)]?.name ?? '?';
      const place = file.readBigUInt64LE(at).toString(16);
      relocations.push(`${target}+${place} type ${info & 0xffffffffn} ${symbol} ${file.readBigInt64LE(at + 16)}`);
    }
  }
  const kept = headers.filter((h) => ![0, SYMTAB, STRTAB, RELA].includes(h.type));
  return {
    sections: kept.map((h) => {
      // A group lists section numbers and a symbol's number, which may differ; its members' flags say the same.
      const empty = h.type === PROGBITS_NONE || h.type === GROUP;
      const data = empty ? Buffer.alloc(0) : file.subarray(h.offset, h.offset + h.size);
      return { name: h.name, type: h.type, flags: h.flags, align: h.align, entrySize: h.entrySize, size: h.size, data };
    }),
    symbols: symbols.flatMap((s, i) => (i === 0 || s.type === FILE_SYMBOL ? [] : [s.line])).sort(),
    relocations,
  };
}

/** What differs, each with a few words; empty when the objects are the same. */
export function compareElf(a: ElfObject, b: ElfObject): string[] {
  const differences: string[] = [];
  const headers = (o: ElfObject): string[] =>
    o.sections.map(
      (s) => `${s.name} type ${s.type} flags ${s.flags} align ${s.align} entry ${s.entrySize} size ${s.size}`,
    );
  differences.push(...listDifference('section', headers(a), headers(b)));
  for (let i = 0; i < Math.min(a.sections.length, b.sections.length); i++) {
    const [x, y] = [a.sections[i], b.sections[i]];
    if (x === undefined || y === undefined || x.data.equals(y.data)) continue;
    const at = x.data.findIndex((byte, k) => byte !== y.data[k]);
    const show = (d: Buffer): string => d.subarray(Math.max(0, at - 4), at + 12).toString('hex');
    differences.push(`contents of ${x.name} at 0x${at.toString(16)}: ${show(x.data)} became ${show(y.data)}`);
  }
  differences.push(...listDifference('symbol', a.symbols, b.symbols));
  differences.push(...listDifference('relocation', a.relocations, b.relocations));
  return differences;
}

function listDifference(what: string, a: readonly string[], b: readonly string[]): string[] {
  const at = a.findIndex((x, i) => x !== b[i]);
  if (at < 0 && a.length === b.length) return [];
  const i = at < 0 ? a.length : at;
  return [`${what} ${i}: ${a[i] ?? 'none'} became ${b[i] ?? 'none'}`];
}

interface Header {
  name: string;
  readonly type: number;
  readonly flags: bigint;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly align: bigint;
  readonly entrySize: bigint;
}

function readHeaders(file: Buffer): Header[] {
  const table = Number(file.readBigUInt64LE(40));
  // Files of very many sections keep their number in the first header.
  const count = file.readUInt16LE(60) || Number(file.readBigUInt64LE(table + 32));
  const strings = file.readUInt16LE(62) === 0xffff ? file.readUInt32LE(table + 40) : file.readUInt16LE(62);
  const headers = Array.from({ length: count }, (_, i): Header & { nameAt: number } => {
    const at = table + 64 * i;
    return {
      nameAt: file.readUInt32LE(at),
      name: '',
      type: file.readUInt32LE(at + 4),
      flags: file.readBigUInt64LE(at + 8),
      offset: Number(file.readBigUInt64LE(at + 24)),
      size: Number(file.readBigUInt64LE(at + 32)),
      link: file.readUInt32LE(at + 40),
      info: file.readUInt32LE(at + 44),
      align: file.readBigUInt64LE(at + 48),
      entrySize: file.readBigUInt64LE(at + 56),
    };
  });
  const base = headers[strings]?.offset ?? 0;
  for (const h of headers) h.name = stringAt(file, base + h.nameAt);
  return headers;
}

function readSymbols(
  file: Buffer,
  headers: readonly Header[],
  table: Header,
): { readonly name: string; readonly type: number; readonly line: string }[] {
  const strings = headers[table.link]?.offset ?? 0;
  const symbols = [];
  for (let at = table.offset; at < table.offset + table.size; at += 24) {
    const info = file.readUInt8(at + 4);
    const index = file.readUInt16LE(at + 6);
    const section = headers[index]?.name ?? `section ${index}`;
    const type = info & 15;
    const name = type === SECTION_SYMBOL ? section : stringAt(file, strings + file.readUInt32LE(at));
    const value = file.readBigUInt64LE(at + 8).toString(16);
    const size = file.readBigUInt64LE(at + 16);
    const line = `${name} ${section}+${value} size ${size} info ${info} other ${file.readUInt8(at + 5)}`;
    symbols.push({ name, type, line });
  }
  return symbols;
}

function stringAt(file: Buffer, at: number): string {
  return file.toString('latin1', at, file.indexOf(0, at));
}
