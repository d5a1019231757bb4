// SPDX-License-Identifier: MIT
import { OWN_SECTION } from '../abi/own-storage.ts';
import type { Expr } from '../isa/operand.ts';
import { dataSymbols, operandSymbols, plainSymbol } from '../program/references.ts';
import { type Section, splitSections } from '../program/sections.ts';
import type { Program } from '../program/types.ts';
import type { DirectiveStatement, Statement } from '../text/ast.ts';
import { alignmentBytes, DIRECTIVES, dataBytes } from '../text/directives.ts';
import { stringBytes, symbolName } from '../text/strings.ts';

/**
 * Data is not translated: the target must hold the same bytes, addresses and labels in the same sections. Both sides
 * are brought to one spelling, since directives are written differently for different machines, and compared.
 */

/** What a section holds, one text for each label, run of bytes, address or alignment. */
interface Contents {
  readonly flags: string;
  readonly items: readonly string[];
}

type Rename = (name: string) => string;

const asWritten: Rename = (name) => name;

/**
 * What differs between the data of two programs, for a person; empty where nothing does. `rename` gives the target's
 * name of a symbol of the source; one that `keepsName` is for others what it was, and other names for it are too.
 */
export function compareData(
  source: Program,
  target: Program,
  rename: Rename = asWritten,
  keepsName: (name: string) => boolean = () => false,
): string[] {
  const left = descriptiveSections(source, target);
  // What a target has of its own is looked at by itself.
  const [s, t] = [contentsOf(source, rename, left), contentsOf(target, asWritten, left, OWN_SECTION)];
  const differences: string[] = [];
  for (const name of new Set([...s.keys(), ...t.keys()])) {
    const [a, b] = [s.get(name), t.get(name)];
    if (a === undefined || b === undefined) {
      differences.push(`section ${name} is ${a === undefined ? 'not in the source' : 'missing in the target'}`);
      continue;
    }
    if (a.flags !== b.flags) differences.push(`section ${name} has the flags ${a.flags} and in the target ${b.flags}`);
    const at = firstDifference(a.items, b.items);
    if (at === undefined) continue;
    const [x, y] = [a.items[at] ?? 'nothing', b.items[at] ?? 'nothing'];
    differences.push(
      `section ${name} differs behind ${behind(a.items, at)}: ${shorten(x)} and in the target ${shorten(y)}`,
    );
  }
  const [x, y] = [namings(source, (n) => (keepsName(n) ? n : rename(n))), namings(target, asWritten)];
  for (const n of x) if (!y.has(n)) differences.push(`the target lacks '${n}'`);
  for (const n of y) if (!x.has(n)) differences.push(`the source lacks '${n}'`);
  return differences;
}

function firstDifference(a: readonly string[], b: readonly string[]): number | undefined {
  for (let i = 0; i < Math.max(a.length, b.length); i++) if (a[i] !== b[i]) return i;
  return undefined;
}

function behind(items: readonly string[], at: number): string {
  for (let i = at - 1; i >= 0; i--) if (items[i]?.endsWith(':')) return items[i]?.slice(0, -1) ?? '';
  return 'its beginning';
}

const shorten = (s: string): string => (s.length > 60 ? `${s.slice(0, 57)}...` : s);

/** Sections for tools, which describe the code of one machine. */
const DESCRIPTIVE = /^\.(eh_frame|eh_frame_hdr|gcc_except_table|note\.|comment|debug_|llvm_|stab)/;

/** Those that the running programs have no use for: they name nothing in them, and others cannot. */
function descriptiveSections(...programs: readonly Program[]): ReadonlySet<string> {
  const left = new Set<string>();
  const used = new Set<string>();
  for (const program of programs) {
    const names = new Set<string>();
    const sections = splitSections(program.ast.statements);
    const see = (name: string): unknown => names.add(name);
    for (const { name, statements } of sections) {
      if (DESCRIPTIVE.test(name)) left.add(name);
      else for (const index of statements) seeUses(program.ast.statements[index], see);
    }
    for (const s of program.ast.statements) if (s.kind === 'assign') see(plainSymbol(s.value) ?? '');
    for (const { name, statements } of sections) {
      const labels = statements.flatMap((index) => {
        const s = program.ast.statements[index];
        return s?.kind === 'label' ? [s.name] : [];
      });
      if (labels.some((l) => names.has(l) || (program.symbols.get(l)?.binding ?? 'local') !== 'local')) used.add(name);
    }
  }
  for (const name of used) left.delete(name);
  return left;
}

