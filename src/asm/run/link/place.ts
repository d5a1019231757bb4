// SPDX-License-Identifier: MIT
import { isExprError, parseExpr } from '../../isa/expression.ts';
import { dataValues } from '../../program/references.ts';
import { type Section, splitSections } from '../../program/sections.ts';
import type { Program } from '../../program/types.ts';
import type { DirectiveStatement, Statement } from '../../text/ast.ts';
import { alignmentBytes, DIRECTIVES, dataBytes } from '../../text/directives.ts';
import { stringBytes, symbolName } from '../../text/strings.ts';
import { alignUp, INST_BYTES } from '../layout.ts';

/** What a section's memory is for. */
export type Region = 'text' | 'constant' | 'data' | 'zero' | 'thread';

/** A section of one file, with the offsets of its statements. */
export interface PlacedSection {
  readonly name: string;
  readonly region: Region;
  readonly statements: readonly number[];
  /** By position in `statements`, before alignment by the statement itself. */
  readonly offsets: readonly number[];
  readonly size: number;
  readonly alignment: number;
  /** Set once all sections have sizes. */
  address: number;
}

/** A number that an assembler must know while it reads: symbols of the same section are offsets then. */
type Known = (name: string) => bigint | undefined;

/** Sections that the running program has no use for: unwinding and debugging. */
const UNUSED = /^\.(?:eh_frame|gcc_except_table|note|debug|comment|ARM\.attributes|riscv\.attributes)/;

/** `apart`, where it is not 0, puts room between blocks of code, more or less with each number. */
export function placeSections(program: Program, apart: number): PlacedSection[] {
  const { statements } = program.ast;
  const placed: PlacedSection[] = [];
  for (const section of splitSections(statements)) {
    if (!section.allocated || UNUSED.test(section.name)) continue;
    placed.push(placeSection(section, statements, program, apart));
  }
  return placed;
}

/** Of instructions, between two blocks. */
export const MOST_ROOM = 3;

function regionOf(section: Section): Region {
  if (section.flags.includes('T')) return 'thread';
  if (section.executable) return 'text';
  if (!section.flags.includes('w')) return 'constant';
  return section.name.startsWith('.bss') ? 'zero' : 'data';
}

function placeSection(
  section: Section,
  statements: readonly Statement[],
  program: Program,
  apart: number,
): PlacedSection {
  const offsets: number[] = [];
  const labels = new Map<string, bigint>();
  let at = 0;
  let alignment = section.executable ? 16 : 1;
  const known: Known = (name) => (name === '.' ? BigInt(at) : labels.get(name));
  let rooms = 0;
  let open = false;
  for (const index of section.statements) {
    const s = statements[index];
    if (s?.kind === 'inst') at = alignUp(at, INST_BYTES);
    else if (s?.kind === 'label' && open) at += INST_BYTES * (1 + ((rooms++ * apart) % MOST_ROOM));
    if (s?.kind === 'inst' || s?.kind === 'label') open = apart > 0 && s.kind === 'inst';
    offsets.push(at);
    if (s === undefined) continue;
    if (s.kind === 'label') labels.set(s.name, BigInt(at));
    else if (s.kind === 'inst') at += INST_BYTES;
    else if (s.kind === 'directive') {
      const to = alignmentOf(s, program);
      if (to !== undefined) {
        alignment = Math.max(alignment, to);
        at = alignUp(at, to);
      } else
        at =
          s.name === '.org'
            ? Math.max(at, Number(numberOf(s.args[0] ?? '', known) ?? 0n))
            : at + sizeOf(s, program, known);
    }
  }
  const region = regionOf(section);
  return { name: section.name, region, statements: section.statements, offsets, size: at, alignment, address: 0 };
}

/** The alignment that a directive asks for, in bytes. */
function alignmentOf(s: DirectiveStatement, program: Program): number | undefined {
  if (DIRECTIVES.get(s.name)?.kind !== 'align') return undefined;
  const value = numberOf(s.args[0] ?? '', () => undefined) ?? 0n;
  const bytes = Number(alignmentBytes(s.name, value, program.isa.name));
  return Number.isInteger(Math.log2(bytes)) ? bytes : 1;
}

/** A number that an expression comes to, as far as symbols are known. */
export function numberOf(text: string, known: Known): bigint | undefined {
  const { failed, replaced } = substitute(text, known);
  if (failed) return undefined;
  const r = parseExpr(replaced, 0);
  if (isExprError(r) || r.expr.plus !== undefined || r.expr.minus !== undefined) return undefined;
  return r.expr.offset;
}

/** Puts numbers in the place of symbols, so that operators that need numbers can be folded. */
function substitute(text: string, known: Known): { readonly failed: boolean; readonly replaced: string } {
  let failed = false;
  const replaced = text.replace(/"[^"]*"|'(?:\\.|.)'?|(?<![\w$.])(?:[A-Za-z_$.][\w$.]*)/g, (word) => {
    if (word.startsWith("'")) return word;
    const value = known(symbolName(word));
    if (value === undefined) failed = true;
    return `(${value ?? 0n})`;
  });
  return { failed, replaced };
}

const FLOAT_BYTES: Readonly<Record<string, number>> = { '.float': 4, '.single': 4, '.double': 8 };