function seeUses(s: Statement | undefined, see: (name: string) => void): void {
  if (s?.kind === 'inst') for (const op of s.inst.ops) operandSymbols(op, see);
  else if (s?.kind === 'directive') dataSymbols(s, see);
}

function contentsOf(
  program: Program,
  rename: Rename,
  left: ReadonlySet<string>,
  without?: string,
): Map<string, Contents> {
  const result = new Map<string, Contents>();
  for (const section of splitSections(program.ast.statements)) {
    if (!section.allocated || left.has(section.name)) continue;
    if (section.name === without) continue;
    const items = sectionItems(program, section, rename);
    if (items.length > 0) result.set(section.name, { flags: portableFlags(section.flags), items });
  }
  return result;
}

/** Without the mark of x86's large code model, which other machines do not have. */
function portableFlags(flags: string): string {
  return [...flags.replaceAll('l', '')].sort().join('');
}

function sectionItems(program: Program, section: Section, rename: Rename): string[] {
  const { statements } = program.ast;
  const writer = new Writer(program, rename);
  for (const index of section.statements) {
    const s = statements[index];
    // Code is checked block by block; what stands between functions is data.
    if (s === undefined || (program.owner[index] ?? -1) >= 0) continue;
    if (s.kind === 'label') writer.label(s.name);
    else if (s.kind === 'directive') writer.directive(s, section.executable);
    else if (s.kind === 'inst' && !section.executable) writer.item(`instruction ${s.inst.def.id}`);
  }
  return writer.finish();
}

/** Bytes as two digits each. */
const HEX = Array.from({ length: 256 }, (_, b) => b.toString(16).padStart(2, '0'));
/** Runs of bytes are put together piece by piece, so that long ones do not take an object for each byte. */
const PIECE = 4096;

/** Past this many bytes a fill is written as one item instead of its bytes. */
const LONG_FILL = 256n;

class Writer {
  private readonly items: string[] = [];
  private readonly isa: Program['isa']['name'];
  private readonly rename: Rename;
  private bytes: string[] = [];
  /** What comes before `bytes` in the same run. */
  private pieces: string[] = [];

  constructor(program: Program, rename: Rename) {
    this.rename = rename;
    this.isa = program.isa.name;
  }

  label(name: string): void {
    this.item(`${name}:`);
  }

  item(text: string): void {
    this.endRun();
    this.items.push(text);
  }

  private byte(b: number): void {
    this.bytes.push(HEX[b] ?? '');
    if (this.bytes.length < PIECE) return;
    this.pieces.push(this.bytes.join(''));
    this.bytes = [];
  }

  private endRun(): void {
    if (this.bytes.length > 0) this.pieces.push(this.bytes.join(''));
    if (this.pieces.length > 0) this.items.push(this.pieces.join(''));
    this.bytes = [];
    this.pieces = [];
  }

  finish(): string[] {
    this.endRun();
    return this.items;
  }

  directive(s: DirectiveStatement, executable: boolean): void {
    switch (DIRECTIVES.get(s.name)?.kind) {
      case 'data':
        this.data(s, dataBytes(s.name, this.isa) ?? 0);
        return;
      case 'string':
        for (const arg of s.args) this.string(arg, s.name !== '.ascii');
        return;
      case 'fill':
        this.fill(s);
        return;
      case 'float':
        for (const arg of s.args) this.item(`${s.name === '.double' ? 8 : 4}-byte float ${arg.trim().toLowerCase()}`);
        return;
      case 'leb':
        this.item(`${s.name.slice(1)} ${s.args.map(plain).join(',')}`);
        return;
      case 'align':
        // Between functions alignment has no meaning to the program.
        if (!executable) this.align(s);
        return;
      case 'refused':
      case undefined:
        this.item(`${s.name} ${s.args.join(',')}`);
        return;
      default:
        if (s.name === '.reloc') this.item(`${s.name} ${s.args.map(plain).join(',')}`);
    }
  }

  private data(s: DirectiveStatement, size: number): void {
    s.args.forEach((arg, i) => {
      const value = s.values?.[i];
      if (value === undefined) this.item(`${size} bytes ${renamed(plain(arg), this.rename)}`);
      else if (value.plus === undefined && value.minus === undefined) this.number(value.offset, size);
      else this.item(`${size} bytes ${expression(value, this.rename)}`);
    });
  }

  private number(value: bigint, size: number): void {
    // In halves that are plain numbers.
    for (let at = 0; at < size; at += 4) {
      let rest = Number(BigInt.asUintN(32, value >> BigInt(8 * at)));
      for (let i = at; i < Math.min(size, at + 4); i++) {
        this.byte(rest & 0xff);
        rest >>>= 8;
      }
    }
  }

  private string(arg: string, terminated: boolean): void {
    const bytes = stringBytes(arg);
    if (bytes === undefined) this.item(`string ${arg}`);
    for (const b of bytes ?? []) this.byte(b);
    if (terminated) this.byte(0);
  }

  private fill(s: DirectiveStatement): void {
    const numbers = s.args.map(wholeNumber);
    const plainFill = s.name !== '.fill' && s.name !== '.org';
    const [first, second, third] = numbers;
    if (s.name === '.org' || first === undefined || numbers.includes(undefined)) {
      this.item(`${plainFill ? 'space' : s.name} ${s.args.map(plain).join(',')}`);
      return;
    }
    const size = plainFill ? 1 : Number(second ?? 1n);
    const value = (plainFill ? second : third) ?? 0n;
    if (first * BigInt(size) > LONG_FILL || size > 8) this.item(`${first} times ${size} bytes ${value}`);
    else for (let i = 0n; i < first; i++) this.number(value, size);
  }

  private align(s: DirectiveStatement): void {
    const amount = wholeNumber(s.args[0] ?? '0');
    const bytes = amount === undefined ? plain(s.args[0] ?? '') : alignmentBytes(s.name, amount, this.isa);
    const unit = /[wl]$/.exec(s.name)?.[0] ?? '';
    this.item(`align ${[bytes, ...s.args.slice(1).map(plain)].join(',')}${unit}`);
  }
}

/** A number as assemblers write it. */
function wholeNumber(text: string): bigint | undefined {
  const t = text.trim();
  if (!/^-?(?:0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/.test(t)) return undefined;
  const digits = t.replace('-', '').replace(/^0(?=[0-7])/, '0o');
  return t.startsWith('-') ? -BigInt(digits) : BigInt(digits);
}

function expression(e: Expr, rename: Rename): string {
  const parts = [
    rename(e.plus ?? ''),
    e.minus === undefined ? '' : `-${rename(e.minus)}`,
    e.offset === 0n ? '' : ` + ${e.offset}`,
  ];
  return `${e.modifier === undefined ? '' : `${e.modifier} `}${parts.join('')}`;
}

/** An expression as written, with its symbols renamed. */
function renamed(text: string, rename: Rename): string {
  return text.replace(/[A-Za-z_.$][\w.$]*/g, rename);
}

const plain = (arg: string): string => arg.replaceAll(/\s+/g, '');

/** Statements about symbols that stand outside sections and mean the same wherever they stand. */
function namings(program: Program, rename: Rename): Set<string> {
  const found = new Set<string>();
  for (const s of program.ast.statements) {
    if (s.kind === 'assign') found.add(`${s.name} = ${renamed(plain(s.value), rename)}`);
    if (s.kind !== 'directive') continue;
    const kind = DIRECTIVES.get(s.name)?.kind;
    const args = s.args.map((a) => plain(symbolName(a)));
    if (kind === 'common') found.add(`${s.name} ${args.join(', ')}`);
    else if (kind === 'assign') found.add(`${args[0]} = ${renamed(args[1] ?? '', rename)}`);
    else if (s.name === '.weakref' || s.name === '.symver') found.add(`${s.name} ${args.join(', ')}`);
    else if (s.name === '.type' && /indirect|unique/.test(s.args[1] ?? '')) {
      found.add(`.type ${args[0]}, ${args[1]?.replace(/^[@%#]/, '')}`);
    }
  }
  return found;
}