function sizeOf(s: DirectiveStatement, program: Program, known: Known): number {
  switch (DIRECTIVES.get(s.name)?.kind) {
    case 'data':
      return s.args.length * (dataBytes(s.name, program.isa.name) ?? 0);
    case 'float':
      return s.args.length * (FLOAT_BYTES[s.name] ?? 0);
    case 'leb':
      return s.args.reduce((sum, a) => sum + lebBytes(s.name, numberOf(a, known) ?? 0n).length, 0);
    case 'string':
      return s.args.reduce((sum, a) => sum + (stringBytes(a)?.length ?? 0) + (s.name === '.ascii' ? 0 : 1), 0);
    case 'fill':
      return fillOf(s, known).count;
    default:
      return 0;
  }
}

interface Fill {
  readonly count: number;
  readonly unit: number;
  readonly value: bigint;
}

function fillOf(s: DirectiveStatement, known: Known): Fill {
  const number = (i: number): bigint | undefined => {
    const text = s.args[i];
    return text === undefined || text === '' ? undefined : numberOf(text, known);
  };
  const first = Number(number(0) ?? 0n);
  if (s.name !== '.fill') return { count: Math.max(0, first), unit: 1, value: number(1) ?? 0n };
  const unit = Math.min(8, Number(number(1) ?? 1n));
  return { count: Math.max(0, first) * unit, unit, value: number(2) ?? 0n };
}

function lebBytes(name: string, value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    const done = name === '.uleb128' ? rest === 0n : (rest === 0n && byte < 64) || (rest === -1n && byte >= 64);
    bytes.push(done ? byte : byte | 0x80);
    if (done) return bytes;
  }
}

/** Where an expression's value comes from once everything has an address. */
export interface Values {
  /** The value of an expression as data of `bytes` bytes; undefined where a symbol is not known. */
  readonly expression: (e: NonNullable<ReturnType<typeof dataValues>[number]>, here: number) => bigint | undefined;
  readonly symbol: (name: string) => bigint | undefined;
}

/** Writes the bytes of a section's data. Returns the directives whose values cannot be found. */
export function writeSection(
  section: PlacedSection,
  program: Program,
  values: Values,
  put: (address: number, bytes: Uint8Array) => void,
): DirectiveStatement[] {
  const failed: DirectiveStatement[] = [];
  section.statements.forEach((index, i) => {
    const s = program.ast.statements[index];
    if (s?.kind !== 'directive') return;
    const here = section.address + (section.offsets[i] ?? 0);
    const known: Known = (name) => (name === '.' ? BigInt(here) : values.symbol(name));
    const bytes = bytesOf(s, program, values, known, here);
    if (bytes === undefined) failed.push(s);
    else if (bytes.length > 0) put(here, Uint8Array.from(bytes));
  });
  return failed;
}

function bytesOf(
  s: DirectiveStatement,
  program: Program,
  values: Values,
  known: Known,
  here: number,
): ArrayLike<number> | undefined {
  switch (DIRECTIVES.get(s.name)?.kind) {
    case 'data': {
      const size = dataBytes(s.name, program.isa.name) ?? 0;
      const bytes = new Uint8Array(size * s.args.length);
      const list = dataValues(s);
      for (let i = 0; i < s.args.length; i++) {
        const e = list[i];
        const plain = e !== undefined && e.plus === undefined && e.minus === undefined;
        const value =
          plain && !(s.args[i] ?? '').includes('.')
            ? e.offset
            : e === undefined || plain
              ? numberOf(s.args[i] ?? '', known)
              : values.expression(e, here);
        if (value === undefined) return undefined;
        putNumber(bytes, i * size, size, value);
      }
      return bytes;
    }
    case 'float': {
      const size = FLOAT_BYTES[s.name] ?? 4;
      const view = new DataView(new ArrayBuffer(size * s.args.length));
      s.args.forEach((a, i) => {
        const value = Number(a.replace(/^0[fFdDrR]/, ''));
        if (size === 4) view.setFloat32(4 * i, value, true);
        else view.setFloat64(8 * i, value, true);
      });
      return new Uint8Array(view.buffer);
    }
    case 'leb':
      return s.args.flatMap((a) => lebBytes(s.name, numberOf(a, known) ?? 0n));
    case 'string':
      return s.args.flatMap((a) => [...(stringBytes(a) ?? []), ...(s.name === '.ascii' ? [] : [0])]);
    case 'fill': {
      if (s.name === '.org') return [];
      const { count, unit, value } = fillOf(s, known);
      if (value === 0n) return [];
      const bytes = new Uint8Array(count);
      for (let at = 0; at < count; at += unit) putNumber(bytes, at, unit, value);
      return bytes;
    }
    default:
      return [];
  }
}

function putNumber(bytes: Uint8Array, at: number, size: number, value: bigint): void {
  if (size <= 4) {
    let v = Number(BigInt.asUintN(32, value));
    for (let i = 0; i < size; i++, v >>>= 8) bytes[at + i] = v & 255;
    return;
  }
  for (let i = 0; i < size; i++) bytes[at + i] = Number((value >> BigInt(8 * i)) & 255n);
}
